"""What people say."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import DataRequired

from tracker.forms import Form, Words
from tracker.organisation.partners import Partner
from tracker.wording import lazy as _l

LONGEST = 10_000


class EditForm(Form):
    """A comment in other words."""

    body = Words(_l("Comment"), [DataRequired(_l("Say something."))], longest=LONGEST)


class CommentForm(EditForm):
    """A new comment, and who reads it."""

    readers = RadioField(_l("Who reads it"), choices=[], default="internal")

    def offer(self, partner: Partner | None) -> CommentForm:
        """Offer to share it with this partner, which the choice names; without one it stays among ourselves."""
        words = _("Shared with %(partner)s", partner=partner.name) if partner else ""
        shared = [(str(partner.id), words)] if partner else []
        self.readers.choices = [("internal", _("Only our own people")), *shared]
        return self
