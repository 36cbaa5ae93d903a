"""People are told: notices, the outbox, and the jobs that empty it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'dead'"),
            postgresql_where=sa.text("state <> 'dead'"),
        )
        batch_op.create_index("ix_job_state", ["state", "id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inbox_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_inbox")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["access_link.id"],
            name=op.f("fk_mail_link_id_access_link"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_mail_person_id_day")),
        sa.UniqueConstraint("ref", name=op.f("uq_mail_ref")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_link_id", ["link_id"], unique=False)
        batch_op.create_index("ix_mail_state", ["state", "id"], unique=False)

    op.create_table(
        "mute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_mute_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mute_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
        sa.UniqueConstraint(
            "person_id", "initiative_id", name=op.f("uq_mute_person_id_initiative_id")
        ),
    )
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.create_index("ix_mute_initiative_id", ["initiative_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("others", sa.Text(), nullable=True),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_notice_actor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_notice_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail.id"], name=op.f("fk_notice_mail_id_mail"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_notice_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "person_id",
            "kind",
            "subject_type",
            "subject_id",
            "day",
            name=op.f("uq_notice_person_id_kind_subject_type_subject_id_day"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_actor_id", ["actor_id"], unique=False)
        batch_op.create_index("ix_notice_initiative_id", ["initiative_id"], unique=False)
        batch_op.create_index("ix_notice_mail_id", ["mail_id"], unique=False)
        batch_op.create_index("ix_notice_person_id", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_notice_subject", ["kind", "subject_id", "day"], unique=False)
        batch_op.create_index(
            "ix_notice_unread",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index(
            "ix_notice_waits",
            ["person_id", "at"],
            unique=False,
            sqlite_where=sa.text("waits"),
            postgresql_where=sa.text("waits"),
        )

    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.String(length=43), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest_hour", sa.Integer(), server_default="8", nullable=True)
        )
        batch_op.add_column(
            sa.Column("mails_at_once", sa.Boolean(), server_default=sa.true(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("mails_at_once")
        batch_op.drop_column("digest_hour")

    with op.batch_alter_table("access_link", schema=None) as batch_op:
        batch_op.drop_column("seed")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_waits", sqlite_where=sa.text("waits"), postgresql_where=sa.text("waits")
        )
        batch_op.drop_index(
            "ix_notice_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.drop_index("ix_notice_subject")
        batch_op.drop_index("ix_notice_person_id")
        batch_op.drop_index("ix_notice_mail_id")
        batch_op.drop_index("ix_notice_initiative_id")
        batch_op.drop_index("ix_notice_actor_id")

    op.drop_table("notice")
    with op.batch_alter_table("mute", schema=None) as batch_op:
        batch_op.drop_index("ix_mute_initiative_id")

    op.drop_table("mute")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_state")
        batch_op.drop_index("ix_mail_link_id")

    op.drop_table("mail")
    op.drop_table("inbox")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_state")
        batch_op.drop_index(
            "ix_job_due",
            sqlite_where=sa.text("state <> 'dead'"),
            postgresql_where=sa.text("state <> 'dead'"),
        )

    op.drop_table("job")
