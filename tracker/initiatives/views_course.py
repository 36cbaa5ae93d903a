"""What the sponsor may do at any time, in words: step back, hold, resume, stop (rule 6)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from tracker.gate import allow
from tracker.initiatives.act_pages import Act, act_page
from tracker.initiatives.forms import FreeWordsForm
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import pages
from tracker.initiatives.stages import stage_name
from tracker.policy import May
from tracker.wording import lazy as _l


@pages.route("/initiatives/<ref>/stage/back", methods=["GET", "POST"])
@allow(May.step_back, on=Initiative)
def step_back(initiative: Initiative) -> Any:
    """Move it back one stage; the form says to which."""
    earlier = initiative.previous_stage
    name = stage_name(earlier) if earlier else ""
    act = Act(
        verb="step_back",
        heading=_l("Move %(ref)s back to %(stage)s", ref=initiative.ref, stage=name)
        if earlier
        else _l("Move %(ref)s back", ref=initiative.ref),
        button=_l("Move it back"),
        said=_("%(ref)s is back at %(stage)s.", ref=initiative.ref, stage=name),
        sentence=_l("An open request to go on is withdrawn. What happened stays on the record."),
        label=_l("Why it goes back"),
        possible=earlier is not None,
        to=earlier,
    )
    return act_page(initiative, act)


@pages.route("/initiatives/<ref>/hold", methods=["GET", "POST"])
@allow(May.hold, on=Initiative)
def hold(initiative: Initiative) -> Any:
    """Put it on hold."""
    act = Act(
        verb="hold",
        heading=_l("Put %(ref)s on hold", ref=initiative.ref),
        button=_l("Put it on hold"),
        said=_("%(ref)s is on hold.", ref=initiative.ref),
        sentence=_l(
            "The clocks of its blockers and requests stand still until it is resumed. "
            "It keeps its stage."
        ),
        label=_l("Why it pauses, and what it waits for"),
        possible=initiative.held_at is None and not initiative.ended,
    )
    return act_page(initiative, act)


@pages.route("/initiatives/<ref>/resumption", methods=["GET", "POST"])
@allow(May.resume, on=Initiative)
def resume(initiative: Initiative) -> Any:
    """Take it off hold."""
    act = Act(
        verb="resume",
        heading=_l("Resume %(ref)s", ref=initiative.ref),
        button=_l("Resume it"),
        said=_("%(ref)s goes on.", ref=initiative.ref),
        sentence=_l("Its clocks go on from where they stood."),
        label=_l("What changed"),
        possible=initiative.held_at is not None,
    )
    return act_page(initiative, act, FreeWordsForm())


@pages.route("/initiatives/<ref>/closure", methods=["GET", "POST"])
@allow(May.stop, on=Initiative)
def stop(initiative: Initiative) -> Any:
    """End it, with the reason."""
    act = Act(
        verb="stop",
        heading=_l("Stop %(ref)s", ref=initiative.ref),
        button=_l("Stop %(ref)s", ref=initiative.ref),
        said=_("%(ref)s is stopped.", ref=initiative.ref),
        sentence=_l(
            "It ends here, for good. Requests are withdrawn and its blockers close; "
            "the days they took still count. Nothing is deleted."
        ),
        label=_l("Why it stops"),
        hint=_l("Whoever meets the same friction later will read this."),
        danger=True,
        possible=not initiative.ended,
    )
    return act_page(initiative, act)
