"""A late blocker climbs from whoever answers to the programme owner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

RULE = "(escalated_to IS NULL) = (escalated_on IS NULL)"
CLIMBS = sa.text("escalates_on IS NOT NULL")
CLIMBED = sa.text("escalated_to_id IS NOT NULL AND open_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.add_column(sa.Column("escalated_to", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("escalated_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("escalated_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("escalates_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_blocker_escalated_to_id_person"), "person", ["escalated_to_id"], ["id"]
        )
        batch_op.create_check_constraint(op.f("ck_blocker_escalated_on_a_day"), RULE)
    op.create_index(
        "ix_blocker_escalates_on",
        "blocker",
        ["escalates_on", "id"],
        sqlite_where=CLIMBS,
        postgresql_where=CLIMBS,
    )
    op.create_index(
        "ix_blocker_escalated_to_id",
        "blocker",
        ["escalated_to_id", "due_on"],
        sqlite_where=CLIMBED,
        postgresql_where=CLIMBED,
    )
    # By then it is looked at, and climbs if its clock has run out: the day it is needed by is none.
    op.execute(
        "UPDATE blocker SET escalates_on = due_on "
        "WHERE state IN ('raised', 'acknowledged', 'committed', 'disputed')"
    )


def downgrade() -> None:
    for name in ("ix_blocker_escalated_to_id", "ix_blocker_escalates_on"):
        op.drop_index(name, table_name="blocker")
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.drop_constraint(op.f("ck_blocker_escalated_on_a_day"), type_="check")
        batch_op.drop_constraint(op.f("fk_blocker_escalated_to_id_person"), type_="foreignkey")
        for name in ("escalates_on", "escalated_on", "escalated_to_id", "escalated_to"):
            batch_op.drop_column(name)
