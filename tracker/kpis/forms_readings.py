"""What is typed about readings: one, a correction; and targets and benchmarks."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.errors import NotNow
from tracker.fields import Day
from tracker.forms import Form, Line, Words, tidy
from tracker.kpis.fields import FigureLine
from tracker.kpis.measures import period_end
from tracker.kpis.models import Kpi
from tracker.kpis.periods import reading_of
from tracker.kpis.readings import taken, worked_out
from tracker.organisation.choices import unit_choices
from tracker.organisation.fields import OneOf
from tracker.wording import lazy as _l
from tracker.wording import today


class _Figures(Form):
    """The figures of one reading: a value, or a part and its whole; else why there is none."""

    figure = FigureLine(_l("Value"))
    numerator = FigureLine(_l("Part of the whole"))
    denominator = FigureLine(_l("Whole"))
    note = Words(_l("Remark"), longest=1000)
    breaks = Line(_l("A new series begins here, because"), longest=300)

    def __init__(self, *args: Any, kpi: Kpi, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kpi = kpi
        self.figure.measured(kpi.measure, kpi.scale_low, kpi.scale_high)
        if not kpi.by_parts:
            del self.numerator, self.denominator

    @property
    def figures(self) -> dict[str, Any]:
        """What the verbs take."""
        own: Any = self
        parts = {name: own[name].figure for name in ("numerator", "denominator") if name in self}
        return {"value": self.figure.figure, "note": self.note.data or "", "breaks": self.breaks.data or "", **parts}  # fmt: skip

    def validate_figure(self, field: Any) -> None:
        parts = "numerator" in self and (tidy(self.numerator.data) or tidy(self.denominator.data))
        if parts and tidy(field.data):
            raise ValidationError(
                _("Give either the value or its part and whole; the value follows from those.")
            )
        if not parts and not tidy(field.data) and not tidy(self.note.data):
            raise ValidationError(
                _("Give a figure, or say in the remark why there is none for this period.")
            )

    def validate_denominator(self, field: Any) -> None:
        part = self.numerator.figure
        if self.numerator.errors or field.errors:
            return  # what is wrong with it is said already
        if (part is None) != (field.figure is None):
            raise ValidationError(_("A part needs its whole, and a whole its part."))
        if field.figure is not None and field.figure < 0:
            raise ValidationError(_("A whole cannot be below 0."))
        if part is not None and field.figure is not None:
            try:
                value = worked_out(self.kpi, None, part, field.figure)
            except NotNow as error:
                raise ValidationError(error.words) from None
            if value is not None:
                self._on_the_scale(value)

    def _on_the_scale(self, value: float) -> None:
        low, high = self.kpi.scale_low, self.kpi.scale_high
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValidationError(
                _(
                    "Part and whole give a value that is not on the scale of this KPI. Is one in the other's place?"
                )
            )


class ReadingForm(_Figures):
    """A reading: of which period, for whom, and what was measured."""

    day = Day(_l("Any day of the period"), [InputRequired(_l("Give the day, as in 2026-11-23."))])
    unit_id = OneOf(_l("Unit"))
    segment = Line(_l("Segment"), longest=80)

    def __init__(self, *args: Any, kpi: Kpi, **more: Any) -> None:
        super().__init__(*args, kpi=kpi, **more)
        self.unit_id.offer(unit_choices(), nothing=_("The whole company"))

    def validate_day(self, field: Any) -> None:
        if field.data is None:
            return
        if field.data > today():
            raise ValidationError(_("The day lies ahead. Choose today or an earlier one."))
        last = period_end(field.data, self.kpi.cadence)
        if reading_of(self.kpi.id, last, self.unit_id.data, self.segment.data or "") is not None:
            raise ValidationError(taken(last, self.kpi))

    @property
    def place(self) -> dict[str, Any]:
        """Which period it is of, and whose."""
        return {
            "day": self.day.data,
            "unit_id": self.unit_id.data,
            "segment": self.segment.data or "",
        }


class CorrectionForm(_Figures):
    """What was really measured, in place of a reading that stays on record."""


class TargetForm(Form):
    """What is to be reached, by when."""

    figure = FigureLine(_l("Target"), [DataRequired(_l("Give a figure."))])
    day = Day(_l("By"), [InputRequired(_l("Give the day, as in 2026-11-23."))])

    def __init__(self, *args: Any, kpi: Kpi, **more: Any) -> None:
        super().__init__(*args, **more)
        self.figure.measured(kpi.measure, kpi.scale_low, kpi.scale_high)

    @property
    def fields(self) -> dict[str, Any]:
        """What the verbs take."""
        return {"day": self.day.data, "value": self.figure.figure}


class BenchmarkForm(TargetForm):
    """What others reach, and whose word that is."""

    source = Line(_l("Source"), [DataRequired(_l("Say whose word it is."))], longest=300)

    @property
    def fields(self) -> dict[str, Any]:
        """What the verbs take."""
        return {**super().fields, "source": self.source.data or ""}

    def validate_day(self, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(_("The day lies ahead. Choose today or an earlier one."))
