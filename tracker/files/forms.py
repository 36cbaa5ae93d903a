"""What is brought as evidence."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms import FileField
from wtforms.validators import Optional

from tracker.forms import Form, Line, ValidationError
from tracker.wording import lazy as _l


class EvidenceForm(Form):
    """A file, or a link; exactly one of them. A link may be called something."""

    file = FileField(_l("File"))
    url = Line(_l("Or a link"), [Optional()], longest=2000)
    name = Line(_l("What to call the link"), [Optional()], longest=200)

    def validate_url(self, field: Any) -> None:
        """Refuse what leads nowhere or runs something."""
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValidationError(_("Type a whole address that begins with https://."))

    def refuse(self, words: str) -> None:
        """Say what is wrong with the file."""
        self.file.errors = [words]
