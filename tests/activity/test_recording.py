"""What a verb may put on the trail, and what is kept outside the seal."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.activity.conftest import DAY, change, numbers
from tracker.activity.batches import bulk_events
from tracker.activity.keys import FIELDS
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.activity.recording import record_of_trail
from tracker.activity.refers import REFERS
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.organisation.people import Person, Role


def test_a_key_that_the_kind_does_not_declare_is_refused(crew):
    """Canary: `undeclared` returning nothing let `password` into the sealed part."""
    before = numbers()
    with (
        pytest.raises(ValueError, match=r"person\.changed does not declare password, shoe"),
        writing(),
    ):
        crew.executive.record(
            Kind.person_changed,
            by=crew.manager,
            now=DAY,
            before={"shoe": 41},
            after={"role": "member", "password": "x"},
        )
    row = {"kind": Kind.unit_ended, "at": DAY, "actor_id": None, "subject_type": "unit"}
    with pytest.raises(ValueError, match="does not declare shoe"), writing() as session:
        bulk_events(session, [row | {"subject_id": 1, "after": {"shoe": 41}}])
    assert numbers() == before


def test_an_object_without_an_id_is_flushed_first(crew):
    """Canary: without the flush the event had no subject and the database refused it."""
    with writing() as session:
        noor = Person(
            email="noor@example.org",
            name="Noor",
            role=Role.member,
            created_at=DAY,
            is_admin=False,
            is_finance=False,
            standing="other",
        )
        session.add(noor)
        event = noor.record(Kind.person_added, by=crew.manager, now=DAY)
    assert event.subject_id == noor.id
    assert event.subject_type == "person"


def test_an_object_outside_a_session_cannot_be_recorded(crew):
    """Canary: with the event dropped in silence the verb seemed to have worked."""
    with pytest.raises(RuntimeError, match="Add the person to a session"):
        Person(name="Nobody").record(Kind.person_added, by=crew.manager, now=DAY)


def test_who_for_whom_and_in_which_request_is_kept(crew):
    """Canary: leaving `on_behalf_of` out of the columns lost the principal."""
    with writing() as session:
        session.info["request_id"] = "req-7"
        event = crew.executive.record(
            Kind.person_changed,
            by=crew.manager,
            on_behalf_of=crew.executive,
            now=DAY,
            initiative_id=None,
        )
    row = db.session.execute(select(Event.__table__).where(Event.id == event.id)).one()
    assert (row.actor_id, row.on_behalf_of_id) == (crew.manager.id, crew.executive.id)
    assert (row.request_id, row.at, row.initiative_id) == ("req-7", DAY, None)


def test_words_can_be_erased_and_the_chain_stays_whole(crew):
    """Canary: with `private` among the sealed fields the erased row no longer fitted its seal."""
    with writing():
        said = change(crew.executive, crew.manager, words="She told me in confidence.")
        change(crew.executive, crew.manager, words="Another remark.")
    with writing() as session:
        session.get_one(Event, said.id).erase_words()
        done = {"numbers": [said.number], "events": 1}
        record_of_trail(session, Kind.trail_erased, by=None, now=DAY, after=done)
    row = db.session.execute(select(Event.__table__).where(Event.id == said.id)).one()
    assert (row.private, row.salt) == (None, None)
    assert row.commitment
    report = verify_stored()
    assert (report.whole, report.wordless) == (True, 1), list(report.lines())


def test_the_same_words_never_leave_the_same_mark(crew):
    """Canary: a fixed salt made the two commitments equal, so that a guess could be tested."""
    with writing():
        first, second = (change(crew.executive, crew.manager, words="No.") for _ in range(2))
    assert first.commitment != second.commitment


def test_kinds_are_named_subject_and_fact():
    """Canary: a member named apart from its value."""
    assert [k for k in Kind if k.name != k.value.replace(".", "_")] == []
    assert all(k.value.count(".") == 1 for k in Kind)


def test_every_id_that_a_kind_declares_names_a_type_or_is_a_row_of_the_same_story():
    """A new `_id` key without an entry in REFERS would be shown as a bare number.
    Canary: taking `heir_id` out of REFERS."""
    own_rows = {
        "proposal_id",
        "ask_id",
        "update_id",
        "corrects_id",
        "import_id",
        "reading_id",
        "comment_id",
        "criterion_id",
        "condition_id",
        "again_id",
    }
    keys = {key for keys in FIELDS.values() for key in keys if key.endswith("_id")}
    assert keys - set(REFERS) == own_rows
