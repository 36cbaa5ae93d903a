"""Every kind of event there is: one line each, with the keys its `before` and `after` may carry.

To add a kind: one line here, one sentence in `sentences.py`. Values are ids, enum values, ISO
dates, numbers, short labels that name no person, or lists of these. What people type goes into
`private` (see `recording.py`); `fields` lists the names of the fields whose text is kept there.
Beside these keys `after` may hold `tables`: what the event made of declared columns (gathering.py).
"""

from __future__ import annotations

from enum import StrEnum

from tracker.activity import carried


class Kind(StrEnum):
    """`subject.fact`, the fact in the past tense; the member's name has `_` for the dot."""

    fields: frozenset[str]

    def __new__(cls, value: str, *fields: str) -> Kind:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.fields = frozenset(fields)
        return kind

    # People and access
    person_invited = "person.invited", "role", "is_admin", "unit_id", "partner_id"
    person_added = "person.added", *carried.PERSON
    person_changed = (
        *("person.changed", "fields", *carried.PERSON),
        *("language", "theme", "time_zone", "calendar", "digits"),
    )
    person_access_ended = "person.access_ended", "ended_on"
    person_access_restored = "person.access_restored", "role", "unit_id", "partner_id"
    person_password_changed = "person.password_changed", "how"
    person_signed_out = "person.signed_out", "how"
    person_link_issued = "person.link_issued", "purpose", "expires_at"
    # How people prove who they are, beside a password
    person_app_set_up = "person.app_set_up"
    person_app_removed = "person.app_removed"
    person_passkey_added = "person.passkey_added"
    person_passkey_renamed = "person.passkey_renamed"
    person_passkey_removed = "person.passkey_removed"
    person_recovery_codes_made = "person.recovery_codes_made", "count"
    person_recovery_code_used = "person.recovery_code_used", "left"
    person_second_factor_reset = "person.second_factor_reset"
    person_calendar_opened = "person.calendar_opened"
    person_calendar_closed = "person.calendar_closed"
    # Organisation
    unit_added = "unit.added", *carried.UNIT
    unit_changed = "unit.changed", "fields", *carried.UNIT
    unit_ended = "unit.ended", "ended_on"
    deputy_appointed = "deputy.appointed", *carried.DEPUTY
    deputy_ended = "deputy.ended", *carried.DEPUTY
    duty_handed_over = (
        *("duty.handed_over", "duty", "person_id", "heir_id", "unit_id", "partner_id"),
        *("initiative_id", "blocker_id"),
    )
    partner_added = "partner.added", *carried.PARTNER
    partner_changed = "partner.changed", "fields", *carried.PARTNER, "contacts_share", "needs_second_factor"  # fmt: skip
    partner_ended = "partner.ended", "ended_on", "contacts"
    calendar_added = "calendar.added", "name", "weekend", "holidays", "unit_id", "partner_id"
    calendar_changed = "calendar.changed", "name", "weekend", "holidays", "unit_id", "partner_id"
    settings_changed = (
        *("settings.changed", "fields", "setting", "value", "owner_id", "alternate_id"),
        *("finance_ids", "modules", "name", "stage_names", "designing", "money_limited"),
        *("programme_owner_id", "calendar_id", "product_name", "language", "currency"),
        *("prefix", "time_zone", "second_factor", "approval_rules"),
    )
    # Initiatives
    initiative_created = "initiative.created", "number", "stage", "lead_id", "lead_unit_id", "theme"
    initiative_changed = (
        *("initiative.changed", "fields", "budget", "spent", "currency", "starts_on", "ends_on"),
        *("ref", "theme", "stage", "cadence"),
    )
    initiative_imported = (
        *("initiative.imported", "fields", "number", "ref", "row", "stage", "lead_id"),
        *("lead_unit_id", "theme", "budget", "starts_on", "ends_on", "import_id"),
    )
    initiative_friction_changed = "initiative.friction_changed", "fields", "touchpoint", "channel", "cause"  # fmt: skip
    initiative_lead_set = "initiative.lead_set", "lead_id"
    initiative_lead_vacated = "initiative.lead_vacated", "lead_id"
    initiative_lead_unit_changed = "initiative.lead_unit_changed", "lead_unit_id"
    initiative_theme_set = "initiative.theme_set", "theme"
    initiative_copied = "initiative.copied", "source_id", "number", "stage", "lead_unit_id", "lead_id", "theme"  # fmt: skip
    initiative_unit_joined = "initiative.unit_joined", "unit_id", "joined_on"
    initiative_unit_left = "initiative.unit_left", "unit_id", "left_on"
    initiative_partner_joined = "initiative.partner_joined", "partner_id", "joined_on"
    initiative_partner_left = "initiative.partner_left", "partner_id", "left_on"
    member_joined = "member.joined", *carried.MEMBER
    member_changed = "member.changed", "fields", *carried.MEMBER
    member_share_agreed = "member.share_agreed", "person_id", "unit_id", "share"
    member_left = "member.left", *carried.MEMBER
    # Sponsorship (rule 2)
    sponsor_proposed = "sponsor.proposed", "person_id", "proposal_id", "stage", "adoption"
    sponsor_accepted = "sponsor.accepted", "sponsor_id", "proposal_id", "stage", "adoption"
    sponsor_declined = "sponsor.declined", "person_id", "proposal_id"
    sponsor_withdrawn = "sponsor.withdrawn", "person_id", "proposal_id"
    sponsor_lapsed = "sponsor.lapsed", "person_id", "proposal_id"
    sponsor_interim = "sponsor.interim", "sponsor_id", "interim"
    # Stages (rules 1 and 6)
    stage_asked = "stage.asked", "stage", "ask_id", "decide_by"
    stage_ask_withdrawn = "stage.ask_withdrawn", "stage", "ask_id"
    stage_ask_declined = "stage.ask_declined", "stage", "ask_id"
    stage_opened = "stage.opened", "stage", "ask_id"
    stage_stepped_back = "stage.stepped_back", "stage"
    stage_opening_undone = "stage.opening_undone", "stage"
    stage_adopted = "stage.adopted", "stage", "sponsor_id", "proposal_id"
    stage_held = "stage.held", "stage", "on_hold", "until"
    stage_resumed = "stage.resumed", "stage", "on_hold"
    stage_stopped = "stage.stopped", "stage", "result"
    # Charter, signatures, priorities (rules 3 and 5)
    charter_draft_saved = "charter.draft_saved", "version", "fields"
    charter_published = "charter.published", "version", "wording_only", "sha256"
    signature_signed = "signature.signed", "unit_id", "version", "also"
    signature_objected = "signature.objected", "unit_id", "version"
    signature_overridden = "signature.overridden", "unit_id", "version"
    signature_passed_unsigned = "signature.passed_unsigned", "unit_id", "version"
    priority_rated = "priority.rated", "unit_id", "rating"
    priority_settled = "priority.settled", "rating", "spread"
    # Updates (rule 28)
    update_posted = "update.posted", "update_id", "colour", "computed", "as_of", "period", "cadence"
    update_corrected = "update.corrected", "update_id", "corrects_id", "colour", "computed", "as_of", "period"  # fmt: skip
    update_imported = "update.imported", "update_id", "colour", "as_of", "period", "row", "ref"
    # Blockers (rules 23 to 27)
    blocker_raised = (
        *("blocker.raised", "category", "cause", "backstage", "blocked_unit_id"),
        *("blocked_partner_id", "action_id", "ref", "state", "needed_by"),
        *("holder_kind", "holder_unit_id", "holder_partner_id", "answerer_id"),
    )
    blocker_answerer_named = "blocker.answerer_named", "answerer_id"
    blocker_acknowledged = "blocker.acknowledged", "state", "answerer_id"
    blocker_committed = "blocker.committed", "state", "promised_on", "answerer_id"
    blocker_counter_proposed = "blocker.counter_proposed", "state", "proposed_on", "answerer_id"
    blocker_counter_accepted = "blocker.counter_accepted", "state", "promised_on"
    blocker_counter_declined = "blocker.counter_declined", "state", "proposed_on"
    blocker_passed_on = "blocker.passed_on", "state", *carried.HELD, "hand_overs"
    blocker_disputed = "blocker.disputed", "state", "answerer_id"
    blocker_settled = "blocker.settled", "state", *carried.HELD, "promised_on", "hand_overs"
    blocker_escalated = "blocker.escalated", "step", "person_id"
    blocker_resolved = "blocker.resolved", "state", "resolved_on"
    blocker_confirmed = "blocker.confirmed", "state"
    blocker_confirmed_by_silence = "blocker.confirmed_by_silence", "state"
    blocker_reopened = "blocker.reopened", "state"
    blocker_withdrawn = "blocker.withdrawn", "state"
    blocker_closed_with_initiative = "blocker.closed_with_initiative", "state"
    blocker_withdrawn_with_partner = "blocker.withdrawn_with_partner", "state"
    blocker_changed = (
        *("blocker.changed", "fields", "category", "cause", "backstage", "needed_by", "ref"),
        *("blocked_unit_id", "blocked_partner_id", *carried.HELD, "promised_on", "state"),
    )
    blocker_chained = "blocker.chained", "waits_for_id"
    blocker_unchained = "blocker.unchained", "waits_for_id"
    blocker_cost_entered = "blocker.cost_entered", "cost", "currency"
    # Actions (rules 19 and 21)
    action_added = "action.added", "ref", "host_id", "due_on", "state", *carried.DOER
    action_changed = "action.changed", "fields", "host_id"
    action_assigned = "action.assigned", "state", *carried.DOER
    action_contact_gone = "action.contact_gone", "contact_id", "partner_id"
    action_moved = "action.moved", "place"
    action_acknowledged = "action.acknowledged", "state"
    action_started = "action.started", "state"
    action_progressed = "action.progressed", "state", "progress"
    action_submitted = "action.submitted", "state"
    action_done = "action.done", "state"
    action_declined = "action.declined", "state", *carried.DOER
    action_accepted = "action.accepted", "state", "progress"
    action_taken_back = "action.taken_back", "state"
    action_returned = "action.returned", "state", "returned"
    action_date_proposed = "action.date_proposed", "proposed_on", "due_on"
    action_date_accepted = "action.date_accepted", "due_on"
    action_date_declined = "action.date_declined", "proposed_on", "due_on"
    action_rescheduled = "action.rescheduled", "due_on"
    action_cancelled = "action.cancelled", "state"
    action_cancelled_with_initiative = "action.cancelled_with_initiative", "state"
    action_evidence_added = "action.evidence_added", "size"
    action_evidence_removed = "action.evidence_removed", "size"
    scorecard_commented = "scorecard.commented", "quarter"
    comment_posted = "comment.posted", "comment_id", "shared"
    comment_edited = "comment.edited", "comment_id"
    # KPIs and readings (rules 7 to 10)
    kpi_added = "kpi.added", *carried.KPI
    kpi_changed = "kpi.changed", "fields", *carried.KPI
    kpi_target_set = "kpi.target_set", "figure", "until"
    kpi_target_removed = "kpi.target_removed", "figure", "until"
    kpi_benchmark_added = "kpi.benchmark_added", "figure", "as_of"
    kpi_benchmark_removed = "kpi.benchmark_removed", "figure", "as_of"
    reading_added = "reading.added", *carried.READING
    reading_corrected = "reading.corrected", *carried.READING
    reading_imported = "reading.imported", *carried.READING
    goal_set = "goal.set", *carried.GOAL
    goal_changed = "goal.changed", "fields", *carried.GOAL
    goal_dropped = "goal.dropped", *carried.GOAL
    goal_locked = "goal.locked", *carried.GOAL
    goal_rebaselined = "goal.rebaselined", *carried.GOAL
    checkpoint_planned = "checkpoint.planned", "checkpoints_on"
    checkpoint_taken = "checkpoint.taken", "due_on"
    checkpoint_result_said = "checkpoint.result_said", "result"
    # Milestones and gates (rule 12)
    stage_plan_added = "stage_plan.added", "name", "at_acceptance"
    stage_plan_changed = "stage_plan.changed", "fields", "name", "at_acceptance"
    stage_plan_made_usual = "stage_plan.made_usual", "stage_plan_id"
    stage_plan_ended = "stage_plan.ended", "usual"
    milestone_planned = "milestone.planned", "due_on", "stage", "stage_plan_id"
    milestone_changed = "milestone.changed", "fields"
    milestone_rescheduled = "milestone.rescheduled", "due_on"
    milestone_criterion_met = "milestone.criterion_met", "criterion_id"
    milestone_criterion_reopened = "milestone.criterion_reopened", "criterion_id"
    milestone_reached = "milestone.reached", "state"
    milestone_dropped = "milestone.dropped", "state"
    milestone_taken_up = "milestone.taken_up", "state", "due_on"
    milestone_gate_opened = "milestone.gate_opened", "state", "stage", "unmet"
    milestone_gate_closed = "milestone.gate_closed", "state", "stage", "due_on"
    milestone_passed_over = "milestone.passed_over", "state", "stage"
    milestone_dropped_with_initiative = "milestone.dropped_with_initiative", "state"
    # Requests for a decision, and what comes of them (rules 13 to 16)
    approval_drafted = "approval.drafted", "milestone_id", "stage"
    approval_changed = "approval.changed", "fields", "cost", "decide_by"
    approval_submitted = "approval.submitted", "state", "stage", "sha256", "decide_by"
    approval_withdrawn = "approval.withdrawn", "state"
    approval_closed = "approval.closed", "state"
    approval_decided = "approval.decided", "state", "decision", "stage", "sha256", "action_id"
    approval_undone = "approval.undone", "state", "decision", "stage", "again_id"
    approval_waits_again = "approval.waits_again", "state", "stage", "sha256"
    approval_reminded = "approval.reminded", "state", "waits_since"
    approval_escalated = "approval.escalated", "state", "waits_since", "person_id"
    approval_passed = "approval.passed", "person_id"
    approval_link_used = "approval.link_used", "decision"
    approval_agreed = "approval.agreed", "state", "decision", "stage", "sha256"
    approval_seconded = "approval.seconded", "state", "stage", "sha256", "action_id"
    approval_given_back = "approval.given_back", "state", "stage", "sha256"
    approval_condition_accepted = "approval.condition_accepted", "condition_id", "action_id"
    approval_condition_waived = "approval.condition_waived", "condition_id", "action_id"
    benefit_entered = "benefit.entered", *carried.BENEFIT
    benefit_confirmed = "benefit.confirmed", *carried.BENEFIT
    # Boards, imports, demo data, and the trail itself
    board_saved = "board.saved", "name", "slug", "shared", "lanes", "filters"
    board_changed = "board.changed", "name", "slug", "shared", "lanes", "filters", "fields"
    board_deleted = "board.deleted", "name", "slug", "shared"
    import_applied = (
        *("import.applied", "what", "file", "map", "sha256", "import_id", "rows"),
        *("created", "changed", "unchanged", "rejected"),
    )
    import_map_saved = "import_map.saved", "what", "name", "columns"
    trail_stock_taken = "trail.stock_taken", "declared", "rows"
    trail_exported = "trail.exported", "with_words"
    trail_erased = "trail.erased", "numbers", "events"
    person_erased = "person.erased", "events"
    demo_seeded = "demo.seeded", "units", "partners", "people", "initiatives", "blockers", "actions"  # fmt: skip
