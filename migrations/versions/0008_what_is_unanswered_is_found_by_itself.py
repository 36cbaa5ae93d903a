"""Blockers that nobody answers for, and proposals, are found by indexes that hold nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNANSWERED = sa.text("answerer_id IS NULL AND open_since IS NOT NULL")
ANSWERED = sa.text("answerer_id IS NOT NULL")
PROPOSED = sa.text("proposed_by_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_initiative_sponsor_id_stage", "initiative")
    op.create_index(
        "ix_initiative_sponsor_id_stage", "initiative", ["sponsor_id", "stage", "stopped_at"]
    )
    _create("ix_initiative_proposed_by_id", "initiative", ["proposed_by_id"], PROPOSED)
    op.drop_index("ix_blocker_answerer_id", "blocker")
    _create("ix_blocker_answerer_id", "blocker", ["answerer_id", "waiting_on"], ANSWERED)
    _create("ix_blocker_unanswered", "blocker", ["open_since", "id"], UNANSWERED)


def _create(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_blocker_unanswered", "blocker")
    op.drop_index("ix_blocker_answerer_id", "blocker")
    op.create_index("ix_blocker_answerer_id", "blocker", ["answerer_id", "waiting_on"])
    op.drop_index("ix_initiative_proposed_by_id", "initiative")
    op.drop_index("ix_initiative_sponsor_id_stage", "initiative")
    op.create_index("ix_initiative_sponsor_id_stage", "initiative", ["sponsor_id", "stage"])
