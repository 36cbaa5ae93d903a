"""What this room tells the rooms below it: names and words for the trail, who takes over, what it does by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import ScalarSelect, func, select

from tracker import navigation
from tracker.activity.labels import labels
from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import addresses, namers, wordings
from tracker.db import db
from tracker.initiatives import telling
from tracker.initiatives.keeping import TEXT_LABELS
from tracker.initiatives.lapsing import lapse_due
from tracker.initiatives.leaving import hand_over_leads, hand_over_sponsorships, still_sponsors
from tracker.initiatives.memberships import discipline_name, responsibility_name
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import cadence_name, colour_name
from tracker.initiatives.stages import Stage, stage_name, usual_names
from tracker.organisation.handing_over import duty_name, handovers
from tracker.organisation.holding import MOST, Held, holdings
from tracker.organisation.people import Person, Role, executive_duties
from tracker.organisation.settings import objections, usual_stage_names
from tracker.sweeping import sweeps
from tracker.wording import ngettext


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["initiative"] = Initiative.visible_to
    namers["initiative"] = Named(Initiative, "ref", keyed="ref", page=page_of)
    addresses["initiative"] = page_of
    wordings.update(
        stage=stage_name,
        colour=colour_name,
        cadence=cadence_name,
        responsibility=responsibility_name,
        discipline=discipline_name,
        duty=duty_name,
    )
    labels.update({key: label for key, label in TEXT_LABELS.items() if key not in labels})
    navigation.counts["initiatives.sponsorships"] = waiting_for
    navigation.hot.add("initiatives.sponsorships")
    _hang(handovers, hand_over_sponsorships)
    _hang(handovers, hand_over_leads)
    _hang(holdings, held_here)
    _hang(executive_duties, still_sponsors)
    _hang(usual_stage_names, usual_names)
    _hang(objections, still_designing)
    sweeps["sponsorships"] = lapse_due
    telling.join()


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def page_of(ref: str) -> str:
    """Return the address of an initiative by its number."""
    return url_for("initiatives.show", ref=ref)


def still_designing(_settings: Any, fields: Mapping[str, Any]) -> str | None:
    """Return why `designing` cannot be switched off: something stands in that stage."""
    if fields.get("designing", True):
        return None
    there = select(func.count()).where(
        Initiative.stage == Stage.designing, Initiative.stopped_at.is_(None)
    )
    count = db.session.scalar(there) or 0
    if not count:
        return None
    return ngettext(
        "%(num)s initiative stands in this stage. Move it on or back first.",
        "%(num)s initiatives stand in this stage. Move them on or back first.",
        count,
    )


def held_here(person: Person) -> list[Held]:
    """Return what `person` sponsors and leads, with the pages of it: all of this would pass on."""
    mine = (Initiative.sponsor_id == person.id) | (Initiative.lead_id == person.id)
    columns = (Initiative.ref, Initiative.title, Initiative.sponsor_id)
    rows = db.session.execute(select(*columns).where(mine).order_by(Initiative.number).limit(MOST))
    return [
        Held(
            "sponsor" if row.sponsor_id == person.id else "lead",
            f"{row.ref} {row.title}",
            url_for("initiatives.show", ref=row.ref),
        )
        for row in rows
    ]


def waiting_for(person: Any) -> ScalarSelect[int] | None:
    """Return the query for how many proposals wait for this executive; for everybody else none does."""
    if person.role != Role.executive:
        return None
    mine = Initiative.visible_to(person).where(Initiative.proposed_sponsor_id == person.id)
    return mine.with_only_columns(func.count(Initiative.id)).scalar_subquery()
