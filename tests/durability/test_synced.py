"""Durable, and not only written: whoever reads "saved" has it on the disk, which the system's own calls show.

Planted faults seen red: synchronous=NORMAL on SQLite, synchronous_commit=off on PostgreSQL.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability.forms import Browser, Sent
from tests.durability.store import Store, sqlite
from tests.durability.tracing import calls, traced
from tests.durability.writers import Crew
from tests.live import Server, children
from tests.postgres import MISSING, installed_programs, temporary_server
from tests.promises import full

SYNCS = ("-e", "trace=fsync,fdatasync,sync_file_range,msync")
DURABLE = (
    "shared_buffers=64MB",
    "autovacuum=off",
)  # all else as PostgreSQL comes, commits included
COUNT = full(10, 200)


def one_by_one(server: Server, store: Store) -> list[tuple[float, float]]:
    """Hold and resume `COUNT` times, one after the other; return when each was sent and acknowledged."""
    browser = Browser(server.port, store.world.executive, store.settings["SECRET_KEY"])
    moments, verbs = [], itertools.cycle(("hold", "resumption"))
    for _time in range(COUNT):
        path = f"/initiatives/{store.world.refs[0]}/{next(verbs)}"
        began = time.time()
        assert browser.send(Sent("", "", path, {"words": secrets.token_hex(4)})).acknowledged
        moments.append((began, time.time()))
    browser.close()
    return moments


def test_each_acknowledged_commit_is_on_the_disk_on_sqlite(
    tmp_path: Path, promise: Callable[..., None]
) -> None:
    store, log = sqlite(tmp_path).found(), tmp_path / "calls"
    with Server(tmp_path, store.environment) as server:
        with traced(children(server.process.pid), log, *SYNCS):
            moments = one_by_one(server, store)
        synced = [call.at for call in calls(log) if call.path.endswith("tracker.db-wal")]
        for began, ended in moments:
            assert any(began <= at <= ended for at in synced), "acknowledged before it was synced"
        with traced(children(server.process.pid), log, *SYNCS):
            crew = Crew(server.port, store.world, store.settings["SECRET_KEY"], 1).begin()
            crew.wait(full(20, 400), 0)
            ledger = crew.end()
    together = sum(call.path.endswith("tracker.db-wal") for call in calls(log))
    acknowledged = sum(form.acknowledged for form in ledger)
    assert together >= acknowledged
    promise(
        "each acknowledged commit was synced to the disk before its answer",
        tried=COUNT + acknowledged, database="sqlite", syncs=len(synced) + together,
    )  # fmt: skip


def test_each_acknowledged_commit_is_on_the_disk_on_postgresql(
    tmp_path: Path, promise: Callable[..., None]
) -> None:
    programs = installed_programs()
    if programs is None:
        pytest.skip(MISSING)
    with temporary_server(programs, DURABLE) as url:
        folder, log = Path(str(url.query["host"])), tmp_path / "calls"
        store = Store(url.render_as_string(hide_password=False), tmp_path).found()
        postmaster = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        aside = set(children(postmaster))  # the writers of the server itself, whom nobody waits for
        with (
            traced([postmaster], log, *SYNCS),
            Server(tmp_path, store.environment) as server,
        ):
            moments = one_by_one(server, store)
    synced = [call.at for call in calls(log) if "/pg_wal/" in call.path and call.pid not in aside]
    for began, ended in moments:
        assert any(began <= at <= ended for at in synced), "acknowledged before it was synced"
    promise(
        "each acknowledged commit was synced to the disk before its answer",
        tried=COUNT, database="postgresql", syncs=len(synced),
    )  # fmt: skip
