"""Core statements that are compiled once and asked again and again, on connections that are kept for them.

What a poll costs is mostly what stands around its statement, so this goes past sessions, pools and cursors: to the driver
of SQLite, and to libpq for PostgreSQL. Only reading, one row at a time, each statement its own transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Engine, Select, TextClause, event
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Dialect

MOST = 4000  # of what is kept in memory by key: statements, fingerprints, people
MOST_PREPARED = 200  # statements that one connection of PostgreSQL holds
Row = tuple[Any, ...]


class Prepared:
    """A statement as a driver takes it. From one asking to the next only what its `bindparam`s name may change."""

    def __init__(self, statement: Select[Any] | TextClause, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self._usual = {key: _plain(value) for key, value in compiled.params.items()}
        self._order = list(getattr(compiled, "positiontup", None) or self._usual)

    def given(self, **values: Any) -> list[Any]:
        """Return the parameters in the order of their places."""
        whole = self._usual | values
        return [whole[name] for name in self._order]


class Line:
    """A connection that is kept, and the names of the statements that it holds by their texts."""

    def __init__(self, kept: Any, made: int) -> None:
        self.kept = kept
        self.made = made  # under which count of disposals
        self.names: dict[str, bytes] = {}

    @property
    def connection(self) -> Any:
        """The driver's own connection."""
        return self.kept.dbapi_connection


class Reader(ABC):
    """Asks prepared statements of one database. Use `reader_of`.

    There are as many connections as were ever needed at once, however many threads ask in turn. The one used last is
    used next: its memory is warm.
    """

    dialect: Dialect

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.idle: list[Line] = []
        self.made = 0  # connections, ever
        self._disposed = 0
        self.error: type[Exception] = engine.dialect.loaded_dbapi.Error
        event.listen(engine, "engine_disposed", self._close_all)

    def first(self, prepared: Prepared, given: list[Any]) -> Row | None:
        """Return the first row as it came over the wire (see `read`), or None; `given` comes from `Prepared.given`.

        After an error, which is raised as `error`, the connection is not used again.
        """
        try:
            line = self.idle.pop()
        except IndexError:
            line = Line(self._connect(), self._disposed)
        try:
            row = self._ask(line, prepared, given)
        except BaseException:
            line.kept.close()
            raise
        if line.made == self._disposed:
            self.idle.append(line)
        else:
            line.kept.close()
        return row

    def read(self, row: Row) -> Row:
        """Return the values of a row: numbers and texts on SQLite, texts on PostgreSQL."""
        return row

    @abstractmethod
    def _ask(self, line: Line, prepared: Prepared, given: list[Any]) -> Row | None: ...

    def _connect(self) -> Any:
        kept: Any = self.engine.raw_connection()
        kept.detach()
        self.made += 1
        return kept

    def _close_all(self, _engine: Engine) -> None:
        self._disposed += 1
        while self.idle:
            self.idle.pop().kept.close()


class _Sqlite(Reader):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.dialect = engine.dialect

    def _ask(self, line: Line, prepared: Prepared, given: list[Any]) -> Row | None:
        found = line.connection.execute(prepared.text, given).fetchall()
        return found[0] if found else None


class _Postgresql(Reader):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        # For its places ($1), which libpq wants; the driver itself is not used.
        self.dialect = asyncpg.dialect()
        self._receive = engine.dialect.loaded_dbapi.generators.execute

    def _connect(self) -> Any:
        kept = super()._connect()
        kept.dbapi_connection.autocommit = True
        return kept

    def _ask(self, line: Line, prepared: Prepared, given: list[Any]) -> Row | None:
        connection, names = line.connection, line.names
        wire = connection.pgconn
        name = names.get(prepared.text)
        if name is None:
            if len(names) >= MOST_PREPARED:
                wire.send_query(b"DEALLOCATE ALL")
                self._answer(connection)
                names.clear()
            name = names[prepared.text] = b"board_%d" % len(names)
            wire.send_prepare(name, prepared.text.encode())
            self._answer(connection)
        values = [None if value is None else str(value).encode() for value in given]
        wire.send_query_prepared(name, values)
        found = self._answer(connection)
        if not found.ntuples:
            return None
        return tuple([found.get_value(0, place) for place in range(found.nfields)])

    def read(self, row: Row) -> Row:
        return tuple(None if value is None else value.decode() for value in row)

    def _answer(self, connection: Any) -> Any:
        """Return the result of what was sent; waits as long as the connection has patience (see `patience`)."""
        return self._checked(connection.wait(self._receive(connection.pgconn))[-1])

    def _checked(self, result: Any) -> Any:
        if result.error_message:
            raise self.error(result.error_message.decode(errors="replace"))
        return result


def reader_of(engine: Engine) -> Reader:
    """Return what asks the database of `engine`."""
    return (_Postgresql if engine.dialect.name == "postgresql" else _Sqlite)(engine)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def roomy(kept: dict[Any, Any], most: int = MOST) -> dict[Any, Any]:
    """Return `kept`, emptied when it holds too much."""
    if len(kept) >= most:
        kept.clear()
    return kept
