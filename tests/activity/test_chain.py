"""Events are numbered and sealed as their transaction commits, whatever happens around it."""

from __future__ import annotations

import contextlib
import threading
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, event, func, select

from tests.activity.conftest import DAY, change, numbers
from tests.conftest import counted
from tracker.activity import chain
from tracker.activity.batches import Batch, bulk_events
from tracker.activity.chain import keep_checkpoint
from tracker.activity.kinds import Kind
from tracker.activity.models import ChainHead, Checkpoint, Event
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.organisation.people import Person


class ChangedMyMindError(Exception):
    """Rolls a transaction back."""


@pytest.mark.both
def test_numbers_have_no_gap_when_eight_threads_write_commit_and_roll_back(app, crew):
    """Canary: reading the head without FOR UPDATE gave duplicate numbers on PostgreSQL; without the
    write turn and BEGIN IMMEDIATE SQLite refused."""
    manager_id = crew.manager.id
    begun, errors, start = len(numbers()), [], threading.Barrier(8)
    db.session.rollback()

    def one_write(name: str, *, fails: bool) -> None:
        with writing() as session:
            manager = session.get_one(Person, manager_id)
            change(manager, manager)
            with session.begin_nested():
                change(manager, manager, words=name)
            if fails:
                raise ChangedMyMindError

    def work(thread: int) -> None:
        with app.app_context():
            start.wait()
            for turn in range(6):
                try:
                    one_write(f"{thread}.{turn}", fails=turn % 3 == 2)
                except ChangedMyMindError:
                    continue
                except Exception as error:  # noqa: BLE001
                    errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    count = begun + 8 * 4 * 2
    assert sorted(numbers()) == list(range(1, count + 1))
    report = verify_stored()
    assert (report.whole, report.count) == (True, count), list(report.lines())


def test_a_rollback_leaves_no_gap_and_no_event(crew):
    """Before the commit, and during it when the seals are already written.
    Canary: keeping the head in memory from one transaction to the next left a gap."""
    before = numbers()
    with contextlib.suppress(ChangedMyMindError), writing():
        change(crew.executive, crew.manager)
        raise ChangedMyMindError

    def fail(_session) -> None:
        raise ChangedMyMindError

    with contextlib.suppress(ChangedMyMindError), writing() as session:
        event.listen(session, "before_commit", fail)  # runs after the sealing
        change(crew.executive, crew.manager)
    event.remove(session, "before_commit", fail)
    assert numbers() == before
    with writing():
        change(crew.executive, crew.manager)
    assert numbers() == [*before, len(before) + 1]
    assert verify_stored().whole


@pytest.mark.both
def test_what_waits_for_the_commit_is_written_once(app, crew):
    """And what a flush wrote before keeps its place in front.
    Canary: sealing those that wait before those that are written turns the numbers around."""
    before = len(numbers())
    with counted(app) as seen, writing():
        first, second = (change(crew.executive, crew.manager, words=w) for w in ("one", "two"))
    told = [statement for statement in seen if " event " in statement]
    assert [statement.split()[0] for statement in told] == ["INSERT", "INSERT"]
    with writing() as session:
        third = change(crew.executive, crew.manager, words="three")
        session.flush()
        fourth = change(crew.executive, crew.manager, words="four")
    for event_, number in zip(
        (first, second, third, fourth), range(before + 1, before + 5), strict=True
    ):
        assert db.session.get_one(Event, event_.id, populate_existing=True).number == number
    assert numbers() == list(range(1, before + 5))
    assert verify_stored().whole


def test_a_savepoint_neither_seals_nor_breaks(crew):
    """Canary: without the check for a nested transaction the released savepoint was sealed, and so
    took the lock of the head before the end."""
    before = len(numbers())
    with writing() as session:
        with session.begin_nested():
            kept = change(crew.executive, crew.manager, words="kept")
        assert session.scalar(select(Event.number).where(Event.id == kept.id)) is None
        with contextlib.suppress(ChangedMyMindError), session.begin_nested():
            change(crew.executive, crew.manager, words="dropped")
            session.flush()
            raise ChangedMyMindError
        change(crew.executive, crew.manager, words="after")
    assert numbers() == list(range(1, before + 3))
    told = select(Event.private).where(Event.private.is_not(None)).order_by(Event.number)
    assert [private["words"] for private in db.session.scalars(told)] == ["kept", "after"]
    assert verify_stored().whole


