"""Initiatives of an import are written in bulk: one statement a table, and the events of each row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, tuple_, update

from tracker.activity.recording import bulk_events
from tracker.db import db
from tracker.importing.bulk import chunks, hold, insert_many, table_of, update_many
from tracker.importing.directory import New
from tracker.importing.initiatives import FRICTION, Course
from tracker.importing.initiatives_events import events_of
from tracker.importing.initiatives_standing import title_key
from tracker.importing.matching import Work
from tracker.importing.models import ImportMark
from tracker.importing.reports import NewReport, StandingReport, kept_from, standing_reports
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import Answer, Sponsorship
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Participation
from tracker.organisation.settings import Organisation
from tracker.updates.models import Update

_COLUMNS = {
    "ref": "outside_id",
    "name": "title",
    "theme": "theme",
    "category": "category",
    "budget": "budget",
    "unit": "lead_unit_id",
    "lead": "lead_id",
    "stage": "adopt_stage",
}
_FRICTION = {
    "friction": "words",
    "touchpoint": "touchpoint",
    "channel": "channel",
    "cause": "root_cause",
}


def write(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if an initiative was changed since."""
    courses = [course for course in work.items if _alters(course)]
    old = [course for course in courses if course.found]
    new = [course for course in courses if not course.found]
    hold(Initiative, {course.found.id: course.found.version for course in old})
    for course in courses if made else ():
        _settle(course, made)
    _insert(new, by=by, now=now)
    _write_reports(courses, by=by, now=now)
    _propose(courses, by=by, now=now)
    _join(courses)
    _describe_friction(courses)
    _mark(courses)
    _update(courses, by=by, now=now)
    bulk_events(db.session(), [e for c in courses for e in events_of(c, by=by, now=now)])


def _alters(course: Course) -> bool:
    return course.found is None or any(step.changes or step.report for step in course.steps)


def _settle(course: Course, made: dict[Any, int]) -> None:
    """Put the ids of the units and partners that were just made where their names stood."""

    def settled(value: Any) -> Any:
        if isinstance(value, frozenset):
            return frozenset(settled(one) for one in value)
        return made[value] if isinstance(value, New) else value

    for step in course.steps:
        step.was = {name: settled(value) for name, value in step.was.items()}
        step.changes = {name: settled(value) for name, value in step.changes.items()}
    course.so_far = {name: settled(value) for name, value in course.so_far.items()}


def _insert(courses: list[Course], *, by: Any, now: datetime) -> None:
    first, prefix = _take_numbers(len(courses))
    rows = []
    for course, number in zip(courses, range(first, first + len(courses)), strict=True):
        course.number = number
        row: dict[str, Any] = {column: course.so_far.get(n) for n, column in _COLUMNS.items()}
        row |= {"theme": row["theme"] or "", "category": row["category"] or ""}
        rows.append(
            row
            | {
                "number": number,
                "ref": f"{prefix}-{number}",
                "title_key": title_key(row["title"]),
                "stage": Stage.idea,
                "stage_since": now,
                "unit_count": 1 + len(course.so_far["units"]),
                "created_at": now,
                "created_by_id": by.id if by else None,
                "changed": now,
                **kept_from(map(_as_standing, enumerate(_reports(course)))),
            }
        )
    for course, id_ in zip(courses, insert_many(Initiative, rows), strict=True):
        course.id = id_


def _reports(course: Course) -> list[NewReport]:
    return [step.report for step in course.steps if step.report]


def _as_standing(numbered: tuple[int, NewReport]) -> StandingReport:
    number, report = numbered
    return StandingReport(number, report.day, report.colour, report.reason, None)


def _take_numbers(count: int) -> tuple[int, str]:
    """The first of so many numbers, and the prefix that references begin with."""
    organisation = Organisation.found()
    table = table_of(Organisation)
    taken = update(table).values(next_number=table.c.next_number + count)
    following = db.session.execute(taken.returning(table.c.next_number)).scalar_one()
    return following - count, organisation.prefix


