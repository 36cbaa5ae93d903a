"""A copy as a template: what an initiative is about and who takes part, without sponsor, stage or history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tracker.db import db
from tracker.initiatives.charter import copy_charter
from tracker.initiatives.friction import Friction
from tracker.initiatives.memberships import Membership
from tracker.initiatives.models import Initiative
from tracker.initiatives.reaching import Involvement, Participation
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

TAKEN = ("theme", "category", "cadence", "processes", "systems")


def copy(
    source: Initiative,
    *,
    title: str,
    by: Person,
    now: datetime,
    lead: Person | None = None,
    with_team: bool = True,
) -> Initiative:
    """Begin a new idea like `source`: lead unit, units, partners, theme, friction, charter (as a draft) and, if
    wished, the team.

    Units and partners that were closed and people who may no longer join stay behind. One event says where it came
    from; what it brought along is no change of anything and leaves none.
    """
    lead_unit = db.session.get_one(Unit, source.lead_unit_id)
    made = Initiative.create(
        title=title,
        lead_unit_id=lead_unit.id,
        by=by,
        now=now,
        lead=lead,
        copied_from=source,
        **{field: getattr(source, field) for field in TAKEN},
    )
    units = [unit.id for unit in source.other_units() if unit.ended_at is None]
    db.session.add_all(Participation(initiative_id=made.id, unit_id=id_) for id_ in units)
    db.session.add_all(Involvement(initiative_id=made.id, partner_id=id_) for id_ in _open(source))
    if with_team:
        db.session.add_all(_seat(made, membership, now) for membership in _fit(source, lead))
    _describe(made, source)
    copy_charter(source, made, by=by, now=now)
    made.unit_count = 1 + len(units)
    db.session.flush()
    made.forget_team()
    return made


def _open(source: Initiative) -> list[int]:
    involved = select(Involvement.partner_id).where(Involvement.initiative_id == source.id)
    return list(
        db.session.scalars(
            select(Partner.id).where(Partner.id.in_(involved), Partner.ended_at.is_(None))
        )
    )


def _fit(source: Initiative, lead: Person | None) -> list[Membership]:
    return [
        membership
        for membership in source.members()
        if membership.person.works_here and (lead is None or membership.person_id != lead.id)
    ]


def _seat(made: Initiative, membership: Membership, now: datetime) -> Membership:
    return Membership(
        initiative_id=made.id,
        person_id=membership.person_id,
        unit_id=membership.person.unit_id,
        responsibility=membership.responsibility,
        discipline=membership.discipline,
        what_for=membership.what_for,
        share=membership.share,
        joined_at=now,
    )


def _describe(made: Initiative, source: Initiative) -> None:
    friction = Friction.of(source)
    if friction.id is None:
        return
    told = {field: getattr(friction, field) for field in Friction.EDITABLE}
    db.session.add(Friction(initiative_id=made.id, version=1, **told))
