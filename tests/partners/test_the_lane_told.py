"""What the lane says in words: that something is late, what was brought, what is still given back, and who "we" are."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.doing import change
from tracker.activity.telling import company
from tracker.db import db, writing
from tracker.files.models import Evidence

OURS = re.compile(r"\b(us|ours?|we)\b", re.IGNORECASE)
OWN_WORDS = ("We are blocked", "we are blocked")  # which a contact says of its own side


def row_of(page, title):
    """Return the row of the lane that names this action."""
    rows = re.findall(r'<li class="action">.*?</li>', page, re.DOTALL)
    return next(row for row in rows if f"<bdi>{title}</bdi>" in row)


def words_of(page):
    """Return what stands between the tags, without what a contact says of itself."""
    words = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>", 1)[0])
    for own in OWN_WORDS:
        words = words.replace(own, "")
    return words


def called(app):
    with app.test_request_context():
        return str(company()).replace("&", "&amp;")


def brought(app, action, *, by, now):
    """Hang a link on an action."""
    with app.app_context(), writing():
        fresh = db.session.get_one(type(action), action.id)
        Evidence.add(fresh, by=by, now=now, name="Ten calls", url="https://example.org/ten")


def test_what_is_late_says_so_beside_another_date_that_is_proposed(app, cast, as_, clock, work):
    """Planted: "late" said only where no other date is proposed, in both lists; the day proposed in red."""
    late = work.make(title="Late", due_on=date(2026, 3, 3))
    change(app, late, lambda row: row.propose_date(date(2026, 3, 27), "Ill", by=cast.contact, now=clock()))  # fmt: skip
    clock.forward(days=7)
    row = row_of(as_(cast.contact).get("/partner").text, "Late")
    assert '<small class="bad">late</small>' in row
    assert '<small class="muted">27 Mar proposed</small>' in row
    table = as_(cast.lead).get("/actions?whose=all").text
    assert '<small class="bad">late</small> <small class="muted">27 Mar proposed</small>' in table


def test_only_what_is_still_given_back_is_news_of_a_return(app, cast, as_, clock, work):
    """Planted: every return since the last visit counted."""
    back = work.make(title="Back")
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    assert "1 returned" in as_(cast.contact).get("/partner").text
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    assert "1 returned" not in as_(cast.contact).get("/partner").text


def test_evidence_leaves_a_mark_on_the_row_and_where_one_hands_in(app, cast, as_, clock, work):
    """Planted: `pieces` left at none; the evidence of our own people counted; none passed to the form."""
    action = work.make(title="Ring ten homes")
    change(app, action, lambda row: row.start(by=cast.contact, now=clock()))
    vendor, form = as_(cast.contact), f"/actions/{action.ref}/submission"
    assert "of evidence" not in row_of(vendor.get("/partner").text, "Ring ten homes")
    assert "Nothing yet: a file, or a link" in vendor.get(form).text
    brought(app, action, by=cast.lead, now=clock())
    brought(app, action, by=cast.contact, now=clock())
    row = row_of(vendor.get("/partner").text, "Ring ten homes")
    assert f'/partner/actions/{action.ref}#evidence">1 piece of evidence<' in row
    page = vendor.get(form).text
    assert page.count("<bdi>Ten calls</bdi>") == 1
    assert f"/actions/{action.ref}/evidence?back=" in page
    brought(app, action, by=cast.contact, now=clock())
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    assert ">2 pieces of evidence<" in row_of(vendor.get("/partner").text, "Ring ten homes")


@pytest.mark.parametrize(
    ("criteria", "asks"),
    [
        ("Ten homes", "Is it not met yet?"),
        ("Ten homes\nTheir words", "Is one of them not met yet?"),
    ],
)
def test_one_criterion_is_not_one_of_them(app, cast, as_, clock, work, criteria, asks):
    """Planted: the sentence of many said of one."""
    action = work.make(criteria=criteria)
    change(app, action, lambda row: row.start(by=cast.contact, now=clock()))
    assert asks in as_(cast.contact).get(f"/actions/{action.ref}/submission").text


def test_on_the_pages_of_a_contact_we_are_its_own_side_and_the_company_has_a_name(app, cast, as_, clock, work):  # fmt: skip
    """Planted, each alone: "with us", "blocked by us", "count as ours", "waits for our answer", "Our review", "Work on our side"."""
    handed, asked, stuck, going = (work.make(title=title) for title in ("Handed", "Asked", "Stuck", "Going"))  # fmt: skip
    change(app, handed, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, asked, lambda row: row.propose_date(date(2026, 3, 27), "Ill", by=cast.contact, now=clock()))  # fmt: skip
    change(app, going, lambda row: row.start(by=cast.contact, now=clock()))
    vendor = as_(cast.contact)
    vendor.submit(
        f"/partner/actions/{stuck.ref}/blockers/new",
        title="Nobody lets them in", category="tooling", needed_by="2026-03-13", effect="No call",
    )  # fmt: skip
    clock.forward(days=2)
    name = called(app)
    home = vendor.get("/partner").text
    for said in (
        f"These days count for {name}, not for you.", f"with {name}", f"waits for {name} to answer",
        f"not counted now: blocked by {name}",
    ):  # fmt: skip
        assert said in home, said
    card = vendor.get("/partner/scorecard").text
    assert f"Review by {name}" in card
    assert f"Blockers raised on {name}" in card
    for page in (
        "/partner", f"/partner/actions/{handed.ref}", f"/partner/actions/{stuck.ref}", f"/actions/{going.ref}/submission",
        "/partner/scorecard", "/partner/scorecard/on-time", "/partner/scorecard/our-review", "/blockers", "/blockers?state=over",
    ):  # fmt: skip
        found = OURS.search(words_of(vendor.get(page).text))
        assert found is None, (page, found)
    ours = as_(cast.lead).get(f"/partners/{cast.vendor.slug}/scorecard").text
    assert "Our review" in ours
    assert f"Review by {name}" not in ours
