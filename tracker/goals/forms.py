"""What is typed about a goal."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.db import db
from tracker.fields import Day, member_of
from tracker.forms import Form, Optional, Words
from tracker.goals.aims import (
    Aim,
    Confidence,
    Horizon,
    aim_name,
    confidence_name,
    horizon_name,
)
from tracker.goals.terms import Terms, faults_of
from tracker.kpis.fields import FigureLine
from tracker.kpis.figures import BadFigure, figure
from tracker.kpis.listing import kpi_choices_told
from tracker.kpis.models import Kpi
from tracker.kpis.readings import figure as written
from tracker.organisation.choices import people_choices
from tracker.organisation.fields import OneOf
from tracker.wording import lazy as _l

_STEP = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s*[:;,\s]\s*(\S.*?)\s*")


def _aims() -> list[tuple[str, str]]:
    return [(one.value, aim_name(one)) for one in Aim]


def _horizons() -> list[tuple[str, str]]:
    return [(one.value, horizon_name(one)) for one in Horizon]


def _confidences() -> list[tuple[str, str]]:
    return [("", _("Not said")), *((one.value, confidence_name(one)) for one in Confidence)]


def typed(terms: Terms) -> dict[str, Any]:
    """Return `terms` as they would be typed, by field."""
    figures = {
        name: written(getattr(terms, name)) or "" for name in ("baseline", "target", "claimed")
    }
    path = "\n".join(f"{day.isoformat()} {written(value)}" for day, value in terms.path)
    return {**figures, "baseline_on": terms.baseline_on, "target_on": terms.target_on, "path": path}


def kept(goal: Any) -> dict[str, Any]:
    """Return a goal as it would be typed, by field."""
    names = ("kpi_id", "horizon", "aim", "confidence", "method", "owner_id")
    return {name: getattr(goal, name) for name in names} | typed(Terms.of(goal))


class TermsForm(Form):
    """The terms alone: from where to where, and by when."""

    baseline = FigureLine(_l("Baseline"))
    baseline_on = Day(_l("Day of the baseline"), [Optional()])
    target = FigureLine(_l("Target"))
    target_on = Day(_l("Day of the target"), [Optional()])
    claimed = FigureLine(_l("Contribution it claims"))
    path = Words(_l("Planned values between"), longest=2000)

    def __init__(
        self, *args: Any, kpi: Kpi | None = None, whole: bool = False, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.whole = whole
        self.steps: list[tuple[date, float]] = []
        self.on(kpi)

    def on(self, kpi: Kpi | None) -> None:
        """Read figures as those of this KPI."""
        self.kpi = kpi
        if kpi is not None:
            for end in (self.baseline, self.target):
                end.measured(kpi.measure, kpi.scale_low, kpi.scale_high)
            self.claimed.measured(kpi.measure)

    @property
    def terms(self) -> Terms:
        """What was typed."""
        return Terms(
            self.baseline.figure, self.baseline_on.data, self.target.figure, self.target_on.data, self.claimed.figure,
            tuple(self.steps),
        )  # fmt: skip

    def validate_path(self, field: Any) -> None:
        self.steps = []
        for line in (field.data or "").splitlines():
            if line.strip():
                self.steps.append(self._step(line))

    def _step(self, line: str) -> tuple[date, float]:
        found = _STEP.fullmatch(line)
        try:
            day = date.fromisoformat(found[1]) if found else None
            value = self._figure(found[2]) if found else None
        except BadFigure as error:
            raise ValidationError(error.words) from None
        except ValueError:
            day = value = None
        if day is None or value is None:
            raise ValidationError(
                _("“%(line)s”: write a day and a value on each line, such as 2026-06-30 42.", line=line.strip()[:60])
            )  # fmt: skip
        return day, value

    def _figure(self, text: str) -> float | None:
        kpi = self.kpi
        return figure(text, kpi.measure, kpi.scale_low, kpi.scale_high) if kpi else figure(text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the terms against each other and the KPI, once each field is right by itself."""
        if not super().validate(extra_validators) or self.kpi is None:
            return False
        if "baseline" not in self:  # the terms are locked, and not asked for
            return True
        terms = self.terms
        faults = list(faults_of(terms, self.kpi))
        if self.whole:
            faults += [
                (name, _("From piloting on “%(field)s” is needed.", field=self[name].label.text))
                for name in ("baseline", "baseline_on", "target", "target_on")
                if getattr(terms, name) is None
            ]
        for name, words in faults:
            self[name].errors = [*self[name].errors, words]
        return not faults


class GoalForm(TermsForm):
    """A goal: which KPI, what for, the terms, and who answers for the benefit."""

    kpi_id = OneOf(_l("KPI"), [DataRequired(_l("Choose the KPI that it is to move."))])
    horizon = RadioField(
        _l("How far it looks"), choices=_horizons, coerce=member_of(Horizon), validators=[InputRequired(_l("Choose one."))]
    )  # fmt: skip
    aim = RadioField(
        _l("What it serves"), choices=_aims, coerce=member_of(Aim), validators=[InputRequired(_l("Choose one."))]
    )  # fmt: skip
    confidence = SelectField(_l("How sure are you?"), choices=_confidences)
    method = Words(_l("How the contribution is told apart"), longest=2000)
    owner_id = OneOf(_l("Who answers for the benefit"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kpi_id.offer(kpi_choices_told(), nothing=_("Choose a KPI"))
        if self.kpi_id.data in self.kpi_id.known and self.kpi_id.data is not None:
            self.on(db.session.get(Kpi, self.kpi_id.data))
        self.owner_id.offer(
            people_choices(and_also=self.owner_id.object_data), nothing=_("Nobody yet")
        )

    @property
    def beside(self) -> dict[str, Any]:
        """What stands beside the terms, as the verbs take it."""
        sure = self.confidence.data
        return {
            "aim": self.aim.data,
            "confidence": Confidence(sure) if sure else None,
            "method": self.method.data or "",
            "owner_id": self.owner_id.data,
        }


class RebaselineForm(TermsForm):
    """Other terms, and why."""

    words = Words(
        _l("Why other terms"), [DataRequired(_l("Say why other terms are agreed now."))], longest=2000
    )  # fmt: skip
