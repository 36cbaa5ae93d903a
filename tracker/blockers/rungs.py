"""How far a late blocker has climbed, and when it climbs next: sums of dates, without a database (rule 25)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.blockers.clocks import ACKNOWLEDGE_WITHIN, COMMIT_WITHIN, SETTLE_WITHIN
from tracker.blockers.states import State
from tracker.initiatives.pauses import Limit, Pause, extended, within
from tracker.organisation.calendars import WorkingDays

NEXT_WITHIN = 5  # working days from one step to the next, where no clock runs out before


class Step(StrEnum):
    """Who is told of a late blocker, one after another."""

    head = "head"
    keeper = "keeper"
    sponsor = "sponsor"
    owner = "owner"


STEP_WORDS: dict[Step, Any] = {
    Step.head: _l("Head of the unit"),
    Step.keeper: _l("Relationship owner"),
    Step.sponsor: _l("Sponsor"),
    Step.owner: _l("Programme owner"),
}


def ladder_of(blocker: Any) -> tuple[Step, ...]:
    """Return the steps of a blocker (or a row with its columns), in their order.

    Whoever answers is no step: they are waited on from the beginning, for an outside party the lead. A dispute that
    nobody settles goes to the programme owner at once.
    """
    if blocker.state == State.disputed:
        return (Step.owner,)
    if blocker.holder_unit_id is not None:
        return (Step.head, Step.sponsor, Step.owner)
    if blocker.holder_partner_id is not None:
        return (Step.keeper, Step.sponsor, Step.owner)
    return (Step.sponsor, Step.owner)


def steps_left(blocker: Any) -> tuple[Step, ...]:
    """Return the steps that are still to come."""
    ladder, reached = ladder_of(blocker), blocker.escalated_to
    order = list(Step)
    return tuple(
        step for step in ladder if reached is None or order.index(step) > order.index(reached)
    )


def climbs_after(blocker: Any, pauses: Sequence[Pause], days: WorkingDays) -> date | None:
    """Return the last day before a blocker climbs, by the `days` of whoever is waited for; None where it does not.

    A clock that runs out is one step: that of acknowledging, that of promising, then the promise. Where all have run out,
    the next step comes NEXT_WITHIN working days after the last one. Times on hold are taken out of each, and nothing climbs in
    one, not even what was late before it (rule 6).
    """
    if not steps_left(blocker) or any(pause.ends is None for pause in pauses):
        return None
    since = blocker.escalated_on
    ends = [extended(limit, pauses, days) for limit in _clocks(blocker, days)]
    if not ends:
        return None  # nobody who could be told has the next word
    to_come = [end for end in ends if end is not None and (since is None or end >= since)]
    if to_come:
        return min(to_come)
    return extended(within(NEXT_WITHIN, since, days), pauses, days) if since else None


def _clocks(blocker: Any, days: WorkingDays) -> list[Limit]:
    since = blocker.clock_since
    match blocker.state:
        case State.raised if blocker.holder_outside is None:
            return [within(ACKNOWLEDGE_WITHIN, since, days), within(COMMIT_WITHIN, since, days)]
        case State.raised | State.acknowledged:
            return [within(COMMIT_WITHIN, since, days)]
        case State.committed:
            return [Limit(blocker.promised_on, blocker.promised_since or since)]
        case State.disputed:
            return [within(SETTLE_WITHIN, blocker.asked_since, days)]
    return []
