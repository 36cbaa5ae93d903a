"""A holder proposes another day or disputes that it owes, and that waits for an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

OPEN_KEPT = "ck_blocker_open_kept"
OPEN = "'raised', 'acknowledged', 'committed'"
RULES = {
    "proposal_has_a_date": "(proposed_on IS NOT NULL) = (state = 'counter_proposed')",
    "asked_since_a_day": "(asked_since IS NOT NULL) = (state IN ('counter_proposed', 'disputed'))",
}
ASKED = sa.text("asked_since IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.drop_constraint(op.f(OPEN_KEPT), type_="check")
        batch_op.add_column(sa.Column("proposed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_check_constraint(
            op.f(OPEN_KEPT), _kept(f"{OPEN}, 'counter_proposed', 'disputed'")
        )
        for name, rule in RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_blocker_{name}"), rule)
    op.create_index(
        "ix_blocker_asked_since",
        "blocker",
        ["asked_since", "id"],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """Take the way back: what was proposed or disputed is acknowledged again, and waits on its holder."""
    op.drop_index("ix_blocker_asked_since", table_name="blocker")
    with op.batch_alter_table("blocker") as batch_op:
        for name in (*(f"ck_blocker_{name}" for name in RULES), OPEN_KEPT):
            batch_op.drop_constraint(op.f(name), type_="check")
        for name in ("reason", "asked_since", "proposed_on"):
            batch_op.drop_column(name)
    op.execute(
        "UPDATE blocker SET state = 'acknowledged', waiting_on = 'holder' "
        "WHERE state IN ('counter_proposed', 'disputed')"
    )
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.create_check_constraint(op.f(OPEN_KEPT), _kept(OPEN))


def _kept(states: str) -> str:
    return f"(open_since IS NOT NULL) = (state IN ({states}))"
