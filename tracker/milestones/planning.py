"""A milestone is planned, changed, and moved to another day; every day it had stays on record (rule 12)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.stages import ORDER, Stage, in_use, stage_name
from tracker.milestones.criteria import Measure, criteria_of, first_criteria, set_criteria
from tracker.milestones.moves import MilestoneMove
from tracker.milestones.states import State, Verb
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.uniqueness import flush_or

MOST = 100  # milestones of one initiative, whatever became of them


class Gate(NamedTuple):
    """A gate that is to be planned."""

    name: str
    opens: Stage
    due_on: date
    criteria: Sequence[str]
    measures: Collection[Measure]


class Planning:
    """The verbs that plan a milestone, and plan it otherwise."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        name: Any
        opens: Any
        due_on: Any
        first_due_on: Any
        slips: Any
        state: Any
        version: Any
        record: Any
        check: Any

    @classmethod
    def plan(
        cls, initiative: Any, *, name: str, due_on: date, by: Person | None, now: datetime, opens: Stage | None = None,
        criteria: Sequence[str] = (), measures: Collection[Measure] = (), late: bool = False, stage_plan_id: int | None = None,
    ) -> Self:  # fmt: skip
        """Plan a result for a day; `opens` makes it the gate of a stage that still lies ahead.

        `late` plans what was planned elsewhere before: its day may have passed. `stage_plan_id` names the plan it is from.

        Raises `NotNow` once the initiative has ended, for a day that has passed, for a stage that it has come to already or
        that has its gate, without a name, and past `MOST` milestones.
        """
        refuse_ended(initiative)
        refuse_nameless(name)
        if not late:
            refuse_past(due_on, now)
        refuse_behind(initiative, opens)
        if room_in(cls, initiative) < 1:
            raise NotNow(
                _("%(ref)s has %(count)s milestones. Change one of those.", ref=initiative.ref, count=MOST)
            )  # fmt: skip
        new = cls._made(initiative, name, due_on, opens, criteria, measures, stage_plan_id, by, now)
        initiative.touch(now)
        return new

    @classmethod
    def plan_gates(
        cls, initiative: Any, gates: Sequence[Gate], *, by: Person | None, now: datetime, stage_plan_id: int | None = None
    ) -> None:  # fmt: skip
        """Plan several gates of stages that lie ahead, each on record by itself; `stage_plan_id` names the plan they are from.

        Raises as `plan` does.
        """
        refuse_ended(initiative)
        for gate in gates:
            refuse_past(gate.due_on, now)
            refuse_behind(initiative, gate.opens)
        if room_in(cls, initiative) < len(gates):
            raise NotNow(
                _("%(ref)s has %(count)s milestones. Change one of those.", ref=initiative.ref, count=MOST)
            )  # fmt: skip
        for name, opens, due_on, criteria, measures in gates:
            cls._made(initiative, name, due_on, opens, criteria, measures, stage_plan_id, by, now)
        initiative.touch(now)

    @classmethod
    def _made(  # noqa: PLR0917 - everything that it is made of
        cls, initiative: Any, name: str, due_on: date, opens: Stage | None, criteria: Sequence[str], measures: Collection[Measure],
        stage_plan_id: int | None, by: Person | None, now: datetime,
    ) -> Self:  # fmt: skip
        model: Any = cls
        new = model(
            initiative=initiative, name=name.strip(), opens=opens, due_on=due_on, first_due_on=due_on, slips=0,
            state=State.planned, planned_at=now, planned_by_id=by.id if by else None, dropped_words="", version=1,
            stage_plan_id=stage_plan_id,
        )  # fmt: skip
        taken = has_gate(opens)  # it looks something up, and that would flush
        db.session.add(new)
        flush_or(taken)
        first_criteria(new.id, criteria, measures)
        after = {"due_on": due_on.isoformat(), "stage": opens.value if opens else None}
        if stage_plan_id is not None:
            after["stage_plan_id"] = stage_plan_id
        new.record(Kind.milestone_planned, by=by, now=now, after=after)
        return new

    def change(
        self, *, name: str, criteria: Sequence[str], measures: Collection[Measure], by: Person, now: datetime
    ) -> None:  # fmt: skip
        """Call it otherwise, or say anew by what one sees that it is reached.

        A criterion whose words stay the same keeps who found it met. Raises `NotNow` unless it is planned, and without a name.
        """
        self.check(Verb.change)
        refuse_nameless(name)
        was, said = self.name, _told(self.id)
        self.name = name.strip()
        fields = ["name"] if self.name != was else []
        if set_criteria(self.id, criteria, measures):
            fields.append("criteria")
        if not fields:
            return
        self.version += 1
        db.session.flush()
        old, new = {"name": was, "criteria": said}, {"name": self.name, "criteria": _told(self.id)}
        self.record(
            Kind.milestone_changed, by=by, now=now, after={"fields": sorted(fields)},
            private={"was": {key: old[key] for key in fields}, "now": {key: new[key] for key in fields}},
        )  # fmt: skip
        self.initiative.touch(now)

    def reschedule(self, day: date, words: str, *, by: Person, now: datetime) -> None:
        """Move it to another day and say why; later than it was is a slip. The day it had stays.

        Raises `NotNow` unless it is planned, for a day that has passed or that it has already, and without words.
        """
        self.check(Verb.reschedule)
        refuse_past(day, now)
        if day == self.due_on:
            raise NotNow(_("It is due on that day already. Choose another one."))
        if not words.strip():
            raise NotNow(_("Say why it gets another day."))
        was = self.due_on
        db.session.add(
            MilestoneMove(
                milestone_id=self.id, from_on=was, to_on=day, moved_at=now, moved_by_id=by.id, words=words.strip()
            )
        )  # fmt: skip
        self.due_on = day
        self.slips += day > was
        self.version += 1
        db.session.flush()
        self.record(
            Kind.milestone_rescheduled, by=by, now=now, before={"due_on": was.isoformat()}, after={"due_on": day.isoformat()},
            private={"words": words.strip()},
        )  # fmt: skip
        self.initiative.touch(now)


