"""What the cells of an initiative's row refer to: units, partners, people, stages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from tracker.importing.directory import Directory
from tracker.importing.matching import Rejected, resolved
from tracker.initiatives.friction import RootCause
from tracker.initiatives.stages import ADOPTABLE, Stage, in_use, stage_name
from tracker.wording import listed


def resolve(values: dict[str, Any], directory: Directory) -> dict[str, Any]:
    """The values of a row with ids instead of names. Raises `Rejected`.

    A budget must be in the organisation's currency; it is never converted.
    """
    found = dict(values)
    found["unit"] = resolved("unit", directory.unit, values.get("unit"))
    for name, look_up in (("units", directory.unit), ("partners", directory.partner)):
        texts = values.get(name) or []
        found[name] = frozenset(resolved(name, look_up, text) for text in texts)
    found["lead"] = resolved("lead", lambda t: directory.colleague(t).id, values.get("lead"))
    found["sponsor"] = resolved(
        "sponsor", lambda t: directory.executive(t).id, values.get("sponsor")
    )
    found["stage"] = _stage(values.get("stage"))
    found["cause"] = RootCause(values["cause"]) if values.get("cause") else None
    budget = values.get("budget")
    if budget is not None:
        if budget.currency not in {None, directory.currency}:
            raise Rejected(
                "budget",
                _(
                    "The amount is in %(other)s; amounts here are in %(ours)s.",
                    other=budget.currency,
                    ours=directory.currency,
                ),
            )
        if budget.amount < 0:
            raise Rejected("budget", _("A budget cannot be negative."))
        found["budget"] = budget.amount
    return found


def as_it_stands(stage: Stage | None) -> str:
    """Return what becomes of the stage that a new row names: accepting to sponsor it takes the work over there."""
    if stage is None:
        return ""
    return _(
        "It comes in as an idea, and stands at %(stage)s once somebody accepts to sponsor it.",
        stage=stage_name(stage),
    )


def _stage(value: str | None) -> Stage | None:
    """The stage that a row says the work has reached. Raises `Rejected` where none can be adopted."""
    if value is None:
        return None
    stage = Stage(value)
    if stage != Stage.idea and (stage not in ADOPTABLE or stage not in in_use()):
        raise Rejected(
            "stage",
            _(
                "Work under way can be adopted at: %(stages)s.",
                stages=listed(stage_name(s) for s in ADOPTABLE if s in in_use()),
            ),
        )
    return stage
