"""Whom this room tells what: who holds a blocker, who answers for it, and when a promise has passed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, exists, or_, select

from tracker.actions.models import Action
from tracker.actions.telling import doers_of
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.blockers import bargaining
from tracker.blockers.bargaining import speakers_of
from tracker.blockers.models import Blocker
from tracker.blockers.states import State
from tracker.blockers.waits import BlockerWait
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Teller, Told, tell, tells
from tracker.organisation.partners import Partner
from tracker.organisation.settings import day_of
from tracker.sweeping import sweeps

MOST_HELD_UP = 200  # blockers whose holders are told that one they waited for is out of the way
PORTION = 500  # promises looked at in one sweep; the next one takes the rest


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["blocker"] = named
    tells(Kind.blocker_raised, of_holder)
    tells(Kind.blocker_passed_on, of_holder)
    tells(Kind.blocker_answerer_named, of_answerer)
    bargaining.join()
    tells(Kind.blocker_withdrawn_with_partner, of_withdrawn)
    tells(Kind.blocker_withdrawn, of_those_it_held_up)
    tells(Kind.blocker_closed_with_initiative, of_those_it_held_up)
    for kind, what in (
        (Kind.blocker_acknowledged, Tell.blocker_acknowledged),
        (Kind.blocker_committed, Tell.blocker_promised),
    ):
        tells(kind, _to_who_waits(what))
    tells(Kind.blocker_resolved, of_resolved)
    sweeps["promises"] = tell_of_passed


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the blockers with these ids as far as `person` may see them."""
    found = Blocker.visible_to(person).with_only_columns(Blocker.id, Blocker.ref, Blocker.title)
    return {
        row.id: Thing(row.title, url_for("blockers.show", ref=row.ref))
        for row in db.session.execute(found.where(Blocker.id.in_(ids)))
    }


def of_holder(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever speaks for the holder. And who answers."""
    yield _told(Tell.blocker_raised, speakers_of(blocker), blocker, event)
    if blocker.answerer_id is not None:
        yield _told(Tell.answerer_named, [blocker.answerer_id], blocker, event)


def of_answerer(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever answers now."""
    yield _told(Tell.answerer_named, [blocker.answerer_id], blocker, event)


def of_resolved(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Who waits for it, and whoever answers for what waited for it."""
    yield from _to_who_waits(Tell.blocker_resolved)(blocker, event)
    yield from of_those_it_held_up(blocker, event)


def of_those_it_held_up(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever answers for the open blockers that waited for this one, or else speaks for their holders."""
    waits = select(BlockerWait.blocker_id).where(BlockerWait.waits_for_id == blocker.id)
    waiting = select(Blocker).where(Blocker.id.in_(waits), Blocker.open_since.is_not(None))
    for one in db.session.scalars(waiting.order_by(Blocker.id).limit(MOST_HELD_UP)):
        people = [one.answerer_id] if one.answerer_id is not None else speakers_of(one)
        yield Told(Tell.wait_over, people, "blocker", one.id, event.actor_id, one.initiative_id)


def of_withdrawn(blocker: Blocker, event: Event) -> Iterator[Told]:
    """Whoever answered, leads the work, or kept the relationship with the partner that waited."""
    kept = select(Partner.relationship_owner_id).where(Partner.id == blocker.blocked_partner_id)
    people = [blocker.answerer_id, blocker.initiative_lead_id, db.session.scalar(kept)]
    yield _told(Tell.blocker_withdrawn, people, blocker, event)
    yield from of_those_it_held_up(blocker, event)


def _to_who_waits(what: Tell) -> Teller:
    """Whoever works on the action for the partner that waits, and whoever raised it. Our own people read it on their pages."""

    def told(blocker: Blocker, event: Event) -> Iterator[Told]:
        if blocker.blocked_partner_id is None or blocker.action_id is None:
            return
        action = db.session.get_one(Action, blocker.action_id)
        if action.partner_id == blocker.blocked_partner_id:
            people = [*doers_of(action), blocker.raised_by_id]
            day = blocker.promised_on if what == Tell.blocker_promised else None
            yield Told(
                what, people, "blocker", blocker.id, event.actor_id, blocker.initiative_id, day
            )

    return told


def _told(kind: Tell, people: list[int | None], blocker: Blocker, event: Event) -> Told:
    return Told(kind, people, "blocker", blocker.id, event.actor_id, blocker.initiative_id)


def _is_led() -> ColumnElement[bool]:
    led = exists().where(Initiative.id == Blocker.initiative_id, Initiative.lead_id.is_not(None))
    return led.correlate(Blocker)


def tell_of_passed(now: datetime) -> int:
    """Tell once of each promise whose day has gone by: who raised it, who leads the work, and who answers; return how many were told.

    Each in a write transaction of its own; one that was resolved meanwhile is left alone.
    """
    told = (
        exists()
        .where(
            Notice.kind == Tell.promise_passed,
            Notice.subject_id == Blocker.id,
            Notice.day == Blocker.promised_on,
        )
        .correlate(Blocker)
    )
    passed = (
        Blocker.state == State.committed,
        Blocker.promised_on < day_of(now),
        Blocker.due_on.is_not(None),
        or_(Blocker.raised_by_id.is_not(None), Blocker.answerer_id.is_not(None), _is_led()),
    )
    found = select(Blocker.id).where(*passed, ~told).order_by(Blocker.promised_on, Blocker.id)
    count = 0
    for blocker_id in db.session.scalars(found.limit(PORTION)).all():
        with writing():
            row = db.session.execute(
                select(
                    *(Blocker.initiative_id, Blocker.promised_on, Blocker.raised_by_id),
                    *(Blocker.answerer_id, Initiative.lead_id),
                )
                .join(Initiative, Initiative.id == Blocker.initiative_id)
                .where(Blocker.id == blocker_id, *passed, ~told)
                .with_for_update(of=Blocker)
            ).one_or_none()
            if row is None:
                continue
            people = [row.raised_by_id, row.lead_id, row.answerer_id]
            one = Told(
                Tell.promise_passed, people, "blocker", blocker_id,
                initiative_id=row.initiative_id, day=row.promised_on,
            )  # fmt: skip
            count += tell([one], now=now)
    return count
