"""A calendar at a secret address: one's own due dates, for whoever has it, as long as it stands."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import PASSWORD, START
from tests.doing import DUE, change
from tests.feeds.conftest import read
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.feeds import dues
from tracker.feeds.models import CalendarFeed
from tracker.organisation.access import Purpose, issue
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role


def titles(answer):
    assert answer.status_code == 200
    return [event["SUMMARY"].removeprefix("Due: ") for event in read(answer.data)]


@pytest.mark.both
def test_it_shows_what_is_mine_to_do_and_nothing_else(app, cast, as_, clock, work, address):
    """Canaries: the assignee not asked for; what is handed in left in; a session asked for."""
    work.make(person_id=cast.member.id, title="Mine, later; with a comma,", due_on=DUE + timedelta(days=7))  # fmt: skip
    mine = work.make(person_id=cast.member.id, title="Mine")
    work.make(person_id=cast.finance.id, title="Somebody else's")
    over = work.make(person_id=cast.member.id, title="Handed in", criteria="One")
    change(app, over, lambda row: row.submit("", by=cast.member, now=clock()))
    there, nobody = address(cast.member), as_(None)
    answer = nobody.get(there)
    assert titles(answer) == ["Mine", "Mine, later; with a comma,"]
    event = read(answer.data)[0]
    assert (event["UID"], event["URL"]) == (f"action-{mine.ref}@localhost", f"http://localhost/actions/{mine.ref}")  # fmt: skip
    assert event["DESCRIPTION"].endswith("One bill that anybody can read")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers

    again = nobody.get(there, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    clock.forward(hours=1)
    change(app, mine, lambda row: row.reschedule(DUE + timedelta(days=9), by=cast.lead, now=clock()))  # fmt: skip
    moved = nobody.get(there, headers={"If-None-Match": answer.headers["ETag"]})
    later = next(one for one in read(moved.data) if one["UID"] == event["UID"])
    assert (moved.status_code, later["DTSTART"]) == (200, "20260329")
    assert int(later["SEQUENCE"]) > int(event["SEQUENCE"])
    assert later["LAST-MODIFIED"] > event["LAST-MODIFIED"]


@pytest.mark.both
def test_a_contact_has_what_its_lane_shows(app, cast, as_, work, address):
    """Canary: `select(Action)` in place of `Action.visible_to(person)`."""
    theirs = work.make(title="Theirs")
    work.make(person_id=cast.member.id, title="Ours")
    with app.app_context(), writing():
        second = Person.add(
            email="second@example.org", name="Sera", role=Role.partner, partner_id=cast.vendor.id, by=None, now=START
        )  # fmt: skip
    work.make(partner_id=cast.vendor.id, contact_id=second.id, title="Of the second")
    there = address(cast.contact)
    assert titles(as_(None).get(there)) == ["Theirs", "Of the second"]
    assert read(as_(None).get(there).data)[0]["URL"] == f"http://localhost/partner/actions/{theirs.ref}"  # fmt: skip
    assert titles(as_(None).get(address(cast.other_contact))) == []
    with app.app_context(), writing():
        db.session.get_one(Partner, cast.vendor.id).change(by=cast.admin, now=START, contacts_share=False)  # fmt: skip
    assert titles(as_(None).get(there)) == ["Theirs"]


def test_a_wrong_a_revoked_and_an_ended_address_answer_alike(app, cast, as_, clock, address):
    """Canaries: a revoked row kept and marked; the older address left when another is made."""
    first = address(cast.member)
    second = address(cast.member)
    nobody = as_(None)
    assert (nobody.get(first).status_code, nobody.get(second).status_code) == (404, 200)
    assert first not in as_(cast.member).get("/settings/calendar").text
    assert second not in as_(cast.member).get("/settings/calendar").text
    wrong = nobody.get("/calendar/none.ics")
    assert as_(cast.member).fill("/settings/calendar/removal", page="/settings/calendar").status_code == 303  # fmt: skip
    revoked = nobody.get(second)
    ended = address(cast.contact)
    with app.app_context(), writing():
        end_access(db.session.get_one(Person, cast.contact.id), by=cast.admin, now=clock())
    over = nobody.get(ended)
    assert {one.status_code for one in (wrong, revoked, over)} == {404}
    told = {
        re.sub(r"request: \w+|calendar/[^.]+|hx-headers='[^']+'", "", one.text)
        for one in (wrong, revoked, over)
    }
    assert len(told) == 1
    with app.app_context(), writing():
        db.session.get_one(Person, cast.contact.id).restore(by=cast.admin, now=clock())
    assert nobody.get(ended).status_code == 404
    assert as_(cast.member).submit("/settings/calendar/removal").status_code == 409
    by_partner = address(cast.other_contact)
    with app.app_context(), writing():
        end_partner(db.session.get_one(Partner, cast.other_vendor.id), by=cast.admin, now=clock())
    assert nobody.get(by_partner).status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(nobody, method)(second).status_code == 405


@pytest.mark.parametrize("way", ["changed", "reset"])
def test_it_ends_with_the_password_under_which_it_was_made(app, cast, as_, clock, address, way):
    """Planted, seen red: `_close_it` not registered. Nobody else's ends, and nothing is told where there was none."""
    there, another = address(cast.member), address(cast.contact)
    tab, new = as_(cast.member), "seven quiet otters swim"
    assert "the address of your calendar ends" in tab.get("/settings/profile").text
    assert "It ends when you choose another password" in tab.get("/settings/calendar").text
    if way == "changed":
        sent = tab.submit("/settings/password", current=PASSWORD, password=new)
    else:
        with app.app_context(), writing():
            member = db.session.get_one(Person, cast.member.id)
            token = issue(member, Purpose.reset, by=cast.admin, now=clock())
        assert "the address of your calendar ends" in as_(None).get(f"/reset/{token}").text
        sent = as_(None).submit(f"/reset/{token}", password=new)
    assert sent.status_code == 303
    assert as_(None).get(there).status_code == 404
    assert as_(None).get(another).status_code == 200
    with app.app_context():
        kinds = db.session.scalars(select(Event.kind).order_by(Event.id)).all()
        assert kinds.count("person.calendar_closed") == 1
        assert db.session.scalars(select(CalendarFeed.person_id)).all() == [cast.contact.id]


