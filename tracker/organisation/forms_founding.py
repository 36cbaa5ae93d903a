"""What is typed at the first visit: the code, the organisation, and who administers it."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField
from wtforms.validators import DataRequired

from tracker.forms import Form, Line
from tracker.languages import NAMES
from tracker.organisation.fields import EmailLine, NameLine
from tracker.organisation.forms_access import NewPasswordForm
from tracker.organisation.forms_profile import time_zones
from tracker.wording import lazy as _l


class CodeForm(Form):
    """The code that was printed at the start."""

    code = Line(_l("Set-up code"), [DataRequired(_l("Type the code."))])


class FoundingForm(NewPasswordForm):
    """The organisation, and its first administrator with a password."""

    organisation = NameLine(_l("Name of the organisation"))
    language = SelectField(_l("Language"))
    time_zone = SelectField(_l("Time zone"), default="UTC")
    name = NameLine(_l("Your name"))
    email = EmailLine(_l("Your e-mail"))

    def __init__(self, *args: Any, product: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.language.choices = list(NAMES.items())
        self.time_zone.choices = [(name, name.replace("_", " ")) for name in time_zones()]
        typed = (self.name.data, *(self.email.data or "").split("@"), self.organisation.data)
        self.names = (product, *(text for text in typed if text))
