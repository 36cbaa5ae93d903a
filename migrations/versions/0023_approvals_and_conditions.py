"""Requests for a decision on a gate, what was frozen and decided, and the conditions that decisions set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
DECIDED = sa.text("decided_by_id IS NOT NULL")
UNSETTLED = sa.text("settled_at IS NULL")


def upgrade() -> None:
    people = ("drafted_by_id", "asked_by_id", "decided_by_id", "for_sponsor_id", "returned_by_id")
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("cost", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("cost_words", sa.String(length=200), nullable=False),
        sa.Column("gain", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("for_sponsor_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_approval_{name}"))
            for name, rule in {
                "asks": "question <> ''",
                "decision_kept": "(state = 'decided') = (decision IS NOT NULL)",
                "decided_by_somebody": "(decision IS NULL) = (decided_by_id IS NULL)",
                "closed_kept": "(state IN ('decided', 'withdrawn')) = (closed_at IS NOT NULL)",
                "submitted_frozen": "state <> 'submitted' OR (digest <> '' AND asked_at IS NOT NULL)",
                "sent_back_is_a_draft": "decision IS NULL OR decision <> 'sent_back'",
                "in_words": "decision IS NULL OR decision = 'approved' OR words <> ''",
                "decided_by_another": "decided_by_id IS NULL OR decided_by_id NOT IN (asked_by_id, drafted_by_id)",
                "costs": "cost IS NULL OR cost >= 0",
            }.items()
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_approval_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"],
            ["milestone.id"],
            name=op.f("fk_approval_milestone_id_milestone"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_approval_{name}_person"))
            for name in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_initiative_id", "approval", ["initiative_id", "id"])
    op.create_index("ix_approval_milestone_id", "approval", ["milestone_id"])
    op.create_index("ix_approval_closed_at", "approval", ["closed_at", "id"])
    op.create_index(
        "uq_approval_open",
        "approval",
        ["milestone_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_approval_decided_by_id",
        "approval",
        ["decided_by_id", "closed_at"],
        sqlite_where=DECIDED,
        postgresql_where=DECIDED,
    )
    op.create_table(
        "approval_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.String(length=40), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_words", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_approval_condition_{name}"))
            for name, rule in {
                "in_words": "words <> ''",
                "settled_kept": "(settled IS NULL) = (settled_at IS NULL)",
                "waived_in_words": "settled IS NULL OR settled <> 'waived' OR settled_words <> ''",
            }.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{name}.id"],
                name=op.f(f"fk_approval_condition_{name}_id_{name}"),
                ondelete="CASCADE",
            )
            for name in ("approval", "initiative", "action")
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], ["person.id"], name=op.f(f"fk_approval_condition_{name}_person")
            )
            for name in ("owner_id", "settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_condition")),
    )
    op.create_index("ix_approval_condition_approval_id", "approval_condition", ["approval_id"])
    op.create_index(
        "uq_approval_condition_action_id", "approval_condition", ["action_id"], unique=True
    )
    op.create_index(
        "ix_approval_condition_open",
        "approval_condition",
        ["initiative_id"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )


def downgrade() -> None:
    op.drop_table("approval_condition")
    op.drop_table("approval")
