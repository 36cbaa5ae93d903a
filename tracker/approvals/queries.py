"""The lists of requests: what waits for a person's decision, what a person asked, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import aliased

from tracker.actions.models import Action
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role
from tracker.organisation.roles import NO_DUTIES
from tracker.paging import Page, offset

MOST = 50  # of those that wait
PER_PAGE = 25
COUNTED = 2_000  # decisions that are counted and can be paged to, as in the list of initiatives
Asker, Decider, Doer = aliased(Person), aliased(Person), aliased(Person)
COLUMNS = (
    *(Approval.id, Approval.question, Approval.opens, Approval.state, Approval.decision, Approval.decide_by),
    *(Approval.asked_at, Approval.closed_at, Approval.returned_at, Approval.returned_words, Approval.words),
    *(Approval.undone_at, Approval.decided_in, Approval.waits_since),
    *(Initiative.ref, Initiative.title, Asker.name.label("asked_by"), Decider.name.label("decided_by")),
)  # fmt: skip


def _rows(person: Any) -> Any:
    return (
        Approval.visible_to(person)
        .with_only_columns(*COLUMNS)
        .join(Initiative, Initiative.id == Approval.initiative_id)
        .join(Asker, Asker.id == Approval.asked_by_id)
        .outerjoin(Decider, Decider.id == Approval.decided_by_id)
    )


def to_decide(person: Any) -> tuple[ColumnElement[bool], ...]:
    """Return by what it is told that a request waits for the decision of `person`, as sponsor or the sponsor's deputy."""
    return (
        Approval.closed_at.is_(None),
        Approval.state == State.submitted,
        Initiative.held_at.is_(None),  # nothing opens there till it is resumed
        Initiative.sponsor_id.in_([person.id, *person.duties.sponsors_for]),
        or_(Initiative.lead_id.is_(None), Initiative.lead_id != person.id),
        Approval.asked_by_id != person.id,
        Approval.drafted_by_id != person.id,
    )


def decides_second(person: Any) -> bool:
    """Tell whether `person` is of finance, and here to change things."""
    return person.is_finance and person.role not in NO_DUTIES


def to_second(person: Any) -> tuple[ColumnElement[bool], ...]:
    """Return by what it is told that a request waits for `person` as finance, after the sponsor approved it."""
    return (
        Approval.closed_at.is_(None),
        Approval.state == State.agreed,
        Initiative.held_at.is_(None),
        *(one != person.id for one in (Initiative.sponsor_id, Approval.decided_by_id)),
        *(one != person.id for one in (Approval.asked_by_id, Approval.drafted_by_id)),
    )


def on_desk(person: Any) -> ColumnElement[bool] | None:
    """Return by what it is told that a request waits for `person`, first or second; None for those for whom none ever does."""
    mine = [and_(*to_decide(person))] if person.role == Role.executive else []
    mine += [and_(*to_second(person))] if decides_second(person) else []
    return or_(*mine) if mine else None


def waiting_for(person: Person) -> Sequence[Any]:
    """Return what waits for the decision of `person`, the most pressing first; nothing but for executives and finance."""
    if (mine := on_desk(person)) is None:
        return ()
    rows = _rows(person).where(mine).order_by(Approval.decide_by, Approval.id)
    return db.session.execute(rows.limit(MOST)).all()


def asked_by(person: Person) -> Sequence[Any]:
    """Return the open requests that `person` wrote, put to a sponsor, or leads the work of."""
    mine = or_(
        Approval.asked_by_id == person.id,
        Approval.drafted_by_id == person.id,
        Initiative.lead_id == person.id,
    )
    rows = _rows(person).where(Approval.closed_at.is_(None), mine)
    return db.session.execute(
        rows.order_by(Approval.state, Approval.decide_by, Approval.id).limit(MOST)
    ).all()


def agreed_by(person: Person) -> Sequence[Any]:
    """Return the open requests that `person` approved and finance has to decide on; nothing but for executives."""
    if person.role != Role.executive:
        return ()
    mine = Approval.state == State.agreed, Approval.decided_by_id == person.id
    rows = _rows(person).where(Approval.closed_at.is_(None), *mine)
    return db.session.execute(rows.order_by(Approval.agreed_at, Approval.id).limit(MOST)).all()


def decided(person: Person, page: int, by: Person | None = None) -> Page[Any]:
    """Return a page of what was decided, by everybody or `by` one person, the newest first."""
    over = [Approval.closed_at.is_not(None), Approval.state == State.decided]
    if by is not None:
        over.append(Approval.decided_by_id == by.id)
    newest = Approval.visible_to(person).where(*over).with_only_columns(Approval.id)
    counted = newest.order_by(Approval.closed_at.desc()).limit(COUNTED).subquery()
    count = select(func.count()).select_from(counted)
    rows = _rows(person).where(*over).order_by(Approval.closed_at.desc(), Approval.id.desc())
    rows = rows.limit(PER_PAGE).offset(offset(page, PER_PAGE))
    return Page(db.session.execute(rows).all(), page, PER_PAGE, db.session.scalar(count) or 0)


def conditions_waiting(person: Person) -> Sequence[Any]:
    """Return the open conditions that `person` accepts or waives, the oldest first; nothing but for executives."""
    if person.role != Role.executive:
        return ()
    columns = (
        *(ApprovalCondition.id, ApprovalCondition.words, ApprovalCondition.approval_id),
        *(ApprovalCondition.due_on, Action.closed_at, Doer.name.label("assignee")),
    )
    query = (
        Initiative.visible_to(person)
        .with_only_columns(*columns, Initiative.ref, Initiative.title)
        .join(ApprovalCondition, ApprovalCondition.initiative_id == Initiative.id)
        .join(Action, Action.id == ApprovalCondition.action_id)
        .join(Doer, Doer.id == ApprovalCondition.owner_id)
        .join(Approval, Approval.id == ApprovalCondition.approval_id)
        .where(
            ApprovalCondition.settled_at.is_(None),
            Initiative.stopped_at.is_(None),
            Approval.asked_by_id != person.id,
            Approval.drafted_by_id != person.id,
            Initiative.sponsor_id.in_([person.id, *person.duties.sponsors_for]),
        )
        .order_by(ApprovalCondition.id)
    )
    return db.session.execute(query.limit(MOST)).all()


def count_waiting(person: Any) -> ScalarSelect[int] | None:
    """Return the query for how many requests wait for this sponsor, or for somebody of finance; for everybody else none does.

    It is built once for all of them alike. Those for whom they stand in are on the list, and not counted here.
    """
    sponsors = (
        Approval.closed_at.is_(None),
        Approval.state == State.submitted,
        Initiative.held_at.is_(None),
        Initiative.sponsor_id == person.id,
        Approval.asked_by_id != person.id,
        Approval.drafted_by_id != person.id,
    )
    which = [and_(*sponsors)] if person.role == Role.executive else []
    which += [and_(*to_second(person))] if decides_second(person) else []
    if not which:
        return None
    mine = Approval.visible_to(person).join(Initiative, Initiative.id == Approval.initiative_id)
    return mine.where(or_(*which)).with_only_columns(func.count(Approval.id)).scalar_subquery()


def last_of(initiative_id: int, stage: Any) -> Any:
    """Return what the last request that was withdrawn for this stage said, or None: whoever asks anew begins with it."""
    query = (
        select(Approval)
        .where(
            Approval.initiative_id == initiative_id,
            Approval.opens == stage,
            Approval.state == State.withdrawn,
        )
        .order_by(Approval.id.desc())
    )
    return db.session.scalars(query.limit(1)).one_or_none()
