"""The rules of deciding, what of them binds a request, the second approval by finance, and one-time links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FLAGS = ("finance_wanted", "fresh_wanted", "by_link")
PEOPLE = ("finance_by_id", "wanted_owner_id")
OPENS = "decision IN ('approved', 'approved_with_conditions')"
DECIDED = {
    "decision_kept": "(state IN ('decided', 'agreed')) = (decision IS NOT NULL)",
}
BEFORE = {"decision_kept": "(state = 'decided') = (decision IS NOT NULL)"}
CHECKS = {
    "link_holds": "link_hours IS NULL OR (link_hours > 0 AND NOT fresh_wanted)",
    "agreed_kept": f"state <> 'agreed' OR (agreed_at IS NOT NULL AND finance_wanted AND {OPENS})",
    "agreed_was_decided": "agreed_at IS NULL OR decision IS NOT NULL OR state = 'draft'",
    "condition_kept": "(wanted_owner_id IS NULL) = (wanted_due_on IS NULL)",
    "condition_waits": "wanted_owner_id IS NULL OR (state = 'agreed' AND decision = 'approved_with_conditions')",
    "finance_is_another": "finance_by_id IS NULL OR "
    "(state = 'decided' AND agreed_at IS NOT NULL AND finance_by_id NOT IN (asked_by_id, drafted_by_id, decided_by_id))",
    "finance_was_asked": "NOT finance_wanted OR state <> 'decided' OR decision NOT IN ('approved', 'approved_with_conditions') "
    "OR finance_by_id IS NOT NULL",
}  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "organisation",
        sa.Column("approval_rules_json", sa.Text(), server_default="{}", nullable=False),
    )
    op.add_column("stage_ask", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("approval") as batch_op:
        for name in FLAGS:
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        batch_op.add_column(sa.Column("link_hours", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wanted_words", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("wanted_due_on", sa.Date(), nullable=True))
        for name in PEOPLE:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                op.f(f"fk_approval_{name}_person"), "person", [name], ["id"]
            )
        for name in BEFORE:
            batch_op.drop_constraint(op.f(f"ck_approval_{name}"), type_="check")
        for name, rule in {**DECIDED, **CHECKS}.items():
            batch_op.create_check_constraint(op.f(f"ck_approval_{name}"), rule)
    op.create_table(
        "approval_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=43), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (decision IS NULL)", name=op.f("ck_approval_link_used_to_decide")
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_approval_link_holds_a_while")),
        sa.ForeignKeyConstraint(
            ["approval_id"],
            ["approval.id"],
            name=op.f("fk_approval_link_approval_id_approval"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_approval_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_approval_link_token_hash")),
    )
    op.create_index("ix_approval_link_approval_id", "approval_link", ["approval_id", "person_id"])


def downgrade() -> None:
    """Take the way back: what waits for finance waits for the sponsor again, who was asked first."""
    op.drop_table("approval_link")
    op.execute(
        "UPDATE approval SET state = 'submitted', decision = NULL, decided_by_id = NULL, for_sponsor_id = NULL, words = '', "
        "agreed_at = NULL, wanted_words = '', wanted_owner_id = NULL, wanted_due_on = NULL WHERE state = 'agreed'"
    )  # fmt: skip
    with op.batch_alter_table("approval") as batch_op:
        for name in (*CHECKS, *DECIDED):
            batch_op.drop_constraint(op.f(f"ck_approval_{name}"), type_="check")
        for name, rule in BEFORE.items():
            batch_op.create_check_constraint(op.f(f"ck_approval_{name}"), rule)
        for name in PEOPLE:
            batch_op.drop_constraint(op.f(f"fk_approval_{name}_person"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in (*FLAGS, "link_hours", "agreed_at", "wanted_words", "wanted_due_on"):
            batch_op.drop_column(name)
    op.drop_column("stage_ask", "agreed_at")
    op.drop_column("organisation", "approval_rules_json")
