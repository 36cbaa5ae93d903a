"""What waits for somebody is found by its last day, however much everybody else has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NAMED = "answerer_id IS NOT NULL"
UNNAMED = "answerer_id IS NULL AND open_since IS NOT NULL"
# name -> columns, of which the last is new where the index was there before, and which rows it holds
WIDER = {
    "ix_blocker_raised_by_id": (["raised_by_id", "waiting_on", "due_on"], None),
    "ix_blocker_answerer_id": (["answerer_id", "waiting_on", "due_on"], NAMED),
}
NEW = {
    "ix_blocker_unnamed": (["holder_unit_id", "due_on"], UNNAMED),
    "ix_blocker_unnamed_outside": (
        ["initiative_id", "due_on"],
        f"{UNNAMED} AND holder_outside IS NOT NULL",
    ),
}


def upgrade() -> None:
    for name in WIDER:
        op.drop_index(name, table_name="blocker")
    for name, (columns, where) in (WIDER | NEW).items():
        _index(name, columns, where)
    _index("ix_action_partner_open", ["partner_id", "due_on", "id"], "closed_at IS NULL", "action")


def downgrade() -> None:
    op.drop_index("ix_action_partner_open", table_name="action")
    for name in WIDER | NEW:
        op.drop_index(name, table_name="blocker")
    for name, (columns, where) in WIDER.items():
        _index(name, columns[:-1], where)


def _index(name: str, columns: list[str], where: str | None, table: str = "blocker") -> None:
    some = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)
