"""What is typed about stage plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import DataRequired
from wtforms.widgets import NumberInput

from tracker.db import db
from tracker.forms import Form, Line, Optional, ValidationError, Words
from tracker.initiatives.stages import ORDER, Stage, in_use
from tracker.milestones.criteria import Measure, measure_name
from tracker.milestones.forms import MOST_CRITERIA, lines_of
from tracker.milestones.plans import StagePlan
from tracker.milestones.usual import GateTerms
from tracker.wording import lazy as _l

MOST_DAYS = (
    400  # working days to one gate: six of them stay within the ten years that a day may lie ahead
)


class WorkingDays(IntegerField):
    """A whole number of working days, or none."""

    widget = NumberInput(step=1, min=1, max=MOST_DAYS)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed, in digits of any script. ValueError for what is no such number."""
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = int(typed) if typed.isdecimal() and len(typed) <= 4 else None
        if typed and (self.data is None or not 0 < self.data <= MOST_DAYS):
            self.data = None
            raise ValueError(_("Type a number from 1 to %(most)s.", most=MOST_DAYS))


def _measures() -> list[tuple[str, str]]:
    return [(one.value, measure_name(one)) for one in Measure]


class PlanForm(Form):
    """A plan: for what kind of initiative, and what it says of the gate of each stage. Made by `plan_form`."""

    stages: ClassVar[tuple[Stage, ...]]

    name = Line(
        _l("Kind of initiative"), [DataRequired(_l("Say for which kind of initiative it is."))], longest=120
    )  # fmt: skip
    usual = BooleanField(_l("This is the usual plan: it is taken where nobody chooses another"))
    at_acceptance = BooleanField(_l("Plan these gates when a sponsor accepts"))

    def __init__(self, *args: Any, plan: StagePlan | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.plan = plan
        if plan is not None:
            del self.usual

    def validate_name(self, field: Any) -> None:
        other = db.session.scalar(
            select(StagePlan.id).where(StagePlan.name == field.data, StagePlan.ended_at.is_(None))
        )
        if other is not None and (self.plan is None or other != self.plan.id):
            raise ValidationError(
                _("There is a stage plan called %(name)s already.", name=field.data)
            )

    def of(self, stage: Stage) -> dict[str, Any]:
        """Return the fields of the gate of a stage, by what they ask."""
        return {part: self[f"{stage.value}_{part}"] for part in PARTS}

    @property
    def gates(self) -> dict[Stage, GateTerms]:
        """What was typed of each gate."""
        found = {}
        for stage in self.stages:
            asked = self.of(stage)
            measures = {Measure(one) for one in asked["measures"].data or ()}
            found[stage] = GateTerms(
                asked["name"].data or "",
                tuple(lines_of(asked["criteria"].data)),
                tuple(one for one in Measure if one in measures),
                asked["days"].data,
            )
        return found


PARTS = ("name", "days", "criteria", "measures")


def plan_form() -> type[PlanForm]:
    """Return the form that asks for the stages in use."""
    stages = tuple(stage for stage in ORDER[1:] if stage in in_use())
    fields: dict[str, Any] = {"stages": stages}
    for stage in stages:
        fields |= {
            f"{stage.value}_name": Line(_l("Name of the gate"), [Optional()]),
            f"{stage.value}_days": WorkingDays(
                _l("Working days from the gate before"), [Optional()]
            ),
            f"{stage.value}_criteria": Words(
                _l("Criteria that somebody checks"), [Optional(), _few], longest=4000
            ),
            f"{stage.value}_measures": SelectMultipleField(
                _l("Criteria that are read from what is on record"), choices=_measures
            ),
        }
    return type("PlanForm", (PlanForm,), fields)


def typed(terms: Mapping[Stage, GateTerms], stages: Collection[Stage]) -> dict[str, Any]:
    """Return what plans say of gates as it would be typed, by field."""
    found: dict[str, Any] = {}
    for stage in stages:
        says = terms[stage]
        found |= {
            f"{stage.value}_name": says.name,
            f"{stage.value}_days": says.days,
            f"{stage.value}_criteria": "\n".join(says.criteria),
            f"{stage.value}_measures": [one.value for one in says.measures],
        }
    return found


def _few(_form: Any, field: Any) -> None:
    if len(lines_of(field.data)) > MOST_CRITERIA:
        raise ValidationError(_("Keep it to %(most)s criteria.", most=MOST_CRITERIA))
