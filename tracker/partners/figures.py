"""The figures of one scorecard: what each says of a quarter, how many rows stand behind it, and its course (rule 22).

A share and a median need five actions; under that they say so. Counts of things are what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from tracker.partners.figure_kinds import KINDS, FigureKind, Form, part_of
from tracker.partners.quarters import Quarter
from tracker.partners.sums import Open, Sums
from tracker.wording import listed


@dataclass(frozen=True)
class Figure:
    """One figure of one quarter. `count` is how many rows are behind it, `told` says that in words.

    `amount` is the value as a number, None of too few; of a share, 0 to 1, `met` is how many of the `count` it counts.
    `short` is the value and `part` the share as a list shows it; `points` are quarter by quarter, which `course` tells.
    """

    kind: FigureKind
    amount: float | None
    count: int
    told: str
    met: int | None = None
    points: tuple[float, ...] = ()
    course: str = ""

    @property
    def code(self) -> str:
        """What it is called in addresses."""
        return self.kind.code

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.kind.name)

    @property
    def formula(self) -> str:
        """How it is worked out, in a sentence."""
        return str(self.kind.formula)

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


def figures(
    scores: Mapping[int, Any], quarters: Sequence[Quarter], going: Open
) -> dict[str, Figure]:
    """Return all figures of the last of `quarters`, by code.

    `scores` are the kept sums by the number of the quarter; `going` counts where the last one is the present quarter.
    """
    kept = [Sums.of(scores.get(quarter.number)) for quarter in quarters]
    kept[-1] = kept[-1].with_open(going)
    return {code: _figure(kind, kept, quarters) for code, kind in KINDS.items()}


def _figure(kind: FigureKind, kept: Sequence[Sums], quarters: Sequence[Quarter]) -> Figure:
    last, values = kept[-1], [kind.value(sums) for sums in kept]
    course = [] if kind.is_now else [
        (quarter, value)
        for quarter, value in zip(quarters, values, strict=True)
        if value is not None
    ]  # fmt: skip
    told = [
        _("%(quarter)s: %(value)s", quarter=quarter.words, value=kind.said(value))
        for quarter, value in course
    ]
    return Figure(
        kind=kind,
        amount=values[-1],
        count=kind.rows(last),
        told=kind.told(last),
        met=int(kind.amount(last) or 0) if kind.form is Form.share else None,
        points=tuple(value for _quarter, value in course),
        course=listed(told),
    )
