"""What pages show of milestones: the road of gates, the list, one criterion after the other, and the next one on the overview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased, defer

from tracker.clock import now
from tracker.db import db
from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.initiatives.queries import Beside
from tracker.initiatives.stages import ORDER, Stage, in_use, stage_name
from tracker.milestones.criteria import Criterion, criteria_of
from tracker.milestones.measuring import OnRecord
from tracker.milestones.models import Milestone
from tracker.milestones.planning import stages_ahead
from tracker.milestones.states import State
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.policy import May, may
from tracker.wording import day as told

MOST = 100  # as many as an initiative may have
_COLUMNS = (
    *(Milestone.id, Milestone.name, Milestone.opens, Milestone.due_on, Milestone.first_due_on),
    *(Milestone.slips, Milestone.state, Milestone.reached_at, Milestone.dropped_at, Milestone.dropped_words),
)  # fmt: skip


@dataclass
class Line:
    """One milestone as a list shows it; `late`: its day has passed, and its initiative neither ended nor waits."""

    id: int
    name: str
    opens: Stage | None
    due_on: date
    first_due_on: date
    slips: int
    state: State
    reached_at: datetime | None
    dropped_at: datetime | None
    dropped_words: str
    late: bool = False
    met: int = 0
    criteria: list[Criterion] = field(default_factory=list)

    @property
    def gate(self) -> str:
        """The stage that it opens, in words."""
        return stage_name(self.opens) if self.opens else ""


@dataclass(frozen=True)
class Step:
    """One stage on the road of gates: how far the work is (`done`, `now` or nothing), and in words what is known of its gate."""

    words: str
    state: str
    said: str
    kind: str = ""  # warn where its gate is late
    id: int | None = None


def lines_of(initiative: Initiative, today: date, moment: datetime) -> list[Line]:
    """Return the milestones of an initiative, the next due on top and what is over below: three statements, and those of the
    signatures where a criterion asks for them."""
    mine = select(*_COLUMNS).where(Milestone.initiative_id == initiative.id)
    over = Milestone.state != State.planned
    rows = db.session.execute(mine.order_by(over, Milestone.due_on, Milestone.id).limit(MOST))
    lines = [Line(**row._asdict()) for row in rows]
    planned = [line.id for line in lines if line.state == State.planned]
    by_milestone: dict[int, list[Criterion]] = defaultdict(list)
    for one in criteria_of(planned) if planned else ():
        by_milestone[one.milestone_id].append(one)
    record = OnRecord(initiative, moment)
    for line in lines:
        line.late = is_late(line, initiative, today)
        line.criteria = by_milestone[line.id]
        line.met = sum(record.met(one) for one in line.criteria)
    return lines


def is_late(milestone: Any, initiative: Any, today: date) -> bool:
    """Tell whether the day of a milestone has passed: nothing is late that was reached or dropped, nor while its initiative is
    on hold (rule 6)."""
    goes_on = not initiative.ended and initiative.held_at is None
    return milestone.state == State.planned and milestone.due_on < today and goes_on


def road_of(initiative: Initiative, entered: str | None, lines: Sequence[Line]) -> list[Step]:
    """Return the stages that have a gate, each with what is known of it. What adoption went past is "not recorded" (rule 1).

    `entered` is the stage at which an adopted initiative was taken over as it stood.
    """
    gates = {line.opens: line for line in lines if line.opens and line.state != State.dropped}
    here = ORDER.index(initiative.stage)
    adopted = ORDER.index(Stage(entered or initiative.stage)) if initiative.adopted else -1
    steps = []
    for stage in in_use()[1:]:
        place, gate = ORDER.index(stage), gates.get(stage)
        state = "done" if place < here else "now" if place == here else ""
        if place <= adopted and (gate is None or gate.state == State.planned):
            step = Step(stage_name(stage), state if place == here else "", _("Not recorded"))
        elif gate is None:
            step = Step(stage_name(stage), state, "" if place <= here else _("No gate yet"))
        elif gate.reached_at is not None:
            step = Step(stage_name(stage), state, _("Opened %(day)s", day=told(gate.reached_at, "short")), id=gate.id)  # fmt: skip
        else:
            step = Step(
                stage_name(stage), state, _("Due %(day)s", day=told(gate.due_on, "short")), "warn" if gate.late else "", gate.id
            )  # fmt: skip
        steps.append(step)
    return steps


def gated(initiative: Initiative) -> dict[Stage, date]:
    """Return the stages that have their gate, with its day."""
    gates = select(Milestone.opens, Milestone.due_on).where(
        Milestone.initiative_id == initiative.id, Milestone.opens.is_not(None), Milestone.state != State.dropped
    )  # fmt: skip
    return {opens: due_on for opens, due_on in db.session.execute(gates) if opens is not None}


def planned_gate(initiative: Any, stage: Stage) -> Select[Any]:
    """Return the query for the planned gate to a stage of an initiative."""
    return select(Milestone).where(
        Milestone.initiative_id == initiative.id, Milestone.opens == stage, Milestone.state == State.planned
    )  # fmt: skip


def ungated(initiative: Initiative) -> list[Stage]:
    """Return the stages that lie ahead and have no gate."""
    there = gated(initiative)
    return [stage for stage in stages_ahead(initiative) if stage not in there]


NEXT = aliased(Milestone, name="next_milestone")
_NEXT = (
    select(Milestone.id)
    .where(Milestone.initiative_id == Initiative.id, Milestone.state == State.planned)
    .order_by(Milestone.due_on, Milestone.id)
    .limit(1)
    .correlate(Initiative)
    .scalar_subquery()
)
BESIDE = (
    Beside(
        NEXT,
        and_(NEXT.initiative_id == Initiative.id, NEXT.id == _NEXT),
        (defer(NEXT.initiative_lead_id),),
    ),
)


def next_milestone(initiative: Initiative, person: Person, seen: Seen) -> dict[str, Any] | None:
    """Return the next milestone for the overview, which is read with its facts; None where there is none, unless one may be
    planned."""
    milestone = seen.facts.next_milestone
    plans = not initiative.ended and may(person, May.plan_milestone, initiative)
    if milestone is None and not plans:
        return None
    return {
        "milestone": milestone,
        "late": milestone is not None and is_late(milestone, initiative, day_of(now())),
        "gate": stage_name(milestone.opens) if milestone is not None and milestone.opens else "",
        "all_url": url_for("milestones.of_initiative", ref=initiative.ref),
        "plan_url": url_for("milestones.new", ref=initiative.ref) if plans else None,
    }


def counted(lines: Collection[Line]) -> tuple[list[Line], list[Line]]:
    """Return those that are planned, and those that are over, the latest first."""
    planned = [line for line in lines if line.state == State.planned]
    over = [line for line in lines if line.state != State.planned]
    ended = sorted(
        over, key=lambda line: (line.reached_at or line.dropped_at, line.id), reverse=True
    )
    return planned, ended
