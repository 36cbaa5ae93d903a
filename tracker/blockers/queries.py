"""Reading blockers: for cards, home, the page of an initiative, and the lists one filters by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, false, func, or_, select
from sqlalchemy.orm import load_only

from tracker.actions.models import Action
from tracker.blockers.ages import NEEDED, ages_of
from tracker.blockers.holders import Calendars
from tracker.blockers.lines import Line, lines, selected
from tracker.blockers.models import Blocker
from tracker.blockers.short import placed, several
from tracker.blockers.states import UNSETTLED, State, WaitingOn
from tracker.clock import now
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.team import Membership, Participation
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit
from tracker.policy import May, may
from tracker.wording import sort_key

MOST_ANSWERERS = 500
ON_HOLDER, ON_RAISER, ON_SETTLER = (
    Blocker.waiting_on == whom for whom in (WaitingOn.holder, WaitingOn.raiser, WaitingOn.settler)
)
UNANSWERED = and_(Blocker.answerer_id.is_(None), Blocker.open_since.is_not(None))


@dataclass(frozen=True, slots=True)
class Chip:
    """The oldest open blocker of an initiative, as its card shows it; `more` counts the others."""

    days: int
    holder_name: str
    late: bool
    ref: str
    more: int


def oldest_open(initiative_ids: Sequence[int], today: date) -> dict[int, Chip]:
    """Return for each initiative that something blocks the oldest of it: at most three statements, however many cards there are.

    Only for people who may see these initiatives.
    """
    if not initiative_ids:
        return {}
    place = func.row_number().over(
        partition_by=Blocker.initiative_id, order_by=(Blocker.open_since, Blocker.id)
    )
    count = func.count().over(partition_by=Blocker.initiative_id)
    ranked = (
        select(Blocker.id, place.label("place"), count.label("among"))
        .where(Blocker.initiative_id.in_(initiative_ids), Blocker.open_since.is_not(None))
        .subquery()
    )
    name = func.coalesce(
        func.nullif(Unit.short_name, ""), Unit.name, Partner.name, Blocker.holder_outside
    )
    rows = db.session.execute(
        select(
            *NEEDED,
            Blocker.ref,
            Blocker.initiative_id,
            Blocker.due_on,
            name.label("holder_name"),
            ranked.c.among,
        )
        .join(ranked, and_(ranked.c.id == Blocker.id, ranked.c.place == 1))
        .outerjoin(Unit, Unit.id == Blocker.holder_unit_id)
        .outerjoin(Partner, Partner.id == Blocker.holder_partner_id)
    ).all()
    ages = ages_of(rows, today)
    return {
        row.initiative_id: Chip(
            days=ages[row.id][0],
            holder_name=row.holder_name,
            late=row.due_on is not None and row.due_on < today,
            ref=row.ref,
            more=row.among - 1,
        )
        for row in rows
    }


def of_initiative(
    initiative: Initiative,
    today: date | None = None,
    limit: int = 20,
    calendars: Calendars | None = None,
) -> list[Line]:
    """Return the blockers of an initiative that the caller found in the scope of whoever looks.

    Open ones stand first, the oldest on top; then those to be confirmed, then the latest that are over.
    """
    mine = select(Blocker).where(Blocker.initiative_id == initiative.id)
    order = (
        Blocker.open_since.is_(None),
        Blocker.open_since,
        Blocker.closed_at.is_not(None),
        Blocker.id.desc(),
    )
    query = selected(mine).order_by(*order).limit(limit)
    return lines(query, today or day_of(now()), calendars)


def on_action(action: Action, person: Person, today: date, limit: int = 20) -> list[Line]:
    """Return what stands in the way of an action and what is to be confirmed, as far as `person` may see it, the oldest on top."""
    mine = Blocker.visible_to(person).where(
        Blocker.action_id == action.id, Blocker.state.in_(UNSETTLED)
    )
    query = selected(mine).order_by(Blocker.open_since.is_(None), Blocker.open_since, Blocker.id)
    return lines(query.limit(limit), today)


def waiting_lines(
    person: Person, limit: int, today: date, calendars: Calendars | None = None
) -> dict[str, list[Line]]:
    """Return what waits for `person`, at most `limit` blockers of each kind.

    `mine`, what is due first on top: as answerer, as head of a unit that has named none, as lead for an outside party, as
    raiser of what is said to be resolved or for which another day is proposed, or to settle; not what is promised, until it
    is late. `unanswered`, for managers: what nobody answers for, the oldest on top.
    """
    seen = Blocker.visible_to(person)
    asks = or_(Blocker.state != State.committed, Blocker.due_on < today)
    mine = [
        *(seen.where(why, asks) for why in reasons_to_wait_for(person)),
        seen.where(settled_by(person)),
    ]
    lists = {"mine": placed(mine, Blocker.due_on, limit=limit)}
    if person.role == Role.manager:
        nobody = seen.where(UNANSWERED)
        lists["unanswered"] = placed([nobody], Blocker.open_since, limit=limit)
    return {"unanswered": [], **several(seen, lists, today, calendars)}


def settled_by(person: Person) -> Any:
    """Return the condition that `person` has to settle a dispute over a blocker."""
    return and_(Blocker.asked_since.is_not(None), ON_SETTLER, Blocker.settler_id == person.id)


def waits_for(person: Person) -> Any:
    """Return the condition that a blocker waits for `person`."""
    return or_(*reasons_to_wait_for(person))


def reasons_to_wait_for(person: Person) -> list[Any]:
    """Return the conditions by any of which a blocker waits for `person`. No blocker meets two of them, and each has an index."""
    to_confirm = and_(ON_RAISER, Blocker.raised_by_id == person.id)
    if not person.is_internal:
        theirs = and_(ON_RAISER, Blocker.blocked_partner_id == person.partner_id)
        held = and_(ON_HOLDER, Blocker.holder_partner_id == person.partner_id)
        return [to_confirm, theirs, held]
    heads = person.duties.heads
    led = select(Initiative.id).where(Initiative.lead_id == person.id)
    unnamed = and_(UNANSWERED, ON_HOLDER, Blocker.holder_unit_id.in_(heads))
    climbed = (
        Blocker.escalated_to_id == person.id,
        Blocker.open_since.is_not(None),
        Blocker.answerer_id.is_distinct_from(person.id),
        or_(Blocker.waiting_on != WaitingOn.raiser, Blocker.raised_by_id.is_distinct_from(person.id)),
        or_(Blocker.answerer_id.is_not(None), Blocker.holder_outside.is_(None)),
        or_(Blocker.answerer_id.is_not(None), Blocker.holder_unit_id.is_(None), Blocker.holder_unit_id.not_in(heads)),
    )  # fmt: skip
    return [
        to_confirm,
        and_(ON_HOLDER, Blocker.answerer_id == person.id),
        *((unnamed,) if heads else ()),
        and_(
            *(UNANSWERED, ON_HOLDER),
            *(Blocker.holder_outside.is_not(None), Blocker.initiative_id.in_(led)),
        ),
        and_(*climbed),
    ]


def answerers(blocker: Blocker) -> list[Any]:
    """Return who can answer for the present holder: a partner's contacts, else our own people.

    Those of the holding unit stand first. They are loaded with their names alone.
    """
    named = select(Person).options(load_only(Person.name))
    if blocker.holder_partner_id is not None:
        theirs = (Person.partner_id == blocker.holder_partner_id, Person.ended_at.is_(None))
        query = named.where(*theirs).order_by(Person.name)
    else:
        elsewhere = case((Person.unit_id == blocker.holder_unit_id, 0), else_=1)
        query = named.where(Person.works_here).order_by(elsewhere, Person.name)
    return list(db.session.scalars(query.limit(MOST_ANSWERERS)))


def blockable(person: Person, words: str = "", limit: int = 30) -> list[Any]:
    """Return the initiatives on which `person` may raise a blocker, the latest changed first."""
    query = Initiative.visible_to(person).where(Initiative.stopped_at.is_(None))
    if words:
        key = sort_key(words)
        query = query.where(
            or_(
                Initiative.title_key.contains(key, autoescape=True), Initiative.ref == words.upper()
            )
        )
    if not may(person, May.raise_blocker):
        heads = person.duties.heads
        member = exists().where(
            Membership.initiative_id == Initiative.id,
            Membership.person_id == person.id,
            Membership.left_at.is_(None),
        )
        takes_part = exists().where(
            Participation.initiative_id == Initiative.id, Participation.unit_id.in_(heads)
        )
        mine = or_(
            Initiative.lead_id == person.id,
            Initiative.sponsor_id == person.id,
            member,
            Initiative.lead_unit_id.in_(heads),
            takes_part,
        )
        query = query.where(mine if person.role != Role.auditor else false())
    return list(
        db.session.scalars(
            query.order_by(Initiative.changed.desc(), Initiative.id.desc()).limit(limit)
        )
    )
