"""Where the answer of a submit lies, and what it says, may be as long as an address or a title makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ANSWER = ("location", "message")


def upgrade() -> None:
    with op.batch_alter_table("submission") as batch_op:
        for name in ANSWER:
            batch_op.alter_column(name, existing_type=sa.String(length=500), type_=sa.Text(), existing_nullable=False)  # fmt: skip


def downgrade() -> None:
    """Take the way back: what is too long is answered without a place then."""
    op.execute("UPDATE submission SET location = '' WHERE length(location) > 500")
    op.execute("UPDATE submission SET message = '' WHERE length(message) > 500")
    with op.batch_alter_table("submission") as batch_op:
        for name in ANSWER:
            batch_op.alter_column(name, existing_type=sa.Text(), type_=sa.String(length=500), existing_nullable=False)  # fmt: skip
