"""An acceptance is taken back within ten minutes, as long as nobody has acted on it (rules 13 and 19)."""

from __future__ import annotations

import pytest

from tests.doing import change, stored
from tests.notices.conftest import told
from tracker.actions.reviews import Review
from tracker.actions.states import State
from tracker.discussion.models import Comment


@pytest.fixture
def accepted(app, cast, clock, work, as_):
    action = work.make(criteria="Ten calls")
    change(app, action, lambda row: row.report(40, by=cast.contact, now=clock()))
    change(app, action, lambda row: row.submit("All there", by=cast.contact, now=clock()))
    assert as_(cast.lead).submit(f"/actions/{action.ref}/acceptance", words="Thank you").status_code == 303  # fmt: skip
    return action


@pytest.mark.both
def test_what_was_accepted_by_mistake_is_handed_in_again(app, cast, as_, clock, accepted):
    """Canary: the review left answered, so that nobody could answer it any more."""
    address = f"/actions/{accepted.ref}"
    clock.forward(minutes=9)
    assert "For ten minutes it can be taken back" in as_(cast.lead).get(address).text
    for part, status in (("member", 403), ("auditor", 403), ("contact", 404), ("other_contact", 404)):  # fmt: skip
        assert as_(getattr(cast, part)).submit(f"{address}/taking-back").status_code == status, part
    assert as_(cast.lead).submit(f"{address}/taking-back").status_code == 303
    again = stored(app, accepted)
    assert (again.state, again.progress, again.closed_at, again.last_on, again.submission) == (
        State.submitted,
        40,
        None,
        None,
        "All there",
    )
    with app.app_context():
        review = Review.waiting(accepted.id)
        assert (review is not None, again.returned) == (True, 0)
        assert "action_taken_back" in str(told(cast.contact))
    lane = as_(cast.contact).get("/partner").text
    assert "1 accepted" not in lane
    assert as_(cast.lead).submit(f"{address}/return", words="Two are missing").status_code == 303
    back = stored(app, accepted)
    assert (back.state, back.returned, back.last_on.isoformat()) == (State.in_progress, 1, "2026-03-20")  # fmt: skip
    page = as_(cast.lead).get(address).text
    assert "took back that the action" in page


def test_later_than_ten_minutes_it_stays(app, cast, as_, clock, accepted):
    """Canary: UNDONE_WITHIN of an hour."""
    clock.forward(minutes=11)
    page = as_(cast.lead).get(f"/actions/{accepted.ref}").text
    assert "For ten minutes it can be taken back" not in page
    late = as_(cast.lead).submit(f"/actions/{accepted.ref}/taking-back")
    assert (late.status_code, "for ten minutes only" in late.text) == (409, True)
    assert stored(app, accepted).state == State.accepted


def test_once_somebody_acted_on_it_it_stays(app, cast, as_, clock, accepted):
    """Canary: `more` always False."""
    change(app, accepted, lambda row: row.pass_host(cast.manager, by=cast.admin, now=clock()))
    late = as_(cast.lead).submit(f"/actions/{accepted.ref}/taking-back")
    assert (late.status_code, "Somebody has acted on it since" in late.text) == (409, True)


def test_what_is_said_beside_it_stops_nobody(app, cast, as_, clock, accepted):
    """Canary: `SAID` empty, so that a comment of the contact made an acceptance by mistake one for good."""
    change(app, accepted, lambda row: Comment.post(row, "Invoice sent.", shared=True, by=cast.contact, now=clock()))  # fmt: skip
    address = f"/actions/{accepted.ref}"
    assert "For ten minutes it can be taken back" in as_(cast.lead).get(address).text
    assert as_(cast.lead).submit(f"{address}/taking-back").status_code == 303
    assert stored(app, accepted).state == State.submitted


def test_what_was_never_accepted_is_not_taken_back(cast, as_, work):
    action = work.make()
    none = as_(cast.lead).submit(f"/actions/{action.ref}/taking-back")
    assert (none.status_code, "not accepted" in none.text) == (409, True)
