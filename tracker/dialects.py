"""What SQLite and PostgreSQL both know, and SQLAlchemy says for each in its own way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects import postgresql, sqlite


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index over the rows for which the condition `where`, in SQL, holds."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def insert_into(table: Any, dialect: str) -> Any:
    """Return an insert into `table` that can say what happens where a row is there already (`on_conflict_...`).

    `dialect` is the name of the connection's, "sqlite" or "postgresql".
    """
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
