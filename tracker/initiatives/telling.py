"""Whom this room tells what: who is asked to sponsor, who asked, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import exists, select

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import pauses_of
from tracker.initiatives.sponsorships import Answer, Sponsorship, calendars_of, lapses_on
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tell, tells
from tracker.organisation.settings import day_of
from tracker.sweeping import sweeps

REMIND_BEFORE = 3  # calendar days before a proposal lapses
PORTION = 500  # proposals looked at in one sweep


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["initiative"] = named
    tells(Kind.sponsor_proposed, of_proposal)
    tells(Kind.sponsor_withdrawn, of_withdrawal)
    for kind, told in (
        (Kind.sponsor_accepted, Tell.sponsorship_accepted),
        (Kind.stage_adopted, Tell.sponsorship_accepted),
        (Kind.sponsor_declined, Tell.sponsorship_declined),
        (Kind.sponsor_lapsed, Tell.sponsorship_lapsed),
    ):
        tells(kind, _answers(told))
    sweeps["sponsorships lapsing"] = tell_of_lapsing


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the initiatives with these ids as far as `person` may see them."""
    found = Initiative.visible_to(person).with_only_columns(
        Initiative.id, Initiative.ref, Initiative.title
    )
    return {
        row.id: Thing(f"{row.ref} {row.title}", url_for("initiatives.show", ref=row.ref))
        for row in db.session.execute(found.where(Initiative.id.in_(ids)))
    }


def of_proposal(initiative: Initiative, event: Event) -> Iterator[Told]:
    """Whoever is asked to sponsor."""
    yield _told(Tell.sponsorship_proposed, [event.facts["person_id"]], initiative, event)


def of_withdrawal(initiative: Initiative, event: Event) -> Iterator[Told]:
    """Whoever was asked need not answer any more."""
    yield _told(Tell.sponsorship_withdrawn, [event.facts["person_id"]], initiative, event)


def _answers(kind: Tell) -> Any:
    def of_answer(initiative: Initiative, event: Event) -> Iterator[Told]:
        """Whoever asked, and the lead."""
        asked_by = select(Sponsorship.proposed_by_id).where(
            Sponsorship.id == event.facts["proposal_id"]
        )
        people = [db.session.scalar(asked_by), initiative.lead_id]
        yield _told(kind, people, initiative, event)

    return of_answer


def _told(kind: Tell, people: list[int | None], initiative: Initiative, event: Event) -> Told:
    return Told(kind, people, "initiative", initiative.id, event.actor_id, initiative.id)


def tell_of_lapsing(now: datetime) -> int:
    """Tell once of each proposal that will lapse within `REMIND_BEFORE` days, whoever has not answered; return how many were told."""
    told = (
        exists()
        .where(
            Notice.kind == Tell.sponsorship_lapsing,
            Notice.subject_id == Sponsorship.initiative_id,
            Notice.person_id == Sponsorship.person_id,
            Notice.at >= Sponsorship.proposed_at,
        )
        .correlate(Sponsorship)
    )
    waiting = db.session.execute(
        select(Sponsorship.initiative_id, Sponsorship.person_id, Sponsorship.proposed_at)
        .where(Sponsorship.answer == Answer.proposed, ~told)
        .order_by(Sponsorship.proposed_at, Sponsorship.id)
        .limit(PORTION)
    ).all()
    calendars = calendars_of({row.person_id for row in waiting}) if waiting else {}
    pauses = pauses_of({row.initiative_id for row in waiting}) if waiting else {}
    today = day_of(now)
    count = 0
    for row in waiting:
        last = lapses_on(
            row.proposed_at, calendars[row.person_id], pauses[row.initiative_id], today
        )
        if not 0 <= (last - today).days <= REMIND_BEFORE:
            continue
        with writing():
            still = Sponsorship.standing(row.initiative_id, Answer.proposed)
            known = select(Notice.id).where(
                Notice.kind == Tell.sponsorship_lapsing,
                Notice.subject_id == row.initiative_id,
                Notice.person_id == row.person_id,
                Notice.day == last,
            )
            if still is None or still.person_id != row.person_id or db.session.scalar(known):
                continue
            one = Told(
                Tell.sponsorship_lapsing, [row.person_id], "initiative", row.initiative_id,
                initiative_id=row.initiative_id, day=last,
            )  # fmt: skip
            count += tell([one], now=now)
    return count
