"""The kinds in groups, as the filter chips of a timeline offer them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.activity.kinds import Kind

GROUPS: dict[str, tuple[Any, frozenset[str]]] = {
    "decisions": (
        _l("Decisions"),
        frozenset({"stage", "approval", "sponsor", "signature", "priority"}),
    ),
    "milestones": (_l("Milestones"), frozenset({"milestone"})),
    "actions": (_l("Actions"), frozenset({"action", "comment", "scorecard"})),
    "blockers": (_l("Blockers"), frozenset({"blocker"})),
    "updates": (_l("Updates"), frozenset({"update"})),
    "goals": (_l("Goals and KPIs"), frozenset({"goal", "kpi", "reading", "checkpoint", "benefit"})),
    "team": (_l("Team"), frozenset({"member", "deputy", "duty"})),
    "content": (_l("Content"), frozenset({"initiative", "charter"})),
    "organisation": (
        _l("Organisation"),
        frozenset({"person", "unit", "partner", "calendar", "settings", "stage_plan"}),
    ),
    "system": (
        _l("Boards and files"),
        frozenset({"board", "import", "import_map", "trail", "demo"}),
    ),
}
ON_AN_INITIATIVE = (
    *("decisions", "milestones", "actions", "blockers", "updates", "goals", "team", "content"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter of a timeline: what it says, where it leads, and whether it is the one chosen."""

    label: str
    url: str
    chosen: bool


def kinds_of(group: str | None) -> frozenset[Kind] | None:
    """The kinds of a group; None, which means all, for no group and for one that does not exist."""
    if group not in GROUPS:
        return None
    prefixes = GROUPS[group][1]
    return frozenset(kind for kind in Kind if kind.partition(".")[0] in prefixes)


def chips(
    chosen: str | None,
    address: Callable[[str | None], str],
    groups: tuple[str, ...] = tuple(GROUPS),
) -> list[Chip]:
    """The chips for `_filters.html`: all, then each of `groups`. `address` gives the URL of one."""
    chosen = chosen if chosen in groups else None
    everything = Chip(_("Everything"), address(None), chosen is None)
    rest = [Chip(str(GROUPS[group][0]), address(group), chosen == group) for group in groups]
    return [everything, *rest]
