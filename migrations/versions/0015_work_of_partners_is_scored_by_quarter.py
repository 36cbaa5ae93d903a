"""Work of partners is scored by quarter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scores_counted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores_counted")),
    )
    op.create_table(
        "partner_score",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("first_time", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("acknowledged", sa.Integer(), nullable=False),
        sa.Column("waits_json", sa.Text(), nullable=False),
        sa.Column("wait", sa.Double(), nullable=True),
        sa.Column("dated", sa.Integer(), nullable=False),
        sa.Column("dated_by_us", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("held_days", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("waited_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_score_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("partner_id", "quarter", name=op.f("pk_partner_score")),
    )
    op.create_table(
        "scorecard_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_scorecard_comment_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_scorecard_comment_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_comment")),
        sa.UniqueConstraint(
            "partner_id", "quarter", name=op.f("uq_scorecard_comment_partner_id_quarter")
        ),
    )
    op.create_table(
        "score_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("holding_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("first_time", sa.Boolean(), nullable=True),
        sa.Column("by_us", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(action_id IS NULL) <> (holding_id IS NULL)", name=op.f("ck_score_row_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["action.id"],
            name=op.f("fk_score_row_action_id_action"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["holding_id"],
            ["blocker_holding.id"],
            name=op.f("fk_score_row_holding_id_blocker_holding"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_score_row_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_row")),
    )
    with op.batch_alter_table("score_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_score_row_action_id",
            ["action_id"],
            unique=False,
            sqlite_where=sa.text("action_id IS NOT NULL"),
            postgresql_where=sa.text("action_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_score_row_partner_id",
            ["partner_id", "quarter", "measure", "day", "id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_score_row_holding_id",
            ["holding_id", "measure"],
            unique=True,
            sqlite_where=sa.text("holding_id IS NOT NULL"),
            postgresql_where=sa.text("holding_id IS NOT NULL"),
        )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(
            "ix_action_partner_last_on",
            ["partner_id", "last_on"],
            unique=False,
            sqlite_where=sa.text("last_on IS NOT NULL AND partner_id IS NOT NULL"),
            postgresql_where=sa.text("last_on IS NOT NULL AND partner_id IS NOT NULL"),
        )


def downgrade() -> None:
    op.drop_index("ix_action_partner_last_on", table_name="action")
    op.drop_table("score_row")
    op.drop_table("scorecard_comment")
    op.drop_table("partner_score")
    op.drop_table("scores_counted")
