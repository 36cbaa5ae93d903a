"""Readings from a file: each the value of a KPI, of one unit and segment, in one period.

One that stands with other figures is corrected by a new one that names it. What somebody here corrected since a file
brought it stays, however often that file comes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _

from tracker.importing.directory import Directory, New
from tracker.importing.drafting import drafts
from tracker.importing.kpis import Kpis, Meant
from tracker.importing.matching import Read, Rejected, Work, resolved
from tracker.importing.notes import Note, sentence
from tracker.importing.readings_figures import Figures, figures_in
from tracker.importing.readings_series import Stands, standing_in
from tracker.importing.readings_work import Bring, settle
from tracker.importing.report import Outcome, Result
from tracker.importing.spans import Span, refuse_unfit, span_of
from tracker.importing.tidy import key
from tracker.importing.units import Heading
from tracker.importing.words import plain
from tracker.kpis.measures import MONTHS, Cadence, period_end, period_name
from tracker.wording import day


@dataclass
class _Placed:
    """A row whose KPI, unit, segment and period are known."""

    row: Read
    kpi: Meant | New
    unit: Any
    segment: str
    span: Span


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the readings that stand."""
    work, kpis, called = Work(), Kpis(directory), cache(period_name)

    def attempt(row: Read, name: str, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Rejected as error:
            work.results.append(
                Result(row.line, Outcome.rejected, name, heading(error.field), error.words)
            )
            return None

    placed = [
        found
        for row in rows
        if (found := attempt(row, _name(row), lambda row=row: _place(row, kpis, directory)))
    ]
    made = drafts([(one.kpi, one.span, one.row.values) for one in placed if isinstance(one.kpi, New)], kpis)  # fmt: skip
    standing = standing_in(one.kpi.id for one in placed if isinstance(one.kpi, Meant) and isinstance(one.kpi.id, int))  # fmt: skip
    brought: list[Bring] = []
    segments = {(kpi, key(segment)): segment for kpi, _unit, segment in standing}
    for one in placed:
        kpi = made[one.kpi] if isinstance(one.kpi, New) else one.kpi
        one.segment = segments.setdefault((kpi.id, key(one.segment)), one.segment)
        found = attempt(
            one.row,
            _name(one.row),
            lambda one=one, kpi=kpi: _bring(one, kpi, directory.today, called),
        )
        if found and found.figures is None:
            words = _("There is no figure here, and no remark that says why. Nothing is entered.")
            work.results.append(Result(one.row.line, Outcome.unchanged, found.name, words=words))
        elif found:
            brought.append(found)
    _take_reasons(brought, standing)
    once = _once(brought, work, heading)
    settle(once, standing, work)
    work.notes += _entered_elsewhere(placed, made)
    return work


def _entered_elsewhere(placed: list[_Placed], made: dict[New, Meant]) -> list[Note]:
    """Say so where a period of the file is none of the KPI's, and is entered for that in which it ends."""
    for one in placed:
        kpi = made[one.kpi] if isinstance(one.kpi, New) else one.kpi
        last = period_end(one.span.last, kpi.cadence)
        if one.span.months == MONTHS.get(kpi.cadence) and last != one.span.last:
            ends, own = one.span.last.isoformat(), last.isoformat()
            facts = {
                "period": one.span.text,
                "ends": ends,
                "own": own,
                "cadence": kpi.cadence.value,
            }
            return [Note("entered_elsewhere", facts)]
    return []


@sentence("entered_elsewhere")
def _entered_for(period: str, ends: str, own: str, cadence: str) -> str:
    return _(
        "Periods that end inside one of the KPI's own are entered for that one: “%(period)s”, to %(day)s, for %(own)s.",
        period=period,
        day=day(date.fromisoformat(ends)),
        own=period_name(date.fromisoformat(own), Cadence(cadence)),
    )


def _name(row: Read) -> str:
    told = (row.values.get(name) for name in ("kpi", "unit", "segment"))
    return " · ".join(text for text in told if text)


def _place(row: Read, kpis: Kpis, directory: Directory) -> _Placed:
    return _Placed(
        row,
        resolved("kpi", kpis.named, row.values["kpi"]),
        resolved("unit", directory.unit, row.values.get("unit")),
        " ".join((row.values.get("segment") or "").split()),
        span_of(row.values, directory.years),
    )


def _bring(one: _Placed, kpi: Meant, today: date, called: Callable[[date, Cadence], str]) -> Bring:
    refuse_unfit(one.span, kpi.cadence, today, one.row.values)
    day = period_end(one.span.last, kpi.cadence)
    told = (kpi.name, one.row.values.get("unit"), one.segment, called(day, kpi.cadence))
    return Bring(
        one.row, " · ".join(text for text in told if text), kpi, one.unit, one.segment, day, figures_in(one.row.values, kpi),
        one.row.values.get("note") or "", one.row.values.get("wording") or "",
    )  # fmt: skip


def _take_reasons(brought: list[Bring], standing: dict[Any, dict[date, Stands]]) -> None:
    """Where nothing was measured, words in the place of the question that no measured period has are the reason."""
    asked: dict[Hashable, set[str]] = {}
    for (kpi, _unit, _segment), days in standing.items():
        asked.setdefault(kpi, set()).update(
            plain(one.wording) for one in days.values() if one.value is not None
        )
    for one in brought:
        if one.value is not None:
            asked.setdefault(one.kpi.id, set()).add(plain(one.wording))
    for one in brought:
        figures: Figures | None = one.figures
        if figures is None or figures.value is not None or figures.denominator is not None:
            continue
        reasons = [figures.gap, one.note]
        if one.wording and plain(one.wording) not in asked.get(one.kpi.id, set()):
            reasons.append(one.wording)
            one.wording = ""
        one.note = ": ".join(text for text in reasons if text)


def _once(brought: list[Bring], work: Work, heading: Heading) -> list[Bring]:
    """Return each reading once. The same twice is told; with other figures all of its rows are rejected."""
    alike: dict[Hashable, list[Bring]] = {}
    for one in brought:
        alike.setdefault((*one.place, one.day), []).append(one)
    once: list[Bring] = []
    for group in alike.values():
        different: dict[Hashable, Bring] = {}
        for one in group:
            different.setdefault(one.said, one)
        if len(different) == 1:
            once.append(group[0])
            for one in group[1:]:
                words = _("The same as line %(line)s.", line=group[0].row.line)
                work.results.append(Result(one.row.line, Outcome.unchanged, one.name, words=words))
            continue
        for one in group:
            other = next(first for said, first in different.items() if said != one.said)
            words = _(
                "Line %(line)s is about the same KPI, unit, segment and period, and says otherwise.", line=other.row.line
            )  # fmt: skip
            field = next((name for name in ("value", "numerator", "failed") if one.row.values.get(name)), "note")  # fmt: skip
            work.results.append(
                Result(one.row.line, Outcome.rejected, one.name, heading(field), words)
            )
    return once
