"""Fields that several forms of this room share."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import SelectField
from wtforms.validators import DataRequired, Optional, ValidationError

from tracker.fields import Day
from tracker.forms import Line, optional_id
from tracker.wording import lazy as _l
from tracker.wording import today


class EmailLine(Line):
    """An address as it is typed; it must look like one, and nobody asks its server."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        required = DataRequired(_l("Type an e-mail address."))
        super().__init__(label or _l("E-mail"), [required, _looks_like_one], longest=254, **more)


def _looks_like_one(_form: Any, field: Any) -> None:
    try:
        validate_email(field.data or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError(
            _("This does not look like an e-mail address. It reads like name@example.com.")
        ) from None


class NameLine(Line):
    """A name that must be there."""

    def __init__(self, label: Any = None, *, longest: int = 120, **more: Any) -> None:
        required = DataRequired(_l("Type a name."))
        super().__init__(label or _l("Name"), [required], longest=longest, **more)


class EndDay(Day):
    """The day on which access ends by itself; empty where it does not. A day that stands already may have passed."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label or _l("Access ends on"), [Optional()], **more)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is not None and self.data != self.object_data and self.data <= today():
            raise ValidationError(_("Choose tomorrow or a later day. To end access now, end it."))


class OneOf(SelectField):
    """One row from a list, or none: the choices are (id, words), given when the form is made."""

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        super().__init__(label, list(validators), coerce=optional_id, choices=[], **more)
        self.known: set[int | None] = set()

    def offer(self, choices: list[tuple[int, str]], *, nothing: str | None = None) -> None:
        """Offer `choices`; with `nothing` also the empty choice, in these words."""
        self.known = {id_ for id_, _words in choices} | ({None} if nothing is not None else set())
        self.choices = ([("", nothing)] if nothing is not None else []) + list(choices)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if not self.process_errors and self.data not in self.known:
            raise ValidationError(_("Choose one from the list."))
