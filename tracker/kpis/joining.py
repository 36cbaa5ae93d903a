"""What this room tells the rooms below it: names, scopes and words for the trail, and who takes over a KPI."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select

from tracker.activity.labels import labels
from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import namers, wordings
from tracker.db import db
from tracker.kpis import telling
from tracker.kpis.leaving import OWNER, hand_over_kpis
from tracker.kpis.measures import layer_name
from tracker.kpis.models import Kpi
from tracker.organisation.handing_over import duty_names, handovers
from tracker.organisation.holding import MOST, Held, holdings
from tracker.organisation.people import Person
from tracker.wording import lazy as _l
from tracker.wording import number

LABELS = {
    "definition": _l("Definition"),
    "formula": _l("Formula"),
    "measure": _l("Unit of measure"),
}


def page_of(code: str) -> str:
    """Return the address of a KPI's page."""
    return url_for("kpis.show", code=code)


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["kpi"] = Kpi.visible_to
    namers["kpi"] = Named(Kpi, keyed="code", page=page_of)
    wordings["figure"] = figure_told
    wordings["layer"] = layer_name
    duty_names[OWNER] = _l("Owner of a KPI")
    for name, words in LABELS.items():
        labels.setdefault(name, words)
    if hand_over_kpis not in handovers:
        handovers.append(hand_over_kpis)
    if held_here not in holdings:
        holdings.append(held_here)
    telling.join()


def figure_told(text: str) -> str:
    """Return a value of a reading in the digits of whoever looks."""
    return number(float(text))


def held_here(person: Person) -> list[Any]:
    """Return the KPIs that `person` owns, with their pages: they would pass on."""
    owned = select(Kpi.code, Kpi.name).where(Kpi.owner_id == person.id).order_by(Kpi.id).limit(MOST)
    return [
        Held(OWNER, row.name, url_for("kpis.show", code=row.code))
        for row in db.session.execute(owned)
    ]