def room_in(model: Any, initiative: Any) -> int:
    """Return how many milestones may still be planned in an initiative."""
    there = select(func.count()).where(model.initiative_id == initiative.id)
    return MOST - (db.session.scalar(there) or 0)


def refuse_ended(initiative: Any) -> None:
    """Raise `NotNow` once an initiative is realised or stopped."""
    if initiative.ended:
        raise NotNow(_("%(ref)s has ended; nothing is planned in it any more.", ref=initiative.ref))


def refuse_nameless(name: str) -> None:
    """Raise `NotNow` for a milestone without a name."""
    if not name.strip():
        raise NotNow(_("Say in a few words what is reached then."))


def refuse_past(day: date, now: datetime) -> None:
    """Raise `NotNow` for a day that has passed where the organisation is."""
    if day < day_of(now):
        raise NotNow(_("Choose today or a later day."))


def refuse_behind(initiative: Any, opens: Stage | None) -> None:
    """Raise `NotNow` for the gate of a stage that an initiative has come to already, or that is not in use (rule 1)."""
    if opens is not None and opens not in stages_ahead(initiative):
        raise NotNow(
            _(
                "%(ref)s stands at %(present)s: a gate to %(stage)s opens nothing any more.",
                ref=initiative.ref, present=stage_name(initiative.stage), stage=stage_name(opens),
            )
        )  # fmt: skip


def stages_ahead(initiative: Any) -> list[Stage]:
    """Return the stages that an initiative has still to come to, in their order; none once it has ended."""
    if initiative.ended:
        return []
    return [s for s in in_use() if ORDER.index(s) > ORDER.index(initiative.stage)]


def has_gate(opens: Stage | None) -> str:
    """Return what is said where a stage has its gate already."""
    if opens is None:
        return _("Somebody planned this just now. Look at the milestones again.")
    return _("There is a gate to %(stage)s already. A stage has one gate.", stage=stage_name(opens))


def _told(milestone_id: int) -> str:
    return "\n".join(one.called for one in criteria_of([milestone_id]))
