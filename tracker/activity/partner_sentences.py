"""What a partner reads of the trail: kinds and fields that stand on these lists alone (rule 20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.activity.kinds import Kind

# One sentence for every kind that a partner reads, our side shown as the company.
PARTNER_SENTENCES: Mapping[Kind, Any] = {
    Kind.action_added: _l("%(actor)s gave you this action"),
    Kind.action_changed: _l("%(actor)s edited this action"),
    Kind.action_assigned: _l("%(actor)s gave you this action"),
    Kind.action_contact_gone: _l("This action names nobody of you any more"),
    Kind.action_acknowledged: _l("%(actor)s acknowledged this action"),
    Kind.action_started: _l("%(actor)s started this action"),
    Kind.action_progressed: _l("%(actor)s updated this action: %(progress)s per cent"),
    Kind.action_submitted: _l("%(actor)s handed this action in"),
    Kind.action_accepted: _l("%(actor)s accepted this action"),
    Kind.action_taken_back: _l("%(actor)s took back that this action was accepted"),
    Kind.action_returned: _l("%(actor)s returned this action"),
    Kind.action_date_proposed: _l("%(actor)s proposed %(proposed_on)s"),
    Kind.action_date_accepted: _l("%(actor)s agreed to %(due_on)s"),
    Kind.action_date_declined: _l("%(actor)s kept %(due_on)s"),
    Kind.action_rescheduled: _l("%(actor)s set %(due_on)s as the due date"),
    Kind.action_cancelled: _l("%(actor)s cancelled this action"),
    Kind.action_cancelled_with_initiative: _l("Cancelled: the initiative was stopped"),
    Kind.blocker_raised: _l("%(actor)s raised this blocker"),
    Kind.blocker_acknowledged: _l("%(actor)s acknowledged this blocker"),
    Kind.blocker_committed: _l("%(actor)s promised %(promised_on)s"),
    Kind.blocker_counter_proposed: _l("%(actor)s proposed %(proposed_on)s"),
    Kind.blocker_counter_accepted: _l("%(actor)s accepted the proposed date"),
    Kind.blocker_counter_declined: _l("%(actor)s declined the proposed date"),
    Kind.blocker_disputed: _l("%(actor)s disputed this blocker"),
    Kind.blocker_settled: _l("%(actor)s settled the dispute"),
    Kind.blocker_escalated: _l(
        "Nobody answered this blocker in time, and the next in line was told"
    ),
    Kind.blocker_resolved: _l("%(actor)s resolved this blocker"),
    Kind.blocker_confirmed: _l("%(actor)s confirmed that this is resolved"),
    Kind.blocker_confirmed_by_silence: _l("Nobody objected: this counts as resolved"),
    Kind.blocker_reopened: _l("%(actor)s reopened this blocker"),
    Kind.blocker_withdrawn: _l("%(actor)s withdrew this blocker"),
    Kind.blocker_closed_with_initiative: _l("Closed: the initiative was stopped"),
}
PARTNER_FIELDS = frozenset(
    {"state", "promised_on", "proposed_on", "needed_by", "resolved_on", "due_on", "progress"}
)
# Our words that were written to whoever did the action then: they read them, whoever has it later does not.
PARTNER_WORDS = frozenset(
    {Kind.action_accepted, Kind.action_returned, Kind.action_date_declined, Kind.action_rescheduled}
)
COMPANY = _l("the company")
