"""A goal is set, changed and given up by the lead, and re-baselined by the sponsor."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.gate import allow, me
from tracker.goals import views_proving
from tracker.goals.aims import Horizon, horizon_name
from tracker.goals.forms import GoalForm, RebaselineForm, kept, typed
from tracker.goals.models import Goal
from tracker.goals.pages import pages
from tracker.goals.setting import locks
from tracker.goals.showing import versions_of
from tracker.goals.terms import Terms
from tracker.initiatives.act_pages import told_by
from tracker.initiatives.forms import FreeWordsForm
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.kpis.saying import value_told
from tracker.policy import May
from tracker.web import done, posting, render

__all__ = ["pages", "views_proving"]


@pages.route("/initiatives/<ref>/goals/new", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def new(initiative: Initiative) -> Any:
    """Say what it is to do for a KPI."""
    given = {"horizon": request.args.get("horizon") or Horizon.outcome, "aim": "customer"}
    form = GoalForm(data=given, kpi=None, whole=locks(initiative.stage))
    if request.method != "POST" or not form.validate():
        return _form(initiative, None, form)
    with posting() as post:
        initiative = post.again(initiative)
        kpi = _kpi(form)
        Goal.set(
            initiative, kpi, terms=form.terms, by=me(), now=now(), horizon=form.horizon.data, **form.beside
        )  # fmt: skip
        post.answer(
            url_for("initiatives.show", ref=initiative.ref), _("%(ref)s now aims at %(kpi)s.", ref=initiative.ref, kpi=kpi.name)
        )  # fmt: skip
    return done(post)


@pages.route("/initiatives/<ref>/goals/<int:id_>/edit", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def edit(initiative: Initiative, id_: int) -> Any:
    """Change a goal; once its terms are locked, only what stands beside them."""
    goal = _goal(initiative, id_)
    form = GoalForm(data=kept(goal), kpi=goal.kpi, whole=goal.locked_at is not None)
    # A form that was opened before the lock brings terms: they are refused in words, not left out in silence.
    sealed = goal.locked_at is not None and not request.form.keys() & {"kpi_id", *Terms().columns}
    if sealed:
        for name in ("kpi_id", "horizon", *Terms().columns):
            del form[name]
    else:
        del form.horizon
    if request.method != "POST" or not form.validate():
        return _form(initiative, goal, form)
    with posting() as post:
        initiative = post.again(initiative)
        goal = _goal(initiative, id_)
        stands = as_it_stands(goal)
        post.same_version(goal, form, {field.name: stands[field.name] for field in form})
        terms, kpi = (Terms.of(goal), None) if sealed else (form.terms, _kpi(form))
        goal.change(initiative, terms=terms, kpi=kpi, by=me(), now=now(), **form.beside)
        post.answer(url_for("initiatives.show", ref=initiative.ref), _("The goal was saved."))
    return done(post)


@pages.route("/initiatives/<ref>/goals/<int:id_>/rebaseline", methods=["GET", "POST"])
@allow(May.rebaseline, on=Initiative)
def rebaseline(initiative: Initiative, id_: int) -> Any:
    """Decide on other terms, in words; both versions stay."""
    goal = _goal(initiative, id_)
    if goal.locked_at is None:
        raise NotNow(_("This goal is not locked yet: its lead may simply change it."))
    form = RebaselineForm(data=typed(Terms.of(goal)), kpi=goal.kpi, whole=True)
    if request.method != "POST" or not form.validate():
        return render(
            "goals/rebaseline.html", initiative=initiative, goal=goal, form=form, versions=versions_of(goal), value_told=value_told,
            status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        initiative = post.again(initiative)
        goal = _goal(initiative, id_)
        post.still(goal.version, _("Somebody changed this goal meanwhile. Look at it again."))
        goal.rebaseline(initiative, terms=form.terms, **told_by(initiative, post.person, form))
        post.answer(
            url_for("initiatives.show", ref=initiative.ref), _("Other terms are agreed for %(kpi)s.", kpi=goal.kpi.name)
        )  # fmt: skip
    return done(post)


@pages.route("/initiatives/<ref>/goals/<int:id_>/end", methods=["GET", "POST"])
@allow(May.set_goal, on=Initiative)
def drop(initiative: Initiative, id_: int) -> Any:
    """Give a goal up, with the reason."""
    goal = _goal(initiative, id_)
    form = FreeWordsForm()
    if request.method != "POST" or not form.validate():
        return render(
            "goals/drop.html",
            initiative=initiative,
            goal=goal,
            form=form,
            status=422 if form.errors else 200,
        )
    with posting() as post:
        initiative = post.again(initiative)
        goal = _goal(initiative, id_)
        goal.drop(initiative, by=me(), now=now(), words=form.words.data or "")
        post.answer(url_for("initiatives.show", ref=initiative.ref), _("The goal was given up."))
    return done(post)


def as_it_stands(goal: Goal) -> dict[str, Any]:
    """Return what the form would show of a goal now, field by field."""
    form = GoalForm(formdata=None, data=kept(goal), kpi=goal.kpi)
    return {field.name: field.data for field in form}


def _goal(initiative: Initiative, id_: int) -> Goal:
    """Return a goal of this initiative that was not given up. Raises `Missing` for any other."""
    query = Goal.visible_to(me()).options(joinedload(Goal.kpi), joinedload(Goal.owner))
    mine = query.where(Goal.initiative_id == initiative.id, Goal.id == id_, Goal.dropped_at.is_(None))  # fmt: skip
    goal = db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    if goal is None:
        raise Missing
    return goal


def _kpi(form: GoalForm) -> Kpi:
    return Kpi.find(me(), db.session.get_one(Kpi, form.kpi_id.data).code)


def _form(initiative: Initiative, goal: Goal | None, form: GoalForm) -> Any:
    return render(
        "goals/edit.html", initiative=initiative, goal=goal, form=form, horizon_name=horizon_name, whole=form.whole,
        status=422 if form.errors else 200,
    )  # fmt: skip
