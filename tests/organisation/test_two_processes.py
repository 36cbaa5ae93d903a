"""Two servers of one PostgreSQL: what ends a session, or counts a try, in one process holds at once in the other.

Each has a data folder of its own, as on two machines, and they share the keys.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import cast as company
from tests.cast import PASSWORD
from tests.initiatives.stories import sponsored
from tests.live import Server
from tests.postgres import database
from tests.promises import full
from tests.visitor import Answer, Visitor
from tracker import create_app
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.clock import now
from tracker.config import settings_from_environment
from tracker.db import Model, db, writing
from tracker.migrating import upgrade
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person

KEYS = {"TRACKER_SECRET_KEY": "s" * 40, "TRACKER_AUDIT_KEY": "a" * 40, "TRACKER_ENV": "demo"}
NEW = "seven quiet otters swim"
POLL = "/boards/everything/cells"


def polled_until_over(copy: Visitor, tag: str) -> int:
    """Return what a poll is told at last: within a second, which is four times as long as the server may not know it."""
    end, status = time.monotonic() + 1, 304
    while status == 304 and time.monotonic() < end:
        status = poll(copy, **{"If-None-Match": tag}).status
    return status


@pytest.fixture(scope="module")
def both(postgres_server: Any, tmp_path_factory: Any, worker_id: str) -> Iterator[SimpleNamespace]:
    """The two servers, the cast in their database, and an application that changes it from a third process."""
    with contextlib.ExitStack() as running:
        url = running.enter_context(database(postgres_server, f"tracker_two_{worker_id}"))
        settings = {**KEYS, "TRACKER_DATABASE_URL": url}
        folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("here", "there")]
        found = settings_from_environment({**settings, "TRACKER_DATA_DIR": str(folders[0])})
        app = create_app({**found, "TESTING": True})
        with app.app_context():
            upgrade()
            cast = company.build()
            with writing():
                db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
                sponsored(cast, now())
                Board.save(name="Everything", filters=Filters(), lanes=Lanes.none, owner=None, by=None, now=now())  # fmt: skip
            db.session.remove()
        here, there = (running.enter_context(Server(folder, settings)) for folder in folders)
        yield SimpleNamespace(app=app, cast=cast, here=here.port, there=there.port)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def arrive(port: int, email: str, password: str = PASSWORD) -> Visitor:
    visitor = Visitor(port)
    visitor.token = visitor.get("/sign-in").hidden("csrf_token")
    assert visitor.post("/sign-in", email=email, password=password).status == 303
    visitor.token = visitor.get("/settings/profile").hidden("csrf_token")
    return visitor


def at(port: int, visitor: Visitor) -> Visitor:
    """The same browser, whose next request happens to be served by the other process."""
    return Visitor(port, visitor.cookies)


def poll(visitor: Visitor, **headers: str) -> Answer:
    return visitor.get(POLL, **{"HX-Request": "true", "Accept-Encoding": "identity"} | headers)


def test_what_ends_a_session_ends_it_in_every_process_at_the_next_request(
    both: SimpleNamespace, promise: Any
) -> None:
    """CVE-2024-55603: revoked access still works. Polls of a board too, though its tag is right and the page is kept.

    Planted: the row not asked about by the gate; not asked about on the short road; a sign-in kept in the process.
    """

    def sign_out(visitor: Visitor) -> None:
        assert visitor.post("/sign-out").status == 303

    def everywhere(_visitor: Visitor) -> None:
        other = arrive(both.here, both.cast.manager.email)
        assert other.post("/settings/sessions/ending").status == 303

    def another_password(_visitor: Visitor) -> None:
        other = arrive(both.here, both.cast.manager.email)
        sent = other.post("/settings/password", current=PASSWORD, password=NEW)
        assert sent.status == 303, sent.text

    def access_ended(_visitor: Visitor) -> None:
        with both.app.app_context(), writing():
            person = db.session.get_one(Person, both.cast.manager.id)
            end_access(person, by=db.session.get_one(Person, both.cast.admin.id), now=now())

    ways: tuple[tuple[Callable[[Visitor], None], str], ...] = (
        (sign_out, PASSWORD), (everywhere, PASSWORD), (another_password, PASSWORD), (access_ended, NEW),
    )  # fmt: skip
    for end, password in ways:
        visitor = arrive(both.here, both.cast.manager.email, password)
        copies = [at(port, visitor) for port in (both.here, both.there)]
        tags = []
        for copy in copies:
            shown = poll(copy)
            assert shown.status == 200, end.__name__
            tags.append(shown.headers["etag"])
            assert poll(copy, **{"If-None-Match": tags[-1]}).status == 304, end.__name__
            assert copy.get("/settings/profile").status == 200
        end(visitor)
        for copy in copies:
            assert copy.get("/settings/profile").status == 303, end.__name__
            assert copy.get("/boards/everything").status == 303, end.__name__
        # A poll that would say "nothing new" looks at what other processes wrote a few times a second.
        for copy, tag in zip(copies, tags, strict=True):
            assert polled_until_over(copy, tag) == 401, end.__name__
    promise(
        "a session that ended is over in every process, polls included", tried=len(ways), alive=0
    )


def test_a_session_of_before_is_another_in_every_process(both: SimpleNamespace) -> None:
    """Fixation: the cookie that a victim came in with is worth nothing afterwards, anywhere. Planted: the old row left."""
    planted = arrive(both.here, both.cast.contact.email)
    victim = at(both.there, planted)
    victim.cookies = dict(planted.cookies)
    victim.token = planted.token
    victim.post("/sign-in", email=both.cast.member.email, password=PASSWORD)
    assert victim.get("/settings/profile").status == 200
    for port in (both.here, both.there):
        assert at(port, planted).get("/settings/profile").status == 303


def test_tries_count_together_in_every_process(both: SimpleNamespace, promise: Any) -> None:
    """Many at the same moment at two servers: ten are looked at. Planted: counted after the password; counted in memory."""
    tries = full(30, 400)

    def guess(number: int) -> int:
        visitor = Visitor((both.here, both.there)[number % 2])
        visitor.token = visitor.get("/sign-in").hidden("csrf_token")
        sent = visitor.post(
            "/sign-in", email=both.cast.lead.email, password=f"a wrong guess {number}"
        )
        return sent.status

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(tries)))
    looked_at = sum(status in {422, 503} for status in answers)
    assert looked_at <= 10
    assert answers.count(429) == tries - looked_at
    promise("tries at two processes count together", tried=tries, looked_at=looked_at)
