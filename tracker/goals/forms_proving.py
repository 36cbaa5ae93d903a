"""What is typed about checkpoints and the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.fields import Day, member_of
from tracker.forms import Form, Optional, Words
from tracker.goals.checkpoints import Checkpoint, wrong_day
from tracker.goals.results import Result, result_name
from tracker.wording import lazy as _l


class CheckpointsForm(Form):
    """The days on which the benefit is looked at; those that were taken are not asked for."""

    first_on = Day(_l("First day"), [Optional()])
    second_on = Day(_l("Second day"), [Optional()])
    third_on = Day(_l("Third day"), [Optional()])

    def __init__(self, *args: Any, initiative: Any, there: Sequence[Checkpoint], **more: Any) -> None:  # fmt: skip
        self.initiative = initiative
        self.taken = {one.due_on for one in there if one.taken_at is not None}
        open_ones = [one.due_on for one in there if one.taken_at is None]
        names = ("first_on", "second_on", "third_on")
        super().__init__(*args, data=dict(zip(names, open_ones, strict=False)), **more)

    @property
    def days(self) -> set[date]:
        """The days that were typed."""
        return {field.data for field in self if field.data is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the days against what is left, once each is right by itself."""
        right = super().validate(extra_validators)
        if right and not self.days and not self.taken:
            self.first_on.errors = [_("Keep at least one checkpoint.")]
            return False
        return right

    def validate_first_on(self, field: Any) -> None:
        self._one(field)

    def validate_second_on(self, field: Any) -> None:
        self._one(field)

    def validate_third_on(self, field: Any) -> None:
        self._one(field)

    def _one(self, field: Any) -> None:
        if field.data is None:
            return
        if words := wrong_day(self.initiative, field.data, self.taken):
            raise ValidationError(words)
        before = [
            other.data for other in self if other.data is not None and other.name < field.name
        ]
        if field.data in before:
            raise ValidationError(_("This day is there already."))


class CheckpointForm(Form):
    """What was seen."""

    words = Words(_l("What was seen"), [DataRequired(_l("Say what was seen."))], longest=4000)


def _results() -> list[tuple[str, str]]:
    return [(one.value, result_name(one)) for one in Result]


class ResultForm(Form):
    """What came of it, and what was learned."""

    result = RadioField(
        _l("What came of it"), choices=_results, coerce=member_of(Result), validators=[InputRequired(_l("Choose one."))]
    )  # fmt: skip
    lesson = Words(
        _l("What was learned"), [DataRequired(_l("Say what was learned."))], longest=4000
    )
