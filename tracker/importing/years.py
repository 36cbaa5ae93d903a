"""The years by which a file counts: those of the calendar, or fiscal ones, whose first month somebody has to say."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask_babel import gettext as _

from tracker.importing.columns import Mapping, words_of
from tracker.importing.fields import FIELDS, Shape, What
from tracker.importing.words import shortened
from tracker.wording import month_name

BEGINS, NAMED = "fiscal_year_begins", "fiscal_year_named"  # the options of a map
END, BEGIN = "end", "begin"
APRIL = 4  # "2024-25" without more is a year from April to March
_MARK = re.compile(r"\b(?:fiscal|financial)(?:\s+(?:year|quarter))?\b|\bfy(?=\d|\b)|\bf(?=q[1-4])|财年|財年|會計年度|سال مالی")  # fmt: skip
_SHORT_YEAR = re.compile(r"(?<![\d/–-])(\d{2})(?![\d/–-])")


class Years(NamedTuple):
    """How the quarters and years of a file lie. `month` begins its fiscal year, 0 where nobody said; it is called after the
    calendar year in which it ends, or begins. `marked` are the fields whose heading says that they are fiscal."""

    month: int = 0
    named: str = END
    marked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, mapping: Mapping) -> Years:
        """Return what a map says of them."""
        marked = {name for name, heading in mapping.columns.items() if unmarked(words_of(heading))[1]}  # fmt: skip
        month = int(mapping.options.get(BEGINS) or 0)
        return cls(month, mapping.options.get(NAMED) or END, frozenset(marked))

    def end(self, year: int, quarter: int = 4) -> tuple[int, int]:
        """Return year and month in which a quarter of this year, or the year itself, ends."""
        first = year - 1 if self.month > 1 and self.named == END else year
        return _later(first, self.month or 1, quarter * 3)

    def end_of_two(self, first: int) -> tuple[int, int]:
        """Return year and month in which a year ends that is written as two: 2024-25."""
        return _later(first, self.month if self.month > 1 else APRIL, 12)

    def refusal(self, text: str) -> str | None:
        """Return what is said of a fiscal label while nobody said in which month its year begins."""
        if self.month:
            return None
        return _(
            "“%(value)s” counts by a fiscal year. Say in which month that begins: among the options of the page, or with "
            "--fiscal-year-begins.",
            value=shortened(text),
        )  # fmt: skip

    def told(self) -> str:
        """Return, as a sentence of the report, what was said of the years; empty for those of the calendar."""
        if not self.month:
            return _("If the file counts by a fiscal year that begins in another month, say in which.")  # fmt: skip
        if self.month == 1:
            return ""
        month = month_name(self.month)
        if self.named == END:
            return _(
                "Its fiscal year begins in %(month)s and is called after the calendar year in which it ends.", month=month
            )  # fmt: skip
        return _(
            "Its fiscal year begins in %(month)s and is called after the calendar year in which it begins.", month=month
        )  # fmt: skip


CALENDAR = Years()


def _later(year: int, month: int, months: int) -> tuple[int, int]:
    last = year * 12 + month - 1 + months - 1
    return last // 12, last % 12 + 1


def unmarked(written: str) -> tuple[str, bool]:
    """Return a label (as `tidy.key` has it) without the words that call it fiscal, and whether there were any.

    A year of two figures is one of ours then: FY19 is 2019.
    """
    bare, marks = _MARK.subn(" ", written)
    if not marks:
        return written, False
    return _SHORT_YEAR.sub(r"20\1", " ".join(bare.split())), True


def has_periods(what: What) -> bool:
    """Tell whether files of a kind hold periods."""
    return any(field.shape == Shape.period for field in FIELDS[what])
