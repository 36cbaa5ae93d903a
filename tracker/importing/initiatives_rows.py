"""The rows an import of initiatives leaves, table by table, made ready before the write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert

from tracker.activity.declaring import key_of
from tracker.activity.gathering import Rows, add_rows, birth, change
from tracker.importing.bulk import changing, table_of
from tracker.importing.initiatives import FRICTION, Course
from tracker.importing.initiatives_standing import title_key
from tracker.importing.models import ImportMark
from tracker.importing.reports import StandingReport, kept_from
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import Answer, Sponsorship
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Participation
from tracker.ready import Ready
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
_BESIDE = ((Participation, "unit_id", "units"), (Involvement, "partner_id", "partners"))


def rows_of(courses: list[Course], prefix: str, *, by: Any, now: datetime) -> Iterator[Ready]:
    """Every statement but the events, in the order in which they must run.

    The courses have their ids, numbers, reports' and proposals' ids already.
    """
    new = [course for course in courses if not course.found]
    yield Ready(
        insert(table_of(Initiative)), [_new(course, prefix, by=by, now=now) for course in new]
    )
    yield Ready(
        insert(table_of(Update)),
        [
            {"id": step.report_id, **step.report.row(course.id, by=by, now=now)}
            for course in courses
            for step in course.steps
            if step.report
        ],
    )
    yield Ready(
        insert(table_of(Sponsorship)),
        [_proposal(course, by=by, now=now) for course in courses if course.proposal_id],
    )
    yield from _joined(courses)
    yield from _frictions(courses)
    yield from _marks(courses)
    old = (course for course in courses if course.found)
    rows = [_changed(course, by=by, now=now) for course in old]
    yield from changing(Initiative, rows, bumps=("version", "touches"))


def declared_of(course: Course, prefix: str, *, by: Any, now: datetime) -> Rows:
    """What the rows of one initiative make of declared columns."""
    one = [course]
    if course.found:
        rows = change(Initiative, _changed(course, by=by, now=now))
    else:
        rows = birth(Initiative, _new(course, prefix, by=by, now=now))
    for step in course.steps:
        if step.report:
            row = {"id": step.report_id, **step.report.row(course.id, by=by, now=now)}
            add_rows(rows, birth(Update, row))
    if course.proposal_id:
        add_rows(rows, birth(Sponsorship, _proposal(course, by=by, now=now)))
    for model, column, name in _BESIDE:
        joining, leaving = _pairs(one, column, name)
        for row in joining:
            add_rows(rows, birth(model, row))
        for row in leaving:
            pair = {"initiative_id": row["whose"], column: row["what"]}
            add_rows(rows, {model.__tablename__: {key_of(model.on_trail, pair): None}})
    fresh, known = _told_frictions(one)
    for row in fresh:
        add_rows(rows, birth(Friction, row))
    for row in known:
        add_rows(rows, change(Friction, row | {"initiative_id": course.id}))
    return rows


def _new(course: Course, prefix: str, *, by: Any, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {column: course.so_far.get(name) for name, column in _COLUMNS.items()}
    row |= {"theme": row["theme"] or "", "category": row["category"] or ""}
    asked = _asked(course, by=by, now=now)
    return row | {
        "id": course.id,
        "number": course.number,
        "ref": f"{prefix}-{course.number}",
        "title_key": title_key(row["title"]),
        "stage": Stage.idea,
        "stage_since": now,
        "unit_count": 1 + len(course.so_far["units"]),
        "created_at": now,
        "created_by_id": by.id if by else None,
        "changed": now,
        **(asked or dict.fromkeys(("proposed_sponsor_id", "proposed_by_id", "proposed_at"))),
        **kept_from(_standing_after(course)),
    }


def _changed(course: Course, *, by: Any, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {"id": course.id, "changed": now}
    row |= {c: course.so_far[name] for name, c in _COLUMNS.items() if name in course.changes}
    row["unit_count"] = 1 + len(course.so_far["units"])
    if "title" in row:
        row["title_key"] = title_key(row["title"])
    if any(step.report for step in course.steps):
        row |= kept_from(_standing_after(course))
    return row | _asked(course, by=by, now=now)


def _asked(course: Course, *, by: Any, now: datetime) -> dict[str, Any]:
    """What an initiative keeps of the proposal that the file makes, if it makes one."""
    if not course.proposal_id:
        return {}
    return {
        "proposed_sponsor_id": course.so_far["sponsor"],
        "proposed_by_id": by.id if by else None,
        "proposed_at": now,
    }


def _standing_after(course: Course) -> Iterable[StandingReport]:
    """The reports that stand once the file's are written."""
    new = [
        StandingReport(step.report_id or 0, report.day, report.colour, report.reason, None)
        for step in course.steps
        if (report := step.report)
    ]
    corrected = {step.report.corrects for step in course.steps if step.report}
    return [*(report for report in course.reports if report.id not in corrected), *new]


def _proposal(course: Course, *, by: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": course.proposal_id,
        "initiative_id": course.id,
        "person_id": course.so_far["sponsor"],
        "answer": Answer.proposed,
        "adopts": course.so_far.get("stage"),
        "proposed_by_id": by.id if by else None,
        "proposed_at": now,
    }


def _joined(courses: list[Course]) -> Iterator[Ready]:
    """Units and partners that take part; a unit that now leads no longer does beside it."""
    for model, column, name in _BESIDE:
        table = table_of(model)
        joining, leaving = _pairs(courses, column, name)
        pair = (table.c.initiative_id == bindparam("whose"), table.c[column] == bindparam("what"))
        yield Ready(delete(table).where(*pair), leaving)
        yield Ready(insert(table), sorted(joining, key=lambda row: tuple(row.values())))


def _pairs(
    courses: list[Course], column: str, name: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Who joins, and who leaves."""
    joining, leaving = [], []
    for course in courses:
        stood = course.found.state[name] if course.found else frozenset()
        after = course.so_far[name]
        joining += [{"initiative_id": course.id, column: i} for i in sorted(after - stood)]
        leaving += [{"whose": course.id, "what": i} for i in sorted(stood - after)]
    return joining, leaving


def _frictions(courses: list[Course]) -> Iterator[Ready]:
    fresh, known = _told_frictions(courses)
    yield Ready(insert(table_of(Friction)), fresh)
    yield from changing(Friction, known, bumps=("version",))


def _told_frictions(courses: list[Course]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The frictions nobody had written before, and those that change."""
    fresh, known = [], []
    for course in courses:
        if not any(name in course.changes for name in FRICTION):
            continue
        row = {column: course.so_far.get(name) for name, column in _FRICTION.items()}
        row |= {column: row[column] or "" for column in ("words", "touchpoint", "channel")}
        if course.found and course.found.friction_id is not None:
            known.append(row | {"id": course.found.friction_id})
        else:
            fresh.append(row | {"initiative_id": course.id})
    return fresh, known


def _marks(courses: list[Course]) -> Iterator[Ready]:
    """Which period described each initiative last."""
    marked = [course for course in courses if course.as_of]
    table = table_of(ImportMark)
    before = [{"whose": course.id} for course in marked if course.found and course.found.as_of]
    yield Ready(delete(table).where(table.c.initiative_id == bindparam("whose")), before)
    rows = [{"initiative_id": course.id, "as_of": course.as_of} for course in marked]
    yield Ready(insert(table), rows)
