"""The world of `midway` behind the shipped start command, and people at it, each in a browser of their own, at the same moment."""

from __future__ import annotations

import contextlib
import http.client
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests.conftest import Tab
from tests.filled import Sent, form_to
from tests.live import Server
from tests.midway import midway
from tests.postgres import database
from tracker import create_app, sweeping
from tracker.config import settings_from_environment
from tracker.db import db, writing
from tracker.migrating import upgrade
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@dataclass(frozen=True)
class Answer:
    """What came back from one request."""

    status: int
    location: str
    text: str


class Browser:
    """Somebody signed in at the server, with one connection for each request."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie

    def ask(self, method: str, address: str, fields: Sent | None = None) -> Answer:
        """Send one request and return its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Accept-Encoding": "identity", "Connection": "close"}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields, doseq=True)
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()

    def open(self, address: str, page: str | None = None) -> Sent:
        """Open a page and return what its form to `address` would send."""
        shown = self.ask("GET", page or address)
        assert shown.status == 200, f"{page or address}: {shown.status}"
        return form_to(shown.text, address, page or address)

    def post(self, address: str, fields: Sent) -> Answer:
        return self.ask("POST", address, fields)


@dataclass(frozen=True)
class Place:
    """A server on a world of its own, and its database to look into."""

    kind: str
    world: SimpleNamespace
    people: dict[str, Browser]
    app: Flask

    def look(self) -> contextlib.AbstractContextManager[Connection]:
        """Open its database, to look into it."""
        with self.app.app_context():
            return db.engine.connect()

    def row(self, query: str, **values: Any) -> Any:
        """Return the one row that a query finds."""
        with self.look() as connection:
            return connection.execute(text(query), values).one()

    def scalar(self, query: str, **values: Any) -> Any:
        """Return the one value that a query finds."""
        return self.row(query, **values)[0]

    @contextlib.contextmanager
    def writing(self) -> Iterator[SimpleNamespace]:
        """Be at the models in one transaction; gives the people and units of the world as they stand there."""
        with self.app.app_context():
            try:
                with writing() as session:
                    there = vars(self.world).items()
                    mine = {
                        name: session.get(type(one), one.id)
                        for name, one in there
                        if isinstance(one, Person | Unit)
                    }
                    yield SimpleNamespace(**mine)
            finally:
                db.session.remove()


@contextlib.contextmanager
def place(kind: str, url: str | None, folder: Path) -> Iterator[Place]:
    """Build the world, start the server over it, and sign everybody in."""
    chosen = {"TRACKER_DATABASE_URL": url} if url else {}
    settings = settings_from_environment({"TRACKER_DATA_DIR": str(folder), **chosen})
    app = create_app({**settings, "TESTING": True, "PROPAGATE_EXCEPTIONS": True})
    app.test_client_class = Tab
    with app.app_context():
        upgrade()
    client: Callable[[], Any] = app.test_client
    world = midway(app, lambda person: client().sign_in(person))
    # What is due by itself would be done beside the people, and counted as theirs.
    with app.app_context():
        while any(sweeping.sweep().values()):
            pass
    with Server(folder, {**chosen, "TRACKER_ENV": "demo"}) as server:
        people = {who: Browser(server.port, _cookie(app, world, who)) for who in PEOPLE}
        try:
            yield Place(kind, world, people, app)
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def places(request: pytest.FixtureRequest, tmp_path_factory: Any, name: str) -> Iterator[Place]:
    """Give the place of a fixture whose `request.param` is a kind of database; on PostgreSQL it is called after `name`."""
    folder = tmp_path_factory.mktemp(name)
    if request.param == "sqlite":
        with place("sqlite", None, folder) as made:
            yield made
        return
    server, worker = (request.getfixturevalue(one) for one in ("postgres_server", "worker_id"))
    with (
        database(server, f"tracker_{name}_{worker}") as url,
        place("postgresql", url, folder) as made,
    ):
        yield made


PEOPLE = ("lead", "manager", "executive", "admin", "owner", "head", "contact")


def _cookie(app: Flask, world: SimpleNamespace, who: str) -> str:
    tab: Any = app.test_client()
    tab.sign_in(getattr(world, who))
    tab.token()
    return f"tracker={tab.get_cookie('tracker').value}"


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do every act in a thread of its own, all beginning at the same moment; return what each returned."""
    ready = threading.Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        ready.wait(20)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def token() -> str:
    """Return a text that stands nowhere else."""
    return f"t{secrets.token_hex(5)}"
