"""From what happened to who is told: notices are written in the transaction of the change, just before it is sealed.

Rooms above say for their kinds of events who is told of what (`tellers`). A verb knows nothing of it: recording its event
is enough. Nobody is told of their own act, and nobody twice of the same thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session, SessionTransaction

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.activity.recording import HEARD, heard
from tracker.db import db
from tracker.notices import jobs, outbox
from tracker.notices.kinds import Tell
from tracker.notices.models import Mute, Notice, Occasion
from tracker.organisation.people import Person, Role


@dataclass(frozen=True)
class Told:
    """What is told to whom: `people` may repeat, and hold None and whoever acted."""

    kind: Tell
    people: Sequence[int | None]
    subject_type: str
    subject_id: int
    actor_id: int | None = None
    initiative_id: int | None = None
    day: date | None = None


Teller = Callable[[Any, Event], Iterable[Told]]
tellers: dict[Kind, Teller] = {}

# Whoever takes over duties hears of all of them in one notice, and not of each once more.
_PART_OF_DUTIES = frozenset({Tell.answerer_named, Tell.blocker_raised, Tell.action_assigned})
_COUNT = text(
    "INSERT INTO inbox (person_id, unread) VALUES (:person_id, :unread) "
    "ON CONFLICT (person_id) DO UPDATE SET unread = inbox.unread + excluded.unread"
)


def tells(kind: Kind, teller: Teller) -> None:
    """Have `teller` say who is told when an event of this kind is recorded."""
    tellers[kind] = teller
    heard.add(kind)


def tell(told: Iterable[Told], *, now: datetime, mailed: bool = True) -> int:
    """Write the notices of what is told, in the present write transaction; return how many were written.

    Without `mailed` they stand in the inbox alone.

    What one act did alike to many things is one notice for each person. People without access, and partners' contacts
    where the kind is not for them, are told nothing. What they muted lies in the inbox as if they had read it, unless it
    is meant for them.
    """
    by_person = _wanted(told)
    people = _readers(by_person)
    muted = _muted(by_person)
    rows, unread = [], {}
    for person_id in sorted(people):
        person = people[person_id]
        lines = [
            one
            for one in by_person[person_id]
            if one.kind.to_partners or person.role != Role.partner
        ]
        notices = [_notice(person, alike, now, muted) for alike in _alike(lines)]
        if not notices:
            continue
        for one in notices:
            one["waits"] &= mailed
        at_once = [
            one for one in notices if one["kind"].at_once and person.mails_at_once and mailed
        ]
        if at_once:
            mail_id = outbox.write(person_id, Occasion.at_once, now=now)
            for one in at_once:
                one |= {"mail_id": mail_id, "waits": False}
        rows += notices
        unread[person_id] = sum(one["read_at"] is None for one in notices)
    if rows:
        connection = db.session.connection()
        connection.execute(insert(Notice), rows)
        for person_id, count in sorted(unread.items()):
            connection.execute(_COUNT, {"person_id": person_id, "unread": count})
    return len(rows)


def _wanted(told: Iterable[Told]) -> dict[int, list[Told]]:
    """Return who is told what: of each thing once, and what is for at once before what can wait."""
    ordered = sorted(told, key=lambda one: not one.kind.at_once)
    wanted: dict[int, dict[tuple[str, int], Told]] = defaultdict(dict)
    for one in ordered:
        for person_id in one.people:
            if person_id is not None and person_id != one.actor_id:
                wanted[person_id].setdefault((one.subject_type, one.subject_id), one)
    found = {}
    for person_id, things in wanted.items():
        lines = list(things.values())
        if any(one.kind == Tell.duties_passed for one in lines):
            lines = [one for one in lines if one.kind not in _PART_OF_DUTIES]
        found[person_id] = lines
    return found


def _readers(by_person: dict[int, list[Told]]) -> dict[int, Any]:
    if not by_person:
        return {}
    columns = (Person.id, Person.role, Person.digest_hour, Person.mails_at_once)
    query = select(*columns).where(Person.id.in_(by_person), Person.ended_at.is_(None))
    return {row.id: row for row in db.session.connection().execute(query)}


def _muted(by_person: dict[int, list[Told]]) -> set[tuple[int, int]]:
    about = {
        one.initiative_id
        for lines in by_person.values()
        for one in lines
        if one.initiative_id and not one.kind.at_once
    }
    if not about:
        return set()
    query = select(Mute.person_id, Mute.initiative_id).where(
        Mute.person_id.in_(by_person), Mute.initiative_id.in_(about)
    )
    return {(row.person_id, row.initiative_id) for row in db.session.connection().execute(query)}


def _alike(lines: Sequence[Told]) -> Iterable[list[Told]]:
    groups: dict[Any, list[Told]] = defaultdict(list)
    for one in lines:
        groups[one.kind, one.actor_id, one.subject_type, one.day].append(one)
    return groups.values()


def _notice(
    person: Any, alike: Sequence[Told], now: datetime, muted: set[tuple[int, int]]
) -> dict[str, Any]:
    first = alike[0]
    silent = not first.kind.at_once and all(
        (person.id, one.initiative_id) in muted for one in alike
    )
    about = {one.initiative_id for one in alike}
    return {
        "person_id": person.id,
        "kind": first.kind,
        "at": now,
        "actor_id": first.actor_id,
        "subject_type": first.subject_type,
        "subject_id": first.subject_id,
        "others": [one.subject_id for one in alike[1:]] or None,
        "initiative_id": about.pop() if len(about) == 1 else None,
        "day": first.day,
        "read_at": now if silent else None,
        "waits": person.digest_hour is not None and not silent,
        "mail_id": None,
    }


@event.listens_for(db.session, "before_commit", insert=True)
def tell_of_events(session: Session) -> None:
    """Tell of what this transaction recorded; before the trail is sealed, whose head is the last row that is locked."""
    if HEARD not in session.info or session.in_nested_transaction():
        return
    happened = session.info.pop(HEARD)
    session.flush()
    told = _told_of(session, happened)
    if told:
        tell(told, now=happened[-1][1].at)


def tell_of_past(session: Session, *, since: datetime, mailed_since: datetime) -> None:
    """Tell of what this transaction recorded as if it had been told then: each event at its own time.

    What is older than `since` is told to nobody, and only what is newer than `mailed_since` is mailed. For stories that
    are told in one go.
    """
    happened = session.info.pop(HEARD, [])
    session.flush()
    for subject, recorded in sorted(happened, key=lambda pair: pair[1].at):
        if recorded.at >= since:
            told = _told_of(session, [(subject, recorded)])
            tell(told, now=recorded.at, mailed=recorded.at >= mailed_since)


def _told_of(session: Session, happened: Iterable[tuple[Any, Event]]) -> list[Told]:
    told: list[Told] = []
    with session.no_autoflush:
        for subject, recorded in happened:
            if recorded in session:  # not rolled back with a savepoint
                told += tellers[Kind(recorded.kind)](subject, recorded)
    return told


@event.listens_for(db.session, "after_commit")
def _committed(session: Session) -> None:
    jobs.ring(session)


@event.listens_for(db.session, "after_soft_rollback")
def _rolled_back(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:  # what a savepoint leaves behind is told all the same
        session.info.pop(HEARD, None)
        jobs.forget(session)
