"""What is typed about milestones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.fields import Day, member_of, web_address
from tracker.forms import Form, Line, Optional, ValidationError, Words
from tracker.initiatives.stages import Stage, stage_name
from tracker.milestones.criteria import Criterion, Measure, measure_name
from tracker.milestones.usual import built_in_name
from tracker.organisation.fields import OneOf
from tracker.wording import lazy as _l

MOST_CRITERIA = 30


def _measures() -> list[tuple[str, str]]:
    return [(one.value, measure_name(one)) for one in Measure]


def lines_of(text: str | None) -> list[str]:
    """Return the criteria that were typed, one on each line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def typed(criteria: Iterable[Criterion]) -> dict[str, Any]:
    """Return criteria as they would be typed, by field."""
    there = list(criteria)
    return {
        "criteria": "\n".join(one.words for one in there if one.measure is None),
        "measures": [one.measure.value for one in there if one.measure is not None],
    }


class AboutForm(Form):
    """What is reached, and by what one sees it."""

    name = Line(
        _l("What is reached"), [DataRequired(_l("Say in a few words what is reached then."))]
    )
    criteria = Words(_l("Criteria that somebody checks"), longest=4000)
    measures = SelectMultipleField(_l("Criteria that are read from what is on record"), choices=_measures)  # fmt: skip

    def validate_criteria(self, field: Any) -> None:
        if len(lines_of(field.data)) > MOST_CRITERIA:
            raise ValidationError(_("Keep it to %(most)s criteria.", most=MOST_CRITERIA))

    @property
    def about(self) -> dict[str, Any]:
        """What was typed, as the verbs take it."""
        return {
            "name": self.name.data,
            "criteria": lines_of(self.criteria.data),
            "measures": {Measure(one) for one in self.measures.data or ()},
        }


class EditForm(AboutForm):
    """What is corrected later."""


class NewForm(AboutForm):
    """A new milestone: what, by when, and whether it is a gate."""

    due_on = Day(_l("Due date"), [InputRequired(_l("Say by when it is due."))], future=True)
    opens = SelectField(_l("Gate to a stage"), coerce=member_of(Stage), default="")

    def offer(self, stages: Collection[Stage]) -> None:
        """Say which stages have no gate yet and lie ahead."""
        none = ("", _("No gate: it opens no stage"))
        self.opens.choices = [none, *((stage.value, stage_name(stage)) for stage in stages)]


class GatesForm(Form):
    """By when each stage that has no gate yet is to open, by which stage plan; a stage left blank gets none."""

    plan = OneOf(_l("Kind of initiative"))
    framed = Day(_l("Framed"), [Optional()], future=True)
    designing = Day(_l("Designing"), [Optional()], future=True)
    piloting = Day(_l("Piloting"), [Optional()], future=True)
    rolling_out = Day(_l("Rolling out"), [Optional()], future=True)
    proving_benefit = Day(_l("Proving benefit"), [Optional()], future=True)
    realised = Day(_l("Realised"), [Optional()], future=True)

    def ask(self, stages: Collection[Stage], plans: Mapping[int | None, Any]) -> GatesForm:
        """Ask for these stages alone, by the names that the organisation gives them, and for one of these plans by id; None
        is the built-in one."""
        own = [(id_, plan.name) for id_, plan in plans.items() if id_ is not None]
        self.plan.offer(own, nothing=built_in_name() if None in plans else None)
        for stage in Stage:
            if stage in stages:
                self[stage.value].label.text = stage_name(stage)
            elif stage.value in self:
                del self[stage.value]
        return self

    def propose(self, days: Mapping[Stage, date]) -> None:
        """Show these days in the fields that are asked for."""
        for stage, day in days.items():
            if stage.value in self:
                self[stage.value].data = day

    @property
    def days(self) -> dict[Stage, date]:
        """What was typed, in the order of the stages."""
        return {
            stage: self[stage.value].data
            for stage in Stage
            if stage.value in self and self[stage.value].data is not None
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the days against each other, once each is right by itself."""
        if not super().validate(extra_validators):
            return False
        wrong = [later for one, later in pairwise(self.days) if self.days[later] < self.days[one]]
        for stage in wrong:
            self[stage.value].errors = [_("A later stage opens on the same day or after it.")]
        if not self.days:
            first = next(field for field in self if field.name != "plan")
            first.errors = [_("Choose a day for one of them at least.")]
        return bool(self.days) and not wrong


class DueForm(Form):
    """Another day, and why."""

    due_on = Day(_l("Due date"), [InputRequired(_l("Say by when it is due."))], future=True)
    words = Words(
        _l("Why it gets another day"), [DataRequired(_l("Say why it gets another day."))], longest=2000
    )  # fmt: skip


class DropForm(Form):
    """Why it is dropped."""

    words = Words(_l("Reason"), [DataRequired(_l("Say why it is dropped."))], longest=2000)


class MetForm(Form):
    """What shows that a criterion is met."""

    words = Words(
        _l("What shows it"), [DataRequired(_l("Say what shows that it is met."))], longest=2000
    )
    link = Line(_l("Link to it"), [Optional()], longest=2000)

    def validate_link(self, field: Any) -> None:
        """Refuse what leads nowhere or runs something."""
        field.data = web_address(field.data)
