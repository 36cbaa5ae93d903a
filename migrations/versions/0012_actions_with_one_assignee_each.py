"""Actions with one assignee each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "partner",
        sa.Column("contacts_share", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.create_index("uq_person_id_partner_id", "person", ["id", "partner_id"], unique=True)
    op.create_table(
        "action_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_days")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_key", sa.String(length=500), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_since", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_changes", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_words", sa.Text(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('accepted', 'done', 'cancelled'))",
            name=op.f("ck_action_closed_kept"),
        ),
        sa.CheckConstraint(
            "(assignee_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_action_one_assignee")
        ),
        sa.CheckConstraint(
            "(proposed_on IS NULL) = (proposed_by_id IS NULL)",
            name=op.f("ck_action_proposed_by_somebody"),
        ),
        sa.CheckConstraint(
            "contact_id IS NULL OR partner_id IS NOT NULL",
            name=op.f("ck_action_contact_of_a_partner"),
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_action_progress")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["person.id"], name=op.f("fk_action_assignee_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id", "partner_id"],
            ["person.id", "person.partner_id"],
            name="fk_action_contact_id_person",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_action_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("fk_action_host_id_person")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_action_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_action_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_action_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("ref", name=op.f("uq_action_ref")),
    )
    op.create_index(
        "ix_action_assignee_id",
        "action",
        ["assignee_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL AND assignee_id IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NULL AND assignee_id IS NOT NULL"),
    )
    op.create_index("ix_action_closed_at", "action", ["closed_at", "id"], unique=False)
    op.create_index(
        "ix_action_contact_id",
        "action",
        ["contact_id"],
        unique=False,
        sqlite_where=sa.text("contact_id IS NOT NULL"),
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "ix_action_host_id",
        "action",
        ["host_id", "state", "due_on"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_action_initiative_id", "action", ["initiative_id", "closed_at", "due_on"], unique=False
    )
    op.create_index(
        "ix_action_last_on",
        "action",
        ["last_on", "id"],
        unique=False,
        sqlite_where=sa.text("last_on IS NOT NULL"),
        postgresql_where=sa.text("last_on IS NOT NULL"),
    )
    op.create_index(
        "ix_action_open",
        "action",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_action_partner_id", "action", ["partner_id", "closed_at", "due_on"], unique=False
    )

    op.create_table(
        "action_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (accepted IS NULL)",
            name=op.f("ck_action_review_answered_with_a_word"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["action.id"],
            name=op.f("fk_action_review_action_id_action"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_action_review_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_review")),
    )
    op.create_index(
        "ix_action_review_action_id", "action_review", ["action_id", "id"], unique=False
    )
    op.create_index(
        "uq_action_review_open",
        "action_review",
        ["action_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("action_review")
    op.drop_table("action")
    op.drop_table("action_days")
    op.drop_index("uq_person_id_partner_id", "person")
    op.drop_column("partner", "contacts_share")
