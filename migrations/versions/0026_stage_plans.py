"""Stage plans: the gates of a kind of initiative, and which of them a milestone came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

IN_USE = sa.text("ended_at IS NULL")
USUAL = sa.text("usual")


def upgrade() -> None:
    op.create_table(
        "stage_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("usual", sa.Boolean(), nullable=False),
        sa.Column("at_acceptance", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_stage_plan_named")),
        sa.CheckConstraint(
            "ended_at IS NULL OR NOT usual", name=op.f("ck_stage_plan_usual_in_use")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_plan")),
    )
    op.create_index(
        "uq_stage_plan_name",
        "stage_plan",
        ["name"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
    op.create_index(
        "uq_stage_plan_usual",
        "stage_plan",
        ["usual"],
        unique=True,
        sqlite_where=USUAL,
        postgresql_where=USUAL,
    )
    op.create_table(
        "stage_plan_gate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("measures", sa.String(length=200), nullable=False),
        sa.CheckConstraint("days IS NULL OR days > 0", name=op.f("ck_stage_plan_gate_takes_time")),
        sa.CheckConstraint("stage <> 'idea'", name=op.f("ck_stage_plan_gate_opens_a_later_stage")),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["stage_plan.id"],
            name=op.f("fk_stage_plan_gate_plan_id_stage_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_plan_gate")),
        sa.UniqueConstraint("plan_id", "stage", name=op.f("uq_stage_plan_gate_plan_id_stage")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage_plan_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_milestone_stage_plan_id_stage_plan"), "stage_plan", ["stage_plan_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_milestone_stage_plan_id_stage_plan"), type_="foreignkey")
        batch_op.drop_column("stage_plan_id")
    op.drop_table("stage_plan_gate")
    op.drop_table("stage_plan")
