"""Initiatives aim at KPIs: goals, and the versions of what was agreed about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("horizon", sa.String(length=40), nullable=False),
        sa.Column("aim", sa.String(length=40), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("claimed", sa.Double(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("confidence", sa.String(length=40), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("baseline <> target", name=op.f("ck_goal_goes_somewhere")),
        sa.CheckConstraint(
            "claimed IS NULL OR claimed >= 0", name=op.f("ck_goal_claims_the_better")
        ),
        sa.CheckConstraint(
            "locked_at IS NULL OR (baseline IS NOT NULL AND baseline_on IS NOT NULL AND target IS NOT NULL AND target_on IS NOT NULL)",
            name=op.f("ck_goal_locked_only_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_goal_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_goal_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_goal_kpi_id_kpi")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_goal_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index("ix_goal_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_goal_kpi_id", ["kpi_id", "id"], unique=False)
        batch_op.create_index("ix_goal_owner_id", ["owner_id"], unique=False)
        batch_op.create_index(
            "uq_goal_present",
            ["initiative_id", "horizon"],
            unique=True,
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )

    op.create_table(
        "goal_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("claimed", sa.Double(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_for_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_goal_version_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["agreed_for_id"], ["person.id"], name=op.f("fk_goal_version_agreed_for_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_goal_version_goal_id_goal"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_version")),
        sa.UniqueConstraint("goal_id", "number", name=op.f("uq_goal_version_goal_id_number")),
    )


def downgrade() -> None:
    op.drop_table("goal_version")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_goal_present",
            sqlite_where=sa.text("dropped_at IS NULL"),
            postgresql_where=sa.text("dropped_at IS NULL"),
        )
        batch_op.drop_index("ix_goal_owner_id")
        batch_op.drop_index("ix_goal_kpi_id")
        batch_op.drop_index("ix_goal_initiative_id")

    op.drop_table("goal")
