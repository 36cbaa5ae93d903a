"""What people type to come in."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.forms import AtMost, Form, Line
from tracker.organisation.choosing import hint
from tracker.organisation.passwords import LONGEST, SHORTEST, objection
from tracker.wording import lazy as _l


class SignInForm(Form):
    """E-mail and password. Whatever is wrong with them is said in the same words."""

    email = Line(_l("E-mail"), [DataRequired(_l("Type your e-mail address."))], longest=254)
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Type your password.")), AtMost(LONGEST * 4)]
    )
    next = HiddenField()


class ResetForm(Form):
    """Where to send a link."""

    email = Line(_l("E-mail"), [DataRequired(_l("Type your e-mail address."))], longest=254)


class NewPasswordForm(Form):
    """A password of one's own choice, of `shortest` characters or more. `names` are what it must not be made of."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Choose a password."))])

    def __init__(
        self, *args: Any, names: tuple[str, ...] = (), shortest: int = SHORTEST, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.names, self.shortest = names, shortest
        self.password.description = hint(shortest)

    def validate_password(self, field: PasswordField) -> None:
        words = objection(field.data or "", names=self.names, shortest=self.shortest)
        if words:
            raise ValidationError(words)


class OwnPasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one."""

    current = PasswordField(
        _l("Present password"),
        [InputRequired(_l("Type your present password.")), AtMost(LONGEST * 4)],
    )
