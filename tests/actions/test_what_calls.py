"""One's own list: what asks for an answer first, then what was returned, then the days; and how far it is, said on the spot."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tests.doing import change, stored
from tests.filled import form_to
from tests.notices.conftest import told
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person


def test_what_asks_for_an_answer_comes_first_then_what_was_returned(app, cast, as_, clock, work):
    """Canary: `calls(person)` left out of the order."""
    work.make(
        title="Plain and soon", person_id=cast.lead.id, due_on=date(2026, 3, 3), by=cast.manager
    )
    returned = work.make(
        title="Was returned", person_id=cast.lead.id, due_on=date(2026, 3, 9), by=cast.manager
    )
    handed = work.make(title="Handed in", due_on=date(2026, 4, 9))
    dated = work.make(title="Another day", due_on=date(2026, 4, 8))
    work.make(title="Theirs and open", due_on=date(2026, 3, 2))
    change(app, returned, lambda row: row.submit(by=cast.lead, now=clock()))
    change(app, returned, lambda row: row.return_("Two are missing", by=cast.manager, now=clock()))
    change(app, handed, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, dated, lambda row: row.propose_date(date(2026, 6, 1), by=cast.contact, now=clock()))
    page = as_(cast.lead).get("/actions").text
    titles = ("Another day", "Handed in", "Was returned", "Plain and soon")
    places = [page.index(f"<bdi>{title}</bdi></a>") for title in titles]
    assert places == sorted(places)
    assert page.count(">Waits for your answer<") == 2
    assert "Theirs and open" not in page
    by_day = as_(cast.lead).get("/actions?sort=due").text
    assert (
        by_day.index("Plain and soon") < by_day.index("Was returned") < by_day.index("Another day")
    )
    assert "Waits for your answer" not in as_(cast.manager).get("/actions?whose=all").text


def test_how_far_it_is_is_said_in_the_list_itself(app, cast, as_, work):
    """Canary: the form below the table without its id."""
    mine = work.make(title="Read them", person_id=cast.member.id)
    member = as_(cast.member)
    page = member.get("/actions").text
    assert f'form="progress-{mine.ref}"' in page
    assert f'<form id="progress-{mine.ref}"' in page
    form = form_to(page, f"/actions/{mine.ref}/progress?back=/actions", "/actions")
    answer = member.post(
        f"/actions/{mine.ref}/progress?back=/actions", data={**form, "progress": "60"}
    )
    assert (answer.status_code, answer.location) == (303, "/actions")
    assert (stored(app, mine).progress, stored(app, mine).state) == (60, "in_progress")
    wrong = member.submit(f"/actions/{mine.ref}/progress?back=/actions", progress="101")
    assert (wrong.status_code, "0 to 100" in wrong.text) == (422, True)
    assert "progress-" not in as_(cast.lead).get("/actions?whose=all").text


def test_a_contact_who_goes_is_no_new_assignment_for_the_others(app, cast, as_, clock, work):
    """Canary: `action_assigned` recorded by `name_no_contact`."""
    with app.app_context(), writing():
        second = Person.add(
            email="second@example.org", name="Paula Partner", role=cast.contact.role, by=None, now=clock(),
            partner_id=cast.vendor.id, password_hash=cast.contact.password_hash,
        )  # fmt: skip
    action = work.make(partner_id=cast.vendor.id, contact_id=cast.contact.id)
    with app.app_context():
        with writing():
            end_access(db.session.get_one(Person, cast.contact.id), by=cast.admin, now=clock())
        last = db.session.scalars(select(Event).where(Event.subject_type == "action").order_by(Event.id.desc())).first()  # fmt: skip
        assert (last.kind, last.before) == ("action.contact_gone", {"contact_id": cast.contact.id})
        assert told(second) == []
    assert stored(app, action).contact_id is None
    page = as_(second).get(f"/partner/actions/{action.ref}").text
    assert "This action names nobody of you any more" in page
    assert "gave you this action" in page
