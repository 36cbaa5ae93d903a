"""Decisions can be taken back, and requests know how long they have waited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

RULES = {
    "waits_since_when": "state <> 'submitted' OR waits_since IS NOT NULL",
    "undone_by_somebody": "(undone_at IS NULL) = (undone_by_id IS NULL)",
    "undoes_a_decision": "undone_at IS NULL OR decision IN ('approved', 'approved_with_conditions', 'held')",
}
MOMENTS = ("undone_at", "waits_since", "reminded_at", "escalated_at")


def upgrade() -> None:
    with op.batch_alter_table("approval") as batch_op:
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("decided_in", sa.Integer(), nullable=True))
    op.execute("UPDATE approval SET waits_since = asked_at WHERE asked_at IS NOT NULL")
    with op.batch_alter_table("approval") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_approval_undone_by_id_person"), "person", ["undone_by_id"], ["id"]
        )
        for name, rule in RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_approval_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("approval") as batch_op:
        for name in RULES:
            batch_op.drop_constraint(op.f(f"ck_approval_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_approval_undone_by_id_person"), type_="foreignkey")
        for name in ("decided_in", "undone_by_id", *MOMENTS):
            batch_op.drop_column(name)
