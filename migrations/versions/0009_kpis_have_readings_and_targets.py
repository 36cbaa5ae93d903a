"""KPIs have readings and targets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("formula", sa.String(length=400), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("by_parts", sa.Boolean(), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("good", sa.String(length=40), nullable=False),
        sa.Column("scale_low", sa.Double(), nullable=True),
        sa.Column("scale_high", sa.Double(), nullable=True),
        sa.Column("layer", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("cadence", sa.String(length=40), nullable=False),
        sa.Column("alert_low", sa.Double(), nullable=True),
        sa.Column("alert_high", sa.Double(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("factor > 0", name=op.f("ck_kpi_factor_is_positive")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_kpi_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_kpi_owner_id_person")),
        sa.ForeignKeyConstraint(["parent_id"], ["kpi.id"], name=op.f("fk_kpi_parent_id_kpi")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_kpi_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
        sa.UniqueConstraint("code", name=op.f("uq_kpi_code")),
    )
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.create_index("ix_kpi_owner_id", ["owner_id"], unique=False)
        batch_op.create_index("ix_kpi_parent_id", ["parent_id"], unique=False)
        batch_op.create_index("ix_kpi_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "kpi_benchmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_kpi_benchmark_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_benchmark_kpi_id_kpi"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_benchmark")),
    )
    with op.batch_alter_table("kpi_benchmark", schema=None) as batch_op:
        batch_op.create_index("ix_kpi_benchmark_kpi_id_day", ["kpi_id", "day"], unique=False)

    op.create_table(
        "kpi_standing",
        sa.Column("kpi_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("points_json", sa.Text(), nullable=False),
        sa.Column("stretch_count", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("range_mean", sa.Double(), nullable=True),
        sa.Column("variation", sa.String(length=40), nullable=True),
        sa.Column("series_json", sa.Text(), nullable=False),
        sa.Column("reading_count", sa.Integer(), nullable=False),
        sa.Column("unit_count", sa.Integer(), nullable=False),
        sa.Column("segments_json", sa.Text(), nullable=False),
        sa.Column("claimed", sa.Double(), nullable=False),
        sa.Column("claimed_from", sa.Double(), nullable=True),
        sa.Column("claimed_since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_standing_kpi_id_kpi"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kpi_id", name=op.f("pk_kpi_standing")),
    )
    op.create_table(
        "kpi_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_target_kpi_id_kpi"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_kpi_target_set_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_target")),
        sa.UniqueConstraint("kpi_id", "day", name=op.f("uq_kpi_target_kpi_id_day")),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("segment", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("breaks", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(numerator IS NULL) = (denominator IS NULL)",
            name=op.f("ck_reading_a_part_has_its_whole"),
        ),
        sa.CheckConstraint(
            "denominator IS NULL OR denominator >= 0", name=op.f("ck_reading_no_negative_whole")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_reading_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["reading.id"], name=op.f("fk_reading_corrects_id_reading")
        ),
        sa.ForeignKeyConstraint(
            ["kpi_id"], ["kpi.id"], name=op.f("fk_reading_kpi_id_kpi"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reading_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_reading_corrects_id")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("ix_reading_kpi_id_day", ["kpi_id", "day"], unique=False)
        batch_op.create_index(
            "uq_reading_of_a_unit",
            ["kpi_id", "unit_id", "segment", "day"],
            unique=True,
            sqlite_where=sa.text("unit_id IS NOT NULL AND corrects_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NOT NULL AND corrects_id IS NULL"),
        )
        batch_op.create_index(
            "uq_reading_of_the_company",
            ["kpi_id", "segment", "day"],
            unique=True,
            sqlite_where=sa.text("unit_id IS NULL AND corrects_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NULL AND corrects_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reading_of_the_company",
            sqlite_where=sa.text("unit_id IS NULL AND corrects_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NULL AND corrects_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_reading_of_a_unit",
            sqlite_where=sa.text("unit_id IS NOT NULL AND corrects_id IS NULL"),
            postgresql_where=sa.text("unit_id IS NOT NULL AND corrects_id IS NULL"),
        )
        batch_op.drop_index("ix_reading_kpi_id_day")

    op.drop_table("reading")
    op.drop_table("kpi_target")
    op.drop_table("kpi_standing")
    with op.batch_alter_table("kpi_benchmark", schema=None) as batch_op:
        batch_op.drop_index("ix_kpi_benchmark_kpi_id_day")

    op.drop_table("kpi_benchmark")
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.drop_index("ix_kpi_unit_id")
        batch_op.drop_index("ix_kpi_parent_id")
        batch_op.drop_index("ix_kpi_owner_id")

    op.drop_table("kpi")
