"""Who may do what: the whole permission model on one page.

An act is allowed when any predicate beside it holds; an act that stands nowhere is allowed to nobody. Reading is not
decided here: what a person cannot see never reaches this page. The predicates are in `predicates.py`, the acts in `acts.py`.
"Managers stand for the lead" is spelled out: where the lead may act, `manager` stands beside it, or deliberately does not.
"""

from __future__ import annotations

from typing import Any

from tracker.acts import May
from tracker.predicates import (
    Predicate,
    acts,
    administrator,
    all_of,
    answerer,
    answers_for_the_outside,
    auditor,
    contact,
    contact_of_the_holder,
    contact_of_who_waits,
    everybody,
    executive,
    executive_oneself,
    finance,
    for_a_head,
    for_a_sponsor,
    head_oneself,
    heads_a_unit_of_it,
    heads_the_holder,
    heads_the_subject,
    internal,
    keeps_the_holder,
    kpi_owner,
    lead,
    leads_an_idea,
    manager,
    nobodys_kpi,
    on_it,
    own,
    programme_owner,
    proposed_sponsor,
    proposer,
    raiser,
    relationship_owner,
    runs_the_blocked,
    settler,
    shared,
    sponsor,
    sponsors_deputy,
    team,
    who_is_away,
)
from tracker.predicates_actions import (
    brought_it,
    contact_of_the_doer,
    does_it,
    host,
    leads_the_initiative,
    others_work,
    wrote_it,
)
from tracker.predicates_approvals import (
    decided_it,
    not_the_requester,
    not_the_sponsor,
    not_who_approved,
    requester,
)

__all__ = ["RULES", "May", "for_partners", "may"]