@pytest.mark.both
def test_a_bulk_of_events_is_sealed_with_the_rest(crew):
    """Canary: a listener that looked for new Event objects in the session missed the bulk."""
    before = len(numbers())
    rows = [
        {
            "kind": Kind.person_changed,
            "at": DAY,
            "actor_id": crew.manager.id,
            "subject_type": "person",
            "subject_id": crew.executive.id,
            "before": {"is_admin": bool(n % 2)},
            "after": {"is_admin": not n % 2},
            "private": {"words": f"row {n}"},
        }
        for n in range(2500)
    ]
    with writing() as session:
        change(crew.executive, crew.manager)
        assert bulk_events(session, rows) == 2500
    assert sorted(numbers()) == list(range(1, before + 2502))
    assert verify_stored().whole
    assert db.session.scalars(select(Checkpoint.count)).all() == [before + 2501]


@pytest.mark.both
def test_a_batch_keeps_its_place_between_other_events(crew):
    """Made ready before, written between two others, and once more inside a savepoint.
    Canary: sealing a batch before what was recorded earlier turns the numbers around."""
    before = len(numbers())
    row = {"kind": Kind.person_changed, "at": DAY, "actor_id": crew.manager.id}
    row |= {"subject_type": "person", "subject_id": crew.executive.id}
    rows = [row | {"after": {"is_admin": True}, "private": {"words": f"“{n}”"}} for n in range(3)]
    batch, nested = Batch(db.session(), rows), Batch(db.session(), rows)
    with writing() as session:
        change(crew.executive, crew.manager)
        assert batch.write(session) == 3
        change(crew.executive, crew.manager)
        with session.begin_nested():
            assert nested.write(session) == 3
    assert numbers() == list(range(1, before + 9))
    assert verify_stored().whole


def test_fifty_thousand_events_cost_one_statement_each_way(crew):
    """Growth, not seconds: 4 times the rows take less than 8 times as long.
    Canary: inserting them first and sealing them with an UPDATE afterwards."""
    seen: list[str] = []

    def statement(_connection, _cursor, text, *_rest) -> None:
        seen.append(text.split()[0])

    def bulk(count: int) -> float:
        row = {"kind": Kind.person_changed, "at": DAY, "actor_id": crew.manager.id}
        row |= {
            "subject_type": "person",
            "subject_id": crew.executive.id,
            "after": {"is_admin": True},
        }
        begun = time.perf_counter()
        with writing() as session:
            bulk_events(session, [row] * count)
        return time.perf_counter() - begun

    small = bulk(5000)
    event.listen(db.engine, "before_cursor_execute", statement)
    large = bulk(20000)
    event.remove(db.engine, "before_cursor_execute", statement)
    assert large < 8 * small
    assert seen.count("INSERT") == 2  # the events and a checkpoint
    assert seen.count("UPDATE") == 1  # the head: they are sealed as they go in


def test_the_head_is_made_again_only_for_an_empty_trail(crew):
    """Canary: starting a lost chain again at 1 met the unique number instead of the plain words."""
    with writing() as session:
        session.execute(delete(ChainHead))
    with pytest.raises(RuntimeError, match="head of the audit chain is missing"), writing():
        change(crew.executive, crew.manager)
    with writing() as session:
        session.execute(delete(Event))
    with writing():
        change(crew.executive, crew.manager)
    assert numbers() == [1]
    assert verify_stored().whole


def test_a_chain_that_somebody_begins_at_the_same_moment_is_whole(app):
    """The second of two that migrate at once asked for the head before the first committed, and for its events after.
    Planted: the head not asked for again."""
    answers = [None, (3, "seal")]
    asked = SimpleNamespace(
        dialect=SimpleNamespace(name="sqlite"),
        execute=lambda *_query: SimpleNamespace(one_or_none=lambda: answers.pop(0)),
        scalar=lambda _query: 3,
    )
    session = SimpleNamespace(connection=lambda: asked, info={})
    assert chain.lock_head(session) == (3, "seal")
    answers[:] = [None, None]
    with pytest.raises(RuntimeError, match="head of the audit chain is missing"):
        chain.lock_head(session)


def test_nothing_is_sealed_without_a_key(crew):
    """Canary: an empty key was taken."""
    key = chain.key()
    chain.use_key(b"")
    try:
        with pytest.raises(RuntimeError, match="no key"), writing():
            change(crew.executive, crew.manager)
    finally:
        chain.use_key(key)
    assert None not in numbers()


def test_a_checkpoint_says_where_the_chain_stands_and_is_kept_once(crew):
    """Canary: keeping a second row for the same count met the unique constraint."""
    with writing() as session:
        first = keep_checkpoint(session)
    with writing() as session:
        again = keep_checkpoint(session)
    assert first == again
    assert first["count"] == len(numbers())
    assert db.session.scalar(select(func.count()).select_from(Checkpoint)) == 1
    assert verify_stored(first).whole
