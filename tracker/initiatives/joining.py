"""What this room tells the rooms below it: names and words for the trail, who takes over, what it does by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import g, url_for
from sqlalchemy import func, select

from tracker import navigation
from tracker.activity.labels import labels
from tracker.activity.queries import scopes
from tracker.activity.sentences import addresses, namers, wordings
from tracker.db import db
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
    namers["initiative"] = refs
    addresses["initiative"] = pages_of
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


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def refs(ids: Collection[int]) -> dict[int, str]:
    """Return the numbers of initiatives by id; those looked up before in this request cost nothing."""
    known: dict[int, str] = g.setdefault("initiative_refs", {})
    missing = set(ids) - known.keys()
    if missing:
        found = select(Initiative.id, Initiative.ref).where(Initiative.id.in_(missing))
        known.update(db.session.execute(found).all())
    return {id_: known[id_] for id_ in ids if id_ in known}


def remember(initiative: Initiative) -> None:
    """Spare the trail the look-up of an initiative that is known already."""
    g.setdefault("initiative_refs", {})[initiative.id] = initiative.ref


def pages_of(ids: Collection[int]) -> dict[int, str]:
    """Return the addresses of initiatives by id."""
    return {id_: url_for("initiatives.show", ref=ref) for id_, ref in refs(ids).items()}


def still_designing(_settings: Any, fields: Mapping[str, Any]) -> str | None:
    """Return why `designing` cannot be switched off: something stands in that stage."""
    if fields.get("designing", True):
        return None
    there = select(func.count()).where(Initiative.stage == Stage.designing)
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


def waiting_for(person: Any) -> int:
    """Return how many proposals wait for this executive; for everybody else none does."""
    if person.role != Role.executive:
        return 0
    mine = Initiative.proposed_sponsor_id == person.id
    return db.session.scalar(select(func.count()).select_from(Initiative).where(mine)) or 0
