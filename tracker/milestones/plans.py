"""Stage plans: the gates that initiatives of one kind get, with their criteria and working days (rule 12).

One of them at most is the usual one, which is taken where nobody chooses; while none is, the built-in one stands (`usual`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.dialects import partial_index
from tracker.errors import NotNow
from tracker.initiatives.stages import ORDER, Stage, stage_name
from tracker.life import Life, Living
from tracker.milestones.criteria import Measure
from tracker.milestones.plan_states import LIFE, PlanState, PlanVerb
from tracker.milestones.usual import GateTerms, usual_terms
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped

MOST = 100  # plans in use


class StagePlan(Living, Scoped, Recorded, Model):
    """The plan of one kind of initiative. `at_acceptance`: while it is the usual one, gates are planned as a sponsor accepts."""

    __tablename__ = "stage_plan"
    __table_args__ = (
        partial_index("uq_stage_plan_name", "name", where="ended_at IS NULL", unique=True),
        partial_index("uq_stage_plan_usual", "usual", where="usual", unique=True),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("ended_at IS NULL OR NOT usual", name="usual_in_use"),
    )
    subject_type: ClassVar[str] = "stage_plan"
    life: ClassVar[Life] = LIFE

    on_trail: ClassVar[Declared] = declare("name usual at_acceptance ended_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    usual: Mapped[bool]
    at_acceptance: Mapped[bool]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int]

    @property
    def state(self) -> PlanState:
        """Whether it is in use."""
        return PlanState.in_use if self.ended_at is None else PlanState.ended

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Everybody inside knows of them; for partners none exists."""
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def add(
        cls, *, name: str, gates: Mapping[Stage, GateTerms], by: Person | None, now: datetime, at_acceptance: bool = False,
        usual: bool = False,
    ) -> Self:  # fmt: skip
        """Add a plan for a kind of initiative; a stage that `gates` leave out keeps what the built-in plan says of it.

        `usual` makes it the usual one. Raises `NotNow` without a name, for one that is taken, and past `MOST` plans.
        """
        _refuse_nameless(name)
        if len(plans_in_use()) >= MOST:
            raise NotNow(_("There are %(count)s stage plans. Change one of those.", count=MOST))
        plan = cls(name=name.strip(), usual=False, at_acceptance=at_acceptance, version=1)
        db.session.add(plan)
        flush_or(_taken(plan.name))
        plan._let_be(gates)
        plan.record(
            Kind.stage_plan_added, by=by, now=now, after={"name": plan.name, "at_acceptance": at_acceptance},
            private={"words": told(plan)},
        )  # fmt: skip
        if usual:
            plan.make_usual(by=by, now=now)
        return plan

    def change(
        self, *, name: str, gates: Mapping[Stage, GateTerms], at_acceptance: bool, by: Person | None, now: datetime
    ) -> None:  # fmt: skip
        """Say it otherwise, for gates that are planned from now on: those that stand keep what they have.

        Raises `NotNow` once it is out of use, without a name, and for one that is taken.
        """
        self.check(PlanVerb.change)
        _refuse_nameless(name)
        was = {"name": self.name, "at_acceptance": self.at_acceptance, "gates": told(self)}
        self.name, self.at_acceptance = name.strip(), at_acceptance
        flush_or(_taken(self.name))
        self._let_be(gates)
        stands = {"name": self.name, "at_acceptance": self.at_acceptance, "gates": told(self)}
        changed = [key for key in stands if stands[key] != was[key]]
        if not changed:
            return
        self.version += 1
        plain = [key for key in changed if key != "gates"]
        self.record(
            Kind.stage_plan_changed, by=by, now=now, before={key: was[key] for key in plain},
            after={"fields": sorted(changed), **{key: stands[key] for key in plain}},
            private={"was": {"gates": was["gates"]}, "now": {"gates": stands["gates"]}} if "gates" in changed else None,
        )  # fmt: skip

    def make_usual(self, *, by: Person | None, now: datetime) -> None:
        """Let it be taken where nobody chooses. Raises `NotNow` once it is out of use, and where it is the usual one already."""
        self.refuse_usual()
        before = usual_plan(locked=True)
        if before is not None:
            before.usual = False
            before.version += 1
            db.session.flush()
        self.usual = True
        self.version += 1
        flush_or(_("Somebody made another stage plan the usual one just now. Look at them again."))
        self.record(
            Kind.stage_plan_made_usual, by=by, now=now, before={"stage_plan_id": before.id if before else None},
            after={"stage_plan_id": self.id},
        )  # fmt: skip

    def refuse_usual(self) -> None:
        """Raise `NotNow` where it cannot become the usual one."""
        self.check(PlanVerb.make_usual)
        if self.usual:
            raise NotNow(_("%(name)s is the usual stage plan already.", name=self.name))

    def end(self, *, by: Person | None, now: datetime) -> None:
        """Put it out of use: nothing is planned by it any more. After the usual one the built-in one stands again.

        Raises `NotNow` where it is out of use already.
        """
        self.check(PlanVerb.end)
        before = {"usual": self.usual}
        self.usual, self.ended_at = False, now
        self.version += 1
        self.record(Kind.stage_plan_ended, by=by, now=now, before=before)

    def _let_be(self, gates: Mapping[Stage, GateTerms]) -> None:
        """Let these be its gates; those of stages that are left out stay as they are."""
        there = {one.stage: one for one in _gates_of(self)}
        for stage, terms in gates.items():
            one = there.get(stage)
            if one is None:
                one = StagePlanGate(plan_id=self.id, stage=stage)
                db.session.add(one)
            one.says = terms
        db.session.flush()


