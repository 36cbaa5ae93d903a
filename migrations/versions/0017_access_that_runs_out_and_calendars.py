"""Access that ends by itself on a day, partners whose contacts need a second factor, calendars at a secret address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

DATED = sa.text("ends_on IS NOT NULL")


def upgrade() -> None:
    op.add_column("person", sa.Column("ends_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_person_ends_on", "person", ["ends_on"], sqlite_where=DATED, postgresql_where=DATED
    )
    op.add_column(
        "partner",
        sa.Column("needs_second_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_calendar_feed_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_feed_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_column("partner", "needs_second_factor")
    op.drop_index("ix_person_ends_on", "person")
    op.drop_column("person", "ends_on")
