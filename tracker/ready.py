"""Statements over many rows, made ready before a write transaction: inside it only the database works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.orm import Session

from tracker.db import db


class Ready:
    """One INSERT, UPDATE or DELETE over many rows, in the form the driver takes.

    All rows name the same parameters: the columns of an INSERT, else the names of the statement's
    bindparams. Plain defaults of columns are filled in. Without rows it does nothing.
    """

    def __init__(self, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        self.text, self.parameters = "", []
        if not rows:
            return
        dialect = db.engine.dialect
        keys = list(rows[0]) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
        usual = dict(compiled.params)
        if keys is not None:
            usual |= {column.key: column.default.arg for column in compiled.insert_prefetch}
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        names = list(compiled.positiontup or binds)
        turns = [
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in ((name, binds[name]) for name in names)
        ]
        given = set(rows[0])
        same = {
            name: turn(usual[name]) if turn else usual[name]
            for name, turn in turns
            if name not in given
        }
        changing = [(name, turn) for name, turn in turns if name in given]
        self.text = str(compiled)
        for row in rows:
            values = {name: turn(row[name]) if turn else row[name] for name, turn in changing}
            values |= same
            self.parameters.append(
                tuple(values[name] for name in names) if compiled.positional else values
            )

    def run(self, session: Session) -> None:
        """Run it in the present transaction: one call of the driver."""
        if self.parameters:
            session.connection().exec_driver_sql(self.text, self.parameters)
