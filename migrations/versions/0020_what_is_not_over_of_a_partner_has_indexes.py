"""What is not over of a partner is found by indexes of its own, however much it had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEXES = (
    (
        "ix_blocker_held_by_partner", "blocker", ["holder_partner_id"],
        "holder_partner_id IS NOT NULL AND closed_at IS NULL",
    ),
    (
        "ix_blocker_awaited_by_partner", "blocker", ["blocked_partner_id"],
        "blocked_partner_id IS NOT NULL AND closed_at IS NULL",
    ),
    ("ix_action_given_back", "action", ["partner_id", "due_on"], "returned > 0 AND closed_at IS NULL"),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        op.create_index(
            name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for name, table, _columns, _where in reversed(INDEXES):
        op.drop_index(name, table_name=table)
