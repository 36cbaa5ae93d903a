"""After delivery: the days on which the benefit is looked at, what was seen, and what came of it (rule 11)."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.goals.checkpoints import Checkpoint, InitiativeResult, of
from tracker.goals.forms_proving import CheckpointForm, CheckpointsForm, ResultForm
from tracker.goals.pages import pages
from tracker.goals.showing import standing_of
from tracker.initiatives.models import Initiative
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import day, today


@pages.route("/initiatives/<ref>/checkpoints", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def checkpoints(initiative: Initiative) -> Any:
    """Say on which days the benefit is looked at."""
    there = of(initiative.id)
    form = CheckpointsForm(initiative=initiative, there=there)
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            words = _("Somebody planned the checkpoints just now. Look at them again.")
            post.still(_days(of(initiative.id)), words)
            Checkpoint.plan(initiative, form.days, by=me(), now=now())
            post.answer(_page(initiative), _("The checkpoints are planned."))
        return done(post)
    return render(
        "goals/checkpoints.html", initiative=initiative, form=form, taken=[one for one in there if one.taken_at], seen=_days(there),
        status=422 if form.errors else 200,
    )  # fmt: skip


@pages.route("/initiatives/<ref>/checkpoints/<int:id_>", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def checkpoint(initiative: Initiative, id_: int) -> Any:
    """Say what was seen at a checkpoint."""
    one = _checkpoint(initiative, id_)
    form = CheckpointForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            one = _checkpoint(initiative, id_)
            post.still(
                one.due_on, _("Somebody planned the checkpoints just now. Look at them again.")
            )
            one.take(initiative, words=form.words.data or "", by=me(), now=now(), today=today())
            post.answer(
                _page(initiative), _("What was seen on %(day)s is on record.", day=day(one.due_on))
            )
        return done(post)
    return render(
        "goals/checkpoint.html", initiative=initiative, one=one, form=form, status=422 if form.errors else 200
    )  # fmt: skip


@pages.route("/initiatives/<ref>/result", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def result(initiative: Initiative) -> Any:
    """Say what came of it, and what was learned."""
    row = InitiativeResult.of(initiative.id)
    form = ResultForm(data=_said(row))
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            row = InitiativeResult.of(initiative.id)
            post.still(_said(row), _("Somebody said what came of it just now. Look at it again."))
            InitiativeResult.say(initiative, form.result.data, lesson=form.lesson.data or "", by=me(), now=now())  # fmt: skip
            post.answer(_page(initiative), _("What came of it is on record."))
        return done(post)
    return render(
        "goals/result.html", initiative=initiative, form=form, seen=_said(row), goals=standing_of(initiative),
        status=422 if form.errors else 200
    )  # fmt: skip


def _checkpoint(initiative: Initiative, id_: int) -> Checkpoint:
    """Return a checkpoint of this initiative. Raises `Missing` for any other."""
    for one in of(initiative.id):
        if one.id == id_:
            return one
    raise Missing


def _days(there: Any) -> list[str]:
    """Return what the form of the days shows."""
    return [f"{one.due_on} {one.taken_at is not None}" for one in there]


def _said(row: InitiativeResult | None) -> dict[str, Any]:
    """Return what the form of the result shows."""
    return {"result": row.result.value if row else None, "lesson": row.lesson if row else ""}


def _page(initiative: Initiative) -> str:
    return url_for("initiatives.show", ref=initiative.ref)
