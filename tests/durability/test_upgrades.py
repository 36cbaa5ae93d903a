"""Upgrades keep everything: every revision with data in it, up and down, killed in the midst, two at once.

Planted fault seen red: statements that commit one by one, without BEGIN.
"""

from __future__ import annotations

import contextlib
import random
import secrets
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert, text

from tests.durability.copies import (
    Copies,
    Dump,
    build,
    common,
    dump,
    grown,
    held,
    now_in,
    under_way,
)
from tests.durability.filled import MOMENT
from tests.durability.nursery import Child, Nursery
from tests.durability.store import Store
from tests.promises import full
from tests.test_migrations import revisions
from tracker import migrating
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS
from tracker.db import Model, db

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals by handles are Linux's")
TRIES = full(2, 100)
PATIENCE = 60  # seconds for a command on a machine with other work


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copies(request: pytest.FixtureRequest, tmp_path_factory: Any, worker_id: str) -> Iterator[Copies]:  # fmt: skip
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    folder = tmp_path_factory.mktemp("upgrades")
    with contextlib.ExitStack() as open_ones:
        yield build(Copies(request.param, server, folder, f"upgrades_{worker_id}"), open_ones)


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: Any) -> Iterator[Nursery]:
    with contextlib.closing(Nursery(tmp_path_factory.mktemp("nursery"))) as made:
        yield made


def test_every_table_has_rows_that_a_migration_meets(copies: Copies) -> None:
    there = copies.dumps[migrating.newest()]
    assert {table.name for table in Model.metadata.sorted_tables if not there[table.name]} == set()


# What the revision below has no words for: a request that waits for finance waits there for the sponsor again, and what
# is bargained for or disputed waits for its holder.
UNKNOWN_BELOW = {
    "0024": ("approval", "state", {"agreed"}),
    "0028": ("blocker", "state", {"counter_proposed", "disputed"}),
}


def test_every_revision_keeps_every_value_up_and_down(
    copies: Copies, promise: Callable[..., None]
) -> None:
    values, steps = 0, list(zip(revisions(), revisions()[1:], strict=False))
    for below, above in steps:
        both = common(copies.dumps[below], copies.dumps[above])
        lower, upper = (_known_below(above, one, copies.dumps[above]) for one in both)
        assert lower == upper, f"from {above} down to {below}"
        with copies.copy(below) as store:
            with store.looking():
                migrating.upgrade(above)
                kept, again = common(copies.dumps[below], dump())
            assert kept == again, f"from {below} up to {above}"
        values += sum(len(row) for rows in lower.values() for row in rows)
    promise("every revision keeps every value, up and down", tried=2 * len(steps), database=copies.kind, values=values, lost=0)  # fmt: skip


def _known_below(above: str, one: Dump, whole: Dump) -> Dump:
    """Return `one` without those rows of `whole`, as `above` has it, that `UNKNOWN_BELOW` names."""
    if above not in UNKNOWN_BELOW:
        return one
    table, column, unknown = UNKNOWN_BELOW[above]
    gone = {dict(row)["id"] for row in whole[table] if dict(row)[column] in unknown}
    assert gone, "the world has no such row: what is left out here hides nothing any more"
    return one | {table: [row for row in one[table] if dict(row)["id"] not in gone]}


def test_who_changed_the_criteria_last_is_read_from_the_trail(copies: Copies) -> None:
    """Planted fault: the order left out of 0019, so that whoever changed them first is named."""
    with copies.copy("0018") as store, store.looking():
        with db.engine.begin() as connection:
            action = connection.scalar(text("SELECT max(id) FROM action"))
            one, other = connection.scalars(text("SELECT id FROM person ORDER BY id LIMIT 2"))
            for who, fields in ((one, ["criteria", "title"]), (other, ["criteria"]), (one, ["why"])):  # fmt: skip
                told = {"kind": Kind.action_changed, "actor_id": who, "after": {"fields": fields}}
                about = {"subject_type": "action", "subject_id": action, "at": MOMENT}
                connection.execute(insert(EVENTS).values(told | about))
        migrating.upgrade("0019")
        with db.engine.connect() as connection:
            kept = connection.execute(text("SELECT id, criteria_by_id FROM action ORDER BY id"))
            named = {id_: who for id_, who in kept if who is not None}
        assert named == {action: other}


