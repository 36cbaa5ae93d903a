"""Another contact of the same partner: the work goes on, and the days with us stay ours (rule 22)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.doing import change, stored
from tracker.actions.assignees import Assignee
from tracker.actions.states import State

KEPT = ("state", "assigned_at", "acknowledged_at", "returned", "progress", "last_on", "reply", "submission")  # fmt: skip


@pytest.fixture
def returned(app, cast, clock, work):
    """Give Brightline an action that was with us for five days, and came back."""
    action = work.make()
    clock.forward(days=2)
    change(app, action, lambda row: row.submit("All there", by=cast.contact, now=clock()))
    clock.forward(days=5)
    back = change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    assert (back.last_on, back.returned) == (date(2026, 3, 25), 1)
    return back


def kept(row):
    return {name: getattr(row, name) for name in KEPT}


@pytest.mark.both
def test_naming_a_contact_takes_nothing_back_of_what_was_ours(app, cast, as_, clock, returned):
    """Canary: `stays_with` answering False."""
    before, name = kept(returned), Assignee(None, cast.vendor.id, cast.contact.id)
    given = as_(cast.lead).submit(f"/actions/{returned.ref}/assignment", assignee=name.key)
    assert given.status_code == 303
    after = stored(app, returned)
    assert (after.contact_id, kept(after)) == (cast.contact.id, before)
    assert after.state == State.in_progress
    moved = change(app, returned, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    assert (moved.returned, moved.acknowledged_at, moved.last_on) == (0, None, moved.due_on)
