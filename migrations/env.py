"""Runs the revisions of this folder, and numbers new ones.

A new file is called ``NNNN_what.py`` and its number is written to ``HEAD``, so that two branches
which both add a migration conflict in git and not in production.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum, TypeDecorator

import tracker.models  # noqa: F401 (fills the metadata)
from tracker.db import db
from tracker.migrating import alone

HERE = Path(__file__).parent


def number(migration: Any, _revision: Any, directives: list[Any]) -> None:
    """Give a new revision the next number; write none when nothing has changed."""
    script = directives[0]
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = migration.script.get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"
    (HERE / "HEAD").write_text(f"{script.rev_id}\n", encoding="ascii")


def render(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write our own column types as the plain types behind them.

    A migration must still run when the class behind the type is long gone.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    if kind == "type" and isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    return False


with alone(db.engine) as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
        process_revision_directives=number,
        render_item=render,
    )
    context.run_migrations()