def test_it_closes_on_the_day_on_which_access_ends_by_itself(app, cast, as_, clock, address):
    """Canary: `may_enter` not asked by `reader`. No sweep has to come by."""
    there, ends_on = address(cast.contact), clock().date() + timedelta(days=1)
    with app.app_context(), writing():
        contact = db.session.get_one(Person, cast.contact.id)
        contact.change(by=cast.admin, now=clock(), ends_on=ends_on)
    assert as_(None).get(there).status_code == 200
    clock.forward(days=1)
    assert as_(None).get(there).status_code == 404


def test_the_database_holds_no_address_and_the_trail_tells_that_there_is_one(app, cast, address):
    """Canary: the token kept in place of its hash."""
    token = address(cast.member).removeprefix("/calendar/").removesuffix(".ics")
    with app.app_context():
        feed = db.session.scalars(select(CalendarFeed)).one()
        kinds = db.session.scalars(select(Event.kind).order_by(Event.id.desc()).limit(1)).one()
        assert token not in feed.token_hash
        assert len(token) == 43
        assert kinds == "person.calendar_opened"


def test_guessing_is_held_up_and_reading_is_not(app, cast, as_, address):
    """Canary: `FEED.try_it` left out. Whoever has a right address is never counted."""
    there, nobody = address(cast.member), as_(None)
    statuses = [nobody.get(f"/calendar/{n}.ics").status_code for n in range(62)]
    assert statuses == [404] * 60 + [429] * 2
    assert nobody.get(there).status_code == 200


def test_it_holds_no_more_than_its_limit_and_reading_writes_nothing(app, cast, as_, work, address, monkeypatch):  # fmt: skip
    """Canary: `.limit(MOST)` left out."""
    monkeypatch.setattr(dues, "MOST", 3)
    for day in range(5):
        work.make(person_id=cast.member.id, title=str(day), due_on=DUE + timedelta(days=day))
    there = address(cast.member)
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Event))
    assert titles(as_(None).get(there)) == ["0", "1", "2"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == before
