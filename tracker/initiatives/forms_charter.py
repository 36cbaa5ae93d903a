"""What is typed about charters, signatures and priorities."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.forms import Form, Line, Words
from tracker.initiatives.charter import LONGEST, SECTION_NAMES
from tracker.initiatives.rating import HIGHEST, LOWEST
from tracker.wording import lazy as _l


class CharterForm(Form):
    """The draft, section by section. Nothing is mandatory until it is published."""

    purpose = Words(SECTION_NAMES["purpose"], longest=LONGEST)
    for_customer = Words(SECTION_NAMES["for_customer"], longest=LONGEST)
    in_scope = Words(SECTION_NAMES["in_scope"], longest=LONGEST)
    out_of_scope = Words(SECTION_NAMES["out_of_scope"], longest=LONGEST)
    taking_part = Words(SECTION_NAMES["taking_part"], longest=LONGEST)
    measures = Words(SECTION_NAMES["measures"], longest=LONGEST)
    time_budget = Words(SECTION_NAMES["time_budget"], longest=LONGEST)
    risks = Words(SECTION_NAMES["risks"], longest=LONGEST)

    @property
    def told(self) -> dict[str, str]:
        """Return what was sent, by section; a section that was not sent stays as it is."""
        return {section.name: section.data for section in self if section.raw_data}


class PublishForm(Form):
    """What changed, in short, and whether it is no more than wording."""

    note = Line(
        _l("What this version changes"),
        [DataRequired(_l("Say in short what changes."))],
        longest=300,
    )
    wording_only = BooleanField(_l("Only the wording changes"))


class AnswerForm(Form):
    """A unit's answer to a published charter."""

    stance = RadioField(
        _l("Your answer"),
        choices=lambda: [("signed", _("We sign")), ("objected", _("We object"))],
        validators=[InputRequired(_l("Choose whether you sign or object."))],
    )
    words = Words(_l("Your words"), longest=2000)

    def validate_words(self, field: Any) -> None:
        if self.stance.data == "objected" and not field.data:
            raise ValidationError(_("Say what you object to."))


class RatingForm(Form):
    """How urgent an initiative is for a unit."""

    rating = RadioField(
        _l("How urgent is it for you?"),
        coerce=lambda value: int(value) if str(value).isascii() and str(value).isdigit() else 0,
        choices=lambda: [
            (1, _("1, it can wait")),
            (2, _("2")),
            (3, _("3, like others")),
            (4, _("4")),
            (5, _("5, before all else")),
        ],
        validators=[InputRequired(_l("Choose a rating."))],
    )
    words = Words(_l("Why"), longest=1000)

    def validate_rating(self, field: Any) -> None:
        if not LOWEST <= (field.data or 0) <= HIGHEST:
            raise ValidationError(_("Choose a rating."))
