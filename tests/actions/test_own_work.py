"""Nobody accepts their own work, also not by giving it away and taking it back (rule 19)."""

from __future__ import annotations

import pytest

from tests.actions.test_mended import edit
from tests.doing import change, stored
from tracker.actions.assignees import Assignee
from tracker.actions.states import State


def given(to):
    return {"assignee": Assignee(person_id=to.id).key}


@pytest.fixture
def passed_round(app, cast, as_, clock):
    """Let Lena give her own action to Milo, do something with it, and take it back."""

    def round_(action, between=None):
        lena = as_(cast.lead)
        address = f"/actions/{action.ref}"
        assert lena.submit(f"{address}/assignment", **given(cast.member)).status_code == 303
        if between:
            between(lena, address)
        assert lena.submit(f"{address}/assignment", **given(cast.lead)).status_code == 303
        assert lena.submit(f"{address}/start").status_code == 303
        return lena, address

    return round_


@pytest.mark.both
def test_criteria_dropped_while_somebody_else_had_it_are_asked_for_all_the_same(app, cast, work, passed_round):  # fmt: skip
    """Canary: `criteria_by_id` not set in `edit`, or not asked for in `looked_at_of`."""
    action = work.make(person_id=cast.lead.id, criteria="It works", host_id=cast.lead.id)

    def drops(lena, address):
        emptied = lena.submit(f"{address}/edit", **edit(stored(app, action), criteria=""))
        assert emptied.status_code == 303

    lena, address = passed_round(action, drops)
    assert stored(app, action).criteria == ""
    page = lena.get(address).text
    assert f"{address}/submission" in page
    assert f'action="{address}/completion"' not in page
    closed = lena.submit(f"{address}/completion")
    assert (closed.status_code, "Hand it in" in closed.text) == (409, True)
    assert lena.get(f"{address}/completion").status_code == 409
    assert stored(app, action).state == State.in_progress
    assert lena.submit(f"{address}/submission").status_code == 303


def test_what_was_returned_stays_so_when_it_was_given_away_and_taken_back(app, cast, clock, work, passed_round):  # fmt: skip
    """Canary: the review not asked for in `looked_at_of`."""
    action = work.make(person_id=cast.lead.id, host_id=cast.lead.id)
    change(app, action, lambda row: row.submit(by=cast.lead, now=clock()))
    change(app, action, lambda row: row.return_("More", by=cast.manager, now=clock()))
    lena, address = passed_round(action)
    assert stored(app, action).returned == 0
    closed = lena.submit(f"{address}/completion")
    assert (closed.status_code, stored(app, action).state) == (409, State.in_progress)


def test_criteria_that_a_host_drops_let_somebody_else_close_it(app, cast, as_, work):
    """Canary: whose change it was not asked for in `looked_at_of`."""
    action = work.make(person_id=cast.member.id, criteria="It works")
    dropped = as_(cast.lead).submit(f"/actions/{action.ref}/edit", **edit(action, criteria=""))
    assert dropped.status_code == 303
    assert as_(cast.member).submit(f"/actions/{action.ref}/start").status_code == 303
    assert as_(cast.member).submit(f"/actions/{action.ref}/completion").status_code == 303
    assert stored(app, action).state == State.done


def test_only_another_change_of_the_criteria_ends_what_dropping_them_began(app, cast, as_, work, passed_round):  # fmt: skip
    """Canary: `criteria_by_id` set by every edit, or only while nobody is named there."""
    action = work.make(person_id=cast.lead.id, criteria="It works", host_id=cast.lead.id)

    def says(who, **fields):
        sent = as_(who).submit(f"/actions/{action.ref}/edit", **edit(stored(app, action), **fields))
        assert sent.status_code == 303

    lena, address = passed_round(action, lambda *_: says(cast.lead, criteria=""))
    says(cast.manager, title="Better words")
    assert stored(app, action).criteria_by_id == cast.lead.id
    assert lena.submit(f"{address}/completion").status_code == 409
    says(cast.manager, criteria="It is quick")
    assert lena.submit(f"{address}/completion").status_code == 409
    says(cast.manager, criteria="")
    assert stored(app, action).criteria_by_id == cast.manager.id
    assert lena.submit(f"{address}/completion").status_code == 303
    assert stored(app, action).state == State.done
