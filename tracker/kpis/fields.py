"""The field in which a figure is typed."""

from __future__ import annotations

from typing import Any

from wtforms.validators import ValidationError

from tracker.forms import Line
from tracker.kpis.figures import BadFigure, figure
from tracker.kpis.readings import figure as written


class FigureLine(Line):
    """A figure as it is typed: `data` keeps the text, `figure` is what it means, None where nothing was typed.

    `measured` tells it the unit and the scale of the KPI.
    """

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        super().__init__(label, validators, longest=40, **more)
        self.figure: float | None = None
        self._measure: tuple[str, float | None, float | None] = ("", None, None)

    def measured(
        self, measure: str, low: float | None = None, high: float | None = None
    ) -> FigureLine:
        """Say what the figure is in, and between what it lies."""
        self._measure = (measure, low, high)
        return self

    def process_data(self, value: Any) -> None:
        """Show a value as it would be typed."""
        super().process_data(written(value) if isinstance(value, float) else value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        """Read what was typed."""
        try:
            self.figure = figure(self.data, *self._measure)
        except BadFigure as error:
            raise ValidationError(error.words) from None
