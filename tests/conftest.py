"""What every test may ask for: an application on an emptied database, the cast, and somebody's browser tab.

`app` is on SQLite; a test marked `both` runs on SQLite and on PostgreSQL. Do not hold an application context open around
a request of a client: Flask would share `g`, and with it who is signed in.
"""

from __future__ import annotations

import contextlib
import pickle
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from tests import cast as company
from tests.emptied import empty, kept
from tests.filled import form_to
from tests.signed_in import let_in
from tracker import create_app
from tracker.db import Model, db

pytest_plugins = (
    "tests.postgres",
    "tests.browser",
    "tests.walk",
    "tests.promises",
    "tests.original",
)

DATABASES = ("sqlite", "postgresql")
LONG = 30.0  # seconds


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments and return the new moment."""
        self.moment += timedelta(**span)
        return self.moment


class Tab(FlaskClient):
    """A browser tab: `submit` posts a form as the page would, with its token and key.

    Whatever refuses a try for now says when the next one is open; no tab takes less.
    """

    def open(self, *args: Any, **more: Any) -> Any:
        """Send a request. Planted: Retry-After left out of `waiting_words`, and of one door."""
        answer = super().open(*args, **more)
        if answer.status_code == 429:
            assert int(answer.headers["Retry-After"]) > 0
        return answer

    def sign_in(self, person: Any) -> Tab:
        """Be `person` from now on, without the sign-in page."""
        with self.application.app_context():
            held = let_in(person)
        with self.session_transaction() as session:
            session.clear()
            session["_user_id"] = held
            session["_fresh"] = True
        return self

    def token(self) -> str:
        """Return a valid CSRF token of this tab's session."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)

    def submit(
        self, address: str, once: str | None = None, headers: Any = None, **fields: Any
    ) -> Any:
        """Post `fields`; lists become repeated fields, None is left out."""
        body = {name: value for name, value in fields.items() if value is not None}
        body |= {"csrf_token": self.token(), "once": once or secrets.token_urlsafe(12)}
        return self.post(address, data=body, headers=headers)

    def fill(self, address: str, page: str | None = None, **fields: Any) -> Any:
        """Open the form that posts to `address`, on `page` where it stands elsewhere, change `fields`, and send it.

        Lists are several values, None leaves a field out.
        """
        shown = form_to(self.get(page or address).text, address, page or address)
        return self.post(
            address, data={k: v for k, v in {**shown, **fields}.items() if v is not None}
        )


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Return the configuration of a test application."""
    return {
        "TESTING": True,
        "ENVIRONMENT": "demo",
        "SECRET_KEY": "only for tests, and long enough to sign",
        "AUDIT_KEY": b"a key for the trail, outside the database",
        "DATA_DIR": folder,
        "BASE_URL": "http://localhost",
        "SQLALCHEMY_DATABASE_URI": url,
        "MAX_CONTENT_LENGTH": 24 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both: runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "impatient: waits for the database as short as in earnest")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both") is not None
        metafunc.parametrize(
            "database_kind", DATABASES if both else DATABASES[:1], indirect=True, scope="session"
        )


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def _applications() -> Iterator[dict[str, Flask]]:
    made: dict[str, Flask] = {}
    yield made
    for application in made.values():
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def unhurried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A slow machine is no trouble of the database: what this process asks of it is given more time.

    Tests of the time itself are marked `impatient`; their connections are new, for each keeps how long it waits.
    """
    impatient = request.node.get_closest_marker("impatient") is not None
    made = request.getfixturevalue("_applications").values() if impatient else ()
    if not impatient:
        for time in ("patience.WHOLE", "turns.WRITE_DEADLINE", "db.WRITE_DEADLINE"):
            monkeypatch.setattr(f"tracker.{time}", LONG)
    for application in made:
        with application.app_context():
            db.engine.dispose()
    yield
    for application in made:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture
def app(
    database_kind: str,
    _applications: dict[str, Flask],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> Iterator[Flask]:
    """The application, on a database without rows."""
    if database_kind not in _applications:
        folder = tmp_path_factory.mktemp(database_kind)
        url = (
            f"sqlite:///{folder / 'tracker.db'}"
            if database_kind == "sqlite"
            else request.getfixturevalue("postgres_url")
        )
        made = create_app(settings(url, folder))
        made.test_client_class = Tab
        with made.app_context():
            if database_kind == "sqlite":
                event.listen(db.engine, "connect", unsynced)
            db.create_all()
        _applications[database_kind] = made
    application = _applications[database_kind]
    application.config["DATA_DIR"] = tmp_path
    application.config["CLOCK"] = Clock(company.START + timedelta(hours=1))
    empty(application)
    yield application
    with application.app_context():
        db.session.remove()


def unsynced(connection: Any, _record: Any) -> None:
    """Wait for no disk: nothing here outlives the run (as in postgres.py). What does outlive a kill is proved on the shipped server."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The application's clock."""
    return app.config["CLOCK"]


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """The standing cast (tests/cast.py), as it is at the beginning. It is built once, and put back each time."""
    with app.app_context():
        if "tests.cast" not in app.extensions:
            people = pickle.dumps(company.build())
            app.extensions["tests.cast"] = kept(), people
            return pickle.loads(people)  # noqa: S301 - dumped by this very process
        put_back, people = app.extensions["tests.cast"]
        if put_back is None:
            return company.build()
        put_back()
    return pickle.loads(people)  # noqa: S301


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """An application context for tests of verbs; not together with a client."""
    with app.app_context():
        yield


@pytest.fixture
def as_(app: Flask) -> Callable[[Any], Tab]:
    """Return the tab of somebody: `as_(cast.manager).get("/")`."""

    def tab(person: Any | None) -> Tab:
        client = app.test_client()
        return client.sign_in(person) if person is not None else client

    return tab


@pytest.fixture
def told(app: Flask, cast: SimpleNamespace) -> Callable[[Callable[[], Any]], Any]:
    """Let something happen in a context of its own, with the cast in its session: `told(lambda: ...)`."""

    def tell(happens: Callable[[], Any]) -> Any:
        with app.app_context():
            db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
            result = happens()
            db.session.expunge_all()
            return result

    return tell


@contextlib.contextmanager
def counted(application: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements that run inside, transaction control left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    with application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-permissions", action="store_true", help="write tests/permissions.txt anew"
    )
