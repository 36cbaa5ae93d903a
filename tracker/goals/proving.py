"""What `realised` waits for, and what the page of an initiative shows of it (rule 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from tracker.clock import now
from tracker.db import db
from tracker.goals.checkpoints import Checkpoint, InitiativeResult, of, usual_days
from tracker.goals.results import PROVEN, result_name
from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.policy import May, may
from tracker.wording import day as told


def plan_checkpoints(initiative: Any, stage: Stage, by: Person | None, now: datetime) -> None:
    """Plan the usual checkpoints as proving begins, where none are planned yet."""
    if stage == Stage.proving and not of(initiative.id):
        Checkpoint.plan(initiative, usual_days(initiative.stage_since.date()), by=by, now=now)


def proven(initiative: Any, stage: Stage, _now: datetime) -> str | None:
    """Return what `realised` still waits for, or None: every checkpoint, and a result that is one, with its lesson."""
    if stage != Stage.realised:
        return None
    there = of(initiative.id)
    if not there:
        return _("%(ref)s has no checkpoint yet. Its lead plans them.", ref=initiative.ref)
    for one in there:
        if one.taken_at is None:
            return _(
                "%(ref)s waits for its checkpoint of %(day)s: its lead says there what was seen.",
                ref=initiative.ref, day=told(one.due_on),
            )  # fmt: skip
    outcome = InitiativeResult.of(initiative.id)
    if outcome is None:
        return _("What came of %(ref)s, and what was learned, comes first. Its lead says it.", ref=initiative.ref)  # fmt: skip
    if outcome.result not in PROVEN:
        return _(
            "The result of %(ref)s is “%(result)s”. That ends it as stopped, not as %(stage)s.",
            ref=initiative.ref, result=result_name(outcome.result), stage=stage_name(Stage.realised),
        )  # fmt: skip
    return None


@dataclass(frozen=True)
class Look:
    """One checkpoint as the page shows it."""

    row: Checkpoint
    due: bool
    url: str | None


def proving_panel(initiative: Initiative, person: Person, _seen: Seen) -> dict[str, Any] | None:
    """Return what the page shows of checkpoints and result; None before proving. In one statement."""
    if initiative.stage not in {Stage.proving, Stage.realised}:
        return None
    rows = db.session.execute(
        select(Checkpoint, InitiativeResult)
        .select_from(Initiative)
        .join(Checkpoint, Checkpoint.initiative_id == Initiative.id, isouter=True)
        .join(Checkpoint.taken_by, isouter=True)
        .join(InitiativeResult, InitiativeResult.initiative_id == Initiative.id, isouter=True)
        .where(Initiative.id == initiative.id)
        .order_by(Checkpoint.due_on)
        .options(contains_eager(Checkpoint.taken_by))
    ).all()
    outcome = rows[0][1] if rows else None
    today = day_of(now())
    acts = not initiative.ended and may(person, May.set_goal, initiative)
    ends = not initiative.ended and outcome is not None and outcome.result not in PROVEN
    return {
        "looks": [_look(initiative, row[0], today, acts=acts) for row in rows if row[0] is not None],
        "outcome": outcome,
        "result": result_name(outcome.result) if outcome else "",
        "ends": ends,
        "plan_url": url_for("goals.checkpoints", ref=initiative.ref) if acts else None,
        "result_url": url_for("goals.result", ref=initiative.ref) if acts else None,
        "stop_url": url_for("initiatives.stop", ref=initiative.ref)
        if ends and may(person, May.stop, initiative)
        else None,
    }  # fmt: skip


def _look(initiative: Initiative, one: Checkpoint, today: date, *, acts: bool) -> Look:
    due = one.taken_at is None and one.due_on <= today
    url = url_for("goals.checkpoint", ref=initiative.ref, id_=one.id) if due and acts else None
    return Look(one, due, url)