def test_a_migration_killed_in_the_midst_is_done_or_not_begun(
    copies: Copies, nursery: Nursery, promise: Callable[..., None]
) -> None:
    seed, newest, became = secrets.randbits(32), migrating.newest(), Counter()
    chance = random.Random(seed)
    for turn in range(TRIES):
        start = "base" if turn % 2 else chance.choice(revisions()[:-1])
        whole, lasts = grown(copies, start)
        told = f"from {start}, turn {turn} of seed {seed}"
        with copies.copy(start) as store:
            with nursery.child(store.environment | data(store), "migrate") as child:
                child.go()
                while not held(store) and not child.ended(0.001):
                    pass
                child.ended(chance.uniform(0, lasts))
                child.tell(signal.SIGKILL)
                assert child.ended(PATIENCE)
            at, there = now_in(store)
            assert at in (start, newest), told
            assert there == (whole if at == newest else copies.dumps[start]), told
            became[at] += 1
            run(nursery, store)
            assert now_in(store) == (newest, whole), told
    promise(
        "an upgrade killed in its midst is done or not begun, and the next one finishes it",
        tried=TRIES, database=copies.kind, half=0, done=became[newest], not_begun=TRIES - became[newest],
    )  # fmt: skip


def data(store: Store) -> dict[str, str]:
    return {"TRACKER_DATA_DIR": str(store.folder)}


def run(nursery: Nursery, store: Store) -> str:
    """Migrate to the end, and return what was said."""
    with nursery.child(store.environment | data(store), "migrate") as child:
        child.go()
        assert child.ended(PATIENCE)
        code, words = child.said
        assert code == 0, words
        return words


def test_two_that_migrate_at_once_do_it_once(
    copies: Copies, nursery: Nursery, promise: Callable[..., None]
) -> None:
    seed, newest, tried = secrets.randbits(32), migrating.newest(), full(1, 40)
    chance, (whole, _took) = random.Random(seed), grown(copies, "base")
    for turn in range(tried):
        with copies.copy("base") as store:
            variables = store.environment | data(store)
            with (
                nursery.child(variables, "migrate") as one,
                nursery.child(variables, "migrate") as other,
            ):
                one.go()
                one.ended(chance.uniform(0, 0.05))
                other.go()
                assert one.ended(PATIENCE)
                assert other.ended(PATIENCE)
                said = [one.said, other.said]
            told = f"turn {turn} of seed {seed}: {said}"
            assert [code for code, _words in said] == [0, 0], told
            assert now_in(store) == (newest, whole), told
    promise("of two that migrate at once one does it, and the other waits", tried=tried, database=copies.kind, half=0)  # fmt: skip


# Planted fault: without the advisory lock, or BEGIN IMMEDIATE, the second goes ahead and breaks on tables that are there.
def test_who_waits_for_one_that_is_killed_does_it_in_its_stead(
    copies: Copies, nursery: Nursery
) -> None:
    newest, (whole, _took) = migrating.newest(), grown(copies, "base")
    with stopped_in_the_midst(copies, nursery) as (store, first):
        with nursery.child(store.environment | data(store), "migrate") as second:
            second.go()
            assert not second.ended(0.5), second.said
            first.tell(signal.SIGKILL)
            assert first.ended(PATIENCE)
            assert second.ended(PATIENCE)
            assert second.said[0] == 0, second.said
        assert now_in(store) == (newest, whole)


@contextlib.contextmanager
def stopped_in_the_midst(copies: Copies, nursery: Nursery) -> Iterator[tuple[Store, Child]]:
    """Give a migration that stands still while it holds the database; one that was seen too late is begun anew."""
    for _turn in range(30):
        with (
            copies.copy("base") as store,
            nursery.child(store.environment | data(store), "migrate") as child,
        ):
            child.go()
            while not held(store) and not child.ended(0.001):
                pass
            child.tell(signal.SIGSTOP)
            if not child.ended(0) and under_way(store):
                yield store, child
                return
    raise AssertionError("each was over before it could be stopped")
