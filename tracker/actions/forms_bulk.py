"""What is typed for several actions at once."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField
from wtforms.validators import Optional
from wtforms.widgets import NumberInput

from tracker.actions.forms import AssigneeField
from tracker.actions.queries import assignee_choices
from tracker.fields import Day
from tracker.forms import Form, ValidationError, Words
from tracker.wording import lazy as _l

MOST_DAYS = 250  # about a year of working days


class DaysAway(IntegerField):
    """A number of working days, forward or, below zero, back."""

    widget = NumberInput(step=1, min=-MOST_DAYS, max=MOST_DAYS)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, in digits of any script. ValueError for what is no such number."""
        typed = str(valuelist[0]).strip().replace("−", "-") if valuelist else ""
        bare = typed.removeprefix("-").removeprefix("+")
        self.data = None
        if not typed:
            return
        if not bare.isdecimal() or len(bare) > 3 or not 0 < int(bare) <= MOST_DAYS:
            raise ValueError(
                _("Type a number of working days from 1 to %(most)s, or below zero to go back.", most=MOST_DAYS)
            )  # fmt: skip
        self.data = -int(bare) if typed.startswith("-") else int(bare)


class BulkAssignForm(AssigneeField):
    """Who does them all, and by when those whose day has passed."""

    until = Day(_l("Due date for those whose day has passed"), [Optional()], future=True)
    words = Words(_l("What they should know"), [Optional()], longest=2000)

    def __init__(self, *args: Any, by: Any, **more: Any) -> None:  # noqa: ARG002 - asked of every such form
        super().__init__(*args, **more)
        self.offer_assignees(assignee_choices())


class BulkDueForm(Form):
    """By how many working days they move, or the one day for them all."""

    days = DaysAway(_l("Move each by so many working days"), [Optional()])
    due_on = Day(_l("Or set one day for all"), [Optional()], future=True)
    words = Words(_l("Why"), [Optional()], longest=2000)

    def __init__(self, *args: Any, by: Any, **more: Any) -> None:  # noqa: ARG002 - asked of every such form
        super().__init__(*args, **more)

    def validate_due_on(self, field: Any) -> None:
        """Ask for one of both. Here, because an empty field is asked as well."""
        if field.data is not None and self.days.data is not None:
            raise ValidationError(_("Fill in one of both: a number of working days, or a day."))

    def validate(self, *args: Any, **more: Any) -> bool:
        """Tell whether exactly one of both is filled in."""
        good = super().validate(*args, **more)
        if good and self.days.data is None and self.due_on.data is None:
            self.days.errors = [_("Say by how many working days, or choose a day.")]
            return False
        return good
