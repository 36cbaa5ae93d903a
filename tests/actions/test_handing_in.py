"""Handing in says that every criterion is met: one by one, or of all by the button that says so, and never by silence."""

from __future__ import annotations

import re

import pytest

from tests.doing import change, stored
from tests.filled import form_to
from tracker.actions.states import State

CRITERIA = "Ten calls\nConsent on each"


@pytest.mark.parametrize("met", [[], [""], ["0"], ["1", "1"], ["0", "2"], ["ALL"], ["0 1"]])
def test_what_nobody_said_is_met_is_not_handed_in(app, cast, as_, work, met):
    """Planted, seen red: `lacking` asked of what was sent alone (nothing sent, nothing lacking)."""
    action = work.make(criteria=CRITERIA)
    refused = as_(cast.contact).submit(f"/actions/{action.ref}/submission", met=met, words="All of it")  # fmt: skip
    assert refused.status_code == 422
    assert "Nobody said that this is met" in refused.text
    assert "All of it" in refused.text
    assert stored(app, action).state == State.to_do


@pytest.mark.parametrize("met", [["0", "1"], ["all"]])
def test_what_is_said_to_be_met_is_handed_in(app, cast, as_, work, met):
    action = work.make(criteria=CRITERIA)
    assert as_(cast.contact).submit(f"/actions/{action.ref}/submission", met=met).status_code == 303
    assert stored(app, action).state == State.submitted


def test_only_the_button_claims_and_its_words_say_what(app, cast, as_, clock, work):
    """Planted, seen red: the claim as a hidden field, which Enter and every other button would send as well."""
    action = work.make(criteria=CRITERIA)
    change(app, action, lambda row: row.start(by=cast.contact, now=clock()))
    vendor = as_(cast.contact)
    for page in (f"/partner/actions/{action.ref}", f"/actions/{action.ref}/submission"):
        text = vendor.get(page).text
        assert len(re.findall(r'name="met"', text)) == 1
        button = re.search(r'<button[^>]*name="met"[^>]*>(.*?)</button>', text, re.DOTALL)
        assert button
        assert "Hand it in: all 2 criteria are met" in button[1]
        for criterion in CRITERIA.splitlines():
            assert criterion in text[: button.start()]


def test_criteria_that_changed_meanwhile_are_read_before_they_are_claimed(app, cast, as_, clock, work):  # fmt: skip
    """Planted, seen red: `seen` left out of the act."""
    action = work.make(criteria=CRITERIA)
    page, vendor = f"/actions/{action.ref}/submission", as_(cast.contact)
    old = form_to(vendor.get(page).text, page, page)
    more = f"{CRITERIA}\nAll in one place"
    change(app, action, lambda row: row.edit(by=cast.lead, now=clock(), criteria=more))
    late = vendor.post(page, data={**old, "met": "all"})
    assert (late.status_code, stored(app, action).state) == (409, State.to_do)
    assert 'name="met"' not in late.text


def test_trying_again_asks_for_the_claim_beside_what_changed(app, cast, as_, clock, work):
    """Planted: `is_said_here` taken off the field, so that the page that says what changed sends the old claim on."""
    action = work.make(criteria=CRITERIA)
    page, vendor = f"/actions/{action.ref}/submission", as_(cast.contact)
    old = form_to(vendor.get(page).text, page, page)
    more = f"{CRITERIA}\nAll in one place"
    change(app, action, lambda row: row.edit(by=cast.lead, now=clock(), criteria=more))
    late = vendor.post(page, data={**old, "met": "all", "words": "Ten of them"})
    again = vendor.post(page, data=form_to(late.text, page, page))
    assert (again.status_code, stored(app, action).state) == (422, State.to_do)
    assert "All in one place" in again.text
    assert "Ten of them" in again.text
