"""What home reads of initiatives: the lists of what waits for a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_
from sqlalchemy.orm import aliased

from tracker.approvals.models import Approval
from tracker.approvals.queries import decides_second, to_second
from tracker.approvals.states import State
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.awaiting import first
from tracker.initiatives.models import GOING_ON, ONLY_INTERIM, Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit

Lead = aliased(Person)

STILL_AGREED = and_(StageAsk.state == AskState.open, StageAsk.agreed_at.is_not(None))
WHAT = (Initiative.id, Initiative.ref, Initiative.title)


def initiative_lists(person: Person, today: date, most: int) -> dict[str, Select[Any] | None]:
    """Return the lists, for `together`, at most `most` rows of each.

    They are `sponsorships`, `asks` and `interim` of an executive, `seconds` of finance, what was `returned` and overdue `reports`
    of whoever does not only read, `proposals` that a manager made.
    """
    executive, manager = person.role == Role.executive, person.role == Role.manager
    acts = person.role != Role.auditor
    return {
        "sponsorships": _sponsorships(person, most) if executive else None,
        "asks": _asks(person, most) if executive else None,
        "seconds": _seconds(person, most) if decides_second(person) else None,
        "returned": _returned(person, most) if acts else None,
        "interim": _interim(person, most) if executive else None,
        "reports": _reports(person, today, most) if acts else None,
        "proposals": _proposals(person, most) if manager else None,
    }


def _sponsorships(person: Person, most: int) -> Select[Any]:
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*WHAT, Initiative.proposed_at.label("since"), Person.name.label("who"))
        .outerjoin(Person, Person.id == Initiative.proposed_by_id)
        .where(Initiative.proposed_sponsor_id == person.id)
    )
    return first(query, Initiative.proposed_at, Initiative.id, limit=most)


def _asks(person: Person, most: int) -> Select[Any]:
    """Stages that somebody asks this person to open, as sponsor or the sponsor's deputy."""
    said = (Initiative.asked_stage.label("stage"), Initiative.asked_at.label("since"))
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*WHAT, *said, Person.name.label("who"))
        .outerjoin(Person, Person.id == Initiative.asked_by_id)
        .where(
            ~exists().where(StageAsk.initiative_id == Initiative.id, STILL_AGREED),
            Initiative.sponsor_id.in_([person.id, *person.duties.sponsors_for]),
            Initiative.asked_stage.is_not(None),
            Initiative.asked_by_id != person.id,
        )
    )
    return first(query, Initiative.asked_at, Initiative.id, limit=most)


def _seconds(person: Person, most: int) -> Select[Any]:
    """Stages that a sponsor approved and this person decides on second, for finance."""
    said = (Approval.opens.label("stage"), Approval.agreed_at.label("since"))
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*WHAT, *said, Person.name.label("who"))
        .join(Approval, Approval.initiative_id == Initiative.id)
        .join(Person, Person.id == Approval.decided_by_id)
        .where(*to_second(person))
    )
    return first(query, Approval.agreed_at, Approval.id, limit=most)


def _returned(person: Person, most: int) -> Select[Any]:
    """Requests that a sponsor, or finance, sent back to this person, who put them to the sponsor."""
    what = (Approval.id, Initiative.ref, Approval.question.label("title"))
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*what, Approval.returned_at.label("since"), Person.name.label("who"))
        .join(Approval, Approval.initiative_id == Initiative.id)
        .join(Person, Person.id == Approval.returned_by_id)
        .where(
            Approval.closed_at.is_(None),
            Approval.state == State.draft,
            Approval.asked_by_id == person.id,
            Initiative.stopped_at.is_(None),
        )
    )
    return first(query, Approval.returned_at, Approval.id, limit=most)


def _interim(person: Person, most: int) -> Select[Any]:
    """What this person sponsors ad interim, with nobody asked to take it on for good: rule 2 leaves it to them to propose one."""
    query = (
        Initiative.visible_to(person)
        .with_only_columns(
            *(*WHAT, Sponsorship.answered_at.label("since")),
            func.coalesce(Lead.name, Unit.name).label("who"),
        )
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .join(
            Sponsorship,
            (Sponsorship.initiative_id == Initiative.id) & (Sponsorship.answer == Answer.accepted),
        )
        .outerjoin(Lead, Lead.id == Initiative.lead_id)
        .where(GOING_ON, Initiative.sponsor_id == person.id, ONLY_INTERIM)
    )
    return first(query, Sponsorship.answered_at, Initiative.id, limit=most)


def _reports(person: Person, today: date, most: int) -> Select[Any]:
    """Reports that are overdue: for the lead their own, for a manager those of work that nobody leads as well."""
    mine = Initiative.lead_id == person.id
    if person.role == Role.manager:
        mine = or_(mine, Initiative.lead_id.is_(None))
    query = (
        Initiative.visible_to(person)
        .with_only_columns(
            *(*WHAT, Initiative.reported_on),
            func.coalesce(Lead.name, Unit.name).label("who"),
        )
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(Lead, Lead.id == Initiative.lead_id)
        .where(
            mine,
            Initiative.stopped_at.is_(None),
            Initiative.held_at.is_(None),
            Initiative.stage.not_in([Stage.idea, Stage.realised]),
            silent_condition(Initiative, today),
        )
    )
    never_first = Initiative.reported_on.is_not(None)
    return first(query, never_first, Initiative.reported_on, Initiative.id, limit=most)


def _proposals(person: Person, most: int) -> Select[Any]:
    """Proposals that this manager made and nobody has answered."""
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*WHAT, Initiative.proposed_at.label("since"), Person.name.label("who"))
        .join(Person, Person.id == Initiative.proposed_sponsor_id)
        .where(Initiative.proposed_by_id == person.id)
    )
    return first(query, Initiative.proposed_at, Initiative.id, limit=most)
