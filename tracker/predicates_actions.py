"""What can be true of a person and an action, or of what hangs on one: further words of the policy."""

from __future__ import annotations

from typing import Any

from tracker.predicates import acts


def does_it(who: Any, action: Any) -> bool:
    """The person of ours that an action is assigned to."""
    return acts(who, action) and action is not None and action.assignee_id == who.id


def contact_of_the_doer(who: Any, action: Any) -> bool:
    """A contact of the partner that an action is assigned to."""
    return who.role == "partner" and action is not None and action.partner_id == who.partner_id


def host(who: Any, action: Any) -> bool:
    return acts(who, action) and action is not None and action.host_id == who.id


def leads_the_initiative(who: Any, action: Any) -> bool:
    return acts(who, action) and action is not None and action.initiative_lead_id == who.id


def others_work(who: Any, action: Any) -> bool:
    """Somebody else did it: nobody accepts their own work (rule 19)."""
    return action is not None and action.assignee_id != who.id


def brought_it(who: Any, evidence: Any) -> bool:
    """Whoever hung it on its action, in whatever role but an auditor's."""
    return (
        who.role != "auditor"
        and evidence is not None
        and evidence.added_by_id is not None
        and evidence.added_by_id == who.id
    )


def wrote_it(who: Any, comment: Any) -> bool:
    return who.role != "auditor" and comment is not None and comment.author_id == who.id
