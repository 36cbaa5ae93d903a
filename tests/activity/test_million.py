"""A million events, checked by the file that needs nothing but Python's standard library."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.promises import full
from tracker.activity import verify
from tracker.activity.verify import COLUMNS, GENESIS, SEALED, canonical, commitment_of, seal_values

KEY = b"a key outside the database"
ROWS = 1_000_000
SECONDS = 60


def sealed(count: int) -> Iterator[tuple[Any, ...]]:
    """So many events as the application leaves them: most with what they made of the tables, one in four with words."""
    seal = GENESIS
    for number in range(1, count + 1):
        told = {
            "stage": "piloting",
            "ask_id": None,
            "tables": {"initiative": {str(number % 999): {"stage": "piloting"}}},
        }
        private, salt = (
            (canonical({"words": f"remark {number}"}), f"{number:032x}")
            if number % 4 == 0
            else (None, None)
        )
        row: dict[str, Any] = {
            "id": number, "number": number, "at": f"2026-03-02 09:{number // 60 % 60:02}:{number % 60:02}.000000",
            "actor_id": number % 30 + 1, "on_behalf_of_id": None, "kind": "stage.opened", "subject_type": "initiative",
            "subject_id": number % 999, "initiative_id": number % 999, "before": '{"stage":"designing"}',
            "after": canonical(told), "private": private, "salt": salt, "request_id": f"r-{number}",
            "commitment": commitment_of(salt, private) if salt and private else None,
        }  # fmt: skip
        moment = f"{row['at'].replace(' ', 'T')}Z"
        seal = seal_values(KEY, seal, [number, moment, *(row[name] for name in SEALED[2:])])
        row["seal"] = seal
        yield tuple(row[name] for name in COLUMNS)


def trail_of(path: Path, count: int) -> str:
    """Write a trail of so many events into a new file, and return its last seal."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE event ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
        connection.execute("CREATE UNIQUE INDEX numbers ON event (number)")
        connection.execute("CREATE TABLE chain_head (count, seal)")
        connection.execute("CREATE TABLE checkpoint (count, head, at, signature)")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO event VALUES ({marks})", sealed(count))
        seal = connection.execute("SELECT seal FROM event ORDER BY number DESC LIMIT 1").fetchone()[
            0
        ]
        connection.execute("INSERT INTO chain_head VALUES (?, ?)", (count, seal))
        connection.commit()
    return seal


def checked(path: Path, folder: Path) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """Run the file alone: what it said, and the seconds of processor and of clock it took."""
    alone, key = folder / "verify_alone.py", folder / "audit.key"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    key.write_bytes(KEY)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-I", "-S", str(alone), str(path), "--key-file", str(key)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, worked, time.monotonic() - begun


@pytest.mark.long
def test_a_million_events_are_checked_within_a_minute(tmp_path, promise):
    """Processor time is what counts: on a machine that does other things as well the clock says nothing.
    Canary: computing each seal six times, seen at a twentieth of the rows and of the seconds."""
    path = tmp_path / "million.db"
    seal = trail_of(path, ROWS)
    done, worked, took = checked(path, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"The chain is whole: {ROWS} events, head {seal[:16]}")
    assert worked < SECONDS
    promise(
        "a million events checked by the stand-alone file", tried=ROWS, processor=f"{worked:.0f} s", clock=f"{took:.0f} s",
    )  # fmt: skip


def test_checking_grows_with_the_events_alone(tmp_path):
    """Four times the events take less than eight times as long. Canary: rows kept in a list that is searched."""
    small, large = (tmp_path / f"{name}.db" for name in ("small", "large"))
    trail_of(small, full(2_000, 20_000))
    trail_of(large, full(8_000, 80_000))
    (_done, little, *_rest), (done, much, *_more) = (
        checked(small, tmp_path),
        checked(large, tmp_path),
    )
    assert done.returncode == 0, done.stdout
    assert much < 8 * little
    with closing(sqlite3.connect(large)) as connection:
        connection.execute("UPDATE event SET actor_id = 99 WHERE number = 1234")
        connection.commit()
    done, *_figures = checked(large, tmp_path)
    assert (done.returncode, "row 1234: its content does not fit its seal" in done.stdout) == (
        1,
        True,
    )
