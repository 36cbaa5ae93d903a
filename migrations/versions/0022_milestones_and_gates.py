"""Milestones, every day that each had, and by which criteria they are reached; one gate for each stage of an initiative."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PRESENT_GATES = sa.text("opens IS NOT NULL AND dropped_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("opens", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_words", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'dropped') = (dropped_at IS NOT NULL)", name=op.f("ck_milestone_dropped_kept")
        ),
        sa.CheckConstraint(
            "(state = 'reached') = (reached_at IS NOT NULL)", name=op.f("ck_milestone_reached_kept")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_milestone_named")),
        sa.CheckConstraint(
            "opens IS NULL OR opens <> 'idea'", name=op.f("ck_milestone_opens_a_later_stage")
        ),
        sa.CheckConstraint("slips >= 0", name=op.f("ck_milestone_slips")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_milestone_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["person.id"], name=op.f("fk_milestone_planned_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["reached_by_id"], ["person.id"], name=op.f("fk_milestone_reached_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index("ix_milestone_initiative_id", "milestone", ["initiative_id", "due_on", "id"])
    op.create_index(
        "uq_milestone_gate",
        "milestone",
        ["initiative_id", "opens"],
        unique=True,
        sqlite_where=PRESENT_GATES,
        postgresql_where=PRESENT_GATES,
    )
    op.create_table(
        "milestone_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(
            "(measure IS NULL) = (words <> '')",
            name=op.f("ck_milestone_criterion_in_words_or_measured"),
        ),
        sa.CheckConstraint(
            "met_at IS NULL OR evidence <> ''",
            name=op.f("ck_milestone_criterion_met_with_evidence"),
        ),
        sa.CheckConstraint(
            "measure IS NULL OR met_at IS NULL",
            name=op.f("ck_milestone_criterion_checked_only_by_hand"),
        ),
        sa.ForeignKeyConstraint(
            ["met_by_id"], ["person.id"], name=op.f("fk_milestone_criterion_met_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_milestone_criterion_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_criterion")),
        sa.UniqueConstraint(
            "milestone_id", "measure", name=op.f("uq_milestone_criterion_milestone_id_measure")
        ),
    )
    op.create_table(
        "milestone_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_milestone_move_in_words")),
        sa.CheckConstraint("from_on <> to_on", name=op.f("ck_milestone_move_moves")),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_milestone_move_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["moved_by_id"], ["person.id"], name=op.f("fk_milestone_move_moved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_move")),
    )
    op.create_index("ix_milestone_move_milestone_id", "milestone_move", ["milestone_id", "id"])


def downgrade() -> None:
    op.drop_table("milestone_move")
    op.drop_table("milestone_criterion")
    op.drop_table("milestone")
