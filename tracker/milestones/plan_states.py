"""The life of a stage plan: in use, or out of use; nothing of it is deleted, for milestones name it."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _

from tracker.life import Life


class PlanState(StrEnum):
    """Whether gates are planned by it."""

    in_use = "in_use"
    ended = "ended"


class PlanVerb(StrEnum):
    """What is done with a plan; the last word of its address is the same."""

    change = "edit"
    make_usual = "usual"
    end = "ending"


def _refusal(_verb: PlanVerb, _state: PlanState) -> str:
    return _("This stage plan is out of use. Add another one.")


LIFE = Life(
    {
        PlanVerb.change: ((PlanState.in_use,), None),
        PlanVerb.make_usual: ((PlanState.in_use,), None),
        PlanVerb.end: ((PlanState.in_use,), PlanState.ended),
    },
    (PlanState.in_use,),
    (PlanState.ended,),
    _refusal,
)
