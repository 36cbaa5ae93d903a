"""What an import leaves on the trail of an initiative: the events of each row that changes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.activity.kinds import Kind
from tracker.importing.bulk import event, typed
from tracker.importing.initiatives import Course, Step
from tracker.initiatives.stages import Stage

_TEXTS = {
    "ref": "outside_id",
    "name": "title",
    "theme": "theme",
    "category": "category",
    "budget": "budget",
}
_FRICTION = {
    "friction": "words",
    "touchpoint": "touchpoint",
    "channel": "channel",
    "cause": "root_cause",
}
_ALL = _TEXTS | _FRICTION


def events_of(course: Course, *, by: Any, now: datetime) -> Iterator[dict[str, Any]]:
    """The events of one initiative, in the order of its rows."""
    for number, step in enumerate(course.steps):
        told = _created(course, step) if number == 0 and not course.found else _changed(step)
        for kind, more in (*told, *_joined(step)):
            yield event(
                kind, "initiative", course.id, by=by, now=now, initiative_id=course.id, **more
            )
        if course.proposal_id and step is _proposing(course):
            yield _proposed(course, by=by, now=now)
        if step.report:
            yield _reported(course, step, by=by, now=now)


def _created(course: Course, step: Step) -> Iterator[tuple[Kind, dict[str, Any]]]:
    changes = step.changes
    after = {
        "number": course.number,
        "stage": Stage.idea.value,
        "lead_unit_id": changes["unit"],
        "lead_id": changes.get("lead"),
        "theme": changes.get("theme") or "",
        "ref": changes.get("ref"),
        "row": step.row.line,
        "fields": sorted(_ALL[name] for name in changes if name in _ALL),
    }
    yield Kind.initiative_imported, {"after": after} | typed({}, changes, _ALL)


def _changed(step: Step) -> Iterator[tuple[Kind, dict[str, Any]]]:
    was, changes = step.was, step.changes
    texts = sorted(column for name, column in _TEXTS.items() if name in changes)
    if texts:
        yield Kind.initiative_changed, {"after": {"fields": texts}} | typed(was, changes, _TEXTS)
    if "stage" in changes:
        before = was["stage"].value if was["stage"] else None
        after = {"stage": changes["stage"].value, "fields": ["stage"]}
        yield Kind.initiative_changed, {"before": {"stage": before}, "after": after}
    for name, kind in (
        ("unit", Kind.initiative_lead_unit_changed),
        ("lead", Kind.initiative_lead_set),
    ):
        if name in changes:
            column = "lead_unit_id" if name == "unit" else "lead_id"
            yield kind, {"before": {column: was[name]}, "after": {column: changes[name]}}
    friction = sorted(column for name, column in _FRICTION.items() if name in changes)
    if friction:
        after = {name: changes[name] for name in ("touchpoint", "channel") if name in changes}
        cause = {"cause": changes["cause"].value} if "cause" in changes else {}
        yield (
            Kind.initiative_friction_changed,
            {"after": {"fields": friction} | after | cause} | typed(was, changes, _FRICTION),
        )


def _joined(step: Step) -> Iterator[tuple[Kind, dict[str, Any]]]:
    for unit_id in sorted(step.changes.get("units") or ()):
        yield Kind.initiative_unit_joined, {"after": {"unit_id": unit_id}}
    for partner_id in sorted(step.changes.get("partners") or ()):
        yield Kind.initiative_partner_joined, {"after": {"partner_id": partner_id}}


def _proposing(course: Course) -> Step:
    """The row whose sponsor stands at the end."""
    return [step for step in course.steps if step.changes.get("sponsor")][-1]


def _proposed(course: Course, *, by: Any, now: datetime) -> dict[str, Any]:
    stage = course.so_far.get("stage")
    after = {
        "person_id": course.so_far["sponsor"],
        "proposal_id": course.proposal_id,
        "adoption": stage is not None,
        "stage": stage.value if stage else None,
    }
    return event(
        Kind.sponsor_proposed, "initiative", course.id, by=by, now=now, after=after,
        initiative_id=course.id,
    )  # fmt: skip


def _reported(course: Course, step: Step, *, by: Any, now: datetime) -> dict[str, Any]:
    report = step.report
    assert report is not None  # noqa: S101 - asked for only where a row brings one
    after = {
        "update_id": step.report_id,
        "colour": report.colour.value,
        "as_of": report.day.isoformat(),
        "period": report.period,
        "row": step.row.line,
    }
    return event(
        Kind.update_imported, "update", step.report_id or 0, by=by, now=now, after=after,
        initiative_id=course.id, **({"private": {"words": report.reason}} if report.reason else {}),
    )  # fmt: skip
