"""What this room does when something happens in the rooms below it, and what it does by itself (rules 2, 6, 21, 23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import ScalarSelect, func, select

from tracker import navigation
from tracker.actions.obstacles import in_the_way, waited_for_us
from tracker.activity.naming import Named
from tracker.activity.queries import scopes
from tracker.activity.sentences import namers, wordings
from tracker.blockers import silos, telling
from tracker.blockers.counting import follow_days
from tracker.blockers.heirs import heir_of, next_answerer
from tracker.blockers.lane import MOST_AMONG, waiting_for_contact
from tracker.blockers.models import Blocker
from tracker.blockers.pausing import pause_or_go_on
from tracker.blockers.rungs import STEP_WORDS, Step
from tracker.blockers.short import count_of
from tracker.blockers.silence import confirm_silent, escalate_late, follow_days_later
from tracker.blockers.silos import SiloPair
from tracker.blockers.states import CATEGORY_WORDS, CAUSE_WORDS, OPEN, UNSETTLED, Category, State
from tracker.blockers.stopping import stands_in_the_way, waits_of
from tracker.db import db
from tracker.initiatives.friction import RootCause
from tracker.initiatives.models import Initiative
from tracker.initiatives.staging import when_held, when_stopped
from tracker.organisation.handing_over import Handed, handovers, partner_handovers
from tracker.organisation.holding import MOST, Held, holdings
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import followers
from tracker.sweeping import sweeps


def close_all(initiative: Initiative, by: Person | None, now: datetime) -> None:
    """Close the blockers of an initiative that was stopped (a `when_stopped` of initiatives)."""
    blockers = _of(initiative, UNSETTLED)
    silos.lock([(blocker.holder.key, blocker.waits.key) for blocker in blockers])
    for blocker in blockers:
        blocker.close_with_initiative(by=by, now=now)


def pass_answers_on(person: Person, by: Person | None, now: datetime) -> list[Handed]:
    """Ask somebody else where `person`, whose access ends, was the answerer."""
    handed = []
    query = select(Blocker).where(Blocker.answerer_id == person.id, Blocker.state.in_(OPEN))
    for blocker in _locked(query):
        heir = next_answerer(blocker, person)
        blocker.name_answerer(heir, by=by, now=now)
        handed.append(Handed("answerer", blocker.title, heir.id if heir else None))
    return handed


def held_here(person: Person) -> list[Held]:
    """Return the open blockers that `person` answers, with their pages: all of this would pass on."""
    mine = select(Blocker.ref, Blocker.title).where(
        Blocker.answerer_id == person.id, Blocker.state.in_(OPEN)
    )
    rows = db.session.execute(mine.order_by(Blocker.id).limit(MOST))
    return [Held("answerer", row.title, url_for("blockers.show", ref=row.ref)) for row in rows]


def take_over_from(partner: Partner, by: Person | None, now: datetime) -> list[Handed]:
    """Pass what an ending partner holds to its relationship owner: a new holding period begins.

    What it waits for itself is withdrawn: its actions are back with their hosts, and nobody there waits any more.
    """
    handed = []
    query = select(Blocker).where(Blocker.holder_partner_id == partner.id, Blocker.state.in_(OPEN))
    for blocker in _locked(query):
        holder, keeper = heir_of(partner, blocker)
        blocker.change_hands(holder, by=by, now=now, answerer=keeper)
        handed.append(Handed("blocker", blocker.title, keeper.id if keeper else None))
    query = select(Blocker).where(Blocker.blocked_partner_id == partner.id, Blocker.state.in_(OPEN))
    for blocker in _locked(query):
        blocker.withdraw_with_partner(by=by, now=now)
    return handed


def page_of(ref: str) -> str:
    """Return the address of a blocker's page."""
    return url_for("blockers.show", ref=ref)


def join() -> None:
    """Tell the rooms below what to ask of this one; telling them twice changes nothing."""
    scopes["blocker"] = Blocker.visible_to
    namers["blocker"] = Named(Blocker, "title", keyed="ref", page=page_of)
    wordings["category"] = lambda value: str(CATEGORY_WORDS[Category(value)])
    wordings["step"] = lambda value: str(STEP_WORDS[Step(value)])
    wordings["cause"] = lambda value: str(CAUSE_WORDS[RootCause(value)])
    navigation.counts["blockers.index"] = open_count
    navigation.most["blockers.index"] = MOST_AMONG - 1
    _hang(when_stopped, close_all)
    _hang(when_held, pause_or_go_on)
    _hang(handovers, pass_answers_on)
    _hang(holdings, held_here)
    _hang(partner_handovers, take_over_from)
    _hang(followers, follow_days)
    _hang(waited_for_us, waits_of)
    _hang(in_the_way, stands_in_the_way)
    sweeps["blockers"] = confirm_silent
    sweeps["escalations"] = escalate_late
    sweeps["working days"] = follow_days_later
    telling.join()


def _hang(hooks: list[Any], hook: Any) -> None:
    if hook not in hooks:
        hooks.append(hook)


def open_count(person: Person) -> ScalarSelect[int]:
    """Return the query for how many blockers are open: kept sums; for a partner those that wait for it, up to MOST_AMONG."""
    if person.is_internal:
        return select(func.coalesce(func.sum(SiloPair.open_count), 0)).scalar_subquery()
    return count_of(waiting_for_contact(person), MOST_AMONG)


def _of(initiative: Initiative, states: tuple[State, ...]) -> list[Blocker]:
    query = select(Blocker).where(Blocker.initiative_id == initiative.id, Blocker.state.in_(states))
    return _locked(query)


def _locked(query: Any) -> list[Blocker]:
    return list(db.session.scalars(query.order_by(Blocker.id).with_for_update(of=Blocker)))
