"""The form of an update."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from tracker.fields import Day
from tracker.forms import Form, Words, tidy
from tracker.initiatives.reporting import Colour, colour_name
from tracker.wording import lazy as _l
from tracker.wording import today


def _colours() -> list[tuple[str, str]]:
    return [(colour.value, colour_name(colour)) for colour in Colour]


class UpdateForm(Form):
    """Colour, why, what help, what changed, what next. Anything but on track needs a reason and an ask."""

    colour = RadioField(
        _l("How does it stand?"),
        choices=_colours,
        validators=[InputRequired(_l("Choose a colour."))],
    )
    reason = Words(_l("Why"), longest=200)
    help_needed = Words(_l("Help needed"), longest=1000)
    what_changed = Words(_l("What changed"), longest=2000)
    what_next = Words(_l("What comes next"), longest=2000)
    day = Day(_l("As of"), validators=[InputRequired(_l("Give the day, as in 2026-11-23."))])

    def validate_day(self, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise ValidationError(_("The day lies ahead. Choose today or an earlier one."))

    def validate_reason(self, field: Any) -> None:
        if self._explains() and not tidy(field.data):
            raise ValidationError(_("Say in one sentence why it is not on track."))

    def validate_help_needed(self, field: Any) -> None:
        if self._explains() and not tidy(field.data):
            raise ValidationError(_("Say what help is needed, and from whom."))

    def _explains(self) -> bool:
        return self.colour.data in (Colour.at_risk, Colour.off_track)
