"""A partner waits on us, with an action of its own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ONE_WAITS = "(blocked_unit_id IS NULL) <> (blocked_partner_id IS NULL)"


def upgrade() -> None:
    op.create_index("uq_action_id_initiative_id", "action", ["id", "initiative_id"], unique=True)
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.add_column(sa.Column("action_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("blocked_partner_id", sa.Integer(), nullable=True))
        batch_op.alter_column("blocked_unit_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(op.f("ck_blocker_one_waits"), ONE_WAITS)
        batch_op.create_foreign_key(
            "fk_blocker_action_id_action",
            "action",
            ["action_id", "initiative_id"],
            ["id", "initiative_id"],
        )
        batch_op.create_foreign_key(
            op.f("fk_blocker_blocked_partner_id_partner"),
            "partner",
            ["blocked_partner_id"],
            ["id"],
        )
    for column in ("blocked_partner_id", "action_id"):
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_blocker_{column}", "blocker", [column, "open_since"], sqlite_where=some, postgresql_where=some
        )  # fmt: skip

    op.drop_index("ix_blocker_holding_pair", "blocker_holding")
    with op.batch_alter_table("blocker_holding") as batch_op:
        batch_op.add_column(sa.Column("blocked_partner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("blocked_key", sa.String(length=14), nullable=True))
        batch_op.alter_column("blocked_unit_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(op.f("ck_blocker_holding_one_waits"), ONE_WAITS)
        batch_op.create_foreign_key(
            op.f("fk_blocker_holding_blocked_partner_id_partner"),
            "partner",
            ["blocked_partner_id"],
            ["id"],
        )
    op.execute("UPDATE blocker_holding SET blocked_key = 'u' || CAST(blocked_unit_id AS VARCHAR)")
    with op.batch_alter_table("blocker_holding") as batch_op:
        batch_op.alter_column("blocked_key", existing_type=sa.String(length=14), nullable=False)
    op.create_index(
        "ix_blocker_holding_pair",
        "blocker_holding",
        ["holder_key", "blocked_key", "ends", "starts"],
    )

    rows = _pairs("blocked_unit_id")
    op.drop_table("silo_pair")
    made = op.create_table(
        "silo_pair",
        sa.Column("holder_key", sa.String(length=14), nullable=False),
        sa.Column("blocked_key", sa.String(length=14), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("holder_key", "blocked_key", name=op.f("pk_silo_pair")),
    )
    op.create_index("ix_silo_pair_blocked_key", "silo_pair", ["blocked_key"])
    for row in rows:
        row["blocked_key"] = f"u{row.pop('blocked_unit_id')}"
    op.bulk_insert(made, rows)


def downgrade() -> None:
    """Take the way back: the lead unit waits again where a partner did, and what is kept about that pair is counted anew."""
    kept = [row for row in _pairs("blocked_key") if row["blocked_key"].startswith("u")]
    op.execute("DELETE FROM silo_pair")
    op.execute(
        "UPDATE blocker SET blocked_partner_id = NULL, blocked_unit_id = "
        "(SELECT lead_unit_id FROM initiative WHERE initiative.id = blocker.initiative_id) "
        "WHERE blocked_unit_id IS NULL"
    )
    op.execute(
        "UPDATE blocker_holding SET blocked_partner_id = NULL, blocked_unit_id = "
        "(SELECT blocked_unit_id FROM blocker WHERE blocker.id = blocker_holding.blocker_id) "
        "WHERE blocked_unit_id IS NULL"
    )
    op.drop_table("silo_pair")
    made = op.create_table(
        "silo_pair",
        sa.Column("holder_key", sa.String(length=14), nullable=False),
        sa.Column("blocked_unit_id", sa.Integer(), nullable=False),
        *_sums(),
        sa.ForeignKeyConstraint(
            ["blocked_unit_id"], ["unit.id"], name=op.f("fk_silo_pair_blocked_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("holder_key", "blocked_unit_id", name=op.f("pk_silo_pair")),
    )
    op.create_index("ix_silo_pair_blocked_unit_id", "silo_pair", ["blocked_unit_id"])
    # Where a partner waited the unit now has its turns as well: such a pair is due to be counted.
    due = "SELECT DISTINCT holder_key, blocked_unit_id FROM blocker_holding WHERE blocked_key LIKE 'p%'"
    theirs = {tuple(row) for row in op.get_bind().execute(sa.text(due))}
    for row in kept:
        row["blocked_unit_id"] = int(row.pop("blocked_key")[1:])
        pair = row["holder_key"], row["blocked_unit_id"]
        if pair in theirs:
            theirs.remove(pair)
            row["stamp"] = ""
    nothing = {"open_count": 0, "open_starts": 0, "over_count": 0, "over_days": 0, "stamp": ""}
    kept += [
        {**nothing, "oldest_on": None, "holder_key": holder, "blocked_unit_id": unit}
        for holder, unit in sorted(theirs)
    ]
    op.bulk_insert(made, kept)

    op.drop_index("ix_blocker_holding_pair", "blocker_holding")
    with op.batch_alter_table("blocker_holding") as batch_op:
        batch_op.drop_constraint(op.f("ck_blocker_holding_one_waits"), type_="check")
        batch_op.drop_constraint(
            op.f("fk_blocker_holding_blocked_partner_id_partner"), type_="foreignkey"
        )
        batch_op.alter_column("blocked_unit_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("blocked_key")
        batch_op.drop_column("blocked_partner_id")
    op.create_index(
        "ix_blocker_holding_pair",
        "blocker_holding",
        ["holder_key", "blocked_unit_id", "ends", "starts"],
    )

    op.drop_index("ix_blocker_action_id", "blocker")
    op.drop_index("ix_blocker_blocked_partner_id", "blocker")
    with op.batch_alter_table("blocker") as batch_op:
        batch_op.drop_constraint(op.f("ck_blocker_one_waits"), type_="check")
        batch_op.drop_constraint("fk_blocker_action_id_action", type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_blocker_blocked_partner_id_partner"), type_="foreignkey")
        batch_op.alter_column("blocked_unit_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("blocked_partner_id")
        batch_op.drop_column("action_id")
    op.drop_index("uq_action_id_initiative_id", "action")


def _sums() -> list[sa.Column[Any]]:
    return [
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("open_starts", sa.BigInteger(), nullable=False),
        sa.Column("oldest_on", sa.Date(), nullable=True),
        sa.Column("over_count", sa.Integer(), nullable=False),
        sa.Column("over_days", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
    ]


def _pairs(waits: str) -> list[dict[str, Any]]:
    """Return the kept sums as they stand: at most one row for every two units."""
    told = [*_sums(), sa.Column("holder_key", sa.String()), sa.Column(waits, sa.Integer())]
    table = sa.Table("silo_pair", sa.MetaData(), *told)
    return [dict(row) for row in op.get_bind().execute(sa.select(table)).mappings()]
