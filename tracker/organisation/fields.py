"""Fields that several forms of this room share."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import SelectField
from wtforms.validators import DataRequired, ValidationError

from tracker.forms import Line, optional_id
from tracker.wording import lazy as _l


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
        if self.data not in self.known:
            raise ValidationError(_("Choose one from the list."))
