"""What people type to prove who they are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField, PasswordField, SelectMultipleField
from wtforms.validators import DataRequired

from tracker.forms import AtMost, Form, Line, Words
from tracker.organisation.passwords import LONGEST
from tracker.organisation.people import Role
from tracker.organisation.settings import ADMINISTRATORS
from tracker.organisation.words import role_names
from tracker.proofs.ceremonies import LONGEST_ANSWER
from tracker.proofs.passkeys import LONGEST_NAME
from tracker.wording import lazy as _l


class CodeForm(Form):
    """A code of the app, or a recovery code."""

    code = Line(_l("Code"), [DataRequired(_l("Type a code."))], longest=60)


class AppForm(Form):
    """The first code of an app that is being set up; `sealed` is the secret that the page showed."""

    code = Line(_l("Code from the app"), [DataRequired(_l("Type the code."))], longest=20)
    sealed = HiddenField()


class PasskeyForm(Form):
    """The answer of a device. It comes from the script of the page."""

    proof_token = HiddenField(validators=[AtMost(LONGEST_ANSWER)])
    next = HiddenField()


class NewPasskeyForm(Form):
    """The answer of a device that made a passkey, and what to call it."""

    made_answer = HiddenField(validators=[AtMost(LONGEST_ANSWER)])
    name = Line(_l("What to call it"), [DataRequired(_l("Type a name."))], longest=LONGEST_NAME)


class PasskeyNameForm(Form):
    """What to call a passkey."""

    name = Line(_l("Name"), [DataRequired(_l("Type a name."))], longest=LONGEST_NAME)


class AgainForm(Form):
    """A password or a code, typed once more."""

    proof_secret = PasswordField(_l("Password"), [AtMost(LONGEST * 4)])


class ReasonForm(Form):
    """Why somebody's second factor is reset."""

    words = Words(_l("Reason"), [DataRequired(_l("Say why, for the record."))], longest=1000)


class RequiredForm(Form):
    """Who needs a second factor."""

    second_factor = SelectMultipleField(_l("Who needs a second factor"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        names = role_names()
        self.kinds = [
            (ADMINISTRATORS, _("Administrators")),
            *((role.value, names[role]) for role in Role),
        ]
        self.second_factor.choices = list(self.kinds)
