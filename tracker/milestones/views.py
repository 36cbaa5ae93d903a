"""The pages of this room: the milestones of an initiative, and one of them. Importing it hangs all pages on the blueprint."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.activity.queries import timeline
from tracker.clock import now
from tracker.errors import Missing, NotNow
from tracker.forms import optional_id
from tracker.gate import allow, me
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import stage_name
from tracker.milestones import views_plans, views_verbs
from tracker.milestones.criteria import criteria_of
from tracker.milestones.forms import EditForm, GatesForm, NewForm, typed
from tracker.milestones.measuring import OnRecord
from tracker.milestones.models import Milestone
from tracker.milestones.moves import moves_of
from tracker.milestones.pages import pages
from tracker.milestones.planning import refuse_ended
from tracker.milestones.plans import terms_of
from tracker.milestones.proposing import choices, plan_by, plan_for
from tracker.milestones.showing import counted, gated, is_late, lines_of, road_of, ungated
from tracker.milestones.states import Verb, state_name
from tracker.milestones.usual import days_ahead
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import ngettext, today


@pages.get("/initiatives/<ref>/milestones")
@allow(May.read_internal, on=Initiative)
def of_initiative(initiative: Initiative) -> Any:
    """Show the road of gates, what is planned, the next due on top, and what is over."""
    framed = frame(initiative, me(), "milestones.of_initiative", today())
    lines = lines_of(initiative, today(), now())
    planned, over = counted(lines)
    road = road_of(initiative, framed["facts"].entered, lines)
    return render(
        "milestones/of_initiative.html", **framed, planned=planned, over=over, state_name=state_name, road=road,
        lacking=not initiative.ended and any(step.id is None and not step.state for step in road),
    )  # fmt: skip


@pages.route("/initiatives/<ref>/milestones/new", methods=["GET", "POST"])
@allow(May.plan_milestone, on=Initiative)
def new(initiative: Initiative) -> Any:
    """Plan a milestone: what is reached by when, and by what one sees it."""
    refuse_ended(initiative)
    form = NewForm()
    form.offer(ungated(initiative))
    if request.method != "POST" or not form.validate():
        return render(
            "milestones/edit.html", initiative=initiative, milestone=None, form=form, back=_home(initiative),
            status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        initiative = post.again(initiative)
        made = Milestone.plan(
            initiative, due_on=form.due_on.data or today(), opens=form.opens.data or None, by=me(), now=now(), **form.about
        )  # fmt: skip
        post.answer(url_for("milestones.show", key=made.id), _("The milestone is planned."))
    return done(post)


@pages.route("/initiatives/<ref>/milestones/gates", methods=["GET", "POST"])
@allow(May.plan_milestone, on=Initiative)
def gates(initiative: Initiative) -> Any:
    """Plan the gates that are still missing, by the days and the criteria of a stage plan, or for other days."""
    refuse_ended(initiative)
    stages = ungated(initiative)
    if not stages:
        raise NotNow(_("Every stage that lies ahead has its gate."))
    plans = choices()
    chosen = _asked(initiative)
    if chosen not in plans:
        raise Missing
    form = GatesForm(plan=chosen).ask(stages, plans)
    plan = plans.get(form.plan.data)
    terms = terms_of(plan)
    if request.method != "POST":
        form.propose(days_ahead(initiative, today(), terms, gated(initiative)))
    if request.method != "POST" or not form.validate():
        return render(
            "milestones/gates.html", initiative=initiative, form=form, back=_home(initiative), several=len(plans) > 1,
            criteria={stage.value: terms[stage].words for stage in stages}, status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        initiative = post.again(initiative)
        plan_by(initiative, plan, form.days, by=me(), now=now())
        count = len(form.days)
        post.answer(
            _home(initiative), ngettext("%(num)s gate is planned.", "%(num)s gates are planned.", count)
        )  # fmt: skip
    return done(post)


@pages.get("/milestones/<int:key>")
@allow(May.read_internal, on=Milestone)
def show(milestone: Milestone) -> Any:
    """Show one milestone: by when, by what one sees it, which days it had, and what happened."""
    criteria = criteria_of([milestone.id])
    record = OnRecord(milestone.initiative, now())
    return render(
        "milestones/show.html", milestone=milestone, initiative=milestone.initiative, Verb=Verb, state_name=state_name,
        late=is_late(milestone, milestone.initiative, today()), gate=stage_name(milestone.opens) if milestone.opens else "",
        criteria=[(one, record.met(one)) for one in criteria], moves=moves_of(milestone.id),
        feed=timeline(me(), subject=("milestone", milestone.id), before_id=asked_number("before")),
    )  # fmt: skip


@pages.route("/milestones/<int:key>/edit", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def edit(milestone: Milestone) -> Any:
    """Call it otherwise, or say anew by what one sees that it is reached."""
    stands = {"name": milestone.name, **typed(criteria_of([milestone.id]))}
    form = EditForm(data=stands)
    if request.method != "POST" or not form.validate():
        milestone.check(Verb.change)
        return render(
            "milestones/edit.html", initiative=milestone.initiative, milestone=milestone, form=form,
            back=url_for("milestones.show", key=milestone.id), status=422 if form.errors else 200,
        )  # fmt: skip
    with posting() as post:
        milestone = post.again(milestone)
        stands = {"name": milestone.name, **typed(criteria_of([milestone.id]))}
        post.same_version(milestone, form, stands)
        milestone.change(by=me(), now=now(), **form.about)
        post.answer(url_for("milestones.show", key=milestone.id), _("Your changes are saved."))
    return done(post)


def _asked(initiative: Initiative) -> int | None:
    """Return the id of the stage plan that the address asks for, else of the initiative's. Raises `Missing` for what is none."""
    if "plan" not in request.args:
        plan = plan_for(initiative)
        return plan.id if plan is not None else None
    try:
        return optional_id(request.args["plan"])
    except ValueError:
        raise Missing from None


def _home(initiative: Initiative) -> str:
    return url_for("milestones.of_initiative", ref=initiative.ref)


__all__ = ["pages", "views_plans", "views_verbs"]
