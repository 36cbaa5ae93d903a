"""What a partner's contact types in the lane."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField
from wtforms.validators import DataRequired, Optional

from tracker.blockers.states import Category
from tracker.fields import Day, member_of
from tracker.forms import Form, Line, Words
from tracker.wording import lazy as _l

# What may be missing on our side, as somebody outside would say it; whoever answers can be more exact.
MISSING: dict[Category | str, Any] = {
    Category.decision: _l("A decision"),
    Category.data: _l("Data or documents"),
    Category.tooling: _l("Access to a system or a tool"),
    Category.capacity: _l("Somebody with time for it"),
    Category.policy_legal: _l("A contract or a permission"),
    "": _l("Something else"),
}


def _missing() -> list[tuple[Any, str]]:
    return [(category, str(words)) for category, words in MISSING.items()]


class BlockedForm(Form):
    """What stops a partner. It names nobody: whose answer it is, is for our side to know."""

    title = Line(
        _l("What stops you"), [DataRequired(_l("Say in one sentence what stops you."))], longest=200
    )
    category = RadioField(
        _l("What is missing"),
        choices=_missing,
        coerce=member_of(Category),
        default="",
    )
    needed_by = Day(_l("Needed by"), [Optional()], future=True)
    effect = Words(_l("If nothing changes"), longest=2000)

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, as the verb takes it."""
        return {
            "title": self.title.data,
            "category": self.category.data,
            "needed_by": self.needed_by.data,
            "effect": self.effect.data or "",
        }