RULES: dict[May, tuple[Predicate, ...]] = {
    May.read: (everybody,),
    May.read_internal: (internal,),
    May.read_lane: (contact,),
    May.keep_profile: (everybody,),
    May.keep_inbox: (everybody,),
    May.mute: (internal,),
    # the organisation
    May.manage_people: (administrator,),
    May.manage_units: (administrator,),
    May.manage_partners: (administrator,),
    May.manage_calendars: (administrator,),
    May.manage_settings: (administrator,),
    May.invite_contact: (administrator, relationship_owner),
    May.audit: (auditor, administrator, programme_owner),
    # all of it, unscoped: the flag of an administrator adds no reading
    May.export_trail: (auditor, programme_owner),
    May.import_portfolio: (manager,),
    May.import_directory: (administrator,),
    May.import_data: (acts,),  # and each kind of file by its own rule
    May.import_readings: (acts,),  # and each KPI by that of its readings
    May.import_goals: (acts,),  # and each initiative by that of its goals
    May.import_actions: (acts,),  # and each initiative by that of its actions
    May.import_milestones: (acts,),  # and each initiative by that of its milestones
    # initiatives: what the lead does
    May.create_initiative: (acts,),
    May.edit_initiative: (lead, manager),
    May.edit_in_bulk: (acts,),  # and each initiative or action by its own rule
    May.edit_team: (lead, manager),
    May.set_lead: (lead, manager, sponsor),
    May.change_lead_unit: (lead, manager),
    May.copy_initiative: (acts,),
    May.edit_charter: (lead, manager),
    May.publish_charter: (lead, manager),
    May.agree_share: (heads_the_subject,),
    # sponsorship and stages: what only an executive decides
    May.propose_sponsor: (leads_an_idea, sponsor, programme_owner),
    May.answer_sponsorship: (proposed_sponsor,),
    May.withdraw_proposal: (proposer, manager),
    May.sponsor_in_bulk: (executive,),
    May.ask_stage: (lead, manager, all_of(team, not_the_sponsor)),
    May.edit_request: (all_of(requester, team), lead, manager),
    May.decide_stage: (sponsor, sponsors_deputy),
    May.decide_approval: tuple(
        all_of(who, not_the_requester) for who in (sponsor, sponsors_deputy)
    ),
    May.second_approval: (all_of(finance, not_the_requester, not_who_approved),),  # not a manager
    May.settle_condition: tuple(
        all_of(who, not_the_requester) for who in (sponsor, sponsors_deputy)
    ),
    May.undo_decision: tuple(all_of(decided_it, who) for who in (sponsor, sponsors_deputy)),
    May.hold: (sponsor, sponsors_deputy),
    May.resume: (sponsor, sponsors_deputy),
    May.stop: (sponsor, sponsors_deputy, leads_an_idea),
    May.step_back: (sponsor, sponsors_deputy),
    May.override_objection: (sponsor, sponsors_deputy),
    May.settle_priority: (sponsor, sponsors_deputy),
    May.appoint_deputy: (executive_oneself, programme_owner),
    May.appoint_heads_deputy: (head_oneself, administrator),
    May.end_deputyship: (
        who_is_away,
        all_of(programme_owner, for_a_sponsor),
        all_of(administrator, for_a_head),
    ),
    # unit heads
    May.sign: (heads_a_unit_of_it,),
    May.rate: (heads_a_unit_of_it,),
    # KPIs: a reading is its owner's word, and a manager's only where nobody owns the KPI
    May.add_kpi: (manager, programme_owner),
    May.edit_kpi: (manager, programme_owner, kpi_owner),
    May.add_reading: (kpi_owner, all_of(manager, nobodys_kpi)),
    May.set_target: (kpi_owner, manager),
    # goals: terms are the lead's until piloting, the sponsor's from then on
    May.set_goal: (lead, manager),
    May.rebaseline: (sponsor, sponsors_deputy),
    May.enter_benefit: (lead, manager),
    May.confirm_benefit: (finance,),  # not a manager
    May.post_update: (lead, manager),
    # milestones: the lead's; a gate is reached by the decision on its stage alone
    May.plan_milestone: (lead, manager),
    May.keep_milestone: (leads_the_initiative, manager),
    # actions: nobody accepts their own work
    May.add_action: (lead, manager),
    May.arrange_actions: (lead, manager),
    May.do_action: (does_it, contact_of_the_doer),
    May.host_action: (host, leads_the_initiative, manager),
    May.accept_action: tuple(
        all_of(who, others_work) for who in (host, leads_the_initiative, manager)
    ),
    May.add_evidence: (does_it, contact_of_the_doer, host, leads_the_initiative, manager),
    May.remove_evidence: (brought_it,),
    May.comment: (acts, contact_of_the_doer),
    May.discuss: (acts,),
    May.edit_comment: (wrote_it,),
    May.comment_scorecard: (contact,),
    # blockers
    May.raise_blocker: (on_it, manager, heads_a_unit_of_it),
    May.raise_on_us: (contact_of_the_doer,),
    May.name_answerer: (heads_the_holder, answerer, keeps_the_holder, runs_the_blocked),
    May.answer_blocker: (
        answerer,
        heads_the_holder,
        contact_of_the_holder,
        answers_for_the_outside,
    ),
    May.settle_blocker: (settler,),
    May.pass_on_blocker: (answerer, heads_the_holder),
    May.close_blocker: (raiser, contact_of_who_waits, runs_the_blocked),
    May.withdraw_blocker: (raiser, contact_of_who_waits, runs_the_blocked),
    May.edit_blocker: (all_of(acts, raiser), runs_the_blocked),
    May.chain_blocker: (
        all_of(acts, raiser),
        *(runs_the_blocked, answerer, heads_the_holder, keeps_the_holder),
    ),
    May.save_own_board: (acts,),
    May.save_shared_board: (manager,),
    May.edit_board: (own, all_of(manager, shared)),
}


# By these a partner's contact may come to an act; an act without one of them does not exist for partners (rule 21).
OPEN_TO_PARTNERS = {
    *(everybody, brought_it, contact, contact_of_the_doer, contact_of_the_holder),
    *(contact_of_who_waits, raiser, wrote_it),
}


def for_partners(act: May) -> bool:
    """Tell whether partners do `act` at all, on some thing or other."""
    return not OPEN_TO_PARTNERS.isdisjoint(RULES.get(act, ()))


def may(who: Any, act: May, thing: Any = None) -> bool:
    """Tell whether `who` may do `act`, on `thing` where the act is on something. Absent from the table means no."""
    return any(predicate(who, thing) for predicate in RULES.get(act, ()))
