"""A blocker may wait for others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocker_wait",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blocker_id", sa.Integer(), nullable=False),
        sa.Column("waits_for_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("blocker_id <> waits_for_id", name=op.f("ck_blocker_wait_not_itself")),
        sa.ForeignKeyConstraint(
            ["blocker_id"], ["blocker.id"], name=op.f("fk_blocker_wait_blocker_id_blocker"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["waits_for_id"], ["blocker.id"], name=op.f("fk_blocker_wait_waits_for_id_blocker"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_wait")),
        sa.UniqueConstraint(
            "blocker_id", "waits_for_id", name=op.f("uq_blocker_wait_blocker_id_waits_for_id")
        ),
    )  # fmt: skip
    op.create_index("ix_blocker_wait_waits_for_id", "blocker_wait", ["waits_for_id"])


def downgrade() -> None:
    op.drop_index("ix_blocker_wait_waits_for_id", table_name="blocker_wait")
    op.drop_table("blocker_wait")
