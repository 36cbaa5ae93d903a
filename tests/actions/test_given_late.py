"""Nobody is given what they would be late with at once: the form asks by when it is due from now on."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.doing import change, stored
from tracker.activity.models import Event
from tracker.db import db

SOON = date(2026, 3, 4)


@pytest.fixture
def late(clock, work):
    """Make an action for Brightline whose day has passed."""
    action = work.make(due_on=SOON)
    clock.forward(days=7)
    return action


def kinds(app, action):
    with app.app_context():
        mine = select(Event.kind).where(
            Event.subject_type == "action", Event.subject_id == action.id
        )
        return list(db.session.scalars(mine.order_by(Event.id)))


def test_the_form_says_that_the_day_has_passed_and_asks_for_another(app, cast, as_, late):
    """Planted: `AssignForm.validate` without its end; `give` that leaves the date."""
    lead, address = as_(cast.lead), f"/actions/{late.ref}/assignment"
    page = lead.get(address).text
    assert "would be late at once" in page
    assert 'name="until"' in page
    member = f"i{cast.member.id}"
    refused = lead.fill(address, assignee=member)
    assert (refused.status_code, "the date it has is over" in refused.text) == (422, True)
    past = lead.fill(address, assignee=member, until="2026-03-03")
    assert (past.status_code, stored(app, late).assignee_id) == (422, None)
    assert lead.fill(address, assignee=member, until="2026-03-20").status_code == 303
    now = stored(app, late)
    assert (now.assignee_id, now.due_on, now.due_changes) == (cast.member.id, date(2026, 3, 20), 1)
    assert not now.late(date(2026, 3, 9))
    assert kinds(app, late)[-2:] == ["action.rescheduled", "action.assigned"]


def test_what_is_in_time_is_given_on_as_it_is(app, cast, as_, work):
    """Planted: the date asked for always."""
    action, lead = work.make(), as_(cast.lead)
    address = f"/actions/{action.ref}/assignment"
    assert 'name="until"' not in lead.get(address).text
    assert lead.fill(address, assignee=f"i{cast.member.id}").status_code == 303
    assert stored(app, action).due_changes == 0


def test_another_contact_of_the_same_partner_takes_it_over_as_it_stands(app, cast, as_, late):
    """Its partner was late before. Planted: `stays_with` left out of both."""
    address, to = f"/actions/{late.ref}/assignment", f"c{cast.vendor.id}-{cast.contact.id}"
    assert as_(cast.lead).fill(address, assignee=to).status_code == 303
    assert (stored(app, late).contact_id, stored(app, late).due_on) == (cast.contact.id, SOON)


def test_of_several_those_whose_day_has_passed_get_the_new_one(app, cast, as_, clock, work, late):
    """Planted: `assign` in place of `give` in the act on several; the field shown where nothing has passed."""
    fine = work.make(title="In time", due_on=date(2026, 3, 27))
    lead, to = as_(cast.lead), f"i{cast.member.id}"
    alone = f"/actions/bulk/assignee?ids={fine.id}"
    assert 'name="until"' not in lead.get(alone).text
    both = f"{alone}&ids={late.id}"
    assert 'name="until"' in lead.get(both).text
    some = lead.fill("/actions/bulk/assignee", page=both, assignee=to)
    assert "whoever gets it would be late at once" in some.text
    assert (stored(app, fine).assignee_id, stored(app, late).assignee_id) == (cast.member.id, None)
    change(app, fine, lambda row: row.decline("No time", by=cast.member, now=clock()))
    assert lead.fill("/actions/bulk/assignee", page=both, assignee=to, until="2026-03-20").status_code == 303  # fmt: skip
    assert [stored(app, one).due_on for one in (late, fine)] == [
        date(2026, 3, 20),
        date(2026, 3, 27),
    ]
