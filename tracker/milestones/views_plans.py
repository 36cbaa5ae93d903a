"""The stage plans: which there are, and what they say of the gate of each stage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.initiatives.stages import ORDER, in_use, stage_name
from tracker.milestones.forms_plans import PlanForm, plan_form, typed
from tracker.milestones.pages import pages
from tracker.milestones.plan_states import PlanVerb
from tracker.milestones.plans import StagePlan, plans_in_use, terms_of
from tracker.policy import May
from tracker.verb_pages import Act, page_of_act
from tracker.web import done, posting, render


@pages.get("/settings/stage-plans")
@allow(May.manage_settings)
def plans() -> Any:
    """List the plans in use, the built-in one first while it is the usual, and what that one says."""
    there = plans_in_use()
    terms = terms_of(None)
    return render(
        "milestones/plans.html", plans=there, built_in=not any(one.usual for one in there),
        gates=[(stage_name(stage), terms[stage]) for stage in ORDER[1:] if stage in in_use()],
    )  # fmt: skip


@pages.route("/settings/stage-plans/new", methods=["GET", "POST"])
@allow(May.manage_settings, fresh=True)
def plan_new() -> Any:
    """Add a plan; it begins with what the built-in one says."""
    kind = plan_form()
    first = not any(one.usual for one in plans_in_use())
    form = kind(data={"usual": first, **typed(terms_of(None), kind.stages)})
    if request.method != "POST" or not form.validate():
        return _page(form, None)
    with posting() as post:
        plan = StagePlan.add(
            name=form.name.data or "", gates=form.gates, at_acceptance=form.at_acceptance.data, usual=form.usual.data,
            by=me(), now=now(),
        )  # fmt: skip
        post.answer(url_for("milestones.plans"), _("%(name)s was added.", name=plan.name))
    return done(post)


@pages.route("/settings/stage-plans/<int:key>/edit", methods=["GET", "POST"])
@allow(May.manage_settings, on=StagePlan, fresh=True)
def plan_edit(stage_plan: StagePlan) -> Any:
    """Say it otherwise, for gates that are planned from now on."""
    stage_plan.check(PlanVerb.change)
    form = plan_form()(plan=stage_plan, data=_as_it_stands(stage_plan))
    if request.method != "POST" or not form.validate():
        return _page(form, stage_plan)
    with posting() as post:
        stage_plan = post.again(stage_plan)
        post.same_version(stage_plan, form, _as_it_stands(stage_plan))
        stage_plan.change(
            name=form.name.data or "", gates=form.gates, at_acceptance=form.at_acceptance.data, by=me(), now=now()
        )  # fmt: skip
        post.answer(url_for("milestones.plans"), _("%(name)s was saved.", name=stage_plan.name))
    return done(post)


@pages.route("/settings/stage-plans/<int:key>/usual", methods=["GET", "POST"])
@allow(May.manage_settings, on=StagePlan, fresh=True)
def plan_usual(stage_plan: StagePlan) -> Any:
    """Make it the usual one."""
    if request.method == "GET":
        stage_plan.refuse_usual()
    act = Act(
        PlanVerb.make_usual,
        _("Make it the usual plan"),
        _("It is taken wherever nobody chooses another. Gates that are planned already stay as they are."),
        _("Make it the usual plan"),
        _("%(name)s is the usual stage plan now.", name=stage_plan.name),
    )  # fmt: skip
    return _act_page(stage_plan, act, lambda fresh: fresh.make_usual(by=me(), now=now()))


@pages.route("/settings/stage-plans/<int:key>/ending", methods=["GET", "POST"])
@allow(May.manage_settings, on=StagePlan, fresh=True)
def plan_ending(stage_plan: StagePlan) -> Any:
    """Put it out of use."""
    if stage_plan.usual:
        sentence = _(
            "No gate is planned by it any more, and the built-in plan is the usual one again. "
            "Gates that are planned already stay as they are."
        )
    else:
        sentence = _("No gate is planned by it any more. Gates that are planned already stay as they are.")  # fmt: skip
    act = Act(
        PlanVerb.end,
        _("Put this plan out of use"),
        sentence,
        _("Put it out of use"),
        _("%(name)s is out of use.", name=stage_plan.name),
        danger=True,
        seen=lambda fresh: fresh.usual,
    )
    return _act_page(stage_plan, act, lambda fresh: fresh.end(by=me(), now=now()))


def _as_it_stands(plan: StagePlan) -> dict[str, Any]:
    """Return what the form would show now, field by field."""
    return {
        "name": plan.name,
        "at_acceptance": plan.at_acceptance,
        **typed(terms_of(plan), plan_form().stages),
    }


def _page(form: PlanForm, plan: StagePlan | None) -> Any:
    return render(
        "milestones/plan_edit.html", form=form, plan=plan, gates=[(stage_name(stage), form.of(stage)) for stage in form.stages],
        status=422 if form.errors else 200,
    )  # fmt: skip


def _act_page(plan: StagePlan, act: Act, do: Callable[[StagePlan], Any]) -> Any:
    page = url_for("milestones.plans")
    changed = _("This stage plan changed since you opened it. Look at it before you decide.")
    return page_of_act(
        "milestones/plan_act.html", plan, Form(), act, do, to=page, changed=changed,
        context=lambda: {"plan": plan, "back": page},
    )  # fmt: skip
