"""The world put back after a write that passed, on either database: what the next hand meets is what the first one met."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from tests.original import Original
from tracker.db import Model, db


class Rows:
    """Every row as it was, for PostgreSQL. Nothing is asked of the keys while rows are deleted and written again."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._tables = Model.metadata.sorted_tables
        with app.app_context(), db.engine.connect() as connection:
            self._rows = {t: [dict(r) for r in connection.execute(select(t)).mappings()] for t in self._tables}  # fmt: skip
        self._emptying = ";".join(f'DELETE FROM "{table.name}"' for table in self._tables)

    def put_back(self) -> None:
        """Make every table again what it was."""
        with self._app.app_context(), db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.exec_driver_sql(self._emptying)
            for table, rows in self._rows.items():
                if rows:
                    connection.execute(insert(table), rows)

    def close(self) -> None:
        """There is nothing to let go of."""


def original(app: Flask) -> Any:
    """Return what puts the present world back (`put_back`); `close` it."""
    with app.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
    return Original(app) if on_sqlite else Rows(app)
