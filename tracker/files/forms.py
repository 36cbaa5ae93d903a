"""What is brought as evidence."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms import FileField
from wtforms.validators import Optional

from tracker.forms import Form, Line, ValidationError
from tracker.wording import lazy as _l

BARE = re.compile(
    r"[\w-]+(\.[\w-]+)*\.[a-zA-Z]{2,}(/\S*)?"
)  # an address as people say it, without https://


def _seen(text: str) -> bool:
    return all(one.isprintable() and not one.isspace() for one in text)


class EvidenceForm(Form):
    """A link, or a file; exactly one of them. A link may be called something."""

    url = Line(_l("Link"), [Optional()], longest=2000)
    name = Line(_l("What to call the link"), [Optional()], longest=200)
    file = FileField(_l("Or a file"))

    def validate_url(self, field: Any) -> None:
        """Refuse what leads nowhere or runs something."""
        if not field.data:
            return
        if BARE.fullmatch(field.data):
            field.data = f"https://{field.data}"
        try:
            parts = urlsplit(field.data)
            parts = parts if parts.port != 0 else urlsplit("")  # a port that is none raises
        except ValueError:
            parts = urlsplit("")
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or "@" in parts.netloc
            or not _seen(field.data)
        ):
            raise ValidationError(_("Type a whole address that begins with https:// or http://."))

    def refuse(self, words: str) -> None:
        """Say what is wrong with the file."""
        self.file.errors = [words]
