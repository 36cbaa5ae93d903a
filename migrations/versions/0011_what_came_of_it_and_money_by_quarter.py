"""After delivery: checkpoints and what came of it; and money by quarter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "benefit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("planned", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("forecast", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("realised", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR realised IS NOT NULL",
            name=op.f("ck_benefit_confirms_something"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_benefit_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_benefit_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
        sa.UniqueConstraint(
            "initiative_id", "quarter", name=op.f("uq_benefit_initiative_id_quarter")
        ),
    )
    op.create_table(
        "benefit_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "taken_at IS NULL OR words <> ''", name=op.f("ck_benefit_checkpoint_taken_in_words")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_benefit_checkpoint_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["person.id"], name=op.f("fk_benefit_checkpoint_taken_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_checkpoint")),
        sa.UniqueConstraint(
            "initiative_id", "due_on", name=op.f("uq_benefit_checkpoint_initiative_id_due_on")
        ),
    )
    op.create_table(
        "initiative_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("lesson", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("lesson <> ''", name=op.f("ck_initiative_result_with_a_lesson")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_result_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["person.id"], name=op.f("fk_initiative_result_said_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_result")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_initiative_result_initiative_id")),
    )


def downgrade() -> None:
    op.drop_table("initiative_result")
    op.drop_table("benefit_checkpoint")
    op.drop_table("benefit")
