"""One sentence for every kind of event.

Placeholders: `%(actor)s`; `%(subject)s`, the name of what it happened to; and every declared key,
ids as names without their `_id` (`%(sponsor)s`); the value from `before` with `was_` in front.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.activity.blocker_sentences import BLOCKER_SENTENCES
from tracker.activity.kinds import Kind

Namer = Callable[[Collection[int]], Mapping[int, str]]

# Filled by `create_app`: for a type of subject its names by id, and the address of a page by its
# name; the wording of a value by its key. For a key whose value holds several things: what each
# was and is now, as (label, was, now), from the values before and after.
namers: dict[str, Namer] = {}
addresses: dict[str, Callable[[str], str]] = {}
wordings: dict[str, Callable[[Any], str]] = {}
unfolding: dict[str, Callable[[Any, Any], Iterable[tuple[str, str, str]]]] = {}

# What stands where a name is unknown, or belongs to somebody who was removed.
UNKNOWN: Mapping[str, Any] = {
    "person": _l("someone"),
    "unit": _l("a unit"),
    "partner": _l("a partner"),
    "calendar": _l("a calendar"),
    "initiative": _l("an initiative"),
    "action": _l("an action"),
    "blocker": _l("a blocker"),
    "kpi": _l("a KPI"),
    "milestone": _l("a milestone"),
    "stage_plan": _l("a stage plan"),
    "approval": _l("a request"),
}
BY_ITSELF = _l("Throughline")

SENTENCES: Mapping[Kind, Any] = {
    Kind.person_invited: _l("%(actor)s invited %(subject)s"),
    Kind.person_added: _l("%(actor)s added %(subject)s"),
    Kind.person_changed: _l("%(actor)s changed the details of %(subject)s"),
    Kind.person_access_ended: _l("%(actor)s ended the access of %(subject)s"),
    Kind.person_access_restored: _l("%(actor)s gave %(subject)s access again"),
    Kind.person_password_changed: _l("%(actor)s changed the password of %(subject)s"),
    Kind.person_signed_out: _l("%(actor)s ended sign-ins of %(subject)s"),
    Kind.person_link_issued: _l("%(actor)s had a sign-in link made for %(subject)s"),
    Kind.person_app_set_up: _l("%(actor)s set up an authenticator app"),
    Kind.person_app_removed: _l("%(actor)s removed the authenticator app"),
    Kind.person_passkey_added: _l("%(actor)s added a passkey"),
    Kind.person_passkey_renamed: _l("%(actor)s renamed a passkey"),
    Kind.person_passkey_removed: _l("%(actor)s removed a passkey"),
    Kind.person_recovery_codes_made: _l("%(actor)s made %(count)s recovery codes"),
    Kind.person_recovery_code_used: _l("%(actor)s used a recovery code; left: %(left)s"),
    Kind.person_second_factor_reset: _l("%(actor)s reset the second factor of %(subject)s"),
    Kind.person_calendar_opened: _l("%(actor)s had an address made for their calendar"),
    Kind.person_calendar_closed: _l("The calendar address of %(subject)s was revoked"),
    Kind.unit_added: _l("%(actor)s added the unit %(subject)s"),
    Kind.unit_changed: _l("%(actor)s changed the unit %(subject)s"),
    Kind.unit_ended: _l("%(actor)s closed the unit %(subject)s"),
    Kind.deputy_appointed: _l("%(actor)s appointed %(deputy)s as deputy of %(person)s"),
    Kind.deputy_ended: _l("%(actor)s ended the deputyship of %(deputy)s for %(person)s"),
    Kind.duty_handed_over: _l("A duty of %(was_person)s passed to %(heir)s: %(duty)s, %(subject)s"),
    Kind.partner_added: _l("%(actor)s added the partner %(subject)s"),
    Kind.partner_changed: _l("%(actor)s changed the partner %(subject)s"),
    Kind.partner_ended: _l("%(actor)s ended the work with %(subject)s"),
    Kind.calendar_added: _l("%(actor)s added the calendar %(subject)s"),
    Kind.calendar_changed: _l("%(actor)s changed the calendar %(subject)s"),
    Kind.settings_changed: _l("%(actor)s changed the settings"),
    Kind.initiative_created: _l("%(actor)s created the initiative"),
    Kind.initiative_changed: _l("%(actor)s edited the initiative"),
    Kind.initiative_imported: _l("%(actor)s brought the initiative in from a file"),
    Kind.initiative_friction_changed: _l("%(actor)s edited the customer friction"),
    Kind.initiative_lead_set: _l("%(actor)s made %(lead)s the lead"),
    Kind.initiative_lead_vacated: _l("%(actor)s left it without a lead; it was %(was_lead)s"),
    Kind.initiative_lead_unit_changed: _l("%(actor)s made %(lead_unit)s the lead unit"),
    Kind.initiative_theme_set: _l("%(actor)s set the theme to %(theme)s"),
    Kind.initiative_copied: _l("%(actor)s started the initiative from a copy of %(source)s"),
    Kind.initiative_unit_joined: _l("%(actor)s brought in the unit %(unit)s"),
    Kind.initiative_unit_left: _l("%(actor)s took out the unit %(unit)s"),
    Kind.initiative_partner_joined: _l("%(actor)s brought in the partner %(partner)s"),
    Kind.initiative_partner_left: _l("%(actor)s took out the partner %(partner)s"),
    Kind.member_joined: _l("%(actor)s added %(person)s to the team"),
    Kind.member_changed: _l("%(actor)s changed the part of %(person)s in the team"),
    Kind.member_share_agreed: _l("%(actor)s agreed to the share of time of %(person)s: %(share)s"),
    Kind.member_left: _l("%(actor)s took %(person)s off the team"),
    Kind.sponsor_proposed: _l("%(actor)s proposed %(person)s as sponsor"),
    Kind.sponsor_accepted: _l("%(sponsor)s accepted the sponsorship"),
    Kind.sponsor_declined: _l("%(person)s declined the sponsorship"),
    Kind.sponsor_withdrawn: _l("%(actor)s withdrew the proposal of %(person)s as sponsor"),
    Kind.sponsor_lapsed: _l("The proposal of %(person)s as sponsor lapsed without an answer"),
    Kind.sponsor_interim: _l("%(sponsor)s became interim sponsor"),
    Kind.stage_asked: _l("%(actor)s asked the sponsor to open %(stage)s"),
    Kind.stage_ask_withdrawn: _l("%(actor)s withdrew the request to open %(stage)s"),
    Kind.stage_ask_declined: _l("%(actor)s declined to open %(stage)s now"),
    Kind.stage_opened: _l("%(actor)s decided: %(stage)s is open"),
    Kind.stage_stepped_back: _l("%(actor)s moved it back to %(stage)s"),
    Kind.stage_opening_undone: _l("%(actor)s took back the decision: it stands at %(stage)s"),
    Kind.stage_adopted: _l("%(actor)s adopted the initiative as it stands, at %(stage)s"),
    Kind.stage_held: _l("%(actor)s put the initiative on hold"),
    Kind.stage_resumed: _l("%(actor)s resumed the initiative"),
    Kind.stage_stopped: _l("%(actor)s stopped the initiative"),
    Kind.approval_drafted: _l("%(actor)s began a request to open %(stage)s"),
    Kind.approval_changed: _l("%(actor)s changed the request “%(subject)s”"),
    Kind.approval_submitted: _l("%(actor)s put the request “%(subject)s” to the sponsor"),
    Kind.approval_withdrawn: _l("%(actor)s withdrew the request “%(subject)s”"),
    Kind.approval_closed: _l("The request “%(subject)s” ended: nothing is left to decide"),
    Kind.approval_decided: _l("%(actor)s decided on “%(subject)s”: %(decision)s"),
    Kind.approval_undone: _l("%(actor)s took back the decision on “%(subject)s”"),
    Kind.approval_waits_again: _l("The decision was taken back: “%(subject)s” waits again"),
    Kind.approval_reminded: _l("The sponsor was reminded of the request “%(subject)s”"),
    Kind.approval_escalated: _l("“%(subject)s” waits for too long: %(person)s was told"),
    Kind.approval_passed: _l("The request “%(subject)s” waits for %(person)s now"),
    Kind.approval_link_used: _l("%(actor)s used the one-time link from the mail: %(decision)s"),
    Kind.approval_agreed: _l(
        "%(actor)s decided on “%(subject)s”: %(decision)s. Finance decides second"
    ),
    Kind.approval_seconded: _l("%(actor)s approved “%(subject)s” for finance"),
    Kind.approval_given_back: _l("%(actor)s sent “%(subject)s” back for finance"),
    Kind.approval_condition_accepted: _l(
        "%(actor)s accepted that the condition “%(action)s” is met"
    ),
    Kind.approval_condition_waived: _l("%(actor)s waived the condition “%(action)s”"),
    Kind.charter_draft_saved: _l("%(actor)s saved the draft of the charter"),
    Kind.charter_published: _l("%(actor)s published version %(version)s of the charter"),
    Kind.signature_signed: _l("%(actor)s signed version %(version)s for %(unit)s"),
    Kind.signature_objected: _l("%(actor)s objected to version %(version)s for %(unit)s"),
    Kind.signature_overridden: _l("%(actor)s overrode the objection of %(unit)s"),
    Kind.signature_passed_unsigned: _l("%(actor)s went on unsigned by %(unit)s"),
    Kind.priority_rated: _l("%(actor)s rated the priority for %(unit)s: %(rating)s of 5"),
    Kind.priority_settled: _l("%(actor)s settled the priority conflict"),
    Kind.update_posted: _l("%(actor)s reported %(colour)s"),
    Kind.update_corrected: _l("%(actor)s corrected a report to %(colour)s"),
    Kind.update_imported: _l("%(actor)s brought in a report dated %(as_of)s: %(colour)s"),
    Kind.action_added: _l("%(actor)s added the action %(subject)s"),
    Kind.action_changed: _l("%(actor)s edited the action %(subject)s"),
    Kind.action_assigned: _l("%(actor)s gave the action %(subject)s to somebody else"),
    Kind.action_contact_gone: _l("The action %(subject)s names nobody of %(partner)s any more"),
    Kind.action_moved: _l(
        "%(actor)s moved the action %(subject)s from place %(was_place)s to %(place)s"
    ),
    Kind.action_acknowledged: _l("%(actor)s acknowledged the action %(subject)s"),
    Kind.action_started: _l("%(actor)s started the action %(subject)s"),
    Kind.action_progressed: _l("%(actor)s updated the action %(subject)s"),
    Kind.action_submitted: _l("%(actor)s handed in the action %(subject)s"),
    Kind.action_done: _l("%(actor)s finished the action %(subject)s"),
    Kind.action_declined: _l("%(actor)s declined the action %(subject)s"),
    Kind.action_accepted: _l("%(actor)s accepted the action %(subject)s"),
    Kind.action_taken_back: _l("%(actor)s took back that the action %(subject)s was accepted"),
    Kind.action_returned: _l("%(actor)s returned the action %(subject)s"),
    Kind.action_date_proposed: _l("%(actor)s proposed %(proposed_on)s for the action %(subject)s"),
    Kind.action_date_accepted: _l("%(actor)s accepted %(due_on)s for the action %(subject)s"),
    Kind.action_date_declined: _l("%(actor)s kept %(due_on)s for the action %(subject)s"),
    Kind.action_rescheduled: _l("%(actor)s set %(due_on)s for the action %(subject)s"),
    Kind.action_cancelled: _l("%(actor)s cancelled the action %(subject)s"),
    Kind.action_cancelled_with_initiative: _l("%(subject)s cancelled: the initiative was stopped"),
    Kind.action_evidence_added: _l("%(actor)s added evidence to the action %(subject)s"),
    Kind.action_evidence_removed: _l("%(actor)s took evidence off the action %(subject)s"),
    Kind.scorecard_commented: _l("%(actor)s commented on the scorecard of %(subject)s"),
    Kind.comment_posted: _l("%(actor)s commented on %(subject)s"),
    Kind.comment_edited: _l("%(actor)s edited a comment on %(subject)s"),
    **BLOCKER_SENTENCES,
    Kind.kpi_added: _l("%(actor)s added the KPI %(subject)s"),
    Kind.kpi_changed: _l("%(actor)s changed the KPI %(subject)s"),
    Kind.kpi_target_set: _l("%(actor)s set the target of %(subject)s: %(figure)s by %(until)s"),
    Kind.kpi_target_removed: _l("%(actor)s took back the target of %(subject)s for %(until)s"),
    Kind.kpi_benchmark_added: _l("%(actor)s noted what others reach in %(subject)s: %(figure)s"),
    Kind.kpi_benchmark_removed: _l("%(actor)s took back what others reach in %(subject)s"),
    Kind.goal_set: _l("%(actor)s set a goal on %(kpi)s"),
    Kind.goal_changed: _l("%(actor)s changed the goal on %(kpi)s"),
    Kind.goal_dropped: _l("%(actor)s gave up the goal on %(was_kpi)s"),
    Kind.goal_locked: _l(
        "The goal on %(kpi)s locked: from %(from_figure)s to %(to_figure)s by %(until)s"
    ),
    Kind.goal_rebaselined: _l("%(actor)s agreed on other terms for a goal"),
    Kind.checkpoint_planned: _l("%(actor)s planned the checkpoints: %(checkpoints_on)s"),
    Kind.checkpoint_taken: _l("%(actor)s said what was seen at the checkpoint of %(due_on)s"),
    Kind.checkpoint_result_said: _l("%(actor)s said what came of it: %(result)s"),
    Kind.stage_plan_added: _l("%(actor)s added the stage plan %(subject)s"),
    Kind.stage_plan_changed: _l("%(actor)s changed the stage plan %(subject)s"),
    Kind.stage_plan_made_usual: _l("%(actor)s made %(subject)s the usual stage plan"),
    Kind.stage_plan_ended: _l("%(actor)s put the stage plan %(subject)s out of use"),
    Kind.milestone_planned: _l("%(actor)s planned the milestone %(subject)s for %(due_on)s"),
    Kind.milestone_changed: _l("%(actor)s edited the milestone %(subject)s"),
    Kind.milestone_rescheduled: _l(
        "%(actor)s moved the milestone %(subject)s from %(was_due_on)s to %(due_on)s"
    ),
    Kind.milestone_criterion_met: _l("%(actor)s found a criterion of %(subject)s met"),
    Kind.milestone_criterion_reopened: _l(
        "%(actor)s took back that a criterion of %(subject)s is met"
    ),
    Kind.milestone_reached: _l("%(actor)s said that the milestone %(subject)s is reached"),
    Kind.milestone_dropped: _l("%(actor)s dropped the milestone %(subject)s"),
    Kind.milestone_taken_up: _l("%(actor)s took the milestone %(subject)s up again"),
    Kind.milestone_gate_opened: _l("The gate %(subject)s is reached: %(stage)s is open"),
    Kind.milestone_gate_closed: _l("The gate %(subject)s is planned again: %(stage)s was left"),
    Kind.milestone_passed_over: _l("The gate %(subject)s is not recorded: nobody decided on it"),
    Kind.milestone_dropped_with_initiative: _l("%(subject)s dropped: the initiative has ended"),
    Kind.benefit_entered: _l("%(actor)s entered the benefits of the quarter from %(quarter_on)s"),
    Kind.benefit_confirmed: _l(
        "%(actor)s confirmed what was realised in the quarter from %(quarter_on)s: %(realised)s"
    ),
    Kind.reading_added: _l("%(actor)s entered a reading of %(subject)s for %(as_of)s: %(figure)s"),
    Kind.reading_corrected: _l(
        "%(actor)s corrected the reading of %(subject)s for %(as_of)s from %(was_figure)s to %(figure)s"
    ),
    Kind.reading_imported: _l(
        "%(actor)s brought in a reading of %(subject)s for %(as_of)s: %(figure)s"
    ),
    Kind.board_saved: _l("%(actor)s saved the board %(name)s"),
    Kind.board_changed: _l("%(actor)s changed the board %(subject)s"),
    Kind.board_deleted: _l("%(actor)s deleted the board %(was_name)s"),
    Kind.import_applied: _l("%(actor)s imported %(rows)s rows: %(what)s"),
    Kind.import_map_saved: _l("%(actor)s saved the column map %(name)s"),
    Kind.trail_stock_taken: _l("%(actor)s wrote down how %(rows)s rows of the tables stand"),
    Kind.trail_exported: _l("%(actor)s exported the trail up to here"),
    Kind.trail_erased: _l("Words were erased; events concerned: %(events)s"),
    Kind.person_erased: _l(
        "Words of and about %(subject)s were erased; events concerned: %(events)s"
    ),
    Kind.demo_seeded: _l("The demo data was put in"),
}

# Said instead where whoever acts is also whom it is about: the key that names that one, and the sentence.
OF_ONESELF: Mapping[Kind, tuple[str, Any]] = {
    Kind.deputy_appointed: ("person_id", _l("%(actor)s appointed %(deputy)s as their deputy")),
    Kind.deputy_ended: ("person_id", _l("%(actor)s ended the time of %(deputy)s as their deputy")),
}
