"""What the lead does with a milestone: moves it, checks a criterion, says that it is reached, drops it, takes it up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.errors import Missing, NotNow
from tracker.forms import Form
from tracker.gate import allow, me
from tracker.milestones.criteria import Criterion, criteria_of
from tracker.milestones.forms import DropForm, DueForm, MetForm
from tracker.milestones.models import Milestone
from tracker.milestones.pages import pages
from tracker.milestones.reaching import refuse_measured
from tracker.milestones.states import Verb
from tracker.policy import May
from tracker.verb_pages import Act, page_of_act
from tracker.web import done, posting
from tracker.wording import day, today


def criteria_shown(milestone: Milestone) -> list[Any]:
    """Return by what it is seen to be reached, as the form showed it."""
    return [[one.id, one.called, str(one.met_at or "")] for one in criteria_of([milestone.id])]


@pages.route("/milestones/<int:key>/due-date", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def due_date(milestone: Milestone) -> Any:
    """Move it to another day."""
    form = DueForm()
    if request.method == "GET":
        form.due_on.data = milestone.due_on
    act = Act(
        Verb.reschedule,
        _("Move the milestone to another day"),
        _("Every day that it had stays on record, and a later one counts as a slip."),
        _("Set this day"),
        _("Due %(day)s.", day=day(form.due_on.data)),
        replaces={"due_on": milestone.due_on},
    )
    return _act_page(
        milestone, form, act,
        lambda fresh: fresh.reschedule(form.due_on.data or today(), form.words.data or "", by=me(), now=now()),
    )  # fmt: skip


@pages.route("/milestones/<int:key>/reaching", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def reaching(milestone: Milestone) -> Any:
    """Say that it is reached."""
    if request.method == "GET":
        milestone.check(Verb.reach)
        if words := milestone.stands_in_the_way(now()):
            raise NotNow(words)
    act = Act(
        Verb.reach,
        _("Say that it is reached"),
        _("All of its criteria are met. It stays on record with your name and today's date."),
        _("It is reached"),
        _("The milestone is reached."),
        seen=criteria_shown,
    )
    return _act_page(milestone, Form(), act, lambda fresh: fresh.reach(by=me(), now=now()))


@pages.route("/milestones/<int:key>/dropping", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def dropping(milestone: Milestone) -> Any:
    """Give it up."""
    form = DropForm()
    act = Act(
        Verb.drop,
        _("Drop this milestone"),
        _("Nobody works towards it any more. It stays on record with your reason, and can be taken up again."),
        _("Drop the milestone"),
        _("The milestone is dropped."),
        danger=True,
    )  # fmt: skip
    return _act_page(
        milestone, form, act, lambda fresh: fresh.drop(form.words.data or "", by=me(), now=now())
    )


@pages.route("/milestones/<int:key>/taking-up", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def taking_up(milestone: Milestone) -> Any:
    """Plan it again."""
    if request.method == "GET":
        milestone.refuse_taking_up()
    act = Act(
        Verb.take_up,
        _("Take this milestone up again"),
        _("It is planned again, for %(day)s and with the criteria that it had.", day=day(milestone.due_on)),
        _("Take it up again"),
        _("The milestone is planned again."),
    )  # fmt: skip
    return _act_page(milestone, Form(), act, lambda fresh: fresh.take_up(by=me(), now=now()))


@pages.route("/milestones/<int:key>/criteria/<int:id_>", methods=["GET", "POST"])
@allow(May.keep_milestone, on=Milestone)
def criterion(milestone: Milestone, id_: int) -> Any:
    """Find a criterion met, and say what shows it."""
    one = _criterion(milestone, id_)
    if request.method == "GET":
        refuse_measured(one)
    form = MetForm()
    act = Act(
        Verb.check,
        _("This criterion is met"),
        one.called,
        _("It is met"),
        _("The criterion is met."),
        seen=lambda fresh: str(_criterion(fresh, id_).met_at or ""),
    )

    def find(fresh: Milestone) -> None:
        said = {"evidence": form.words.data or "", "link": form.link.data or ""}
        fresh.find_met(_criterion(fresh, id_), by=me(), now=now(), **said)

    return _act_page(milestone, form, act, find)


@pages.post("/milestones/<int:key>/criteria/<int:id_>/reopening")
@allow(May.keep_milestone, on=Milestone)
def reopening(milestone: Milestone, id_: int) -> Any:
    """Take back that a criterion is met."""
    _criterion(milestone, id_)
    with posting() as post:
        milestone = post.again(milestone)
        milestone.find_open(_criterion(milestone, id_), by=me(), now=now())
        post.answer(url_for("milestones.show", key=milestone.id), _("The criterion is open again."))
    return done(post)


def _act_page(milestone: Milestone, form: Form, act: Act, do: Callable[[Milestone], Any]) -> Any:
    page = url_for("milestones.show", key=milestone.id)
    return page_of_act(
        "milestones/act.html",
        milestone,
        form,
        act,
        do,
        to=page,
        changed=_("This milestone changed since you opened it. Look at it before you decide."),
        context=lambda: {"milestone": milestone, "initiative": milestone.initiative, "back": page},
    )


def _criterion(milestone: Milestone, id_: int) -> Criterion:
    """Return a criterion of this milestone as it stands. Raises `Missing` for any other."""
    for one in criteria_of([milestone.id]):
        if one.id == id_:
            return one
    raise Missing
