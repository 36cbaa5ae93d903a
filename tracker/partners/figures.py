"""The figures of a scorecard: what each says, how it is worked out, and how many rows stand behind it (rule 22).

A share and a median need five actions; under that they say so. Counts of things are what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from tracker.partners.naming import formula_of, name_of, said
from tracker.partners.quarters import Quarter
from tracker.wording import days_short, listed, ngettext, number

ENOUGH = 5  # actions, from which on a share or a median says something
THEIRS = ("on-time", "first-time", "acknowledgement", "returned", "dates", "blockers", "overdue")
OURS = ("our-review", "our-blockers")
CODES = (*THEIRS, *OURS)
SHARES = frozenset({"on-time", "first-time"})
DAYS = frozenset({"blockers", "our-review", "our-blockers"})  # sums of working days
NOW = frozenset({"overdue"})  # as it stands at present, whichever quarter is looked at


@dataclass(frozen=True)
class Figure:
    """One figure. `count` is how many rows are behind it, `told` says that in words, `points` are quarter by quarter.

    `enough` is False where there are too few to say anything; `short` is the value and `part` the share as a list shows it.
    `amount` is the value as a number, None of too few; of a share, 0 to 1, `met` is how many of the `count` it counts.
    """

    code: str
    value: str
    count: int
    told: str
    short: str
    part: str = ""
    enough: bool = True
    amount: float | None = None
    met: int | None = None
    points: tuple[float, ...] = ()
    course: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.code)

    @property
    def formula(self) -> str:
        """How it is worked out, in a sentence."""
        return formula_of(self.code)


@dataclass(frozen=True)
class Open:
    """What is not over: blockers still held, and their working days so far; actions that are late."""

    held: int = 0
    held_days: int = 0
    waited: int = 0
    waited_days: int = 0
    overdue: int = 0


def figures(
    scores: Mapping[int, Any], quarters: Sequence[Quarter], going: Open
) -> dict[str, Figure]:
    """Return all figures of the last of `quarters`, by code.

    `scores` are the kept sums by the number of the quarter; `going` counts where the last one is the present quarter.
    """
    kept = [Sums.of(scores.get(quarter.number)) for quarter in quarters]
    kept[-1] = kept[-1].with_open(going)
    last = kept[-1]
    made = {code: _figure(code, last) for code in CODES}
    return {code: _with_course(one, kept, quarters) for code, one in made.items()}


@dataclass(frozen=True)
class Sums:
    """The sums of one quarter, as `scores.PartnerScore` keeps them, with what is still open."""

    accepted: int = 0
    in_time: int = 0
    first_time: int = 0
    returned: int = 0
    review_days: int = 0
    acknowledged: int = 0
    wait: float | None = None
    dated: int = 0
    dated_by_us: int = 0
    held: int = 0
    held_days: int = 0
    waited: int = 0
    waited_days: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, row: Any) -> Sums:
        """Return the sums of a kept row; of None a quarter in which nothing happened."""
        names = [name for name in cls.__dataclass_fields__ if name != "overdue"]
        return cls(**{name: getattr(row, name) for name in names}) if row is not None else cls()

    def with_open(self, going: Open) -> Sums:
        """Return the same with what is still open."""
        told = vars(self) | {
            "held": self.held + going.held,
            "held_days": self.held_days + going.held_days,
            "waited": self.waited + going.waited,
            "waited_days": self.waited_days + going.waited_days,
            "overdue": going.overdue,
        }
        return Sums(**told)

    def value(self, code: str) -> float | None:
        """Return the figure `code` as a number; None for a share or a median of too few."""
        if code in SHARES:
            part = self.in_time if code == "on-time" else self.first_time
            return part / self.accepted if self.accepted >= ENOUGH else None
        if code == "acknowledgement":
            return self.wait if self.acknowledged >= ENOUGH else None
        counts = {
            "returned": self.returned, "dates": self.dated, "blockers": self.held_days, "overdue": self.overdue,
            "our-review": self.review_days, "our-blockers": self.waited_days,
        }  # fmt: skip
        return float(counts[code])

    def rows(self, code: str) -> int:
        """Return how many rows stand behind the figure `code`."""
        return {
            "on-time": self.accepted, "first-time": self.accepted, "acknowledgement": self.acknowledged,
            "returned": self.returned, "dates": self.dated, "blockers": self.held, "overdue": self.overdue,
            "our-review": self.accepted + self.returned, "our-blockers": self.waited,
        }[code]  # fmt: skip


def _figure(code: str, sums: Sums) -> Figure:
    count, value = sums.rows(code), sums.value(code)
    short, part, met = said(code, value), "", None
    if code in DAYS and value is not None:
        short = days_short(int(value))
    if code in SHARES:
        met = sums.in_time if code == "on-time" else sums.first_time
        part = _("%(part)s of %(whole)s", part=number(met), whole=number(count))
    told = _told(code, sums, count)
    return Figure(
        code, said(code, value), count, told, short, part, value is not None, amount=value, met=met
    )


def _told(code: str, sums: Sums, count: int) -> str:
    if code == "on-time":
        return _(
            "%(part)s of %(whole)s accepted actions", part=number(sums.in_time), whole=number(count)
        )
    if code == "first-time":
        return _(
            "%(part)s of %(whole)s accepted actions",
            part=number(sums.first_time),
            whole=number(count),
        )
    if code == "dates" and sums.dated_by_us:
        return _(
            "%(all)s, of which %(ours)s set by us",
            all=ngettext("%(num)s change", "%(num)s changes", count),
            ours=number(sums.dated_by_us),
        )
    words = {
        "acknowledgement": ngettext("%(num)s acknowledgement", "%(num)s acknowledgements", count),
        "returned": ngettext("%(num)s return", "%(num)s returns", count),
        "dates": ngettext("%(num)s change", "%(num)s changes", count),
        "blockers": ngettext("%(num)s blocker", "%(num)s blockers", count),
        "our-blockers": ngettext("%(num)s blocker", "%(num)s blockers", count),
        "overdue": ngettext("%(num)s action", "%(num)s actions", count),
        "our-review": ngettext("%(num)s answer", "%(num)s answers", count),
    }
    return words[code]  # fmt: skip


def _with_course(one: Figure, kept: Sequence[Sums], quarters: Sequence[Quarter]) -> Figure:
    if one.code in NOW:
        return one
    values = [
        (quarter, value)
        for quarter, sums in zip(quarters, kept, strict=True)
        if (value := sums.value(one.code)) is not None
    ]
    told = [
        _("%(quarter)s: %(value)s", quarter=quarter.words, value=said(one.code, value))
        for quarter, value in values
    ]
    points = tuple(value for _quarter, value in values)
    return replace(one, points=points, course=listed(told))
