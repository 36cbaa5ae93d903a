"""What people type about actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import NumberInput

from tracker.actions.assignees import Assignee
from tracker.fields import Day
from tracker.forms import Form, Line, ValidationError, Words, optional_id
from tracker.wording import lazy as _l

Choices = list[tuple[Any, str]]
MOST_CRITERIA = 30
ALL_MET = "all"  # the button that says so sends it
LONGEST_TITLE = 500  # characters; as in files, so that what came by one can be edited here


class Share(IntegerField):
    """A whole number of per cent, from 0 to 100."""

    widget = NumberInput(step=1, min=0, max=100)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, in digits of any script. ValueError for what is no such number."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = int(typed) if typed.isdecimal() and len(typed) <= 3 else None
        if typed and (self.data is None or self.data > 100):
            self.data = None
            raise ValueError(_("Type a number from 0 to 100."))


class AboutFields(Form):
    """What is to be done, why, and how one sees that it is."""

    title = Line(
        _l("What is to be done"),
        [DataRequired(_l("Say in a few words what is to be done."))],
        longest=LONGEST_TITLE,
    )
    why = Words(_l("Why it matters to the customer"), longest=2000)
    criteria = Words(_l("Acceptance criteria"), longest=4000)
    description = Words(_l("More about it"), longest=4000)
    host_id = SelectField(
        _l("Host"), coerce=optional_id, validators=[InputRequired(_l("Choose who hosts it."))]
    )

    def offer_hosts(self, people: Choices) -> None:
        """Say who can host it."""
        self.host_id.choices = [("", _("Choose somebody")), *people]

    def validate_criteria(self, field: Any) -> None:
        if len(criteria_of(field.data)) > MOST_CRITERIA:
            raise ValidationError(_("Keep it to %(most)s criteria.", most=MOST_CRITERIA))

    @property
    def about(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {
            "title": self.title.data,
            "why": self.why.data or "",
            "criteria": "\n".join(criteria_of(self.criteria.data)),
            "description": self.description.data or "",
            "host_id": self.host_id.data,
        }


class AssigneeField(Form):
    """Exactly one: somebody of ours, a partner, or a contact of one."""

    assignee = SelectField(_l("Who does it"), choices=[], default="")

    def offer_assignees(self, groups: Mapping[str, Choices]) -> None:
        """Say who can be chosen."""
        there = {name: choices for name, choices in groups.items() if choices}
        self.assignee.choices = {"": [("", _("Choose a person or a partner"))], **there}

    def validate_assignee(self, field: Any) -> None:
        if Assignee.from_key(field.data) is None:
            raise ValidationError(_("Choose who does it: a person of ours, or a partner."))

    @property
    def chosen(self) -> Assignee:
        """Whom the form names, as the verbs take it."""
        return Assignee.from_key(self.assignee.data) or Assignee()


class NewForm(AboutFields, AssigneeField):
    """A new action: what, who, by when; the rest may wait."""

    due_on = Day(_l("Due date"), [InputRequired(_l("Say by when it is due."))], future=True)


class EditForm(AboutFields):
    """What is corrected later."""


class AssignForm(AssigneeField):
    """Somebody else who does it, and by when where its day has passed."""

    until = Day(_l("Due date from now on"), [Optional()], future=True)
    words = Words(_l("What they should know"), [Optional()], longest=2000)

    def instead_of(self, present: Assignee, *, passed: bool) -> AssignForm:
        """Say who has it, and whether its day has passed."""
        self.present = present
        if not passed:
            del self.until
        return self

    def validate(self, *args: Any, **more: Any) -> bool:
        """Tell whether all is well, and nobody gets what they would be late with at once."""
        good = super().validate(*args, **more)
        until, present = self._fields.get("until"), getattr(self, "present", None)
        if not good or until is None or until.data is not None:
            return good
        if present is not None and self.chosen.stays_with(present.partner_id):
            return good
        until.errors = [_("Say by when it is due: the date it has is over.")]
        return False

    def validate_assignee(self, field: Any) -> None:
        """Refuse nobody, and whoever has it already."""
        super().validate_assignee(field)
        if self.chosen == getattr(self, "present", None):
            raise ValidationError(_("They have it already. Choose somebody else."))


class DueForm(Form):
    """Another due date, set by our side."""

    due_on = Day(_l("Due date"), [InputRequired(_l("Choose a day."))], future=True)
    words = Words(_l("Why"), [Optional()], longest=2000)


class ProposalForm(Form):
    """Another due date, proposed by the assignee."""

    proposed_on = Day(_l("Proposed for"), [InputRequired(_l("Choose a day."))], future=True)
    words = Words(
        _l("Why"), [DataRequired(_l("Say why, in a sentence: the host decides by it."))], longest=2000
    )  # fmt: skip

    def instead_of(self, agreed: date) -> ProposalForm:
        """Say which day is agreed."""
        self.agreed = agreed
        return self

    def validate_proposed_on(self, field: Any) -> None:
        if field.data is not None and field.data == getattr(self, "agreed", None):
            raise ValidationError(_("That is the date agreed already."))


class ReportForm(Form):
    """How far it is."""

    progress = Share(
        _l("Done so far, in per cent"),
        [
            InputRequired(_l("Type a number from 0 to 100.")),
        ],
    )
    words = Words(_l("What changed"), [Optional()], longest=2000)


class Claim(SelectMultipleField):
    """What somebody says of what the page shows. No other page sends it on: they have to see that, and say it again."""

    is_said_here = True


class SubmissionForm(Form):
    """What is handed in: that each criterion is met is said, one by one or of all by the button, and something with it."""

    met = Claim(_l("Acceptance criteria"), choices=[], validate_choice=False)
    words = Words(_l("What was done"), [Optional()], longest=2000)

    def ask(self, criteria: str) -> SubmissionForm:
        """Ask for each criterion of the action."""
        found = criteria_of(criteria)
        self.met.choices = [(str(number), words) for number, words in enumerate(found)]
        return self

    def validate_met(self, field: Any) -> None:
        said = field.data or ()
        lacking = [words for number, words in field.choices if number not in said]
        if lacking and ALL_MET not in said:
            raise ValidationError(
                _("Nobody said that this is met: “%(criterion)s”. Hand it in once it is.", criterion=lacking[0])
            )  # fmt: skip


class ReasonForm(Form):
    """Why."""

    words = Words(_l("Why"), [DataRequired(_l("Say why, in a sentence."))], longest=2000)


class MissingForm(Form):
    """What is missing from what was handed in."""

    words = Words(
        _l("What is missing"),
        [DataRequired(_l("Say what is missing, so that it can be mended."))],
        longest=2000,
    )


class RemarkForm(Form):
    """Something that may be said with it."""

    words = Words(_l("Anything to add"), [Optional()], longest=2000)


def criteria_of(text: str | None) -> list[str]:
    """Return the acceptance criteria: one on each line that is not blank."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
