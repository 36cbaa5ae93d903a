"""What a partner says of its scorecard."""

from __future__ import annotations

from wtforms.validators import DataRequired

from tracker.forms import Form, Words
from tracker.wording import lazy as _l

LONGEST = 2_000


class CommentForm(Form):
    """The one comment on a quarter."""

    words = Words(_l("Comment"), [DataRequired(_l("Say something."))], longest=LONGEST)
