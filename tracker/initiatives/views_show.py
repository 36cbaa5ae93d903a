"""One initiative: the page that says what it waits for, and everything that happened to it."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.orm import aliased

from tracker.activity.groups import ON_AN_INITIATIVE, chips, kinds_of
from tracker.activity.queries import timeline
from tracker.blockers.holders import Calendars
from tracker.blockers.queries import of_initiative
from tracker.gate import allow, me
from tracker.initiatives.framing import Part, Seen, frame, main_parts, side_parts
from tracker.initiatives.friction import root_cause_name
from tracker.initiatives.memberships import discipline_name, responsibility_name
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import pages
from tracker.initiatives.pending import waits_of
from tracker.initiatives.queries import Beside, acted
from tracker.initiatives.reporting import cadence_name
from tracker.paging import asked_number, here
from tracker.policy import May
from tracker.updates.models import Update, standing
from tracker.web import render
from tracker.wording import today

LATEST = 6  # decisions on the overview; everything else stands in the activity
MOST_BLOCKERS = 6
Report = aliased(Update, name="report")
_LATEST = standing(Initiative.id).with_only_columns(Update.id).limit(1)
REPORT = Beside(Report, Report.id == _LATEST.correlate(Initiative).scalar_subquery())
"""The last update that nothing corrects, as `report`."""


@pages.get("/initiatives/<ref>")
@allow(May.read_internal, on=Initiative)
def show(initiative: Initiative) -> Any:
    """Show what it is, what it waits for, who takes part, and what happened last."""
    wanted = [one for part in (*main_parts, *side_parts) for one in part.beside]
    framed = frame(initiative, me(), "initiatives.show", today(), [*wanted, REPORT])
    seen = Seen(framed["facts"], calendars := Calendars())
    return render(
        "initiatives/show.html",
        **framed,
        waits=waits_of(initiative, seen.facts, framed["acts"], today()),
        report=seen.facts.report,
        blockers=of_initiative(initiative, limit=MOST_BLOCKERS, calendars=calendars)
        if initiative.open_blockers
        else [],
        feed=timeline(me(), initiative_id=initiative.id, kinds=kinds_of("decisions"), limit=LATEST),
        main_parts=_laid(main_parts, initiative, seen),
        side_parts=_laid(side_parts, initiative, seen),
        **_words(),
    )


@pages.get("/initiatives/<ref>/activity")
@allow(May.read_internal, on=Initiative)
def activity(initiative: Initiative) -> Any:
    """Show everything that happened to it, by kind and by person, the newest first."""
    group, actor = request.args.get("group"), asked_number("person")
    feed = timeline(
        me(),
        initiative_id=initiative.id,
        kinds=kinds_of(group),
        actor=actor,
        before_id=asked_number("before"),
    )
    return render(
        "initiatives/activity.html",
        **frame(initiative, me(), "initiatives.activity", today()),
        feed=feed,
        older_url=here(before=feed.older) if feed.older else None,
        chips=chips(group, lambda key: here(group=key, before=None), ON_AN_INITIATIVE),
        people=acted(initiative),
        person_chosen=actor,
    )


def _laid(parts: list[Part], initiative: Initiative, seen: Seen) -> list[dict[str, Any]]:
    found = ((part, part.load(initiative, me(), seen)) for part in parts)
    return [{"template": part.template, "data": data} for part, data in found if data is not None]


def _words() -> dict[str, Any]:
    return {
        "cadence_name": cadence_name,
        "discipline_name": discipline_name,
        "responsibility_name": responsibility_name,
        "root_cause_name": root_cause_name,
    }
