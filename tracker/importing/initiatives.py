"""Initiatives from a file: which rows are about which initiative, in the order of their periods.

Rows are about one initiative when they share an outside id, or else a name and a unit. Rows of
different periods are its dated reports; of what describes it the latest period wins, and a period
older than the one a former import described changes nothing but reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.importing.directory import Directory, New
from tracker.importing.initiatives_fields import as_it_stands, resolve
from tracker.importing.initiatives_standing import Found, Stands
from tracker.importing.matching import Read, Rejected, Work, check_alike, differing
from tracker.importing.report import Outcome, Result
from tracker.importing.reports import NewReport, StandingReport, report_in
from tracker.importing.tidy import key
from tracker.importing.units import Heading

DESCRIBES = ("ref", "name", "theme", "category", "budget", "unit", "lead", "stage", "sponsor")
SETS = ("units", "partners")
FRICTION = ("friction", "touchpoint", "channel", "cause")


@dataclass
class Step:
    """What one row changes: `was` and `changes` by field, and its report if it has a new one."""

    row: Read
    was: dict[str, Any]
    changes: dict[str, Any]
    report: NewReport | None
    remark: str = ""
    report_id: int | None = None


@dataclass
class Course:
    """One initiative and its rows, oldest period first; `so_far` is how it stands after them.

    `reports` are those that stand. `id`, `number` and `proposal_id` are given before it is written.
    """

    found: Found | None
    reports: list[StandingReport] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    so_far: dict[str, Any] = field(default_factory=dict)
    as_of: date | None = None
    id: int = 0
    number: int = 0
    proposal_id: int | None = None

    def __post_init__(self) -> None:
        if self.found:
            self.id = self.found.id

    @property
    def changes(self) -> dict[str, Any]:
        """Everything that changes, whatever row says so."""
        return {name: value for step in self.steps for name, value in step.changes.items()}

    def names_new(self) -> Iterable[New]:
        """The units and partners that its rows name and that do not exist yet."""
        for step in self.steps:
            for value in step.changes.values():
                for one in value if isinstance(value, frozenset) else (value,):
                    if isinstance(one, New):
                        yield one


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the initiatives that stand."""
    work = Work()
    good: list[Read] = []
    for row in rows:
        try:
            good.append(Read(row.line, resolve(row.values, directory)))
        except Rejected as error:
            _reject(work, row, heading, error)
    groups = _grouped(good)
    stands = Stands(row for group in groups for row in group)
    for group in groups:
        _take(group, stands, work, directory, heading)
    return work


def _grouped(rows: list[Read]) -> list[list[Read]]:
    """Rows about one initiative, in the order of the file.

    A row without an id joins the rows with one that have its name and unit.
    """
    by_ref: dict[str, list[Read]] = {}
    named: dict[Any, set[str]] = {}
    for row in rows:
        if ref := row.values.get("ref"):
            by_ref.setdefault(ref, []).append(row)
            named.setdefault(_called(row), set()).add(ref)
    without: dict[Any, list[Read]] = {}
    for row in rows:
        if not row.values.get("ref"):
            refs = named.get(_called(row), set())
            if len(refs) == 1:
                by_ref[next(iter(refs))].append(row)
            else:
                without.setdefault(_called(row), []).append(row)
    groups = [*by_ref.values(), *without.values()]
    return sorted(groups, key=lambda group: min(row.line for row in group))


def _called(row: Read) -> tuple[str, Any]:
    return key(row.values["name"]), row.values.get("unit")


def _take(
    group: list[Read], stands: Stands, work: Work, directory: Directory, heading: Heading
) -> None:
    """Follow the rows of one initiative from what stands to how it will be."""
    good, repeated = [], {}
    for row in group:
        same = [other for other in group if _period(other) == _period(row)]
        try:
            _check_period(row, group)
            check_alike(row, same)
        except Rejected as error:
            _reject(work, row, heading, error)
            continue
        if row is same[0]:
            good.append(row)
        else:
            repeated[row.line] = same[0].line
    good.sort(key=lambda row: (_period(row) or date.min, row.line))
    try:
        found, remark = stands.find(group)
        course = _begun(found, stands)
        for row in good:
            course.steps.append(_step(row, course, stands, directory))
    except Rejected as error:
        for row in good:
            _reject(work, row, heading, error)
        return
    if course.steps:
        work.items.append(course)
    for number, step in enumerate(course.steps):
        work.results.append(_result(step, remark, new=found is None and number == 0))
    for line, first in repeated.items():
        row = next(row for row in group if row.line == line)
        words = _("The same as line %(line)s.", line=first)
        work.results.append(Result(line, Outcome.unchanged, row.values["name"], words=words))


