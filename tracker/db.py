"""The database: engine options, the write transaction, and the column types every room shares."""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Enum, Executable, MetaData, TypeDecorator, event
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from tracker import commits, patience, placed, sqlite
from tracker.trouble import is_locked
from tracker.turns import WRITE_DEADLINE, Busy, begun, free_turn, my_turn

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Held = TypeVar("Held")
_CONNECTION = "connection"  # in the info of a session: that of the write it is in
ONLY_READ = "only_read"  # in the info of a session whose transaction wrote nothing


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, and stored so that text order is time order."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_text(kind: type[enum.StrEnum]) -> Enum:
    """Return a column type that stores the values of `kind` as text, on every database alike."""
    return Enum(
        kind,
        native_enum=False,
        length=40,
        values_callable=lambda k: [m.value for m in k],
        create_constraint=False,
    )


def engine_options(url: str) -> dict[str, Any]:
    """Return what SQLAlchemy's engine needs for the database at `url`."""
    if url.startswith("sqlite"):
        return {
            "module": sqlite.dbapi(),
            "hide_parameters": True,  # what people typed stays out of the log
            "pool_size": 12,
            "max_overflow": 4,
            "pool_timeout": WRITE_DEADLINE,
            "connect_args": {"timeout": WRITE_DEADLINE},
        }
    return {
        "hide_parameters": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_pre_ping": True,
        "pool_timeout": WRITE_DEADLINE,
        "connect_args": {"connect_timeout": 2},
    }


@event.listens_for(Engine, "connect")
def _on_connect(connection: Any, _record: Any) -> None:
    if hasattr(connection, "pgconn"):
        return
    connection.isolation_level = (
        None  # the driver's own transactions lose rollbacks; ours begin below
    )
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_milliseconds(WRITE_DEADLINE)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    patience = options.get("patience", WRITE_DEADLINE)
    if connection.dialect.name != "sqlite":
        if options.get("writes"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_milliseconds(patience)}")
    elif options.get("writes"):
        _begin_write(connection, patience)
    elif not options.get("reads_once"):  # one statement is its own transaction
        driver: Any = connection.connection.dbapi_connection
        driver.execute("BEGIN")  # takes no lock yet, so nothing can be wrong with it


def _begin_write(connection: Connection, patience: float) -> None:
    """Take SQLite's one write lock, or fail after `patience` seconds; readers of this connection wait as before."""
    shorter = patience < WRITE_DEADLINE
    if shorter:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_milliseconds(patience)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        if shorter:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_milliseconds(WRITE_DEADLINE)}")


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))  # 0 would mean for ever on PostgreSQL


@contextlib.contextmanager
def _my_turn(session: Session) -> Iterator[float]:
    """Wait for one's turn where that is needed; yield the seconds left to wait for the database."""
    if session.get_bind().dialect.name != "sqlite":
        yield WRITE_DEADLINE
        return
    with my_turn() as left:
        yield left


def try_writing(patience: float) -> None:
    """Ask SQLite for its write lock and give it back; raises DBAPIError if others hold it or nothing may be written, and
    `Busy` if our own writer waits for it in vain. Writers of our own that keep it longer than `patience` seconds are no trouble.
    """
    lightly = {"writes": True, "patience": patience}
    with free_turn(patience) as free:
        if free:
            with db.engine.connect().execution_options(**lightly) as connection, connection.begin():
                pass


@contextlib.contextmanager
def writing() -> Iterator[Session]:
    """Open the one write transaction of a request, command or job item; commit at the end, roll back on any error.

    Raises `Busy` when the turn does not come within `WRITE_DEADLINE` seconds. What was read before must be loaded again inside.
    """
    session = db.session()
    end_reading()
    with _my_turn(session) as patience:
        try:
            options = {"writes": True, "patience": patience}
            session.info[_CONNECTION] = session.connection(execution_options=options)
            begun()
            yield session
            session.commit()
        except BaseException as error:
            session.rollback()
            if isinstance(error, DBAPIError) and is_locked(error):
                raise Busy from error
            raise


def asked(statement: Executable, given: Any = None) -> CursorResult[Any]:
    """Execute a statement that is kept, built once, in the transaction of the session but past its objects.

    `given` are its parameters, or a list of them. What waits in the session is written first, as for any other question.
    """
    session = db.session()
    if session.autoflush:
        session.flush()
    return connection_of(session).execute(statement, given)


def connection_of(session: Session) -> Connection:
    """Return the connection that a session works on; inside a write it is known, and need not be asked for."""
    return session.info.get(_CONNECTION) or session.connection()


@event.listens_for(db.session, "after_commit")
@event.listens_for(db.session, "after_rollback")
def _let_go(session: Session) -> None:
    session.info.pop(_CONNECTION, None)


def held_by_the_session(kind: type[Held]) -> Iterator[Held]:
    """Give the objects of `kind` that the session holds, which a statement passes by."""
    return (one for one in db.session().identity_map.values() if isinstance(one, kind))


def end_reading() -> None:
    """End the read of this request, so that nothing is held open while a password is checked or an upload is read.

    Loaded objects stay usable. RuntimeError when something was changed outside a write transaction.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside the write transaction.")
    session.info[ONLY_READ] = True  # there is nothing to seal
    try:
        session.commit()
    finally:
        del session.info[ONLY_READ]


def glance() -> Connection:
    """Return a connection for one statement that reads, without a transaction around it. Use it in a `with`."""
    options: dict[str, Any] = {"reads_once": True}
    if db.engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    return db.engine.connect().execution_options(**options)


def init_app(app: Flask) -> None:
    """Bind the database of `app.config`."""
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    )
    db.init_app(app)
    with app.app_context():
        commits.watch(db.engine)
        patience.watch(db.engine)
        placed.watch(db.engine)
