"""What a board says, in one language, one calendar and one person's digits: each sentence is made once and kept.

Sixty cards say the same few things with other numbers and names, and looking a sentence up costs more than printing it.
What was never said before can only be made inside a request, which knows the language: elsewhere `NotSaid` sends the
answer the long road, which says it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import get_template_attribute, has_request_context
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.initiatives import stages
from tracker.initiatives.reporting import Colour, colour_mark, colour_name
from tracker.initiatives.stages import Stage, stage_name
from tracker.kpis.saying import MARKS, value_told, variation_name
from tracker.kpis.xmr import Variation
from tracker.wording import day as day_told
from tracker.wording import days_short, ngettext, number

MOST = 20_000  # sentences kept of one language
SHADES = {"on_track": "ok", "at_risk": "warn", "off_track": "bad", "none": "none"}


class NotSaid(LookupError):
    """A sentence is wanted outside a request and was never made before."""


class Words:
    """Made inside a request, for everybody who reads the same language, days and digits until the organisation changes."""

    def __init__(self) -> None:
        icon = get_template_attribute("components/icon.html", "icon")
        rag = get_template_attribute("components/status.html", "rag")
        self._kept: dict[Hashable, Any] = {}
        self._menus: dict[Hashable, Markup] = {}
        self.columns = tuple(
            (stage.value, stage_name(stage)) for stage in stages.in_use() if stage != Stage.realised
        )
        self.stages = {stage.value: stage_name(stage) for stage in Stage}
        in_use = [stage for stage in Stage if stage in stages.in_use()]
        self.road = len(in_use)
        self.passed = {  # by stage how many of them have begun
            stage.value: sum(stages.ORDER.index(one) <= stages.ORDER.index(stage) for one in in_use)
            for stage in Stage
        }
        self.following = {
            stage.value: later.value for stage in Stage if (later := stages.after(stage))
        }
        self.colours = {colour and colour.value: colour_name(colour) for colour in (None, *Colour)}
        self.marks = {
            colour: rag(colour_mark(colour), name) for colour, name in self.colours.items()
        }
        self.icons = {
            name: icon(name, flip=name == "arrow")
            for name in ("none", "more", "stop", "clock", "arrow", "ok", "bad", "goal")
        }
        self.fixed = fixed()

    def say(self, name: str, *values: Any) -> Any:
        """Return the sentence `name` of `SENTENCES` with `values` in it. Raises `NotSaid`."""
        key = (name, *values)
        said = self._kept.get(key)
        if said is None:
            if not has_request_context():
                raise NotSaid(name)
            if len(self._kept) >= MOST:
                self._kept.clear()
            said = self._kept[key] = SENTENCES[name](*values)
        return said

    def menu(self, alike: Hashable, make: Callable[[], Markup]) -> Markup:
        """Return the menu of all cards that are `alike`, made by `make` the first time."""
        menu = self._menus.get(alike)
        if menu is None:
            menu = self._menus[alike] = make()
        return menu


def fixed() -> dict[str, str]:
    """Return what is always said alike, in the language of whoever looks."""
    return {
        "board": _("Initiative board"),
        "all": _("All initiatives"),
        "none_match": _("No initiatives match this board."),
        "new": _("New initiative"),
        "order": _("In each cell: longest in the stage first."),
        "fold": _("Fold"),
        "ended": _("Ended"),
        "today": _("Look at today"),
        "blocked": _("Blocked"),
        "held": _("On hold"),
        "silent": _("No update"),
        "silent_why": _("The last report is older than one and a half times what was agreed"),
        "stopped": _("Stopped"),
        "interim": _("Interim sponsor"),
        "adopted": _("Adopted"),
        "adopted_why": _("Taken over as it stood; what came before is not recorded."),
        "single": _("Single unit"),
        "single_why": _("No other unit takes part"),
        "no_sponsor": _("No sponsor yet"),
        "no_partner": _("No partner"),
        "no_kpi": _("No KPI yet"),
        "stale": _("Stale"),
        "age_why": _("Working days in this stage"),
        "propose": _("Propose a sponsor"),
        "propose_new": _("Propose a new sponsor"),
        "back": _("Back one stage"),
        "post_update": _("Post an update"),
        "raise_blocker": _("Raise a blocker"),
        "lead_unit": _("Change the lead unit"),
        "resume": _("Resume"),
        "hold": _("Put on hold"),
        "stop": _("Stop"),
        "open": _("Open the page"),
    }


def avatar(name: str) -> Markup:
    """Return the round mark of a sponsor."""
    return get_template_attribute("boards/_sponsor.html", "sponsor")(name)


def cell_of(column: str, stage: str, folded: bool, lane: str, named: str, by: str) -> list[Markup]:  # noqa: PLR0917 - each is part of what is kept
    """Return the begin and the end of the cell of a `column`, called `stage`, in a `lane`; folded ones are not told apart
    by lane."""
    label = _("%(stage)s, %(lane)s", stage=stage, lane=named) if named and not folded else stage
    cell = get_template_attribute("boards/_cell.html", "cell")(column, label, folded, lane, by)
    return cell.split("\f")


def figure(colour: str, count: int) -> Markup:
    """Return how many are of a colour, with its mark."""
    rag = get_template_attribute("components/status.html", "rag")
    word = colour_name(None if colour == "none" else colour).lower()
    return rag(SHADES[colour], _("%(count)s %(word)s", count=number(count), word=word))


def stands(variation: str | None, count: int) -> Markup:
    """Return what the newest reading of a KPI says, after `count` readings, with its mark."""
    rag = get_template_attribute("components/status.html", "rag")
    mark = MARKS[Variation(variation)] if variation else "none"
    return rag(mark, variation_name(variation, count))


def value_in(value: float | None, places: int, measure: str) -> str:
    """Return a value of a KPI in its unit."""
    return value_told(value, SimpleNamespace(places=places, measure=measure))


def road(place: int, total: int, following: str | None, day: str | None, late: bool) -> Markup:
    """Return the road of `total` stages up to the present one, and by which day (ISO) the `following` one opens."""
    due = day and date.fromisoformat(day)
    told = {"place": number(place), "total": number(total), "stage": following}
    if not following:
        label = _("Stage %(place)s of %(total)s", **told)
    elif not due:
        label = _("Stage %(place)s of %(total)s, next: %(stage)s", **told)
    elif late:
        label = _(
            "Stage %(place)s of %(total)s, next: %(stage)s, late since %(day)s",
            **told,
            day=day_told(due),
        )
    else:
        label = _(
            "Stage %(place)s of %(total)s, next: %(stage)s by %(day)s", **told, day=day_told(due)
        )
    return get_template_attribute("boards/_road.html", "road")(
        label, total, place, following, due, late
    )


SENTENCES: dict[str, Callable[..., Any]] = {
    "number": number,
    "days": days_short,
    "over": lambda age, usual: _("%(age)s/%(usual)s d", age=number(age), usual=number(usual)),
    "under": lambda days: _("under %(days)s d", days=number(days)),
    "usual": lambda days: _(
        "Usual age: 85%% of the latest stays in this stage took no longer than %(days)s working days",
        days=number(days),
    ),
    "show": lambda stage: _("Show %(stage)s", stage=stage),
    "cell": cell_of,
    "in_lane": lambda count: ngettext("%(num)s initiative", "%(num)s initiatives", count),
    "in_list": lambda stage, count: _(
        "%(stage)s: all %(count)s in the list", stage=stage, count=number(count)
    ),
    "under_way": lambda count: ngettext(
        "%(num)s open initiative", "%(num)s open initiatives", count
    ),
    "figure": figure,
    "are_blocked": lambda count: ngettext("%(num)s is blocked", "%(num)s are blocked", count),
    "are_silent": lambda count: ngettext(
        "%(num)s report is overdue", "%(num)s reports are overdue", count
    ),
    "menu": lambda ref: _("Move or edit %(ref)s", ref=ref),
    "asked": lambda stage: _("Asked: %(stage)s", stage=stage),
    "waits_for": lambda name: _("Waits for %(name)s", name=name),
    "blocked_by": lambda days, holder: _(
        "Blocked %(days)s d by %(holder)s", days=number(days), holder=holder
    ),
    "units": lambda unit, more: _("%(unit)s +%(more)s", unit=unit, more=number(more)),
    "open_stage": lambda stage: _("Decide on %(stage)s", stage=stage),
    "ask_stage": lambda stage: _("Request %(stage)s", stage=stage),
    "sponsor": avatar,
    "road": road,
    "aims": lambda kpi, *said: _("%(kpi)s: %(state)s", kpi=kpi, state=variation_name(*said)),
    "stands": stands,
    "value": value_in,
    "target": lambda *value: _("target %(value)s", value=value_in(*value)),
    "course": lambda kpi, value, *said: _(
        "%(kpi)s, newest %(value)s: %(state)s", kpi=kpi, value=value, state=variation_name(*said)
    ),
}
