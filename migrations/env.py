"""Runs the revisions of this folder, and numbers new ones.

A new file is called ``NNNN_what.py`` and its number is written to ``HEAD``, so that two branches
which both add a migration conflict in git and not in production.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate import renderers
from alembic.operations.ops import CreateTableOp, MigrateOperation
from sqlalchemy import Enum, ForeignKeyConstraint, TypeDecorator

import tracker.models  # noqa: F401 (fills the metadata)
from tracker.db import db
from tracker.migrating import alone

HERE = Path(__file__).parent


class LateForeignKeys(MigrateOperation):
    """Foreign keys between tables that point to each other.

    SQLite takes them with the table. Elsewhere they can only follow when all tables are there, and
    Alembic leaves that to us.
    """

    def __init__(self, keys: list[ForeignKeyConstraint], *, drop: bool = False) -> None:
        self.keys, self.drop = keys, drop


@renderers.dispatch_for(LateForeignKeys)
def write_late_foreign_keys(_autogenerate: Any, late: LateForeignKeys) -> list[str]:
    """The lines of a migration that add, or drop, the keys of ``late``."""
    lines = ['if op.get_bind().dialect.name != "sqlite":']
    for key in late.keys:
        name, table = f"op.f({str(key.name)!r})", key.parent.name
        if late.drop:
            lines.append(f'op.drop_constraint({name}, {table!r}, type_="foreignkey")')
        else:
            remote = [element.target_fullname.split(".") for element in key.elements]
            lines.append(
                f"op.create_foreign_key({name}, {table!r}, {remote[0][0]!r}, "
                f"{key.column_keys!r}, {[column for _, column in remote]!r}, "
                f"ondelete={key.ondelete!r})"
            )
    return [*lines, ""]  # the blank line ends the block: Alembic's printer indents by itself


def number(migration: Any, _revision: Any, directives: list[Any]) -> None:
    """Give a new revision the next number; write none when nothing has changed."""
    script = directives[0]
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        directives.clear()
        return
    add_late_foreign_keys(script)
    head = migration.script.get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"
    (HERE / "HEAD").write_text(f"{script.rev_id}\n", encoding="ascii")


def add_late_foreign_keys(script: Any) -> None:
    """Let the keys that Alembic would forget follow the new tables of ``script``."""
    late = [
        key
        for made in script.upgrade_ops.ops
        if isinstance(made, CreateTableOp)
        for key in made.to_table().foreign_key_constraints
        if key.use_alter
    ]
    if late:
        late.sort(key=lambda key: str(key.name))
        script.upgrade_ops.ops.append(LateForeignKeys(late))
        script.downgrade_ops.ops.insert(0, LateForeignKeys(late, drop=True))


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
