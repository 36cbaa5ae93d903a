"""Who changed the acceptance criteria of an action last is kept beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = "fk_action_criteria_by_id_person"
LAST = """
UPDATE action SET criteria_by_id = (
  SELECT event.actor_id FROM event
  WHERE event.subject_type = 'action' AND event.subject_id = action.id
    AND event.kind = 'action.changed' AND event.after LIKE '%"criteria"%'
  ORDER BY event.id DESC LIMIT 1
)
"""


def upgrade() -> None:
    """Add the column, and fill it from the trail: its text names the fields that were changed."""
    with op.batch_alter_table("action") as batch_op:
        batch_op.add_column(sa.Column("criteria_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f(KEY), "person", ["criteria_by_id"], ["id"])
    op.execute(LAST)


def downgrade() -> None:
    with op.batch_alter_table("action") as batch_op:
        batch_op.drop_constraint(op.f(KEY), type_="foreignkey")
        batch_op.drop_column("criteria_by_id")
