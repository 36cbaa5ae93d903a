"""What becomes of each reading that a file brings: new, a correction, or so already; and which begin a series anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.importing.kpis import Meant
from tracker.importing.matching import Item, Read, Standing, Work
from tracker.importing.readings_figures import Figures
from tracker.importing.readings_series import InSeries, Place, Stands, reworded
from tracker.importing.report import Outcome, Result
from tracker.kpis.measures import period_name
from tracker.kpis.saying import value_told


@dataclass(eq=False)
class Bring:
    """A reading that a row brings. `stands` is the one it corrects, None where it is the first of its period."""

    row: Read
    name: str
    kpi: Meant
    unit: Any
    segment: str
    day: date
    figures: Figures | None
    note: str
    wording: str
    stands: Stands | None = None
    breaks: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Whose it is."""
        return self.kpi.id, self.unit, self.segment

    @property
    def value(self) -> float | None:
        """What was measured."""
        return self.figures.value if self.figures else None

    @property
    def said(self) -> tuple[Any, ...]:
        """What is compared with other rows about the same."""
        return self.figures, self.note, self.wording

    def differing(self, other: Any) -> list[str]:
        """Return the fields that this says otherwise than a reading that stands; what is blank here says nothing."""
        figures = self.figures or Figures(None)
        names = [
            name
            for name in ("note", "wording")
            if (told := getattr(self, name)) and told != getattr(other, name)
        ]
        if figures.denominator is None:
            return (["value"] if figures.value != other.value else []) + names
        parts = {"numerator": figures.numerator, "denominator": figures.denominator}
        return [name for name, told in parts.items() if told != getattr(other, name)] + names

    def item(self) -> Item:
        """What is to be written."""
        figures = self.figures or Figures(None)
        changes = {
            "kpi": self.kpi, "unit": self.unit, "segment": self.segment, "day": self.day, "value": figures.value,
            "numerator": figures.numerator, "denominator": figures.denominator, "note": self.note, "wording": self.wording,
            "breaks": self.breaks,
        }  # fmt: skip
        return Item(self.row, _standing(self.stands), changes)


def settle(brought: Sequence[Bring], standing: dict[Place, dict[date, Stands]], work: Work) -> None:
    """Put into `work` what each of these makes of the readings that stand."""
    entered: dict[Place, list[Bring]] = {}
    still: dict[tuple[Place, date], Bring] = {}
    results: dict[int, Result] = {}
    for one in brought:
        one.stands = standing.get(one.place, {}).get(one.day)
        result = _compared(one)
        results[one.row.line] = result
        if result.outcome == Outcome.unchanged:
            still[one.place, one.day] = one
        else:
            entered.setdefault(one.place, []).append(one)
    for place, new in entered.items():
        for more in _breaks(place, new, standing.get(place, {}), still):
            line = more.row.line
            if results[line].outcome == Outcome.unchanged:
                results[line] = Result(line, Outcome.changed, more.name, fields=("wording",))
            work.items.append(more.item())
        work.items += [one.item() for one in new]
    for one in brought:
        result = results[one.row.line]
        work.results.append(result._replace(words=" ".join([result.words, *one.words]).strip()))


def _compared(one: Bring) -> Result:
    stands, line = one.stands, one.row.line
    if stands is None:
        words = (
            _("There is no value: the whole is 0.")
            if one.figures and one.figures.denominator == 0
            else value_told(one.value, one.kpi) if one.value is not None
            else _("There is no figure for this period: a gap, which is no zero.")
        )  # fmt: skip
        return Result(line, Outcome.created, one.name, words=words)
    fields = one.differing(stands)
    if not fields:
        return Result(line, Outcome.unchanged, one.name)
    if stands.filed is not None and not one.differing(stands.filed):
        words = _("Somebody here corrected it since a file said so; the correction stands.")
        return Result(line, Outcome.unchanged, one.name, words=words)
    one.breaks = stands.breaks
    one.wording = one.wording or stands.wording
    if one.value is not None and stands.value is not None:
        one.note = one.note or stands.note
    words = ""
    if one.value != stands.value:
        words = _(
            "Corrected from %(was)s to %(now)s.",
            was=value_told(stands.value, one.kpi),
            now=value_told(one.value, one.kpi),
        )
    return Result(line, Outcome.changed, one.name, words=words, fields=tuple(fields))


def _breaks(
    place: Place, new: list[Bring], stands: dict[date, Stands], still: dict[tuple[Place, date], Bring]
) -> list[Bring]:  # fmt: skip
    """Say with which readings of a series it begins anew; return the corrections of those that stand and need that now."""
    series: dict[date, InSeries] = {**stands, **{one.day: one for one in new}}
    more: list[Bring] = []
    for one, before in reworded([series[day] for day in sorted(series)]):
        if isinstance(one, Bring):
            if not one.breaks and not (one.stands and one.stands.broke):
                one.breaks = _anew()
                one.words.append(_("A new series begins here: the question was worded anew."))
        elif isinstance(one, Stands) and isinstance(before, Bring) and not one.broke:
            told = still.get((place, one.day)) or before
            more.append(_again(told, one))
    return more


def _again(told: Bring, stands: Stands) -> Bring:
    """The correction of a reading that stands, by which a series begins with it; the row `told` answers for it."""
    told.words.append(
        _(
            "The series begins anew with %(period)s: the question was worded anew there.",
            period=period_name(stands.day, told.kpi.cadence),
        )
    )
    figures = Figures(stands.value, stands.numerator, stands.denominator)
    return Bring(
        told.row, told.name, told.kpi, told.unit, told.segment, stands.day, figures, stands.note, stands.wording, stands, _anew()
    )  # fmt: skip


def _anew() -> str:
    return _("The question was worded anew.")


def _standing(stands: Stands | None) -> Standing | None:
    return Standing(stands.id, 1, {"value": stands.value}) if stands else None
