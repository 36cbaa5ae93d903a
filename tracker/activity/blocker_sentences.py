"""One sentence for every kind of event about a blocker; see `sentences.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.activity.kinds import Kind

BLOCKER_SENTENCES: Mapping[Kind, Any] = {
    Kind.blocker_raised: _l("%(actor)s raised the blocker %(subject)s"),
    Kind.blocker_answerer_named: _l("%(actor)s named %(answerer)s to answer for %(subject)s"),
    Kind.blocker_acknowledged: _l("%(actor)s acknowledged the blocker %(subject)s"),
    Kind.blocker_committed: _l("%(actor)s promised %(promised_on)s for %(subject)s"),
    Kind.blocker_counter_proposed: _l("%(actor)s proposed %(proposed_on)s for %(subject)s"),
    Kind.blocker_counter_accepted: _l("%(actor)s accepted the date proposed for %(subject)s"),
    Kind.blocker_counter_declined: _l("%(actor)s declined the date proposed for %(subject)s"),
    Kind.blocker_passed_on: _l("%(actor)s passed on the blocker %(subject)s"),
    Kind.blocker_disputed: _l("%(actor)s disputed the blocker %(subject)s"),
    Kind.blocker_settled: _l("%(actor)s settled the dispute over %(subject)s"),
    Kind.blocker_escalated: _l("Nobody answered %(subject)s in time. Next in line: %(step)s"),
    Kind.blocker_resolved: _l("%(actor)s resolved the blocker %(subject)s"),
    Kind.blocker_confirmed: _l("%(actor)s confirmed that %(subject)s is resolved"),
    Kind.blocker_confirmed_by_silence: _l("Nobody objected: %(subject)s counts as resolved"),
    Kind.blocker_reopened: _l("%(actor)s reopened the blocker %(subject)s"),
    Kind.blocker_withdrawn: _l("%(actor)s withdrew the blocker %(subject)s"),
    Kind.blocker_closed_with_initiative: _l("%(subject)s closed: the initiative was stopped"),
    Kind.blocker_withdrawn_with_partner: _l("%(subject)s withdrawn: the partner that waited ended"),
    Kind.blocker_changed: _l("%(actor)s edited the blocker %(subject)s"),
    Kind.blocker_cost_entered: _l("%(actor)s entered what %(subject)s costs"),
    Kind.blocker_chained: _l("%(actor)s noted that %(subject)s waits for %(waits_for)s"),
    Kind.blocker_unchained: _l(
        "%(actor)s noted that %(subject)s does not wait for %(was_waits_for)s"
    ),
}