def _write_reports(courses: list[Course], *, by: Any, now: datetime) -> None:
    steps = [step for course in courses for step in course.steps if step.report]
    rows = [r.row(course.id, by=by, now=now) for course in courses for r in _reports(course)]
    for step, id_ in zip(steps, insert_many(Update, rows), strict=True):
        step.report_id = id_


def _propose(courses: list[Course], *, by: Any, now: datetime) -> None:
    proposed = [course for course in courses if course.changes.get("sponsor")]
    rows = [
        {
            "initiative_id": course.id,
            "person_id": course.so_far["sponsor"],
            "answer": Answer.proposed,
            "adopts": course.so_far.get("stage"),
            "proposed_by_id": by.id if by else None,
            "proposed_at": now,
        }
        for course in proposed
    ]
    for course, id_ in zip(proposed, insert_many(Sponsorship, rows), strict=True):
        course.proposal_id = id_


def _join(courses: list[Course]) -> None:
    """Add units and partners that take part; a unit that now leads no longer does beside it."""
    for model, column, name in (
        (Participation, "unit_id", "units"),
        (Involvement, "partner_id", "partners"),
    ):
        table = table_of(model)
        joining, leaving = [], []
        for course in courses:
            stood = course.found.state[name] if course.found else frozenset()
            joining += [
                {"initiative_id": course.id, column: id_} for id_ in course.so_far[name] - stood
            ]
            leaving += [(course.id, id_) for id_ in stood - course.so_far[name]]
        for chunk in chunks(leaving):
            pair = tuple_(table.c.initiative_id, table.c[column])
            db.session.execute(delete(table).where(pair.in_(chunk)))
        if joining:
            ordered = sorted(joining, key=lambda row: tuple(row.values()))
            db.session.execute(insert(table), ordered)


def _describe_friction(courses: list[Course]) -> None:
    told = [course for course in courses if any(name in course.changes for name in FRICTION)]
    rows = []
    for course in told:
        row = {column: course.so_far.get(name) for name, column in _FRICTION.items()}
        row |= {column: row[column] or "" for column in ("words", "touchpoint", "channel")}
        rows.append(row)
    new = [c.found is None or c.found.friction_id is None for c in told]
    fresh = [row | {"initiative_id": c.id} for c, row, n in zip(told, rows, new, strict=True) if n]
    if fresh:
        db.session.execute(insert(table_of(Friction)), fresh)
    update_many(
        Friction,
        [
            row | {"id": c.found.friction_id}
            for c, row, n in zip(told, rows, new, strict=True)
            if not n and c.found
        ],
        bumps=("version",),
    )


def _mark(courses: list[Course]) -> None:
    """Keep which period described each initiative last."""
    marked = [course for course in courses if course.as_of]
    table = table_of(ImportMark)
    for chunk in chunks([course.id for course in marked]):
        db.session.execute(delete(table).where(table.c.initiative_id.in_(chunk)))
    if marked:
        rows = [{"initiative_id": course.id, "as_of": course.as_of} for course in marked]
        db.session.execute(insert(table), rows)


def _update(courses: list[Course], *, by: Any, now: datetime) -> None:
    """Bring the rows of the initiatives to how they stand after the file."""
    reported = [course.id for course in courses if course.found and _reports(course)]
    reports: dict[int, list[StandingReport]] = standing_reports(reported)
    rows = []
    for course in courses:
        row: dict[str, Any] = {"id": course.id, "changed": now}
        if course.found:
            row |= {
                column: course.so_far[name]
                for name, column in _COLUMNS.items()
                if name in course.changes
            }
            row["unit_count"] = 1 + len(course.so_far["units"])
            if "title" in row:
                row["title_key"] = title_key(row["title"])
        if course.id in reports:
            row |= kept_from(reports[course.id])
        if course.proposal_id:
            row |= {
                "proposed_sponsor_id": course.so_far["sponsor"],
                "proposed_by_id": by.id if by else None,
                "proposed_at": now,
            }
        if course.found or course.proposal_id:
            rows.append(row)
    update_many(Initiative, rows, bumps=("version", "touches"))
