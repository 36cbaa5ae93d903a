"""What a power cut can leave of SQLite's files: an end that is cut off, made of zeros or of rubbish, or a torn checkpoint.

What was synced before is there, nothing of the rest is half there, and work goes on at once.
Planted fault seen red: events in a transaction of their own, after that of the change.
"""

from __future__ import annotations

import random
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.durability.store import Store, sqlite
from tests.durability.whole import chain, faults
from tests.promises import full
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person

COMMITS = 30
HEADER, FRAME = 32, 24  # bytes of the file's head and of each page's in a write-ahead log
Harm = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True)
class Written:
    """A store with everything in its log, and how long the log and the trail were after each commit."""

    store: Store
    lengths: list[int]
    counts: list[int]
    seals: list[str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("torn")
    store = sqlite(folder).found()
    log = store.file.with_name("tracker.db-wal")
    with store.app.app_context():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        report = chain()
        found = Written(store, [0], [report.count], [report.head])
        for _time in range(COMMITS):
            turn_over(store)
            report = chain()
            found.lengths.append(log.stat().st_size)
            found.counts.append(report.count)
            found.seals.append(report.head)
        kept = folder / "kept"
        kept.mkdir()
        for file in (store.file, log):
            shutil.copyfile(file, kept / file.name)
        db.session.remove()
        db.engine.dispose()
    return Written(sqlite(kept), found.lengths, found.counts, found.seals)


def turn_over(store: Store) -> None:
    """Hold or resume the first initiative in one commit; needs an application context."""
    with writing() as session:
        one = session.get_one(Initiative, 1, populate_existing=True)
        by = session.get_one(Person, store.world.executive.id) if vars(store.world) else None
        verb = one.hold if one.held_at is None else one.resume
        verb(by=by, now=datetime.now(UTC), words=secrets.token_hex(4))  # type: ignore[arg-type]


def cut(chance: random.Random, log: bytes) -> bytes:
    return log[: chance.randrange(len(log) + 1)]


def zeros(chance: random.Random, log: bytes) -> bytes:
    place = chance.randrange(len(log))
    return log[:place] + bytes(len(log) - place)


def sector(chance: random.Random, log: bytes) -> bytes:
    """One sector never arrived, those after it did."""
    place = chance.randrange(len(log) // 512) * 512
    return log[:place] + bytes(512) + log[place + 512 :]


def rubbish(chance: random.Random, log: bytes) -> bytes:
    place = chance.randrange(len(log))
    return log[:place] + chance.randbytes(len(log) - place)


def more_rubbish(chance: random.Random, log: bytes) -> bytes:
    """Everything that was synced is there, and behind it whatever had not been."""
    tail = log[-chance.randrange(1, 40_000) :] if chance.random() < 0.5 else chance.randbytes(9000)
    return log + tail


HARMS: tuple[Harm, ...] = (cut, zeros, sector, rubbish, more_rubbish)


def untouched(log: bytes, harmed: bytes) -> int:
    """Return how many bytes from the beginning are as they were."""
    if harmed.startswith(log):
        return len(log)
    low, high = 0, min(len(log), len(harmed))
    while low < high:  # the longest common beginning, by halving
        middle = (low + high + 1) // 2
        low, high = (middle, high) if log[:middle] == harmed[:middle] else (low, middle - 1)
    return low


def looked_at(store: Store, written: Written, told: str) -> int:
    """Return how many events are there; everything must be whole, the beginning of what was, and take another commit."""
    with store.looking():
        assert faults() == [], told
        report = chain()
        assert report.head == written.seals[written.counts.index(report.count)], told
        store.world = written.store.world
        turn_over(store)
        assert chain().count == report.count + 1, told
        return report.count


@pytest.mark.parametrize("harm", HARMS)
def test_a_torn_end_of_the_log_takes_nothing_along_that_was_synced(
    harm: Harm, written: Written, tmp_path: Path, promise: Callable[..., None]
) -> None:
    seed, tried = secrets.randbits(32), full(4, 100)
    chance, kept = random.Random(seed), 0
    log = written.store.file.with_name("tracker.db-wal").read_bytes()
    for turn in range(tried):
        told = f"{harm.__name__}, turn {turn} of seed {seed}"
        store = written.store.copy(tmp_path / str(turn))
        harmed = harm(chance, log)
        store.file.with_name("tracker.db-wal").write_bytes(harmed)
        good = untouched(log, harmed)
        right = max(
            count for length, count in zip(written.lengths, written.counts, strict=True) if length <= good
        )  # fmt: skip
        assert looked_at(store, written, told) == right, told
        kept += right
        shutil.rmtree(store.folder)
    promise(
        "a log torn by a power cut opens whole, with all that was synced",
        tried=tried, database="sqlite", harm=harm.__name__, lost=0,
    )  # fmt: skip


def test_a_checkpoint_torn_by_a_power_cut_loses_nothing(
    written: Written, tmp_path: Path, promise: Callable[..., None]
) -> None:
    seed, tried = secrets.randbits(32), full(4, 100)
    chance = random.Random(seed)
    log = written.store.file.with_name("tracker.db-wal").read_bytes()
    size = int.from_bytes(log[8:12], "big")
    places = range(HEADER, len(log) - FRAME, FRAME + size)
    pages = sorted({int.from_bytes(log[place : place + 4], "big") for place in places})
    for turn in range(tried):
        store = written.store.copy(tmp_path / str(turn))
        with store.file.open("r+b") as file:
            for page in chance.sample(pages, chance.randrange(1, len(pages))):
                torn = chance.randrange(1, size)
                file.seek((page - 1) * size + (512 if page == 1 else 0))
                file.write(chance.randbytes(torn if page > 1 else min(torn, size - 512)))
        told = f"turn {turn} of seed {seed}"
        assert looked_at(store, written, told) == written.counts[-1], told
        shutil.rmtree(store.folder)
    promise("a checkpoint torn by a power cut loses nothing", tried=tried, database="sqlite", lost=0)  # fmt: skip
