"""The order of stages walks an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.create_index(
            "ix_initiative_open_by_stage",
            ["stage", "stage_since"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_initiative_open_by_stage",
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
