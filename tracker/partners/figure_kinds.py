"""The figures of a scorecard, each declared once: its name and formula, what it counts, and how its number reads (rule 22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from flask_babel import gettext as _

from tracker.partners.scores import LONGEST_WAIT, Measure
from tracker.partners.sums import Sums
from tracker.wording import days_short, ngettext, number, percent, working_days
from tracker.wording import lazy as _l

ENOUGH = 5  # actions, from which on a share or a median says something


class Form(Enum):
    """What sort of number a figure is."""

    share = "share"  # 0 to 1, of accepted actions
    median = "median"  # working days
    days = "days"  # a sum of working days
    count = "count"


@dataclass(frozen=True)
class FigureKind:
    """One figure. `day` says what the day of one of its rows is the day of.

    `amount` and `rows` read a quarter's sums: the number itself, and how many rows stand behind it, which `told` says in
    words. `measures` are what those rows are rows of. `of_ours`: we answer for it, not the partner. `is_now`: as it
    stands at present, whichever quarter is looked at. `has_reasons`: its rows give the dates that decide.
    """

    code: str
    name: str
    formula: str
    day: str
    form: Form
    amount: Callable[[Sums], float | None]
    rows: Callable[[Sums], int]
    told: Callable[[Sums], str]
    measures: tuple[Measure, ...] = ()
    of_ours: bool = False
    is_now: bool = False
    has_reasons: bool = False

    @property
    def turns(self) -> Measure | None:
        """Of a figure of blockers, whose turns it sums up: those that go on count as well, in the present quarter."""
        return next((one for one in self.measures if one in (Measure.held, Measure.waited)), None)

    @property
    def counts_open(self) -> bool:
        """Tell whether what is still open counts in it."""
        return self.is_now or self.turns is not None

    def value(self, sums: Sums) -> float | None:
        """Return the number; None for a share or a median of too few."""
        if self.form in (Form.share, Form.median) and self.rows(sums) < ENOUGH:
            return None
        amount = self.amount(sums)
        if self.form is Form.share:
            return (amount or 0) / self.rows(sums)
        return amount if amount is None else float(amount)

    def said(self, value: float | None, *, short: bool = False) -> str:
        """Return a number of this figure as people read it; None is a share or a median of too few."""
        if value is None:
            return _("too few to say")
        if self.form is Form.share:
            return percent(value)
        if self.form is Form.days:
            return days_short(int(value)) if short else working_days(int(value))
        if self.form is Form.median:
            shown = number(value, 0 if value == int(value) else 1)
            return _("%(days)s or more", days=shown) if value >= LONGEST_WAIT else shown
        return number(value)


def part_of(part: int, whole: int) -> str:
    """Return "3 of 4"."""
    return _("%(part)s of %(whole)s", part=number(part), whole=number(whole))


def _accepted(part: int, sums: Sums) -> str:
    whole = number(sums.accepted)
    return _("%(part)s of %(whole)s accepted actions", part=number(part), whole=whole)


def _changes(sums: Sums) -> str:
    changes = ngettext("%(num)s change", "%(num)s changes", sums.dated)
    if not sums.dated_by_us:
        return changes
    ours = number(sums.dated_by_us)
    return _("%(all)s, of which %(ours)s set by us", all=changes, ours=ours)


def _blockers(count: int) -> str:
    return ngettext("%(num)s blocker", "%(num)s blockers", count)


def _answers(sums: Sums) -> int:
    return sums.accepted + sums.returned


_DECLARED = (
    FigureKind(
        code="on-time",
        name=_l("On time"),
        formula=_l(
            "Accepted actions handed in by the date agreed last ÷ accepted actions. Days on hold, days with us to be "
            "looked at and days of blockers raised on us are taken out."
        ),
        day=_l("Accepted on"),
        form=Form.share,
        amount=lambda sums: sums.in_time,
        rows=lambda sums: sums.accepted,
        told=lambda sums: _accepted(sums.in_time, sums),
        measures=(Measure.accepted,),
        has_reasons=True,
    ),
    FigureKind(
        code="first-time",
        name=_l("Accepted first time"),
        formula=_l(
            "Accepted actions of which nothing had been returned before ÷ accepted actions."
        ),
        day=_l("Accepted on"),
        form=Form.share,
        amount=lambda sums: sums.first_time,
        rows=lambda sums: sums.accepted,
        told=lambda sums: _accepted(sums.first_time, sums),
        measures=(Measure.accepted,),
    ),
    FigureKind(
        code="acknowledgement",
        name=_l("Days to acknowledge"),
        formula=_l(
            "The median of the working days from the assignment to the acknowledgement, without days on hold."
        ),
        day=_l("Acknowledged on"),
        form=Form.median,
        amount=lambda sums: sums.wait,
        rows=lambda sums: sums.acknowledged,
        told=lambda sums: ngettext(
            "%(num)s acknowledgement", "%(num)s acknowledgements", sums.acknowledged
        ),
        measures=(Measure.acknowledged,),
    ),
    FigureKind(
        code="returned",
        name=_l("Returned"),
        formula=_l("How often something that was handed in was given back."),
        day=_l("Returned on"),
        form=Form.count,
        amount=lambda sums: sums.returned,
        rows=lambda sums: sums.returned,
        told=lambda sums: ngettext("%(num)s return", "%(num)s returns", sums.returned),
        measures=(Measure.returned,),
    ),
    FigureKind(
        code="dates",
        name=_l("Date changes"),
        formula=_l("How often another due date was agreed or set."),
        day=_l("Changed on"),
        form=Form.count,
        amount=lambda sums: sums.dated,
        rows=lambda sums: sums.dated,
        told=_changes,
        measures=(Measure.dated,),
    ),
    FigureKind(
        code="blockers",
        name=_l("Blockers held"),
        formula=_l(
            "Working days of blockers held, counted when they were resolved or passed on; in the present quarter also of "
            "those that are still open."
        ),
        day=_l("Resolved or passed on"),
        form=Form.days,
        amount=lambda sums: sums.held_days,
        rows=lambda sums: sums.held,
        told=lambda sums: _blockers(sums.held),
        measures=(Measure.held,),
    ),
    FigureKind(
        code="overdue",
        name=_l("Overdue now"),
        formula=_l("Open actions whose last day in time has passed."),
        day=_l("Last day in time"),
        form=Form.count,
        amount=lambda sums: sums.overdue,
        rows=lambda sums: sums.overdue,
        told=lambda sums: ngettext("%(num)s action", "%(num)s actions", sums.overdue),
        is_now=True,
        has_reasons=True,
    ),
    FigureKind(
        code="our-review",
        name=_l("Our review"),
        formula=_l("Working days from each hand-in to our answer, without days on hold."),
        day=_l("Answered on"),
        form=Form.days,
        amount=lambda sums: sums.review_days,
        rows=_answers,
        told=lambda sums: ngettext("%(num)s answer", "%(num)s answers", _answers(sums)),
        measures=(Measure.accepted, Measure.returned),
        of_ours=True,
    ),
    FigureKind(
        code="our-blockers",
        name=_l("Blockers raised on us"),
        formula=_l(
            "Working days of blockers that the partner raised and we held, counted when we resolved them; in the present "
            "quarter also of those that are still open."
        ),
        day=_l("Resolved or passed on"),
        form=Form.days,
        amount=lambda sums: sums.waited_days,
        rows=lambda sums: sums.waited,
        told=lambda sums: _blockers(sums.waited),
        measures=(Measure.waited,),
        of_ours=True,
    ),
)  # fmt: skip
KINDS = {one.code: one for one in _DECLARED}
