"""The gates that an initiative usually has: by when, and by which criteria. A proposal; the lead plans what is meant.

At each gate one criterion is the customer's: an initiative that only complies has helped nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.goals.checkpoints import MONTHS, months_after
from tracker.initiatives.spells import usual_ages
from tracker.initiatives.stages import ORDER, Stage, stage_name
from tracker.milestones.criteria import Measure
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


def usual_days(initiative: Any, today: date) -> dict[Stage, date]:
    """Return by stage, for those that lie ahead, the day by which it would usually open.

    From `today` on, by the usual age of each stage in working days of the organisation (`spells.usual_ages`); realised is
    the last of the usual checkpoints after proving began.
    """
    ages, calendar = usual_ages(), EveryCalendar().of(Organisation.current().calendar_id)
    day, stage, found = today, initiative.stage, {}
    for ahead in stages_ahead(initiative):
        if ORDER.index(stage) < ORDER.index(Stage.proving):
            day = calendar.add(day, ages.get(stage, SOME))
        else:
            day = months_after(day, MONTHS[-1])
        found[ahead] = day
        stage = ahead
    return found
