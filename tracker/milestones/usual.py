"""The built-in stage plan: by when and by which criteria gates usually open, where the organisation has no plan of its own.

At each gate one criterion is the customer's: an initiative that only complies has helped nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.goals.checkpoints import MONTHS, months_after
from tracker.initiatives.spells import usual_ages
from tracker.initiatives.stages import ORDER, Stage, stage_name
from tracker.milestones.criteria import Measure, measure_name
from tracker.milestones.planning import stages_ahead
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.settings import Organisation

SOME = 10  # working days, where a stage has no usual age
MEASURES: dict[Stage, tuple[Measure, ...]] = {
    Stage.framed: (Measure.customer_evidence,),
    Stage.designing: (Measure.charter_published, Measure.all_signed),
    Stage.piloting: (Measure.customer_evidence, Measure.goal_whole),
    Stage.rolling_out: (Measure.goal_locked, Measure.no_blockers),
    Stage.proving: (Measure.no_blockers,),
    Stage.realised: (Measure.result_said,),
}


def built_in_name() -> str:
    """Return what the built-in plan is called."""
    return _("Built-in plan")


def usual_name(stage: Stage) -> str:
    """Return what the gate of a stage is called, where nobody calls it otherwise."""
    return _("Gate to %(stage)s", stage=stage_name(stage))


def usual_criteria(stage: Stage) -> list[str]:
    """Return what is checked by hand at the gate of a stage, in the customer's interest."""
    asked = {
        Stage.designing: _("Customers have told in their own words what goes wrong"),
        Stage.piloting: _("Customers have tried the design and would use it"),
        Stage.rolling_out: _("Customers of the pilot say that it is better"),
        Stage.proving: _("Every customer it is meant for has it"),
    }
    return [asked[stage]] if stage in asked else []


@dataclass(frozen=True)
class GateTerms:
    """What a plan says of a gate: its name (empty: `usual_name`), its criteria, and the working days from the gate before
    (None: as long as the stage before it usually takes)."""

    name: str
    criteria: tuple[str, ...]
    measures: tuple[Measure, ...]
    days: int | None = None

    def called(self, stage: Stage) -> str:
        """Return its name as the gate of `stage`."""
        return self.name or usual_name(stage)

    @property
    def words(self) -> list[str]:
        """The criteria in words, those that are read from what is on record first."""
        return [*map(measure_name, self.measures), *self.criteria]


def usual_terms(stage: Stage) -> GateTerms:
    """Return what the built-in plan says of the gate of a stage, in the language of whoever asks."""
    return GateTerms("", tuple(usual_criteria(stage)), MEASURES[stage])


def days_ahead(
    initiative: Any, today: date, terms: Mapping[Stage, GateTerms], there: Mapping[Stage, date]
) -> dict[Stage, date]:
    """Return by stage, for those that lie ahead, the day by which it is to open as a plan has it.

    From `today` on, and from each gate that is `there` already on its day, in working days of the organisation. Where the
    plan names none, by the usual age of each stage (`spells.usual_ages`); realised is then the last of the usual checkpoints
    after proving began.
    """
    ages, calendar = usual_ages(), EveryCalendar().of(Organisation.current().calendar_id)
    day, stage, found = today, initiative.stage, {}
    for ahead in stages_ahead(initiative):
        if ahead in there:
            day = max(today, there[ahead])
        elif (days := terms[ahead].days) is not None:
            day = calendar.add(day, days)
        elif ORDER.index(stage) < ORDER.index(Stage.proving):
            day = calendar.add(day, ages.get(stage, SOME))
        else:
            day = months_after(day, MONTHS[-1])
        found[ahead] = day
        stage = ahead
    return found
