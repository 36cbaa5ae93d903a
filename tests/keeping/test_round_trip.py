"""What was kept comes back: every row and every file, as of one moment, while others write.

Planted, each seen red: the last row of a chunk dropped; moments without their microseconds; the snapshot's connection in
autocommit (PostgreSQL); the first file of each folder left out.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.cast import PASSWORD
from tests.conftest import Tab
from tests.initiatives.stories import sponsored
from tests.keeping.conftest import contents, files, found_in, put_back
from tests.promises import full
from tracker import create_app
from tracker.db import db, writing
from tracker.keeping import backing_up, tables
from tracker.keeping.backing_up import Made
from tracker.organisation.access import Purpose, issue
from tracker.organisation.people import Person

WRITERS = 4


class Writers:
    """Four people who report without a pause; each report names a file that was laid down before it."""

    def __init__(self, app: Flask, tabs: list[Tab], refs: list[str], day: str) -> None:
        self.folder = Path(app.config["DATA_DIR"]) / "uploads"
        self.folder.mkdir()
        self.tabs, self.refs, self.day = tabs, refs, day
        self.acknowledged: list[str] = []
        self.trouble: list[str] = []
        self.over = threading.Event()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._work, args=(n,)) for n in range(len(self.tabs))]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(20)

    def _work(self, n: int) -> None:
        while not self.over.is_set():
            name = f"{n}-{secrets.token_hex(8)}"
            (self.folder / name).write_bytes(name.encode() * 50)
            answer = self.tabs[n].submit(
                f"/initiatives/{self.refs[n]}/updates/new", colour="on_track", day=self.day,
                what_changed=name, what_next="Weiter, 继续, ادامه\n\"quoted\" \\ and\ttabbed",
            )  # fmt: skip
            if answer.status_code == 303:
                self.acknowledged.append(name)
            elif answer.status_code != 503:
                self.trouble.append(f"{answer.status_code}")
                return


@pytest.fixture
def writers(stamped: Flask, cast: SimpleNamespace, told: Any, as_: Any, clock: Any) -> Writers:
    made = [told(lambda n=n: sponsored(cast, clock(), f"Work {n}")) for n in range(WRITERS)]
    clock.moment = clock.moment.replace(microsecond=123_456)
    return Writers(
        stamped,
        [as_(cast.lead) for _ in made],
        [one.ref for one in made],
        clock().date().isoformat(),
    )


@pytest.mark.both
def test_a_backup_taken_while_four_people_write_is_restored_whole(
    writers: Writers, keep: Callable[..., Made], places: Any, database_kind: str, promise: Any, monkeypatch: Any
) -> None:  # fmt: skip
    rounds = full(2, 20)
    moments: list[dict[str, Any]] = []
    shapes = tables.shapes

    def read_another_way(connection: Any) -> Any:
        moments.append(contents(connection))
        return shapes(connection)

    monkeypatch.setattr(backing_up.tables, "shapes", read_another_way)
    monkeypatch.setattr(tables, "CHUNK", 2000)
    made, before, then = [], [], 0
    with writers.working():
        pause, patience = threading.Event(), 400
        while len(writers.acknowledged) < 12 and (patience := patience - 1):
            pause.wait(0.05)
        for _ in range(rounds):
            before.append(list(writers.acknowledged))
            made.append(keep())
            assert len(writers.acknowledged) > then, "nobody wrote meanwhile"
            then = len(writers.acknowledged)
    assert writers.trouble == []
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[database_kind]
    for n, (one, moment, acknowledged) in enumerate(zip(made, moments, before, strict=True)):
        where = places(other if n % 2 else database_kind)
        put_back(one.file, where)
        now = found_in(where)
        for table, rows in moment.items():
            kept = [] if table == "sign_in" else rows  # everybody signs in anew
            assert now[table] == kept, table
        reports = {row[_place("status_update", "what_changed")] for row in now["status_update"]}
        assert set(acknowledged) <= reports
        lying = files(where["DATA_DIR"])
        for name in reports - {""}:
            assert lying[f"uploads/{name}"] == name.encode() * 50
    promise("a backup under four writers is restored byte for byte", tried=rounds, database=database_kind, unequal=0,
            written_meanwhile=len(writers.acknowledged))  # fmt: skip


def _place(table: str, column: str) -> int:
    return list(db.metadata.tables[table].columns.keys()).index(column)


@pytest.mark.both
def test_the_numbers_go_on_after_those_that_were_given_out(
    stamped: Flask, keep: Any, places: Any, database_kind: str
) -> None:
    """Planted: `go_on_counting` left out (PostgreSQL gives number 1 again)."""
    where = places("postgresql")
    put_back(keep().file, where)
    application = create_app(where)
    with application.app_context(), db.engine.begin() as connection:
        last = connection.execute(text("SELECT max(id) FROM unit")).scalar()
        sequence = connection.execute(
            text("SELECT nextval(pg_get_serial_sequence('unit', 'id'))")
        ).scalar()
        assert sequence == last + 1
    with application.app_context():
        db.engine.dispose()


@pytest.mark.both
def test_nothing_that_ended_since_comes_back_to_life(
    stamped: Flask, cast: SimpleNamespace, as_: Any, keep: Any, places: Any, database_kind: str, clock: Any
) -> None:  # fmt: skip
    """Sessions and links of the backup are over, and the restore says so. Planted: each of the two left; the words left out."""
    with stamped.app_context(), writing():
        by = db.session.get_one(Person, cast.admin.id)
        invite, reset = (
            issue(db.session.get_one(Person, cast.member.id), purpose, by=by, now=clock())
            for purpose in Purpose
        )
    tab = as_(None)
    assert tab.submit("/sign-in", email=cast.member.email, password=PASSWORD).status_code == 303
    made = keep()
    where = places(database_kind)
    done = put_back(made.file, where)
    assert "signs in anew: the backup held 1 sign-in that may" in done.cautions[0]
    assert "2 of them were open" in done.cautions[1]
    there = create_app({**where, "CLOCK": clock})
    there.test_client_class = Tab
    back: Any = there.test_client()
    name = stamped.config["SESSION_COOKIE_NAME"]
    back.set_cookie(name, tab.get_cookie(name).value)
    assert tab.get("/settings/profile").status_code == 200
    assert back.get("/settings/profile").status_code == 303
    for address in (f"/invitations/{invite}", f"/reset/{reset}"):
        assert as_(None).get(address).status_code == 200
        assert back.get(address).status_code == 410
        assert back.submit(address, password="seven quiet otters swim").status_code == 410
    assert back.submit("/sign-in", email=cast.member.email, password=PASSWORD).status_code == 303
    with there.app_context():
        db.session.remove()
        db.engine.dispose()
