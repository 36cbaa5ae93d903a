"""What can be true of a person and a thing: the words that the policy is written in.

Each predicate looks only at fields of what it is given, so this file imports no models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.organisation.roles import NO_DUTIES

Predicate = Callable[[Any, Any], bool]


def everybody(who: Any, thing: Any) -> bool:
    return True


def internal(who: Any, thing: Any) -> bool:
    return who.role != "partner"


def acts(who: Any, thing: Any) -> bool:
    """Internal, and here to change things: everybody but auditors."""
    return who.role not in NO_DUTIES


def manager(who: Any, thing: Any) -> bool:
    return who.role == "manager"


def executive(who: Any, thing: Any) -> bool:
    return who.role == "executive"


def auditor(who: Any, thing: Any) -> bool:
    return who.role == "auditor"


def administrator(who: Any, thing: Any) -> bool:
    return who.is_admin and acts(who, thing)


def programme_owner(who: Any, thing: Any) -> bool:
    return who.role == "executive" and who.duties.is_owner


def relationship_owner(who: Any, thing: Any) -> bool:
    return acts(who, thing) and thing is not None and thing.relationship_owner_id == who.id


def lead(who: Any, thing: Any) -> bool:
    return acts(who, thing) and thing is not None and thing.lead_id == who.id


def leads_an_idea(who: Any, thing: Any) -> bool:
    return thing is not None and thing.stage == "idea" and (lead(who, thing) or manager(who, thing))


def sponsor(who: Any, thing: Any) -> bool:
    return (
        executive(who, thing)
        and thing is not None
        and thing.sponsor_id is not None
        and thing.sponsor_id == who.id
    )


def sponsors_deputy(who: Any, thing: Any) -> bool:
    """The sponsor's dated deputy: an active executive, never the lead (rule 14)."""
    return (
        executive(who, thing)
        and thing is not None
        and thing.sponsor_id in who.duties.sponsors_for
        and thing.lead_id != who.id
    )


def proposed_sponsor(who: Any, thing: Any) -> bool:
    return executive(who, thing) and thing is not None and thing.proposed_sponsor_id == who.id


def proposer(who: Any, thing: Any) -> bool:
    return acts(who, thing) and thing is not None and thing.proposed_by_id == who.id


def team(who: Any, thing: Any) -> bool:
    """Anyone on it whose work it is: responsible or consulted."""
    return acts(who, thing) and thing is not None and who.id in thing.working_member_ids


def on_it(who: Any, thing: Any) -> bool:
    """Anyone on it, in whatever responsibility, the sponsor included."""
    return (
        acts(who, thing)
        and thing is not None
        and (who.id in thing.member_ids or thing.sponsor_id == who.id)
    )


def heads_a_unit_of_it(who: Any, thing: Any) -> bool:
    return (
        acts(who, thing)
        and thing is not None
        and bool(who.duties.heads & thing.participating_unit_ids)
    )


def heads_the_lead_unit(who: Any, thing: Any) -> bool:
    return acts(who, thing) and thing is not None and thing.lead_unit_id in who.duties.heads


def heads_the_subject(who: Any, thing: Any) -> bool:
    """Head of the unit that the subject (a unit, or a membership) belongs to."""
    return acts(who, thing) and thing is not None and thing.of_unit_id in who.duties.heads


def executive_oneself(who: Any, thing: Any) -> bool:
    return executive(who, thing) and thing is not None and thing.id == who.id


def head_oneself(who: Any, thing: Any) -> bool:
    """Whoever heads a unit, about their own absence."""
    return acts(who, thing) and thing is not None and thing.id == who.id and bool(who.duties.heads)


def who_is_away(who: Any, deputyship: Any) -> bool:
    return acts(who, deputyship) and deputyship is not None and deputyship.person_id == who.id


def for_a_sponsor(who: Any, deputyship: Any) -> bool:
    return deputyship is not None and deputyship.capacity == "sponsor"


def for_a_head(who: Any, deputyship: Any) -> bool:
    return deputyship is not None and deputyship.capacity == "head"


def answerer(who: Any, blocker: Any) -> bool:
    return acts(who, blocker) and blocker is not None and blocker.answerer_id == who.id


def heads_the_holder(who: Any, blocker: Any) -> bool:
    return acts(who, blocker) and blocker is not None and blocker.holder_unit_id in who.duties.heads


def contact_of_the_holder(who: Any, blocker: Any) -> bool:
    return (
        who.role == "partner"
        and blocker is not None
        and blocker.holder_partner_id == who.partner_id
    )


def answers_for_the_outside(who: Any, blocker: Any) -> bool:
    """Nobody outside can sign in, so the lead answers for an outside party."""
    return blocker is not None and bool(blocker.holder_outside) and (runs_the_blocked(who, blocker))


def settler(who: Any, blocker: Any) -> bool:
    """Whoever settles a dispute over it: the sponsor, or the programme owner."""
    return acts(who, blocker) and blocker is not None and blocker.settler_id == who.id


def keeps_the_holder(who: Any, blocker: Any) -> bool:
    """The relationship owner of the partner that holds it."""
    return (
        acts(who, blocker)
        and blocker is not None
        and blocker.holder_keeper_id is not None
        and blocker.holder_keeper_id == who.id
    )


def raiser(who: Any, blocker: Any) -> bool:
    return who.role != "auditor" and blocker is not None and blocker.raised_by_id == who.id


def contact_of_who_waits(who: Any, blocker: Any) -> bool:
    """A contact of the partner that waits: whichever of them raised it, they answer for its side."""
    return (
        who.role == "partner"
        and blocker is not None
        and blocker.blocked_partner_id is not None
        and blocker.blocked_partner_id == who.partner_id
    )


def leads_the_blocked(who: Any, blocker: Any) -> bool:
    return acts(who, blocker) and blocker is not None and blocker.initiative_lead_id == who.id


def runs_the_blocked(who: Any, blocker: Any) -> bool:
    return leads_the_blocked(who, blocker) or manager(who, blocker)


def contact(who: Any, thing: Any) -> bool:
    return who.role == "partner"


def finance(who: Any, thing: Any) -> bool:
    """Somebody named in the settings, and no manager by that."""
    return acts(who, thing) and who.is_finance


def kpi_owner(who: Any, kpi: Any) -> bool:
    return acts(who, kpi) and kpi is not None and kpi.owner_id == who.id


def nobodys_kpi(who: Any, kpi: Any) -> bool:
    return kpi is not None and kpi.owner_id is None


def own(who: Any, thing: Any) -> bool:
    return thing is not None and thing.owner_id is not None and thing.owner_id == who.id


def shared(who: Any, board: Any) -> bool:
    """A board for everybody, which nobody owns."""
    return board is not None and board.owner_id is None


def all_of(*predicates: Predicate) -> Predicate:
    """Return a predicate that holds when every one of `predicates` does."""

    def holds(who: Any, thing: Any) -> bool:
        return all(predicate(who, thing) for predicate in predicates)

    return holds
