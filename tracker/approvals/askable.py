"""What may be asked, by whom, and about which gate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage, stage_name
from tracker.milestones.models import Milestone
from tracker.milestones.plans import terms_of
from tracker.milestones.proposing import plan_for
from tracker.milestones.showing import planned_gate
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


def refuse_sponsor(initiative: Any, person: Person) -> None:
    """Raise `NotNow` for the sponsor: whoever decides does not ask (rule 14)."""
    if initiative.sponsor_id == person.id:
        raise NotNow(_("You are the sponsor: you decide, and somebody of the team asks."))


def refuse_unaskable(initiative: Any, stage: Stage) -> None:
    """Raise `NotNow` for a stage that is not the next one of an initiative with a sponsor, which goes on."""
    if initiative.ended:
        raise NotNow(
            _("%(ref)s has ended; nothing is asked about it any more.", ref=initiative.ref)
        )
    if initiative.stage == Stage.idea:
        raise NotNow(
            _(
                "%(ref)s leaves this stage when an executive accepts to sponsor it.",
                ref=initiative.ref,
            )
        )
    if stage != initiative.next_stage:
        raise NotNow(
            _(
                "%(ref)s stands at %(stage)s by now; somebody moved it first.",
                ref=initiative.ref, stage=stage_name(initiative.stage),
            )
        )  # fmt: skip


def gate_of(
    initiative: Any, stage: Stage, day: date | None, by: Person, now: datetime
) -> Milestone:
    """Return the planned gate to a stage, locked; one that is missing is planned by the day on which to decide."""
    query = planned_gate(initiative, stage).with_for_update(of=Milestone)
    there = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if there is not None:
        return there
    plan = plan_for(initiative)
    terms = terms_of(plan)[stage]
    return Milestone.plan(
        initiative, name=terms.called(stage), due_on=max(day or day_of(now), day_of(now)), opens=stage, criteria=terms.criteria,
        measures=terms.measures, stage_plan_id=plan.id if plan is not None else None, by=by, now=now,
    )  # fmt: skip


def open_already(stage: Stage) -> str:
    """Return what is said where a gate has its open request."""
    return _("Somebody has a request to open %(stage)s already. Look at that one.", stage=stage_name(stage))  # fmt: skip
