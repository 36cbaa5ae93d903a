"""Actions come from files and have an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("action", sa.Column("outside_id", sa.String(length=120), nullable=True))
    op.add_column("action", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    op.create_index("uq_action_outside_id", "action", ["outside_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_action_outside_id", table_name="action")
    op.drop_column("action", "position")
    op.drop_column("action", "outside_id")
