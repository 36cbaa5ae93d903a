"""Holes that were found by attacking, each closed: what one cannot do to one's own work, and what moves with an action."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from tests.doing import change, stored
from tests.filled import form_to
from tracker.actions.assignees import Assignee
from tracker.actions.states import State
from tracker.db import db
from tracker.discussion.models import Comment
from tracker.files.models import Evidence
from tracker.importing.fields import FIELDS, What
from tracker.notices.models import Notice


def edit(action, **fields):
    told = {"title": action.title, "host_id": action.host_id, "criteria": action.criteria, "version": action.version}  # fmt: skip
    return {**told, **fields}


def test_nobody_takes_the_criteria_off_their_own_work(app, cast, as_, work):
    """Planted: `_may_change_criteria` left out."""
    action = work.make(person_id=cast.manager.id, criteria="It is there")
    mine = as_(cast.manager)
    refused = mine.submit(f"/actions/{action.ref}/edit", **edit(action, criteria=""))
    assert (refused.status_code, "does not change how it is accepted" in refused.text) == (409, True)  # fmt: skip
    assert stored(app, action).criteria == "It is there"
    assert mine.submit(f"/actions/{action.ref}/edit", **edit(action, title="Better words")).status_code == 303  # fmt: skip
    lead = as_(cast.lead).submit(f"/actions/{action.ref}/edit", **edit(stored(app, action), criteria=""))  # fmt: skip
    assert lead.status_code == 303


def test_what_was_returned_is_not_closed_by_its_doer(app, cast, as_, clock, work):
    action = work.make(person_id=cast.member.id)
    change(app, action, lambda row: row.submit(by=cast.member, now=clock()))
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    closed = as_(cast.member).submit(f"/actions/{action.ref}/completion")
    assert (closed.status_code, stored(app, action).state) == (409, State.in_progress)


def test_a_title_as_long_as_a_file_brings_it_is_saved_by_the_form(app, cast, as_, work):
    """Canary: 200 characters in the form, where files bring 500."""
    action = work.make(title="Record " + "ten welcome calls " * 20)
    longest = next(one.longest for one in FIELDS[What.actions] if one.name == "title")
    for title in (action.title, "x" * longest):
        stands = stored(app, action)
        saved = as_(cast.lead).submit(f"/actions/{action.ref}/edit", **edit(stands, title=title, why="It decides"))  # fmt: skip
        assert saved.status_code == 303
    assert stored(app, action).why == "It decides"


def test_criteria_stand_while_it_is_handed_in(app, cast, as_, clock, work):
    action = work.make(criteria="Hard")
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    easier = as_(cast.lead).submit(f"/actions/{action.ref}/edit", **edit(stored(app, action), criteria="Easy"))  # fmt: skip
    assert (easier.status_code, "is handed in" in easier.text) == (409, True)
    assert stored(app, action).criteria == "Hard"


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("comments", {"body": "For Brightline"}),
        ("edit", {"description": "For Brightline"}),
        ("cancellation", {"words": "For Brightline"}),
    ],
)
def test_words_for_one_partner_never_reach_the_next(app, cast, as_, clock, work, verb, fields):
    """A form that was opened while Brightline had it, sent after Otherwise got it.

    Planted: `still` left out of `edit`; a cancellation without `seen`; both looks at the partner left out of a comment.
    """
    action, host = work.make(criteria="Ten"), as_(cast.lead)
    address = f"/actions/{action.ref}/{verb}"
    opened = form_to(host.get(address).text, address)
    if verb == "comments":
        opened["readers"] = str(cast.vendor.id)
    change(app, action, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    refused = host.post(address, data=opened | fields)
    assert refused.status_code in {409, 422}
    assert "For Brightline" in refused.text  # nothing that was typed is lost
    assert "For Brightline" not in as_(cast.other_contact).get(f"/partner/actions/{action.ref}").text  # fmt: skip
    with app.app_context():
        assert db.session.scalars(select(Comment.id)).all() == []


def test_who_was_told_of_the_next_reader_may_save_all_the_same(app, cast, as_, clock, work):
    """Whoever does it changes twice: each time the one who writes is told once, and nothing typed has to be typed again.

    Planted: `typed` that carries `beside` as it came; `keys` that leaves it out next to a version.
    """
    action, host = work.make(criteria="Ten"), as_(cast.lead)
    address = f"/actions/{action.ref}/edit"

    def give_to(**assignee):
        change(app, action, lambda row: row.assign(Assignee(**assignee), by=cast.lead, now=clock()))

    sent = form_to(host.get(address).text, address) | {"description": "For whoever reads it"}
    for assignee in ({"partner_id": cast.other_vendor.id}, {"person_id": cast.member.id}):
        give_to(**assignee)
        told = host.post(address, data=sent)
        assert (told.status_code, "Somebody else does this action" in told.text) == (409, True)
        sent = form_to(told.text, address)
    assert host.post(address, data=sent).status_code == 303
    assert stored(app, action).description == "For whoever reads it"


def test_who_reads_it_next_is_told_after_a_slip_as_well(app, cast, as_, clock, work):
    """Planted: `form.errors` not looked at in `keys` for what is seen beside a version."""
    action, host = work.make(criteria="Ten"), as_(cast.lead)
    address = f"/actions/{action.ref}/edit"
    opened = form_to(host.get(address).text, address)
    change(app, action, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    slip = host.post(address, data=opened | {"title": ""})
    assert slip.status_code == 422
    assert host.post(address, data=form_to(slip.text, address) | {"title": "New"}).status_code == 409  # fmt: skip


def test_the_next_partner_hears_no_news_and_gains_no_days_of_the_one_before(app, cast, as_, clock, work):  # fmt: skip
    """Planted: events from before `assigned_at`; reviews of the partner before."""
    action = work.make()
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=3)
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    clock.forward(hours=1)
    moved = change(app, action, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    assert moved.last_on == moved.due_on
    page = as_(cast.other_contact).get("/partner").text
    assert "1 new action" in page
    assert "returned" not in page.split("<main")[1]


def test_evidence_of_one_side_takes_no_room_of_the_other(app, cast, as_, clock, work, monkeypatch):
    from tracker.files import models

    monkeypatch.setattr(models, "MOST", 1)
    action = work.make()
    address = f"/actions/{action.ref}/evidence"
    assert as_(cast.contact).submit(address, url="https://example.org/1").status_code == 303
    assert as_(cast.contact).submit(address, url="https://example.org/2").status_code == 409
    change(app, action, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    assert as_(cast.other_contact).submit(address, url="example.org/3").status_code == 303
    change(app, action, lambda row: row.submit(by=cast.other_contact, now=clock()))
    with app.app_context():
        ref = db.session.scalars(select(Evidence.ref).where(Evidence.partner_id == cast.other_vendor.id)).one()  # fmt: skip
    kept = as_(cast.other_contact).submit(f"/files/{ref}/removal")
    assert (kept.status_code, "stays until the host answers" in kept.text) == (409, True)


def test_another_file_under_the_same_key_is_told_and_not_lost(app, cast, as_, work):
    """Planted: the digest of a submit over its fields alone."""
    action = work.make()
    address, vendor = f"/actions/{action.ref}/evidence", as_(cast.contact)
    first = {"file": (io.BytesIO(b"one"), "one.txt")}
    assert vendor.submit(address, once="the same key", **first).status_code == 303
    again = {"file": (io.BytesIO(b"one"), "one.txt")}
    assert vendor.submit(address, once="the same key", **again).status_code == 303
    other = vendor.submit(address, once="the same key", file=(io.BytesIO(b"two"), "one.txt"))
    assert (other.status_code, "sent before with other words" in other.text) == (422, True)
    with app.app_context():
        assert len(db.session.scalars(select(Evidence.id)).all()) == 1


def test_a_contact_calls_only_those_who_answer_for_the_work(app, cast, as_, work):
    """Planted: `by` not looked at. A colleague who does not see the action hears nothing either."""
    action = work.make(contact_id=cast.contact.id, partner_id=cast.vendor.id)
    as_(cast.contact).submit(f"/actions/{action.ref}/comments", body="@Lena Lead @Mona Manager @Hana Head @Fina Finance")  # fmt: skip
    with app.app_context():
        told = set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "mention")))
    assert told == {cast.lead.id, cast.manager.id}


def test_the_lead_accepts_what_its_own_host_did(app, cast, as_, clock, work):
    """Planted: `waits_for` and the notice by the host alone."""
    action = work.make(person_id=cast.manager.id, criteria="There", by=cast.manager)
    change(app, action, lambda row: row.submit(by=cast.manager, now=clock()))
    assert action.title in as_(cast.lead).get("/actions").text
    with app.app_context():
        told = set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "action_submitted")))  # fmt: skip
    assert told == {cast.lead.id}


def test_what_was_said_of_the_return_stays_beside_the_answer_to_a_date(app, cast, as_, clock, work):
    action = work.make()
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, action, lambda row: row.return_("The signature", by=cast.lead, now=clock()))
    day = action.due_on.replace(month=6)
    change(app, action, lambda row: row.propose_date(day, by=cast.contact, now=clock()))
    change(app, action, lambda row: row.decline_date("No later", by=cast.lead, now=clock()))
    page = as_(cast.contact).get(f"/partner/actions/{action.ref}").text
    assert "The signature" in page
    assert "No later" in page
