"""What this room tells the rooms below it: whose names the trail may use, who sees them, what it does by itself."""

from __future__ import annotations

from tracker.activity.queries import scopes
from tracker.activity.sentences import namers, unfolding, wordings
from tracker.organisation import lookups
from tracker.organisation.asking import answer_asked
from tracker.organisation.running_out import end_due
from tracker.organisation.sign_ins import forget_over
from tracker.organisation.submissions import forget_old
from tracker.sweeping import in_one_write, sweeps, urgent


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    namers.update(lookups.namers)
    scopes.update(lookups.scopes)
    wordings.update(lookups.wordings)
    unfolding.update(lookups.unfolding)
    sweeps["submissions"] = in_one_write(forget_old)
    sweeps["sign_ins"] = in_one_write(forget_over)
    sweeps["resets"] = answer_asked
    sweeps["access that runs out"] = end_due
    urgent.add("resets")
