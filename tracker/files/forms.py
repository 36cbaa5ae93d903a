"""What is brought as evidence."""

from __future__ import annotations

from typing import Any

from wtforms import FileField
from wtforms.validators import Optional

from tracker.fields import web_address
from tracker.forms import Form, Line
from tracker.wording import lazy as _l


class EvidenceForm(Form):
    """A link, or a file; exactly one of them. A link may be called something."""

    url = Line(_l("Link"), [Optional()], longest=2000)
    name = Line(_l("What to call the link"), [Optional()], longest=200)
    file = FileField(_l("Or a file"))

    def validate_url(self, field: Any) -> None:
        """Refuse what leads nowhere or runs something."""
        field.data = web_address(field.data)

    def refuse(self, words: str) -> None:
        """Say what is wrong with the file."""
        self.file.errors = [words]