def _begun(found: Found | None, stands: Stands) -> Course:
    if found is None:
        return Course(None)
    return Course(found, stands.reports.get(found.id, []), so_far=dict(found.state))


def _step(row: Read, course: Course, stands: Stands, directory: Directory) -> Step:
    period = _period(row)
    report = report_in(row, course.found, directory.today, stands.reports)
    described = course.as_of or (course.found.as_of if course.found else None)
    if course.found and course.found.stopped:
        return Step(row, {}, {}, None, _("It was stopped, and is kept as it was."))
    if period and described and period < described:
        words = _("A later period describes it; only the report is taken.")
        return Step(row, {}, {}, report, words if report else "")
    course.as_of = period or described
    remarks: list[str] = []
    wanted = {name: row.values.get(name) for name in (*DESCRIBES, *FRICTION)}
    if not course.so_far and wanted["unit"] is None:
        raise Rejected("unit", _("A new initiative needs its lead unit."))
    stands.check_people(wanted, course, remarks)
    remarks += _otherwise(wanted, course)
    changes = differing(wanted, course.so_far)
    for name in SETS:
        more = (row.values.get(name) or frozenset()) - course.so_far.get(name, frozenset())
        if name == "units":
            more -= {changes.get("unit", course.so_far.get("unit"))}
        if more:
            changes[name] = more
    was = {name: course.so_far.get(name) for name in changes}
    course.so_far.update({n: v for n, v in changes.items() if n not in SETS})
    for name in SETS:
        course.so_far[name] = course.so_far.get(name, frozenset()) | changes.get(name, frozenset())
    if was.get("unit") is not None:
        left = course.so_far["units"] | {was["unit"]}
        course.so_far["units"] = left - {course.so_far["unit"]}
    return Step(row, was, changes, report, " ".join(remarks))


def _otherwise(wanted: dict[str, Any], course: Course) -> list[str]:
    """What to say where an earlier period of the file names somebody else."""
    words = []
    if line := _other_line("sponsor", wanted, course):
        words.append(
            _("The sponsor differs from line %(line)s; the latest period counts.", line=line)
        )
    if line := _other_line("lead", wanted, course):
        words.append(_("The lead differs from line %(line)s; the latest period counts.", line=line))
    return words


def _other_line(name: str, wanted: dict[str, Any], course: Course) -> int | None:
    """The line of the last row so far that names one, where this row names another."""
    naming = (s.row for s in reversed(course.steps) if s.row.values.get(name) is not None)
    last = next(naming, None)
    if last is None or wanted[name] in {None, last.values[name]}:
        return None
    return last.line


def _result(step: Step, remark: str, *, new: bool) -> Result:
    said = (remark, as_it_stands(step.changes.get("stage")) if new else "", step.remark)
    remarks = " ".join(words for words in said if words)
    fields = (*step.changes, *(("colour",) if step.report else ()))
    if new:
        return Result(step.row.line, Outcome.created, step.row.values["name"], words=remarks)
    outcome = Outcome.changed if fields else Outcome.unchanged
    return Result(
        step.row.line, outcome, step.row.values["name"], words=remarks, fields=tuple(fields)
    )


def _check_period(row: Read, group: list[Read]) -> None:
    if _period(row) is None and any(_period(other) for other in group):
        raise Rejected(
            "period", _("Another row about the same has a period; this one needs one, too.")
        )


def _period(row: Read) -> date | None:
    period = row.values.get("period")
    return period.last if period else None


def _reject(work: Work, row: Read, heading: Heading, error: Rejected) -> None:
    name, column = row.values["name"], heading(error.field)
    work.results.append(Result(row.line, Outcome.rejected, name, column, error.words))
