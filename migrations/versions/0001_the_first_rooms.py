"""The first rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("weekend", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_name")),
    )
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("count", name=op.f("uq_checkpoint_count")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("product_name", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("programme_owner_id", sa.Integer(), nullable=True),
        sa.Column("alternate_id", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("modules_json", sa.Text(), nullable=False),
        sa.Column("stage_names_json", sa.Text(), nullable=False),
        sa.Column("designing", sa.Boolean(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_single_row")),
        sa.CheckConstraint(
            "programme_owner_id IS NULL OR programme_owner_id <> alternate_id",
            name=op.f("ck_organisation_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["alternate_id"],
            ["person.id"],
            name=op.f("fk_organisation_alternate_id_person"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
            name=op.f("fk_organisation_calendar_id_calendar"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["programme_owner_id"],
            ["person.id"],
            name=op.f("fk_organisation_programme_owner_id_person"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_finance", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=True),
        sa.Column("day_calendar", sa.String(length=10), nullable=False),
        sa.Column("digits", sa.String(length=10), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(role = 'partner') = (partner_id IS NOT NULL)", name=op.f("ck_person_partner_role")
        ),
        sa.CheckConstraint(
            "(standing = 'executive') = (role = 'executive' AND ended_at IS NULL)",
            name=op.f("ck_person_standing"),
        ),
        sa.CheckConstraint(
            "NOT (is_admin AND role IN ('partner', 'auditor'))", name=op.f("ck_person_admin_role")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["partner.id"],
            name=op.f("fk_person_partner_id_partner"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("id", "standing", name=op.f("uq_person_id_standing")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_partner_id", ["partner_id"], unique=False)
        batch_op.create_index("ix_person_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_since"), ["since"], unique=False)

    op.create_table(
        "access_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_access_link_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_link_token_hash")),
    )
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.create_index("ix_access_link_person_id", ["person_id", "purpose"], unique=False)

    op.create_table(
        "board",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("filters_json", sa.Text(), nullable=False),
        sa.Column("lanes", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_board_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint("slug", name=op.f("uq_board_slug")),
    )
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.create_index("ix_board_owner_id", ["owner_id"], unique=False)

    op.create_table(
        "deputyship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_deputyship_not_oneself")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_deputyship_dates")),
        sa.ForeignKeyConstraint(
            ["deputy_id"], ["person.id"], name=op.f("fk_deputyship_deputy_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_deputyship_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputyship")),
    )
    with op.batch_alter_table("deputyship", schema=None) as batch_op:
        batch_op.create_index("ix_deputyship_deputy_id", ["deputy_id", "ends"], unique=False)
        batch_op.create_index("ix_deputyship_person_id", ["person_id", "ends"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("heir_id", sa.Integer(), nullable=True),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["heir_id"], ["person.id"], name=op.f("fk_handover_heir_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_handover_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_heir_id"), ["heir_id"], unique=False)
        batch_op.create_index("ix_handover_person_id", ["person_id", "id"], unique=False)

    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
            name=op.f("fk_holiday_calendar_id_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("calendar_id", "day", name=op.f("uq_holiday_calendar_id_day")),
    )
    op.create_table(
        "import_map",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("map_toml", sa.Text(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_import_map_saved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_map")),
        sa.UniqueConstraint("what", "key", name=op.f("uq_import_map_what_key")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("map_toml", sa.Text(), nullable=False),
        sa.Column("sure_json", sa.Text(), nullable=False),
        sa.Column("create_missing", sa.Boolean(), nullable=False),
        sa.Column("skip_bad", sa.Boolean(), nullable=False),
        sa.Column("totals_json", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_run_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("token", name=op.f("uq_import_run_token")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index("ix_import_run_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_import_run_person_id", ["person_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=160), nullable=False),
        sa.Column("serves", sa.String(length=200), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("relationship_owner_id", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_partner_calendar_id_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["relationship_owner_id"],
            ["person.id"],
            name=op.f("fk_partner_relationship_owner_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("key", name=op.f("uq_partner_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_partner_slug")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_relationship_owner_id"), ["relationship_owner_id"], unique=False
        )

    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_submission_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "person_id", "route", "key", name=op.f("uq_submission_person_id_route_key")
        ),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_at", ["at"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=140), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("acting_head_id", sa.Integer(), nullable=True),
        sa.Column("acting_calendar_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_unit_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["acting_calendar_id"],
            ["calendar.id"],
            name=op.f("fk_unit_acting_calendar_id_calendar"),
        ),
        sa.ForeignKeyConstraint(
            ["acting_head_id"], ["person.id"], name=op.f("fk_unit_acting_head_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_unit_calendar_id_calendar")
        ),
        sa.ForeignKeyConstraint(["head_id"], ["person.id"], name=op.f("fk_unit_head_id_person")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_unit_slug")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_acting_head_id", ["acting_head_id"], unique=False)
        batch_op.create_index("ix_unit_parent_id", ["parent_id"], unique=False)

    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_key", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("sponsor_standing", sa.String(length=40), nullable=True),
        sa.Column("sponsor_interim", sa.Boolean(), nullable=False),
        sa.Column("proposed_sponsor_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopt_stage", sa.String(length=40), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_stage", sa.String(length=40), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_words", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_words", sa.Text(), nullable=False),
        sa.Column("budget", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("cadence", sa.String(length=40), nullable=False),
        sa.Column("processes", sa.Text(), nullable=False),
        sa.Column("systems", sa.Text(), nullable=False),
        sa.Column("pilot_scope", sa.Text(), nullable=False),
        sa.Column("next_units", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=40), nullable=True),
        sa.Column("colour_reason", sa.String(length=200), nullable=False),
        sa.Column("colour_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("unit_count", sa.Integer(), nullable=False),
        sa.Column("open_blockers", sa.Integer(), nullable=False),
        sa.Column("outside_id", sa.String(length=120), nullable=True),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touches", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sponsor_standing IS NULL OR sponsor_standing = 'executive'",
            name=op.f("ck_initiative_sponsor_is_executive"),
        ),
        sa.CheckConstraint(
            "stage = 'idea' OR sponsor_id IS NOT NULL",
            name=op.f("ck_initiative_sponsored_beyond_idea"),
        ),
        sa.CheckConstraint(
            "(sponsor_id IS NULL) = (sponsor_standing IS NULL)",
            name=op.f("ck_initiative_sponsor_standing_kept"),
        ),
        sa.CheckConstraint(
            "sponsor_id IS NULL OR lead_id IS NULL OR sponsor_id <> lead_id",
            name=op.f("ck_initiative_sponsor_is_not_lead"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_initiative_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_copied_from_id_initiative"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_initiative_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["person.id"], name=op.f("fk_initiative_lead_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit_id"], ["unit.id"], name=op.f("fk_initiative_lead_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_initiative_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_sponsor_id"],
            ["person.id"],
            name=op.f("fk_initiative_proposed_sponsor_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id", "sponsor_standing"],
            ["person.id", "person.standing"],
            name="fk_initiative_sponsor",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("number", name=op.f("uq_initiative_number")),
        sa.UniqueConstraint("outside_id", name=op.f("uq_initiative_outside_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_initiative_ref")),
    )
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.create_index("ix_initiative_changed", ["changed"], unique=False)
        batch_op.create_index("ix_initiative_lead_id", ["lead_id"], unique=False)
        batch_op.create_index(
            "ix_initiative_lead_unit_id_stage", ["lead_unit_id", "stage"], unique=False
        )
        batch_op.create_index(
            "ix_initiative_open_blockers",
            ["open_blockers"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.create_index(
            "ix_initiative_open_stage_since",
            ["stage_since"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.create_index(
            "ix_initiative_open_title_key",
            ["title_key"],
            unique=False,
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.create_index(
            "ix_initiative_proposed_sponsor_id", ["proposed_sponsor_id"], unique=False
        )
        batch_op.create_index("ix_initiative_reported_on", ["reported_on"], unique=False)
        batch_op.create_index(
            "ix_initiative_sponsor_id_stage", ["sponsor_id", "stage"], unique=False
        )
        batch_op.create_index("ix_initiative_stage_changed", ["stage", "changed"], unique=False)
        batch_op.create_index("ix_initiative_theme_changed", ["theme", "changed"], unique=False)
        batch_op.create_index("ix_initiative_title_key", ["title_key"], unique=False)

    op.create_table(
        "silo_pair",
        sa.Column("holder_key", sa.String(length=14), nullable=False),
        sa.Column("blocked_unit_id", sa.Integer(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("open_starts", sa.BigInteger(), nullable=False),
        sa.Column("oldest_on", sa.Date(), nullable=True),
        sa.Column("over_count", sa.Integer(), nullable=False),
        sa.Column("over_days", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["blocked_unit_id"], ["unit.id"], name=op.f("fk_silo_pair_blocked_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("holder_key", "blocked_unit_id", name=op.f("pk_silo_pair")),
    )
    with op.batch_alter_table("silo_pair", schema=None) as batch_op:
        batch_op.create_index("ix_silo_pair_blocked_unit_id", ["blocked_unit_id"], unique=False)

    op.create_table(
        "unit_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("text", sa.String(length=160), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_alias_unit_id_unit"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_alias")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_alias_key")),
    )
    with op.batch_alter_table("unit_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_alias_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "blocker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_key", sa.String(length=500), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("root_cause", sa.String(length=40), nullable=True),
        sa.Column("backstage", sa.Boolean(), nullable=True),
        sa.Column("blocked_unit_id", sa.Integer(), nullable=False),
        sa.Column("holder_unit_id", sa.Integer(), nullable=True),
        sa.Column("holder_partner_id", sa.Integer(), nullable=True),
        sa.Column("holder_outside", sa.String(length=200), nullable=True),
        sa.Column("answerer_id", sa.Integer(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("needed_since", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("promised_since", sa.Date(), nullable=True),
        sa.Column("clock_since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("waiting_on", sa.String(length=40), nullable=False),
        sa.Column("open_since", sa.Date(), nullable=True),
        sa.Column("raised_by_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand_overs", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("outside_id", sa.String(length=120), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(open_since IS NOT NULL) = (state IN ('raised', 'acknowledged', 'committed'))",
            name=op.f("ck_blocker_open_kept"),
        ),
        sa.CheckConstraint(
            "(waiting_on = 'nobody') = (state IN ('confirmed', 'withdrawn', 'closed'))",
            name=op.f("ck_blocker_waits_on_somebody"),
        ),
        sa.CheckConstraint(
            "holder_outside IS NULL OR holder_outside <> ''", name=op.f("ck_blocker_holder_said")
        ),
        sa.CheckConstraint(
            "state <> 'committed' OR promised_on IS NOT NULL",
            name=op.f("ck_blocker_promise_has_a_date"),
        ),
        sa.CheckConstraint(
            "CASE WHEN holder_unit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN holder_partner_id IS NULL THEN 0 ELSE 1 END + CASE WHEN holder_outside IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_blocker_one_holder"),
        ),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_blocker_cost")),
        sa.ForeignKeyConstraint(
            ["answerer_id"], ["person.id"], name=op.f("fk_blocker_answerer_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["blocked_unit_id"], ["unit.id"], name=op.f("fk_blocker_blocked_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["holder_partner_id"], ["partner.id"], name=op.f("fk_blocker_holder_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["holder_unit_id"], ["unit.id"], name=op.f("fk_blocker_holder_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_blocker_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["person.id"], name=op.f("fk_blocker_raised_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
        sa.UniqueConstraint("outside_id", name=op.f("uq_blocker_outside_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_blocker_ref")),
    )
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.create_index("ix_blocker_answerer_id", ["answerer_id", "waiting_on"], unique=False)
        batch_op.create_index(
            "ix_blocker_blocked_unit_id", ["blocked_unit_id", "open_since"], unique=False
        )
        batch_op.create_index("ix_blocker_closed_at", ["closed_at"], unique=False)
        batch_op.create_index("ix_blocker_due_on", ["due_on"], unique=False)
        batch_op.create_index(
            "ix_blocker_holder_partner_id", ["holder_partner_id", "open_since"], unique=False
        )
        batch_op.create_index(
            "ix_blocker_holder_unit_id", ["holder_unit_id", "open_since"], unique=False
        )
        batch_op.create_index(
            "ix_blocker_initiative_id", ["initiative_id", "open_since"], unique=False
        )
        batch_op.create_index("ix_blocker_open_since", ["open_since", "id"], unique=False)
        batch_op.create_index("ix_blocker_raised_at", ["raised_at"], unique=False)
        batch_op.create_index(
            "ix_blocker_raised_by_id", ["raised_by_id", "waiting_on"], unique=False
        )

    op.create_table(
        "charter_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("for_customer", sa.Text(), nullable=False),
        sa.Column("in_scope", sa.Text(), nullable=False),
        sa.Column("out_of_scope", sa.Text(), nullable=False),
        sa.Column("taking_part", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("time_budget", sa.Text(), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_charter_draft_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_charter_draft_saved_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_draft")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_charter_draft_initiative_id")),
    )
    op.create_table(
        "charter_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("binding", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("for_customer", sa.Text(), nullable=False),
        sa.Column("in_scope", sa.Text(), nullable=False),
        sa.Column("out_of_scope", sa.Text(), nullable=False),
        sa.Column("taking_part", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("time_budget", sa.Text(), nullable=False),
        sa.Column("risks", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "binding >= 1 AND binding <= number", name=op.f("ck_charter_version_binding")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_charter_version_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["person.id"],
            name=op.f("fk_charter_version_published_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_version")),
        sa.UniqueConstraint(
            "initiative_id", "number", name=op.f("uq_charter_version_initiative_id_number")
        ),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("private", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_event_actor_id_person")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_event_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["person.id"], name=op.f("fk_event_on_behalf_of_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("number", name=op.f("uq_event_number")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_actor", ["actor_id", "id"], unique=False)
        batch_op.create_index("ix_event_at", ["at"], unique=False)
        batch_op.create_index("ix_event_initiative", ["initiative_id", "id"], unique=False)
        batch_op.create_index(
            "ix_event_subject", ["subject_type", "subject_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_event_unsealed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("number IS NULL"),
            postgresql_where=sa.text("number IS NULL"),
        )

    op.create_table(
        "friction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("touchpoint", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.Column("root_cause", sa.String(length=40), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_friction_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_friction_initiative_id")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_hold_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index("ix_hold_initiative_id", ["initiative_id"], unique=False)

    op.create_table(
        "import_mark",
        sa.Column("initiative_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_import_mark_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("initiative_id", name=op.f("pk_import_mark")),
    )
    op.create_table(
        "involvement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_involvement_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_involvement_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint(
            "initiative_id", "partner_id", name=op.f("uq_involvement_initiative_id_partner_id")
        ),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index("ix_involvement_partner_id", ["partner_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("responsibility", sa.String(length=40), nullable=False),
        sa.Column("discipline", sa.String(length=40), nullable=True),
        sa.Column("what_for", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("share_agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "share IS NULL OR (share >= 0 AND share <= 100)", name=op.f("ck_membership_share")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_membership_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["share_agreed_by_id"],
            ["person.id"],
            name=op.f("fk_membership_share_agreed_by_id_person"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_membership_present",
            ["initiative_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_participation_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_participation_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "initiative_id", "unit_id", name=op.f("uq_participation_initiative_id_unit_id")
        ),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index("ix_participation_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "priority_settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("ck_priority_settlement_has_words")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_priority_settlement_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_priority_settlement_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"],
            ["person.id"],
            name=op.f("fk_priority_settlement_on_behalf_of_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_settlement")),
    )
    with op.batch_alter_table("priority_settlement", schema=None) as batch_op:
        batch_op.create_index(
            "uq_priority_settlement_standing",
            ["initiative_id"],
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_rating_scale")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_rating_by_id_person")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_rating_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["person.id"], name=op.f("fk_rating_on_behalf_of_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "initiative_id", "unit_id", name=op.f("uq_rating_initiative_id_unit_id")
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index("ix_rating_unit_id", ["unit_id"], unique=False)

    op.create_table(
        "sponsorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("interim", sa.Boolean(), nullable=False),
        sa.Column("adopts", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_words", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_sponsorship_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sponsorship_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_sponsorship_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsorship")),
    )
    with op.batch_alter_table("sponsorship", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sponsorship_answer_proposed_at", ["answer", "proposed_at"], unique=False
        )
        batch_op.create_index("ix_sponsorship_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_sponsorship_person_id", ["person_id", "answer"], unique=False)
        batch_op.create_index(
            "uq_sponsorship_accepted",
            ["initiative_id"],
            unique=True,
            sqlite_where=sa.text("answer = 'accepted'"),
            postgresql_where=sa.text("answer = 'accepted'"),
        )
        batch_op.create_index(
            "uq_sponsorship_proposed",
            ["initiative_id"],
            unique=True,
            sqlite_where=sa.text("answer = 'proposed'"),
            postgresql_where=sa.text("answer = 'proposed'"),
        )

    op.create_table(
        "stage_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_stage_ask_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_stage_ask_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_stage_ask_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_ask")),
    )
    with op.batch_alter_table("stage_ask", schema=None) as batch_op:
        batch_op.create_index("ix_stage_ask_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index(
            "uq_stage_ask_open",
            ["initiative_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "stage_spell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_stage_spell_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_spell")),
    )
    with op.batch_alter_table("stage_spell", schema=None) as batch_op:
        batch_op.create_index("ix_stage_spell_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_stage_spell_stage_left_at", ["stage", "left_at"], unique=False)

    op.create_table(
        "status_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=True),
        sa.Column("colour", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("help_needed", sa.Text(), nullable=False),
        sa.Column("what_changed", sa.Text(), nullable=False),
        sa.Column("what_next", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_status_update_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["status_update.id"],
            name=op.f("fk_status_update_corrects_id_status_update"),
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_status_update_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_update")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_status_update_corrects_id")),
        sa.UniqueConstraint(
            "initiative_id", "period", name=op.f("uq_status_update_initiative_id_period")
        ),
    )
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        batch_op.create_index(
            "ix_status_update_initiative_id_day", ["initiative_id", "day"], unique=False
        )

    op.create_table(
        "blocker_holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blocker_id", sa.Integer(), nullable=False),
        sa.Column("holder_unit_id", sa.Integer(), nullable=True),
        sa.Column("holder_partner_id", sa.Integer(), nullable=True),
        sa.Column("holder_outside", sa.String(length=200), nullable=True),
        sa.Column("holder_key", sa.String(length=14), nullable=False),
        sa.Column("blocked_unit_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "holder_outside IS NULL OR holder_outside <> ''",
            name=op.f("ck_blocker_holding_holder_said"),
        ),
        sa.CheckConstraint(
            "CASE WHEN holder_unit_id IS NULL THEN 0 ELSE 1 END + CASE WHEN holder_partner_id IS NULL THEN 0 ELSE 1 END + CASE WHEN holder_outside IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_blocker_holding_one_holder"),
        ),
        sa.ForeignKeyConstraint(
            ["blocked_unit_id"], ["unit.id"], name=op.f("fk_blocker_holding_blocked_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["blocker_id"],
            ["blocker.id"],
            name=op.f("fk_blocker_holding_blocker_id_blocker"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["holder_partner_id"],
            ["partner.id"],
            name=op.f("fk_blocker_holding_holder_partner_id_partner"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_unit_id"], ["unit.id"], name=op.f("fk_blocker_holding_holder_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_holding")),
    )
    with op.batch_alter_table("blocker_holding", schema=None) as batch_op:
        batch_op.create_index("ix_blocker_holding_blocker_id", ["blocker_id"], unique=False)
        batch_op.create_index(
            "ix_blocker_holding_pair",
            ["holder_key", "blocked_unit_id", "ends", "starts"],
            unique=False,
        )

    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("also", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overridden_by_id", sa.Integer(), nullable=True),
        sa.Column("override_for_id", sa.Integer(), nullable=True),
        sa.Column("override_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "overridden_at IS NULL OR (stance = 'objected' AND override_words <> '')",
            name=op.f("ck_signature_override_has_words"),
        ),
        sa.CheckConstraint(
            "stance <> 'objected' OR words <> ''", name=op.f("ck_signature_objection_has_words")
        ),
        sa.CheckConstraint(
            "(overridden_at IS NULL) = (overridden_by_id IS NULL)",
            name=op.f("ck_signature_override_has_author"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_signature_by_id_person")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_signature_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["person.id"], name=op.f("fk_signature_on_behalf_of_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["overridden_by_id"], ["person.id"], name=op.f("fk_signature_overridden_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["override_for_id"], ["person.id"], name=op.f("fk_signature_override_for_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_signature_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["charter_version.id"],
            name=op.f("fk_signature_version_id_charter_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index("ix_signature_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_signature_unit_id", ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_signature_standing",
            ["version_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(
            op.f("fk_organisation_alternate_id_person"),
            "organisation",
            "person",
            ["alternate_id"],
            ["id"],
            ondelete=None,
        )
        op.create_foreign_key(
            op.f("fk_organisation_calendar_id_calendar"),
            "organisation",
            "calendar",
            ["calendar_id"],
            ["id"],
            ondelete=None,
        )
        op.create_foreign_key(
            op.f("fk_organisation_programme_owner_id_person"),
            "organisation",
            "person",
            ["programme_owner_id"],
            ["id"],
            ondelete=None,
        )
        op.create_foreign_key(
            op.f("fk_person_partner_id_partner"),
            "person",
            "partner",
            ["partner_id"],
            ["id"],
            ondelete=None,
        )
        op.create_foreign_key(
            op.f("fk_person_unit_id_unit"), "person", "unit", ["unit_id"], ["id"], ondelete=None
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(
            op.f("fk_organisation_alternate_id_person"), "organisation", type_="foreignkey"
        )
        op.drop_constraint(
            op.f("fk_organisation_calendar_id_calendar"), "organisation", type_="foreignkey"
        )
        op.drop_constraint(
            op.f("fk_organisation_programme_owner_id_person"), "organisation", type_="foreignkey"
        )
        op.drop_constraint(op.f("fk_person_partner_id_partner"), "person", type_="foreignkey")
        op.drop_constraint(op.f("fk_person_unit_id_unit"), "person", type_="foreignkey")

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_signature_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_signature_unit_id")
        batch_op.drop_index("ix_signature_initiative_id")

    op.drop_table("signature")
    with op.batch_alter_table("blocker_holding", schema=None) as batch_op:
        batch_op.drop_index("ix_blocker_holding_pair")
        batch_op.drop_index("ix_blocker_holding_blocker_id")

    op.drop_table("blocker_holding")
    with op.batch_alter_table("status_update", schema=None) as batch_op:
        batch_op.drop_index("ix_status_update_initiative_id_day")

    op.drop_table("status_update")
    with op.batch_alter_table("stage_spell", schema=None) as batch_op:
        batch_op.drop_index("ix_stage_spell_stage_left_at")
        batch_op.drop_index("ix_stage_spell_initiative_id")

    op.drop_table("stage_spell")
    with op.batch_alter_table("stage_ask", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stage_ask_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_stage_ask_initiative_id")

    op.drop_table("stage_ask")
    with op.batch_alter_table("sponsorship", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sponsorship_proposed",
            sqlite_where=sa.text("answer = 'proposed'"),
            postgresql_where=sa.text("answer = 'proposed'"),
        )
        batch_op.drop_index(
            "uq_sponsorship_accepted",
            sqlite_where=sa.text("answer = 'accepted'"),
            postgresql_where=sa.text("answer = 'accepted'"),
        )
        batch_op.drop_index("ix_sponsorship_person_id")
        batch_op.drop_index("ix_sponsorship_initiative_id")
        batch_op.drop_index("ix_sponsorship_answer_proposed_at")

    op.drop_table("sponsorship")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index("ix_rating_unit_id")

    op.drop_table("rating")
    with op.batch_alter_table("priority_settlement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_priority_settlement_standing",
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )

    op.drop_table("priority_settlement")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index("ix_participation_unit_id")

    op.drop_table("participation")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_present",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index("ix_membership_person_id")

    op.drop_table("membership")
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.drop_index("ix_involvement_partner_id")

    op.drop_table("involvement")
    op.drop_table("import_mark")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index("ix_hold_initiative_id")

    op.drop_table("hold")
    op.drop_table("friction")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_unsealed",
            sqlite_where=sa.text("number IS NULL"),
            postgresql_where=sa.text("number IS NULL"),
        )
        batch_op.drop_index("ix_event_subject")
        batch_op.drop_index("ix_event_initiative")
        batch_op.drop_index("ix_event_at")
        batch_op.drop_index("ix_event_actor")

    op.drop_table("event")
    op.drop_table("charter_version")
    op.drop_table("charter_draft")
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.drop_index("ix_blocker_raised_by_id")
        batch_op.drop_index("ix_blocker_raised_at")
        batch_op.drop_index("ix_blocker_open_since")
        batch_op.drop_index("ix_blocker_initiative_id")
        batch_op.drop_index("ix_blocker_holder_unit_id")
        batch_op.drop_index("ix_blocker_holder_partner_id")
        batch_op.drop_index("ix_blocker_due_on")
        batch_op.drop_index("ix_blocker_closed_at")
        batch_op.drop_index("ix_blocker_blocked_unit_id")
        batch_op.drop_index("ix_blocker_answerer_id")

    op.drop_table("blocker")
    with op.batch_alter_table("unit_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_alias_unit_id"))

    op.drop_table("unit_alias")
    with op.batch_alter_table("silo_pair", schema=None) as batch_op:
        batch_op.drop_index("ix_silo_pair_blocked_unit_id")

    op.drop_table("silo_pair")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_index("ix_initiative_title_key")
        batch_op.drop_index("ix_initiative_theme_changed")
        batch_op.drop_index("ix_initiative_stage_changed")
        batch_op.drop_index("ix_initiative_sponsor_id_stage")
        batch_op.drop_index("ix_initiative_reported_on")
        batch_op.drop_index("ix_initiative_proposed_sponsor_id")
        batch_op.drop_index(
            "ix_initiative_open_title_key",
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.drop_index(
            "ix_initiative_open_stage_since",
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.drop_index(
            "ix_initiative_open_blockers",
            sqlite_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
            postgresql_where=sa.text("stopped_at IS NULL AND stage <> 'realised'"),
        )
        batch_op.drop_index("ix_initiative_lead_unit_id_stage")
        batch_op.drop_index("ix_initiative_lead_id")
        batch_op.drop_index("ix_initiative_changed")

    op.drop_table("initiative")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_parent_id")
        batch_op.drop_index("ix_unit_acting_head_id")

    op.drop_table("unit")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_at")

    op.drop_table("submission")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_relationship_owner_id"))

    op.drop_table("partner")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index("ix_import_run_person_id")
        batch_op.drop_index("ix_import_run_expires_at")

    op.drop_table("import_run")
    op.drop_table("import_map")
    op.drop_table("holiday")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index("ix_handover_person_id")
        batch_op.drop_index(batch_op.f("ix_handover_heir_id"))

    op.drop_table("handover")
    with op.batch_alter_table("deputyship", schema=None) as batch_op:
        batch_op.drop_index("ix_deputyship_person_id")
        batch_op.drop_index("ix_deputyship_deputy_id")

    op.drop_table("deputyship")
    with op.batch_alter_table("board", schema=None) as batch_op:
        batch_op.drop_index("ix_board_owner_id")

    op.drop_table("board")
    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.drop_index("ix_access_link_person_id")

    op.drop_table("access_link")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_since"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_unit_id")
        batch_op.drop_index("ix_person_partner_id")

    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("checkpoint")
    op.drop_table("chain_head")
    op.drop_table("calendar")
