"""What stands in a person's calendar: the actions that are theirs to do, the milestones of what they lead or sponsor, and the
decisions that wait for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.actions.states import OPEN
from tracker.activity.models import Event
from tracker.activity.partner_sentences import PARTNER_SENTENCES
from tracker.approvals.models import Approval
from tracker.approvals.queries import on_desk
from tracker.db import db
from tracker.feeds.ics import Entry
from tracker.initiatives.models import Initiative
from tracker.milestones.models import Milestone
from tracker.milestones.states import State
from tracker.organisation.people import Person

MOST = 500  # of each kind, the next due first


def dues_of(person: Person, base: str) -> list[Entry]:
    """Return what is due for `person`, each kind in one statement. A partner's contact has what its lane shows.

    `base` is the address of this place: it begins every link, and its host ends every number.
    """
    if not person.is_internal:
        return _actions(person, base)
    return [*_actions(person, base), *_milestones(person, base), *_decisions(person, base)]


def _actions(person: Person, base: str) -> list[Entry]:
    """Return what `person` has to hand in."""
    columns = (Action.ref, Action.title, Action.due_on, Action.version, Action.assigned_at)
    found = _read(Action, person, *columns, told=_told(person)).where(
        Action.closed_at.is_(None), Action.state.in_(OPEN)
    )
    if person.is_internal:
        found = found.where(Action.assignee_id == person.id)
    return [
        _entry(
            row,
            base,
            f"action-{row.ref}",
            day=row.due_on,
            summary=_("Due: %(title)s", title=row.title),
            page=page_of(row.ref, person),
            since=row.assigned_at,
        )
        for row in db.session.execute(found)
    ]


def _milestones(person: Person, base: str) -> list[Entry]:
    """Return what is planned in the initiatives that `person` leads or sponsors."""
    columns = (
        Milestone.id,
        Milestone.name,
        Milestone.due_on,
        Milestone.version,
        Milestone.planned_at,
    )
    found = _read(Milestone, person, *columns).where(
        or_(Initiative.lead_id == person.id, Initiative.sponsor_id == person.id),
        Milestone.state == State.planned,
    )
    return [
        _entry(
            row,
            base,
            f"milestone-{row.id}",
            day=row.due_on,
            summary=_("Milestone: %(name)s", name=row.name),
            page=url_for("milestones.show", key=row.id),
            since=row.planned_at,
        )
        for row in db.session.execute(found)
    ]


def _decisions(person: Person, base: str) -> list[Entry]:
    """Return what `person` is asked to decide, on the day by which somebody asks for it."""
    if (mine := on_desk(person)) is None:
        return []
    columns = (Approval.id, Approval.question, Approval.decide_by, Approval.asked_at, Approval.version)  # fmt: skip
    found = _read(Approval, person, *columns, due=Approval.decide_by).where(mine)
    return [
        _entry(
            row,
            base,
            f"approval-{row.id}",
            day=row.decide_by,
            summary=_("Decide: %(question)s", question=row.question),
            page=url_for("approvals.show", key=row.id),
            since=row.asked_at,
        )
        for row in db.session.execute(found)
    ]


def _read(
    kind: Any, person: Person, *columns: Any, told: tuple[Any, ...] = (), due: Any = None
) -> Any:
    """Return the query for what `person` sees of a kind, the next due first: `columns`, its initiative, and when it was `touched` last.

    `told` says what of its trail counts for that, `due` which column holds the day where it is not `due_on`.
    """
    events = (Event.subject_type == kind.subject_type, Event.subject_id == kind.id, *told)
    touched = select(func.max(Event.at)).where(*events).correlate(kind).scalar_subquery()
    its = (Initiative.ref.label("initiative_ref"), Initiative.title.label("initiative_title"))
    return (
        kind.visible_to(person)
        .with_only_columns(*columns, *its, touched.label("touched"))
        .join(Initiative, Initiative.id == kind.initiative_id)
        .order_by(kind.due_on if due is None else due, kind.id)
        .limit(MOST)
    )


def _entry(
    row: Any, base: str, name: str, *, day: date, summary: str, page: str, since: datetime
) -> Entry:
    """Return what a row of `_read` is in a calendar; `since` is when it came to be, where its trail tells of nothing later."""
    return Entry(
        uid=f"{name}@{_host(base)}",
        day=day,
        summary=summary,
        description=f"{row.initiative_ref} {row.initiative_title}",
        url=f"{base}{page}",
        changed=row.touched or since,
        sequence=row.version,
    )


def _host(base: str) -> str:
    return urlsplit(base).hostname or "localhost"


def _told(person: Person) -> tuple[Any, ...]:
    """Return what of an action's trail its calendar follows: for a contact what it is told of, since its partner has it."""
    if person.is_internal:
        return ()
    return Event.kind.in_(list(PARTNER_SENTENCES)), Event.at >= Action.assigned_at
