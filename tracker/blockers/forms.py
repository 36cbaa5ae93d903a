"""What people type about blockers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from tracker.blockers.holders import Holder
from tracker.blockers.states import CATEGORY_WORDS, CAUSE_WORDS, Category
from tracker.fields import Day, member_of
from tracker.forms import Form, Line, ValidationError, Words, optional_id
from tracker.initiatives.fields import Amount
from tracker.initiatives.friction import RootCause
from tracker.wording import lazy as _l

Choices = list[tuple[Any, str]]


class HolderFields(Form):
    """A unit or a partner from the list, or an outside party in words: exactly one of the two."""

    holder = SelectField(_l("Who owes it"), choices=[], default="")
    outside = Line(_l("Or somebody outside, in words"), longest=200)

    def offer_holders(self, units: Choices, partners: Choices) -> None:
        """Say who can be chosen."""
        groups = {_("Our units"): units, _("Partners"): partners}
        self.holder.choices = {
            "": [("", _("Choose a unit or a partner"))],
            **{k: v for k, v in groups.items() if v},
        }

    def validate_holder(self, field: Any) -> None:
        if not field.data and not self.outside.data:
            raise ValidationError(
                _("Say who owes it: choose a unit or a partner, or name somebody outside.")
            )

    def validate_outside(self, field: Any) -> None:
        if field.data and self.holder.data:
            raise ValidationError(
                _("Two holders are named, and a blocker has one. Keep the one who owes it first.")
            )

    @property
    def held_by(self) -> dict[str, Any]:
        """The holder as the verbs take it."""
        chosen = Holder.from_key(self.holder.data) or Holder(outside=self.outside.data)
        return chosen.columns


class AboutFields(Form):
    """What stands in the way and who waits; what kind of obstacle it is and where it comes from may be left open."""

    title = Line(
        _l("What stops work"),
        [DataRequired(_l("Say in one sentence what stops work."))],
        longest=200,
    )
    blocked_unit_id = SelectField(
        _l("Who waits"),
        coerce=optional_id,
        validators=[InputRequired(_l("Choose the unit that waits."))],
    )
    category = RadioField(_l("What kind of obstacle"), coerce=member_of(Category))
    effect = Words(_l("If nothing changes"), longest=2000)
    root_cause = SelectField(_l("Root cause"), coerce=member_of(RootCause), validators=[Optional()])
    backstage = RadioField(_l("Where it lies"), default="")

    def offer(self, ours: Choices, others: Choices) -> None:
        """Say which units can wait: those that take part in the initiative, then the others."""
        groups = {_("On this initiative"): ours, _("Other units"): others}
        self.blocked_unit_id.choices = {label: units for label, units in groups.items() if units}
        self.category.choices = [
            *((category, str(words)) for category, words in CATEGORY_WORDS.items()),
            ("", _("Not said")),
        ]
        self.root_cause.choices = [
            ("", _("Not said")),
            *((cause, str(words)) for cause, words in CAUSE_WORDS.items()),
        ]
        self.backstage.choices = [
            ("front", _("Front stage: customers see it")),
            ("back", _("Back stage: they do not")),
            ("", _("Not said")),
        ]

    @property
    def about(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        stages = {"front": False, "back": True}
        waits = {"blocked_unit_id": self.blocked_unit_id.data} if "blocked_unit_id" in self else {}
        return {
            **waits,
            "title": self.title.data,
            "category": self.category.data,
            "effect": self.effect.data or "",
            "root_cause": self.root_cause.data,
            "backstage": stages.get(self.backstage.data or ""),
        }


class RaiseForm(AboutFields, HolderFields):
    """Everything about a new blocker; the first four fields are enough."""

    needed_by = Day(_l("Needed by"), [InputRequired(_l("Say by when it is needed."))], future=True)


class EditForm(AboutFields):
    """What its raiser may correct, and what it costs."""

    needed_by = Day(_l("Needed by"), [Optional()])
    cost = Amount(_l("Cost so far, as an estimate"))


class WaitsForForm(Form):
    """Which other blocker has to be resolved first, by its number."""

    other = RadioField(
        _l("Which one has to be resolved first"),
        [DataRequired(_l("Choose one of these blockers."))],
        choices=[],
        validate_choice=False,
    )


class AnswererForm(Form):
    """Somebody who answers for the holder."""

    answerer_id = SelectField(
        _l("Who answers"), coerce=optional_id, validators=[InputRequired(_l("Choose who answers."))]
    )


class PromiseForm(Form):
    """The day by which it will be out of the way."""

    promised_on = Day(_l("Promised for"), [InputRequired(_l("Choose a day."))], future=True)


class CounterProposalForm(Form):
    """Another day, and why not the one it is needed by."""

    proposed_on = Day(_l("Possible by"), [InputRequired(_l("Choose a day."))], future=True)
    words = Words(
        _l("Why not earlier"),
        [DataRequired(_l("Say why it takes until then, in a sentence."))],
        longest=2000,
    )


class DeclineForm(Form):
    """Why the proposed day will not do."""

    words = Words(
        _l("Why that day will not do"),
        [DataRequired(_l("Say why that day will not do, in a sentence."))],
        longest=2000,
    )


class DisputeForm(Form):
    """Why the holder does not owe it."""

    words = Words(
        _l("Why you do not owe it"),
        [DataRequired(_l("Say why you do not owe it, in a sentence."))],
        longest=2000,
    )


class SettlementForm(HolderFields):
    """Who owes it, by when, and why."""

    promised_on = Day(_l("By when"), [InputRequired(_l("Choose a day."))], future=True)
    words = Words(_l("Why"), [DataRequired(_l("Say why, in a sentence."))], longest=2000)


class ResolutionForm(Form):
    """How it was resolved."""

    words = Words(
        _l("How it was resolved"),
        [DataRequired(_l("Say how it was resolved, in a sentence."))],
        longest=2000,
    )


class ReasonForm(Form):
    """Why."""

    words = Words(_l("Why"), [DataRequired(_l("Say why, in a sentence."))], longest=2000)


class RemarkForm(Form):
    """A remark that may stay empty."""

    words = Words(_l("Remark"), longest=2000)


class PassOnForm(HolderFields):
    """Another holder, and why."""

    words = Words(_l("Why"), [DataRequired(_l("Say why they owe it and not you."))], longest=2000)


def day_text(day: date | None) -> str:
    """Return a day as a date field shows it."""
    return day.isoformat() if day else ""
