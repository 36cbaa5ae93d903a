"""What a contact finds first: in each group what was returned, with a mark."""

from __future__ import annotations

from datetime import date

from tests.doing import change, work_of
from tracker.blockers import joining
from tracker.blockers import lane as between_us
from tracker.blockers import views as blocker_views
from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.partners import lane as lane_module
from tracker.partners import views


def test_what_was_returned_stands_first_in_its_group_and_says_so(app, cast, as_, clock):
    """Canary: `given_back()` left out of the order of the lane."""
    work = work_of(app, cast, clock)
    work.make(title="Soon", due_on=date(2026, 3, 4))
    back = work.make(title="Was returned", due_on=date(2026, 3, 6))
    later = work.make(title="Later", due_on=date(2026, 5, 4))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    lane = as_(cast.contact).get("/partner").text
    places = [lane.index(f">{title}<") for title in ("Was returned", "Soon", "Later")]
    assert places == sorted(places)
    assert lane.count("Returned to you") == 1
    change(app, later, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    assert "Returned to you" not in as_(cast.contact).get("/partner").text


def test_a_lane_that_is_cut_says_so_and_keeps_what_was_returned(app, cast, as_, clock, monkeypatch):
    """Planted: the returned ones cut with the rest; one too few read to tell that there are more."""
    monkeypatch.setattr(lane_module, "MOST", 2)
    work = work_of(app, cast, clock)
    for day in (4, 5):
        work.make(title=f"Due {day}", due_on=date(2026, 3, day))
    assert "There is more." not in as_(cast.contact).get("/partner").text
    back = work.make(title="Was returned", due_on=date(2026, 5, 6))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    text = as_(cast.contact).get("/partner").text
    assert "There is more." in text
    assert [f">{title}<" in text for title in ("Was returned", "Due 4", "Due 5")] == [True, True, False]  # fmt: skip


def between(app, cast, clock, *, held, owed):
    """Raise blockers that the partner holds, and then such as it raised on us: "Theirs 0" and so on, "Ours 0" and so on."""
    work = work_of(app, cast, clock)
    action = work.make(title="Sort the letters")
    said = {"category": Category.process, "needed_by": None, "effect": ""}
    with app.app_context(), writing():
        action = db.session.get_one(type(action), action.id)
        for number in range(owed):
            Blocker.raise_on_us(
                action, **said, title=f"Ours {number}", by=cast.contact, now=clock()
            )
        initiative, clock_now = db.session.get_one(Initiative, work.initiative.id), clock.forward(hours=1)  # fmt: skip
        for number in range(held):
            Blocker.raise_(
                initiative, title=f"Theirs {number}", blocked_unit_id=cast.care.id, holder_partner_id=cast.vendor.id,
                by=cast.lead, now=clock_now,
            )  # fmt: skip


def test_a_short_list_of_blockers_counts_them_all_and_leads_to_the_rest(app, cast, as_, clock, monkeypatch):  # fmt: skip
    """Planted: `unlisted` that says none; the numbers of what is listed alone."""
    between(app, cast, clock, held=3, owed=3)
    whole = as_(cast.contact).get("/partner").text
    assert (whole.count(">Theirs"), whole.count(">Ours"), "more blocker" in whole) == (3, 3, False)
    monkeypatch.setattr(views, "MOST_BLOCKERS", 1)
    short = as_(cast.contact).get("/partner").text
    assert (short.count(">Theirs"), short.count(">Ours")) == (1, 1)
    assert short.count("Show 2 more blockers") == 2
    assert "3 blockers wait for your answer as well." in short
    waiting = short.partition('id="waiting"')[2]
    assert waiting.partition('class="count">')[2].startswith("3<")
    assert short.count('href="/blockers?state=unsettled"') == 2


def test_more_blockers_than_are_counted_are_said_in_words(app, cast, as_, clock, monkeypatch):
    """Planted: the number so far as it was counted; `most` not handed on to the count."""
    between(app, cast, clock, held=3, owed=3)
    monkeypatch.setattr(views, "MOST_BLOCKERS", 1)
    for where in (views, between_us, joining):
        monkeypatch.setattr(where, "MOST_AMONG", 3)
    many = as_(cast.contact).get("/partner").text
    assert many.count("Show all blockers") == 2
    assert "Very many blockers wait for your answer as well." in many
    waiting = many.partition('id="waiting"')[2]
    assert waiting.partition('class="count">')[2].startswith("1+<")


def test_the_list_it_leads_to_holds_what_is_to_be_confirmed_too_page_by_page(app, cast, as_, clock, monkeypatch):  # fmt: skip
    """Planted: the list of a partner cut without a word; what is resolved left out; what it holds among the rest."""
    between(app, cast, clock, held=1, owed=3)
    with app.app_context(), writing():
        last = db.session.scalars(db.select(Blocker).where(Blocker.title == "Ours 2")).one()
        last.resolve("Done", by=cast.lead, now=clock())
    monkeypatch.setattr(blocker_views, "PER_PAGE", 2)
    contact = as_(cast.contact)
    first, second = (contact.get(f"/blockers?state=unsettled&page={n}").text for n in (1, 2))
    assert ["Theirs 0" in first, "Ours 0" in first, "1 to 2 of 4" in first] == [True, True, True]
    assert ["Ours 1" in second, "Ours 2" in second, "3 to 4 of 4" in second] == [True, True, True]
    assert "Ours 2" not in contact.get("/blockers?page=2").text, "open ones alone, as the page says"
