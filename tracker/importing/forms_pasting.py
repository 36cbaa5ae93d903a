"""The form into which a column is pasted."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import DataRequired, Optional, ValidationError

from tracker.fields import Day
from tracker.forms import Cells, Form, Line
from tracker.importing.pasting import is_column
from tracker.organisation.choices import unit_choices
from tracker.organisation.fields import OneOf
from tracker.wording import lazy as _l
from tracker.wording import today


class PasteForm(Form):
    """Figures, one below the other or beside their periods, and whose they are."""

    figures = Cells(_l("Figures"), [DataRequired(_l("Paste the figures."))])
    first = Day(_l("Any day of the first period"), [Optional()])
    unit_id = OneOf(_l("Unit"))
    segment = Line(_l("Segment"), longest=80)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.unit_id.offer(unit_choices(), nothing=_("The whole company"))

    def validate_first(self, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(_("The day lies ahead. Choose today or an earlier one."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the first period where the figures stand alone; what is blank is not asked by its own validators."""
        fine = super().validate(extra_validators)
        figures = self.figures.data or ""
        if (
            figures.strip()
            and is_column(figures)
            and self.first.data is None
            and not self.first.errors
        ):
            self.first.errors = [_("Say of which period the first figure is.")]
            return False
        return fine
