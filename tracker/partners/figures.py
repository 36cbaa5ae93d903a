"""The figures of one scorecard: what each says of a quarter, how many rows stand behind it, and its course (rule 22).

A share and a median need five actions; under that they say so. Counts of things are what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from tracker.partners.figure_kinds import KINDS, FigureKind, Form, part_of
from tracker.partners.figures_outside import FORMULAS, NAMES, changes
from tracker.partners.quarters import Quarter
from tracker.partners.sums import Open, Sums
from tracker.wording import listed


@dataclass(frozen=True)
class Figure:
    """One figure of one quarter. Its words are made when a page asks for them: a list shows few of many.

    `amount` is the value as a number, None of too few; `sums` are those that it is of. `by_quarter` are the quarters in which
    there was something to say, with the value of each, the last one at the end. `company` is how whoever reads it calls our
    side; None for our own people.
    """

    kind: FigureKind
    sums: Sums
    amount: float | None
    by_quarter: tuple[tuple[Quarter, float], ...] = ()
    company: str | None = None

    @property
    def code(self) -> str:
        """What it is called in addresses."""
        return self.kind.code

    @property
    def name(self) -> str:
        """What it is called."""
        outside = NAMES.get(self.code)
        return outside(self.company) if outside and self.company else str(self.kind.name)

    @property
    def formula(self) -> str:
        """How it is worked out, in a sentence."""
        outside = FORMULAS.get(self.code)
        return outside(self.company) if outside and self.company else str(self.kind.formula)

    @property
    def count(self) -> int:
        """How many rows are behind it."""
        return self.kind.rows(self.sums)

    @property
    def told(self) -> str:
        """How many rows are behind it, in words."""
        if self.company and self.code == "dates":
            return changes(self.sums, self.company)
        return self.kind.told(self.sums)

    @property
    def met(self) -> int | None:
        """Of a share, how many of the `count` it counts."""
        return int(self.kind.amount(self.sums) or 0) if self.kind.form is Form.share else None

    @property
    def value(self) -> str:
        """The number in words."""
        return self.kind.said(self.amount)

    @property
    def short(self) -> str:
        """The number as a list shows it."""
        return self.kind.said(self.amount, short=True)

    @property
    def part(self) -> str:
        """Of a share, "3 of 4"."""
        return "" if self.met is None else part_of(self.met, self.count)

    @property
    def enough(self) -> bool:
        """Tell whether there are enough to say anything."""
        return self.amount is not None

    @property
    def points(self) -> tuple[float, ...]:
        """The values quarter by quarter."""
        return tuple(value for _quarter, value in self.by_quarter)

    @property
    def course(self) -> str:
        """The values quarter by quarter, in words."""
        told = (
            _("%(quarter)s: %(value)s", quarter=quarter.words, value=self.kind.said(value))
            for quarter, value in self.by_quarter
        )
        return listed(list(told))


def figures(
    scores: Mapping[int, Any],
    quarters: Sequence[Quarter],
    going: Open,
    company: str | None = None,
) -> dict[str, Figure]:
    """Return all figures of the last of `quarters`, by code.

    `scores` are the kept sums by the number of the quarter; `going` counts where the last one is the present quarter.
    `company` names our side to a partner's contact.
    """
    kept = [Sums.of(scores.get(quarter.number)) for quarter in quarters]
    kept[-1] = kept[-1].with_open(going)
    return {code: _figure(kind, kept, quarters, company) for code, kind in KINDS.items()}


def _figure(
    kind: FigureKind, kept: Sequence[Sums], quarters: Sequence[Quarter], company: str | None
) -> Figure:
    if kind.is_now:
        return Figure(kind, kept[-1], kind.value(kept[-1]), company=company)
    values = [kind.value(sums) for sums in kept]
    there = ((quarter, value) for quarter, value in zip(quarters, values, strict=True) if value is not None)  # fmt: skip
    return Figure(kind, kept[-1], values[-1], tuple(there), company)
