"""Initiatives of an import are written in bulk: a draft is made before the write, and only run in it.

Everything is made ready in the draft: ids and numbers, rows as the driver takes them, the texts of
events. Inside the write a few statements look whether the data moved, and one runs for each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from tracker.activity.batches import Batch
from tracker.activity.gathering import note
from tracker.db import db
from tracker.importing.bulk import Moved, hold, reserve, still_free, table_of, update_many
from tracker.importing.directory import New
from tracker.importing.initiatives import Course
from tracker.importing.initiatives_events import events_of
from tracker.importing.initiatives_rows import declared_of, rows_of
from tracker.importing.matching import Work
from tracker.importing.reports import kept_from, standing_reports
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import Sponsorship
from tracker.organisation.settings import Organisation
from tracker.ready import Ready
from tracker.updates.models import Update


@dataclass
class Draft:
    """What will be written, and what must still be so when it is."""

    versions: dict[int, int]
    touches: dict[int, int]
    first: dict[Any, int]
    numbers: range
    prefix: str
    rows: list[Ready]
    events: Batch


def draft(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> Draft:
    """Make everything ready that `write` puts down; `made` has the ids of units and partners to come."""
    courses = [course for course in work.items if _alters(course)]
    old = [course.found for course in courses if course.found]
    for course in courses if made else ():
        _settle(course, made)
    numbers, prefix = _next_numbers(sum(1 for course in courses if not course.found))
    first = _give_ids(courses, numbers)
    return Draft(
        {found.id: found.version for found in old},
        {
            c.found.id: c.found.touches
            for c in courses
            if c.found and any(s.report for s in c.steps)
        },
        first,
        numbers,
        prefix,
        list(rows_of(courses, prefix, by=by, now=now)),
        Batch(db.session(), (e for c in courses for e in _told(c, prefix, by=by, now=now))),
    )


def write(ready: Draft) -> None:
    """Write a draft. Raises `Moved`, before anything is written, if it no longer fits."""
    still_free(ready.first)
    held = hold(Initiative, ready.versions, Initiative.touches)
    _take_numbers(ready)
    session = db.session()
    for rows in ready.rows:
        rows.run(session)
    stirred = [
        row.id for row in held if ready.touches.get(row.id, row.touches) != row.touches
    ]  # somebody may have reported meanwhile
    kept = [{"id": id_} | kept_from(of) for id_, of in standing_reports(stirred).items()]
    update_many(Initiative, kept)
    for row in kept:
        note(session, Initiative, row)
    ready.events.write(session)


def _told(course: Course, prefix: str, *, by: Any, now: datetime) -> Iterator[dict[str, Any]]:
    """The events of one initiative, the first with everything that it makes of declared columns."""
    first, *rest = events_of(course, by=by, now=now)
    yield first | {"tables": declared_of(course, prefix, by=by, now=now)}
    yield from rest


def _alters(course: Course) -> bool:
    return course.found is None or any(step.changes or step.report for step in course.steps)


def _settle(course: Course, made: dict[Any, int]) -> None:
    """Put the ids of the units and partners that will be made where their names stood."""

    def settled(value: Any) -> Any:
        if isinstance(value, frozenset):
            return frozenset(settled(one) for one in value)
        return made[value] if isinstance(value, New) else value

    for step in course.steps:
        step.was = {name: settled(value) for name, value in step.was.items()}
        step.changes = {name: settled(value) for name, value in step.changes.items()}
    course.so_far = {name: settled(value) for name, value in course.so_far.items()}


def _give_ids(courses: Iterable[Course], numbers: range) -> dict[Any, int]:
    """Give what is new its id and number; return the first id of each kind, by model."""
    new = [course for course in courses if not course.found]
    reporting = [step for course in courses for step in course.steps if step.report]
    proposing = [course for course in courses if course.changes.get("sponsor")]
    ids = {
        model: reserve(model, len(of))
        for model, of in ((Initiative, new), (Update, reporting), (Sponsorship, proposing))
    }
    for course, id_, number in zip(new, ids[Initiative], numbers, strict=True):
        course.id, course.number = id_, number
    for step, id_ in zip(reporting, ids[Update], strict=True):
        step.report_id = id_
    for course, id_ in zip(proposing, ids[Sponsorship], strict=True):
        course.proposal_id = id_
    return {model: reserved[0] for model, reserved in ids.items() if reserved}


def _next_numbers(count: int) -> tuple[range, str]:
    """The numbers that so many new initiatives will have, and the prefix of their references."""
    table = table_of(Organisation)
    row = db.session.execute(select(table.c.next_number, table.c.prefix)).one_or_none()
    usual = Organisation.current()
    first, prefix = row or (usual.next_number, usual.prefix)
    return range(first, first + count), prefix


def _take_numbers(ready: Draft) -> None:
    """Take the numbers. Raises `Moved` if one of them is another's by now."""
    if not ready.numbers:
        return
    Organisation.found()
    table = table_of(Organisation)
    same = (table.c.next_number == ready.numbers.start, table.c.prefix == ready.prefix)
    taken = update(table).where(*same).values(next_number=ready.numbers.stop)
    if db.session.execute(taken.returning(table.c.id)).one_or_none() is None:
        raise Moved
