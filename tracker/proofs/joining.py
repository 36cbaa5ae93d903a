"""What this room tells the rooms below it: that a password may not be enough, what is forgotten with an access, who asks again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker import gate
from tracker.activity.sentences import unfolding
from tracker.organisation import arriving, choosing
from tracker.organisation.handing_over import Handed, handovers
from tracker.organisation.people import Person
from tracker.proofs.factors import forget, is_asked
from tracker.proofs.told import second_factor_told
from tracker.proofs.views_again import ask_again
from tracker.proofs.views_sign_in import ask_more


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    unfolding["second_factor"] = second_factor_told
    for registry, mine in _MINE:
        if mine not in registry:
            registry.append(mine)


def _forget(person: Person, _by: Person | None, _now: datetime) -> list[Handed]:
    """Whose access ends can prove nothing any longer, also when it is restored one day."""
    forget(person)
    return []


_MINE: tuple[tuple[list[Any], Any], ...] = (
    (arriving.before_entry, ask_more),
    (choosing.asked_beside, is_asked),
    (handovers, _forget),
    (gate.asks_again, ask_again),
)
