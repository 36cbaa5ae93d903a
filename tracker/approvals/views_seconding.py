"""What finance does where it decides second: approve what the sponsor approved, or send it back in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from tracker.approvals.forms import GiveBackForm
from tracker.approvals.models import Approval
from tracker.approvals.pages import pages
from tracker.approvals.rules import fresh_wanted
from tracker.approvals.showing import seen_of
from tracker.approvals.states import Verb
from tracker.approvals.views_deciding import another, page_of_decision, recorded
from tracker.clock import now
from tracker.gate import allow, me
from tracker.policy import May
from tracker.verb_pages import Act
from tracker.web import done, posting


@pages.post("/approvals/<int:key>/second")
@allow(May.second_approval, on=Approval, fresh=fresh_wanted)
def second(approval: Approval) -> Any:
    """Approve it for finance: its stage opens."""
    with posting() as post:
        approval = post.again(approval)
        post.still(seen_of(approval), another())
        approval.second(by=post.person, now=now())
        post.answer(recorded(approval), _("Your decision is recorded."))
    return done(post)


@pages.route("/approvals/<int:key>/return", methods=["GET", "POST"])
@allow(May.second_approval, on=Approval, fresh=fresh_wanted)
def give_back(approval: Approval) -> Any:
    """Send it back for finance."""
    form = GiveBackForm()
    act = Act(
        Verb.give_back,
        _("Not yet"),
        _("It becomes a draft again. Whoever asked and the sponsor read your words, and the sponsor decides anew."),
        _("Send it back"),
        _("Your decision is recorded."),
        seen=seen_of,
    )  # fmt: skip

    def decide(fresh: Approval) -> None:
        fresh.give_back(by=me(), now=now(), words=form.words.data or "")

    return page_of_decision(approval, form, act, decide)
