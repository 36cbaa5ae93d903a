"""What can be true of a person and a request for a decision: further words of the policy."""

from __future__ import annotations

from typing import Any

from tracker.predicates import acts


def requester(who: Any, approval: Any) -> bool:
    """Whoever put it to the sponsor, or wrote it."""
    return (
        acts(who, approval)
        and approval is not None
        and who.id in (approval.asked_by_id, approval.drafted_by_id)
    )


def not_the_requester(who: Any, approval: Any) -> bool:
    """Nobody decides what they asked for (rule 14)."""
    return approval is not None and not requester(who, approval)


def not_the_sponsor(who: Any, thing: Any) -> bool:
    """Whoever decides does not ask (rule 14)."""
    return thing is not None and thing.sponsor_id != who.id


def decided_it(who: Any, approval: Any) -> bool:
    """Whoever made the decision that stands, or sent it back."""
    return acts(who, approval) and approval is not None and approval.answerer_id == who.id


def not_who_approved(who: Any, approval: Any) -> bool:
    """Two people approve: neither the sponsor nor who decided in the sponsor's name decides second."""
    first = (
        (approval.decided_by_id, approval.for_sponsor_id, approval.sponsor_id)
        if approval is not None
        else ()
    )
    return approval is not None and who.id not in first
