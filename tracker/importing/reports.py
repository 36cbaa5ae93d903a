"""Dated reports in rows: one for each rated period of an initiative (rule 28)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from tracker.db import db
from tracker.importing.bulk import chunks
from tracker.importing.matching import Read
from tracker.initiatives.reporting import Colour
from tracker.updates.models import Source, Update

LONGEST_REASON = 200


class StandingReport(NamedTuple):
    """A report that stands: nothing corrects it. `imported` is what a file said of that day."""

    id: int
    day: date
    colour: Colour | None
    reason: str
    imported: tuple[Any, ...] | None


class NewReport(NamedTuple):
    """A report that a row brings; `corrects` is the one it takes the place of."""

    day: date
    period: str | None
    colour: Colour
    reason: str
    help_needed: str
    what_changed: str
    corrects: int | None

    @property
    def said(self) -> tuple[Any, ...]:
        """What is compared with what stands."""
        return self.colour, self.reason, self.help_needed, self.what_changed

    def row(self, initiative_id: int, *, by: Any, now: datetime) -> dict[str, Any]:
        """The row of the table."""
        return {
            "initiative_id": initiative_id,
            "day": self.day,
            "period": None if self.corrects else self.period,
            "colour": self.colour,
            "reason": self.reason,
            "help_needed": self.help_needed,
            "what_changed": self.what_changed,
            "source": Source.imported,
            "author_id": by.id if by else None,
            "posted_at": now,
            "corrects_id": self.corrects,
        }


def standing_reports(ids: list[int]) -> dict[int, list[StandingReport]]:
    """The reports of these initiatives that nothing corrects, each with what a file said before."""
    found: dict[int, list[StandingReport]] = {}
    rows: list[Any] = []
    columns = (Update.id, Update.initiative_id, Update.day, Update.colour, Update.reason)
    for chunk in chunks(ids):
        rows += db.session.execute(
            select(
                *columns, Update.help_needed, Update.what_changed, Update.source,
                Update.corrects_id,
            ).where(Update.initiative_id.in_(chunk))
        )  # fmt: skip
    by_id = {row.id: row for row in rows}
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    for row in rows:
        if row.id not in corrected:
            found.setdefault(row.initiative_id, []).append(
                StandingReport(row.id, row.day, row.colour, row.reason, _imported(row, by_id))
            )
    return found


def report_in(
    row: Read, found: Any, today: date, standing: dict[int, list[StandingReport]]
) -> NewReport | None:
    """The report that a row brings, unless it brings none or the very same stands already.

    Without a period the colour is that of `today`, and new only where it differs from the last.
    """
    colour = row.values.get("colour")
    if colour is None:
        return None
    period = row.values.get("period")
    if period is None and found and found.colour == colour:
        return None
    reason, changed = _cut(row.values.get("reason") or "", row.values.get("changed") or "")
    new = NewReport(
        period.last if period else today,
        period.name if period else None,
        Colour(colour),
        reason,
        row.values.get("help_needed") or "",
        changed,
        None,
    )
    of_that_day = [
        report
        for report in (standing.get(found.id, []) if found else [])
        if report.imported is not None and report.day == new.day
    ]
    for report in of_that_day:
        if report.imported == new.said:
            return None
    return new._replace(corrects=of_that_day[-1].id) if of_that_day else new


def kept_from(reports: Iterable[StandingReport]) -> dict[str, Any]:
    """What the initiative keeps of its reports: the last day, and the last colour with its reason."""
    ordered = sorted(reports, key=lambda report: (report.day, report.id))
    coloured = [report for report in ordered if report.colour is not None]
    last = coloured[-1] if coloured else None
    return {
        "reported_on": ordered[-1].day if ordered else None,
        "colour": last.colour if last else None,
        "colour_reason": last.reason if last else "",
        "colour_on": last.day if last else None,
    }


def _imported(row: Any, by_id: dict[int, Any]) -> tuple[Any, ...] | None:
    """What a file said last in the chain of corrections that ends with this report."""
    while row is not None:
        if row.source == Source.imported:
            return row.colour, row.reason, row.help_needed, row.what_changed
        row = by_id.get(row.corrects_id)
    return None


def _cut(reason: str, changed: str) -> tuple[str, str]:
    """A reason as long as fits; a longer one is kept whole with what changed."""
    if len(reason) <= LONGEST_REASON:
        return reason, changed
    short = " ".join(reason[: LONGEST_REASON - 1].split()[:-1]) or reason[: LONGEST_REASON - 1]
    return f"{short}…", "\n\n".join(text for text in (reason, changed) if text)
