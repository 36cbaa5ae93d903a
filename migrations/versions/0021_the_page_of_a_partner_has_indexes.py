"""What a partner's page shows first is found by indexes in that order, however much there is of it.

The one of what was returned begins as the index of all actions of a partner does, else SQLite would choose that one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# name, table, columns until now, columns from now on, which rows
INDEXES = (
    (
        "ix_action_given_back", "action", ["partner_id", "due_on"], ["partner_id", "closed_at", "due_on"],
        "returned > 0 AND closed_at IS NULL",
    ),
    (
        "ix_blocker_held_by_partner", "blocker", ["holder_partner_id"], ["holder_partner_id", "waiting_on", "due_on"],
        "holder_partner_id IS NOT NULL AND closed_at IS NULL",
    ),
    (
        "ix_blocker_awaited_by_partner", "blocker", ["blocked_partner_id"],
        ["blocked_partner_id", "waiting_on", "open_since"], "blocked_partner_id IS NOT NULL AND closed_at IS NULL",
    ),
)  # fmt: skip


def upgrade() -> None:
    for name, table, _until_now, columns, where in INDEXES:
        _anew(name, table, columns, where)


def downgrade() -> None:
    for name, table, columns, _from_now_on, where in reversed(INDEXES):
        _anew(name, table, columns, where)


def _anew(name: str, table: str, columns: list[str], where: str) -> None:
    op.drop_index(name, table_name=table)
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
