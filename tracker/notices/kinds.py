"""Every kind of notice there is: whether it is mailed at once, whether partners may hear it, and its sentence.

A sentence names `actor`, `about` (the thing, with its page) and `day`. What people typed is in no notice: whoever wants
to read it opens the page, where it is asked again what they may see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from tracker.wording import lazy as _l
from tracker.wording import ngettext


class Tell(StrEnum):
    """What somebody is told. `at_once`: mailed when it happens; all else waits for the daily digest. `asks`: its mail offers
    the answers."""

    at_once: bool
    to_partners: bool
    asks: bool

    def __new__(cls, value: str, *marks: str) -> Tell:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.at_once, kind.to_partners = "at once" in marks, "partners" in marks
        kind.asks = "asks" in marks
        return kind

    # decisions that wait
    sponsorship_proposed = "sponsorship_proposed", "at once", "asks"
    stage_asked = "stage_asked", "at once", "asks"
    finance_asked = "finance_asked", "at once", "asks"
    approval_decided = "approval_decided", "at once"  # told of before each decision had its own
    request_approved = "request_approved", "at once"
    request_returned = "request_returned", "at once"
    request_held = "request_held", "at once"
    request_stopped = "request_stopped", "at once"
    decision_undone = "decision_undone", "at once"
    decision_passed = "decision_passed", "at once", "asks"
    decision_waits = "decision_waits", "at once", "asks"
    decision_late = "decision_late", "at once"
    approval_agreed = "approval_agreed", "at once"
    dispute_waits = "dispute_waits", "at once"
    blocker_escalated = "blocker_escalated", "at once"
    # assignments
    answerer_named = "answerer_named", "at once", "partners"
    duties_passed = "duties_passed", "at once"
    action_assigned = "action_assigned", "at once", "partners", "asks"
    # the seam for discussions: whoever is named in words
    mention = "mention", "at once", "partners"
    # what can wait for the morning
    sponsorship_accepted = "sponsorship_accepted"
    sponsorship_declined = "sponsorship_declined"
    sponsorship_withdrawn = "sponsorship_withdrawn"
    sponsorship_lapsing = "sponsorship_lapsing"
    sponsorship_lapsed = "sponsorship_lapsed"
    blocker_raised = "blocker_raised", "partners"
    blocker_acknowledged = "blocker_acknowledged", "partners"
    blocker_promised = "blocker_promised", "partners"
    counter_proposed = "counter_proposed", "partners"
    counter_accepted = "counter_accepted", "partners"
    counter_declined = "counter_declined", "partners"
    dispute_raised = "dispute_raised", "partners"
    dispute_settled = "dispute_settled", "partners"
    blocker_resolved = "blocker_resolved", "partners"
    blocker_withdrawn = "blocker_withdrawn"
    promise_passed = "promise_passed", "partners"
    wait_over = "wait_over", "partners"
    action_submitted = "action_submitted", "asks"
    action_declined = "action_declined"
    action_date_proposed = "action_date_proposed", "asks"
    action_given_on = "action_given_on", "partners"
    action_returned = "action_returned", "partners", "asks"
    action_accepted = "action_accepted", "partners"
    action_taken_back = "action_taken_back", "partners"
    action_date_accepted = "action_date_accepted", "partners"
    action_date_declined = "action_date_declined", "partners"
    action_rescheduled = "action_rescheduled", "partners"
    action_cancelled = "action_cancelled", "partners"
    action_late = "action_late", "partners", "asks"
    comment_posted = "comment_posted", "partners"
    report_due = "report_due"
    partner_ended = "partner_ended"
    access_runs_out = "access_runs_out"
    reading_stale = "reading_stale"
    bound_crossed = "bound_crossed"
    benefit_slips = "benefit_slips"
    benefit_waits = "benefit_waits"


SENTENCES: Mapping[Tell, str] = {
    Tell.sponsorship_proposed: _l("%(actor)s asks you to sponsor %(about)s."),
    Tell.stage_asked: _l("%(actor)s asks you to decide on the next stage: %(about)s."),
    Tell.finance_asked: _l("%(actor)s approved %(about)s: finance decides second."),
    Tell.approval_agreed: _l("%(actor)s approved %(about)s. It waits for finance now."),
    Tell.approval_decided: _l("%(actor)s decided on the next stage: %(about)s."),
    Tell.request_approved: _l("%(actor)s approved: %(about)s."),
    Tell.request_returned: _l("%(actor)s sent back: %(about)s."),
    Tell.request_held: _l("%(actor)s put the work on hold: %(about)s."),
    Tell.request_stopped: _l("%(actor)s stopped the work: %(about)s."),
    Tell.decision_undone: _l("%(actor)s took back the decision on the next stage: %(about)s."),
    Tell.decision_passed: _l("The decision is yours now, for you sponsor it: %(about)s."),
    Tell.decision_waits: _l("%(about)s waits for your decision since %(day)s."),
    Tell.decision_late: _l(
        "%(about)s waits for its sponsor since %(day)s. Appoint a deputy, or propose another sponsor."
    ),
    Tell.answerer_named: _l("You now answer for the blocker %(about)s."),
    Tell.duties_passed: _l("The access of %(about)s ended. This passed to you:"),
    Tell.mention: _l("%(actor)s named you: %(about)s."),
    Tell.sponsorship_accepted: _l("%(actor)s now sponsors %(about)s."),
    Tell.sponsorship_declined: _l("%(actor)s declined to sponsor %(about)s."),
    Tell.sponsorship_withdrawn: _l("You are no longer asked to sponsor %(about)s."),
    Tell.sponsorship_lapsing: _l("%(about)s waits for your answer as sponsor until %(day)s."),
    Tell.sponsorship_lapsed: _l("Nobody answered in time whether to sponsor %(about)s."),
    Tell.blocker_raised: _l("%(actor)s says that work waits for you: %(about)s."),
    Tell.blocker_acknowledged: _l("%(actor)s has seen that you are blocked: %(about)s."),
    Tell.blocker_promised: _l("%(actor)s promised %(day)s for what blocks you: %(about)s."),
    Tell.counter_proposed: _l(
        "%(actor)s proposes %(day)s for what blocks you: %(about)s. Accept that day, or decline it."
    ),
    Tell.counter_accepted: _l("%(actor)s accepted %(day)s, the day you proposed for %(about)s."),
    Tell.counter_declined: _l(
        "%(actor)s declined the day you proposed for %(about)s. Promise another one."
    ),
    Tell.blocker_escalated: _l(
        "Nobody has answered %(about)s in time. It is with you now, as the next in line."
    ),
    Tell.dispute_waits: _l(
        "%(actor)s disputes who owes %(about)s. Settle it: say who, and by when."
    ),
    Tell.dispute_raised: _l(
        "%(actor)s disputes owing what blocks you: %(about)s. It is to be settled who owes it."
    ),
    Tell.dispute_settled: _l("%(actor)s settled who owes %(about)s, and by when: %(day)s."),
    Tell.blocker_resolved: _l(
        "%(actor)s says that what blocked you is resolved: %(about)s. Confirm it, or reopen it."
    ),
    Tell.blocker_withdrawn: _l(
        "%(about)s was withdrawn: the work with the partner that waited for it ended."
    ),
    Tell.wait_over: _l("One blocker that %(about)s waited for is out of the way."),
    Tell.promise_passed: _l("The promise for %(about)s was for %(day)s, and it is still open."),
    Tell.action_assigned: _l("%(actor)s gave you the action %(about)s."),
    Tell.action_given_on: _l("%(actor)s gave to somebody else what you had: %(about)s."),
    Tell.action_submitted: _l("%(actor)s handed in %(about)s: accept it, or return it."),
    Tell.action_declined: _l("%(actor)s declined the action %(about)s. It is with you again."),
    Tell.action_date_proposed: _l("%(actor)s proposes another date for the action %(about)s."),
    Tell.action_returned: _l("%(actor)s returned the action %(about)s and says what is missing."),
    Tell.action_accepted: _l("%(actor)s accepted the action %(about)s."),
    Tell.action_taken_back: _l(
        "%(actor)s took back that %(about)s was accepted: it is looked at again."
    ),
    Tell.action_date_accepted: _l("%(actor)s agreed to another date for the action %(about)s."),
    Tell.action_date_declined: _l("%(actor)s kept the date of the action %(about)s and says why."),
    Tell.action_rescheduled: _l("%(actor)s set another date for the action %(about)s."),
    Tell.action_cancelled: _l("%(actor)s cancelled the action %(about)s."),
    Tell.action_late: _l("%(about)s was due %(day)s, and is not handed in."),
    Tell.comment_posted: _l("%(actor)s commented on %(about)s."),
    Tell.report_due: _l("A report on %(about)s is due since %(day)s."),
    Tell.reading_stale: _l("%(about)s has no reading after that of %(day)s."),
    Tell.bound_crossed: _l("%(about)s lies beyond its alert bound: the reading of %(day)s."),
    Tell.benefit_slips: _l(
        "The benefit of %(about)s slips: its KPI got worse by more than chance, as the reading of %(day)s shows."
    ),
    Tell.benefit_waits: _l("%(actor)s says what %(about)s realised: finance has to confirm it."),
    Tell.access_runs_out: _l("The access of %(about)s ends by itself on %(day)s."),
    Tell.partner_ended: _l("The work with %(about)s ended, and what it held passed to you."),
}

# What is said without a name once its reader may not see any more what it is about, which is what it tells them of.
UNNAMED: Mapping[Tell, Callable[[int], str]] = {
    Tell.action_given_on: lambda count: ngettext(
        "%(num)s action that you had was given to somebody else. You do not see it any more.",
        "%(num)s actions that you had were given to somebody else. You do not see them any more.",
        count,
    ),
}
