"""The reason of a return stands where a contact hands in again, and in what happened: for whoever it was told, and nobody else."""

from __future__ import annotations

from tests.doing import change
from tracker.actions.assignees import Assignee
from tracker.activity.kinds import Kind
from tracker.activity.queries import timeline

MISSING = "Two of the ten calls cannot be heard"


def returned(app, cast, clock, action, words=MISSING):
    """Let the contact hand an action in, and the lead return it an hour later."""
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(hours=1)
    change(app, action, lambda row: row.return_(words, by=cast.lead, now=clock()))
    clock.forward(hours=1)


def test_what_is_missing_stands_where_it_is_handed_in_again(app, cast, as_, clock, work):
    """Canaries: the banner left out of act.html; `missing` of `for_contact` left empty."""
    action = work.make()
    page = f"/actions/{action.ref}/submission"
    change(app, action, lambda row: row.start(by=cast.contact, now=clock()))
    assert "this is missing" not in as_(cast.contact).get(page).text
    returned(app, cast, clock, action, MISSING + "." * 300 + " The end")
    assert "The end" in as_(cast.contact).get(page).text
    home = as_(cast.contact).get("/partner").text
    assert (MISSING in home, "The end" in home) == (True, False)
    assert MISSING not in as_(cast.contact).get(f"/actions/{action.ref}/date").text


def test_the_words_of_our_answers_stay_in_what_happened(app, cast, as_, clock, work):
    """Canary: `told` left out of `line_for_partner`."""
    action = work.make()
    returned(app, cast, clock, action)
    change(app, action, lambda row: row.submit("All ten", by=cast.contact, now=clock()))
    page = as_(cast.contact).get(f"/partner/actions/{action.ref}").text
    assert page.count(MISSING) == 1
    change(app, action, lambda row: row.accept(words="Thank you", by=cast.lead, now=clock()))
    there = as_(cast.contact).get(f"/partner/actions/{action.ref}").text
    assert (MISSING in there, there.count("Thank you")) == (True, 2)
    assert as_(cast.other_contact).get(f"/partner/actions/{action.ref}").status_code == 404


def test_whoever_has_it_later_reads_nothing_that_was_said_to_somebody_before(app, cast, as_, clock, work):  # fmt: skip
    """Canary: `_told_to_them` without the moment since when they have it."""
    action = work.make()
    returned(app, cast, clock, action)
    other = Assignee(partner_id=cast.other_vendor.id)
    change(app, action, lambda row: row.assign(other, by=cast.lead, now=clock()))
    page = as_(cast.other_contact).get(f"/partner/actions/{action.ref}")
    assert (page.status_code, MISSING in page.text) == (200, False)
    assert MISSING not in as_(cast.other_contact).get("/partner").text
    with app.test_request_context():
        every = timeline(cast.other_contact, subject=("action", action.id))
        assert [line.words for line in every if line.kind == Kind.action_returned] == [""]
    clock.forward(hours=1)
    own = Assignee(partner_id=cast.vendor.id)
    change(app, action, lambda row: row.assign(own, by=cast.lead, now=clock()))
    assert MISSING not in as_(cast.contact).get(f"/partner/actions/{action.ref}").text


def test_the_host_reads_at_the_second_submission_what_was_missing(app, cast, as_, clock, work):
    """Canary: `returned` left out of the host's answer page."""
    action = work.make()
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    assert "this was missing" not in as_(cast.lead).get(f"/actions/{action.ref}/answer").text
    change(app, action, lambda row: row.return_(MISSING, by=cast.lead, now=clock()))
    change(app, action, lambda row: row.submit("All ten", by=cast.contact, now=clock()))
    page = as_(cast.lead).get(f"/actions/{action.ref}/answer").text
    assert ("this was missing" in page, page.count(MISSING)) == (True, 1)