class StagePlanGate(Model):
    """The gate of one stage in a plan. `days` are working days from the gate before; without them the stage's usual age."""

    __tablename__ = "stage_plan_gate"
    __table_args__ = (
        UniqueConstraint("plan_id", "stage"),
        CheckConstraint("days IS NULL OR days > 0", name="takes_time"),
        CheckConstraint("stage <> 'idea'", name="opens_a_later_stage"),
    )

    on_trail: ClassVar[Declared] = declare("plan_id stage days measures", "name criteria", key="plan_id stage")  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("stage_plan.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(enum_text(Stage))
    name: Mapped[str] = mapped_column(String(200))  # empty: as a gate is usually called
    days: Mapped[int | None]
    criteria: Mapped[str] = mapped_column(Text)  # one on each line
    measures: Mapped[str] = mapped_column(String(200))  # with blanks between them

    @property
    def says(self) -> GateTerms:
        """What it says of the gate."""
        measures = tuple(Measure(one) for one in self.measures.split())
        return GateTerms(self.name, tuple(self.criteria.splitlines()), measures, self.days)

    @says.setter
    def says(self, terms: GateTerms) -> None:
        self.name, self.days = terms.name, terms.days
        self.criteria = "\n".join(terms.criteria)
        self.measures = " ".join(one.value for one in Measure if one in terms.measures)


def plans_in_use() -> Sequence[StagePlan]:
    """Return the plans that are in use, the usual one first."""
    query = select(StagePlan).where(StagePlan.ended_at.is_(None))
    return db.session.scalars(query.order_by(StagePlan.usual.desc(), StagePlan.name).limit(MOST)).all()  # fmt: skip


def usual_plan(*, locked: bool = False) -> StagePlan | None:
    """Return the plan that is taken where nobody chooses; None while it is the built-in one."""
    query = select(StagePlan).where(StagePlan.usual)
    if locked:
        query = query.with_for_update(of=StagePlan).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def terms_of(plan: StagePlan | None) -> dict[Stage, GateTerms]:
    """Return what a plan says of the gate of each stage, as it is typed; None is the built-in one, in the reader's language."""
    own = {one.stage: one.says for one in _gates_of(plan)} if plan is not None else {}
    return {stage: own.get(stage) or usual_terms(stage) for stage in ORDER[1:]}


def told(plan: StagePlan) -> str:
    """Return what a plan says of its gates, one on each line: the stage, its days, what it is called, its criteria."""
    return "\n".join(_line(one.stage, one.says) for one in _gates_of(plan))


def _line(stage: Stage, says: GateTerms) -> str:
    parts = (stage_name(stage), str(says.days or "–"), says.name or "–")
    return "; ".join((*parts, *says.measures, *says.criteria))


def _gates_of(plan: StagePlan) -> list[StagePlanGate]:
    """Return the gates of a plan in the order of the stages."""
    found = db.session.scalars(select(StagePlanGate).where(StagePlanGate.plan_id == plan.id))
    return sorted(found, key=lambda one: ORDER.index(one.stage))


def _refuse_nameless(name: str) -> None:
    if not name.strip():
        raise NotNow(_("Say for which kind of initiative it is."))


def _taken(name: str) -> str:
    return _("There is a stage plan called %(name)s already.", name=name)
