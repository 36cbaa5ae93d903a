"""What stands around every page of one initiative: its head, its road of stages, its tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.initiatives.acting import acts_on
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import address
from tracker.initiatives.queries import Beside, initiative_facts, taking_part
from tracker.initiatives.reporting import colour_mark, colour_name, silent
from tracker.initiatives.sponsoring import LOAD
from tracker.initiatives.stages import ORDER, in_use, stage_name
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.wording import lazy as _l

# The tabs, each with its own address; a room that is not open shows none.
TABS: list[tuple[str, Any]] = [
    ("initiatives.show", _l("Overview")),
    ("milestones.of_initiative", _l("Milestones")),
    ("actions.of_initiative", _l("Actions")),
    ("updates.index", _l("Updates")),
    ("initiatives.charter", _l("Charter")),
    ("initiatives.priorities", _l("Priorities")),
    ("benefits.show", _l("Benefits")),
    ("initiatives.team", _l("Team")),
    ("discussion.of_initiative", _l("Comments")),
    ("initiatives.activity", _l("Activity")),
]
OF_MODULES = {
    "initiatives.priorities": "priorities",
    "benefits.show": "benefits",
}  # hidden while the module is off


@dataclass(frozen=True)
class Seen:
    """What the overview has read when its parts are laid on it: the facts, with what stands `beside` them, and all calendars."""

    facts: Any
    calendars: EveryCalendar


@dataclass(frozen=True)
class Part:
    """A section that another idea or room lays on the overview: `load` gives its `part.data`, or None for nothing to show.

    `beside` is what it wants read with the facts.
    """

    template: str
    load: Callable[[Initiative, Person, Seen], Any]
    beside: tuple[Beside, ...] = ()


main_parts: list[Part] = []  # below the friction
side_parts: list[Part] = []  # below the team


def frame(
    initiative: Initiative, person: Person, tab: str, today: date, beside: Iterable[Beside] = ()
) -> dict[str, Any]:
    """Return what `initiatives/_head.html` shows, for the page of endpoint `tab`: `initiative`, `facts`, `part`, `acts`,
    `steps`, `tabs`, `mark`, `colour`, `silent`, `overloaded`, `next_stage`. The initiative then knows its team."""
    part = taking_part(initiative)
    facts = initiative_facts(initiative, beside)
    return {
        "initiative": initiative,
        "facts": facts,
        "part": part,
        "acts": replace(
            acts_on(initiative, person), **({"decide": False} if facts.ask_agreed else {})
        ),
        "steps": steps_of(initiative, facts.entered),
        "tabs": [
            (url, words, endpoint == tab)
            for endpoint, words in TABS
            if (url := address(endpoint, ref=initiative.ref)) is not None
            and OF_MODULES.get(endpoint) in {None, *Organisation.current().modules}
        ],
        "mark": colour_mark(initiative.colour),
        "colour": colour_name(initiative.colour),
        "silent": initiative.colour is not None
        and not initiative.ended
        and silent(initiative, today),
        "overloaded": facts.sponsor_load > LOAD,
        "next_stage": initiative.next_stage,
        "stage_name": stage_name,
    }


def steps_of(initiative: Initiative, entered: str | None) -> list[tuple[str, str]]:
    """Return the road of stages as (words, state); what adoption went past is "not recorded", never done (rule 1).

    `entered` is the stage at which an adopted initiative was taken over as it stood.
    """
    stages = [stage for stage in ORDER if stage in in_use() or stage == initiative.stage]
    here = ORDER.index(initiative.stage)
    first = ORDER.index(entered or initiative.stage) if initiative.adopted else 0
    steps = []
    for stage in stages:
        place = ORDER.index(stage)
        if place < first and stage != ORDER[0]:
            steps.append((_("%(stage)s (not recorded)", stage=stage_name(stage)), ""))
        else:
            state = "done" if place < here else "now" if place == here else ""
            steps.append((stage_name(stage), state))
    return steps
