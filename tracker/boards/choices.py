"""What one can filter by and choose from; bounded, in the order names are read."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.boards.forms import BoardForm
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.wording import sort_key

MOST = 300


def filter_options() -> dict[str, list[tuple[int, str]]]:
    """Return units, sponsors, partners and KPIs as (id, name), from one statement each."""
    units = select(Unit.id, Unit.name).where(Unit.ended_at.is_(None)).limit(MOST)
    sponsors = (
        select(Person.id, Person.name)
        .where(Person.role == Role.executive, Person.ended_at.is_(None))
        .limit(MOST)
    )
    partners = select(Partner.id, Partner.name).where(Partner.ended_at.is_(None)).limit(MOST)
    return {
        "unit": _ordered(units),
        "sponsor": _ordered(sponsors),
        "partner": _ordered(partners),
        "kpi": _ordered(select(Kpi.id, Kpi.name).limit(MOST)),
    }


def themes() -> list[str]:
    """Return the themes in use."""
    found = db.session.scalars(
        select(Initiative.theme).where(Initiative.theme != "").distinct().limit(MOST)
    )
    return sorted(found, key=sort_key)


def fill_choices(form: BoardForm) -> None:
    """Give the form's lists what can be chosen."""
    options = filter_options()
    for name in ("unit", "sponsor", "partner", "kpi"):
        field: Any = form[name]
        field.choices = [("", _("Any")), *options[name]]


def _ordered(query: Any) -> list[tuple[int, str]]:
    found: list[Any] = list(db.session.execute(query))
    return sorted(((id_, name) for id_, name in found), key=lambda pair: sort_key(pair[1]))
