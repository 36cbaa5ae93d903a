"""A click counts once: every form carries a key, and a repeated one is answered as the first was."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar, cast

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model, db
from tracker.dialects import insert_into

KEPT = timedelta(days=7)


class Submission(Model):
    """One submit of one form by one person: what it said (hashed) and where its answer lies."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("person_id", "route", "key"),
        Index("ix_submission_at", "at"),
    )

    on_trail: ClassVar[Declared] = left_out("answers to forms sent twice: forgotten after a while")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    route: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Instant)


SUBMISSIONS = cast(Table, Submission.__table__)
_SAME = (
    SUBMISSIONS.c.person_id == bindparam("person_id"),
    SUBMISSIONS.c.route == bindparam("route"),
    SUBMISSIONS.c.key == bindparam("key"),
)
_FIRST = select(SUBMISSIONS.c.body_hash, SUBMISSIONS.c.location).where(*_SAME)
_ANSWERED = (
    update(SUBMISSIONS)
    .where(SUBMISSIONS.c.id == bindparam("submission"))
    .values(location=bindparam("led_to"), message=bindparam("said"))
)


@cache
def _keep(dialect: str) -> Any:
    return insert_into(SUBMISSIONS, dialect).on_conflict_do_nothing().returning(SUBMISSIONS.c.id)


def keep(connection: Connection, **told: Any) -> int | None:
    """Keep a submit and return its row; None when its key came before. `told` are the columns but for the answer.

    On PostgreSQL whoever sends the same key meanwhile waits here until this transaction is over.
    """
    values = {**told, "location": "", "message": ""}
    return connection.execute(_keep(connection.dialect.name), values).scalar_one_or_none()


def first_of(connection: Connection, *, person_id: int, route: str, key: str) -> Any:
    """Return `body_hash` and `location` of the submit that came with this key; None when none did."""
    same = {"person_id": person_id, "route": route, "key": key}
    return connection.execute(_FIRST, same).one_or_none()


def answered(connection: Connection, submission: int, location: str, message: str) -> None:
    """Note where the answer of a submit lies."""
    told = {"submission": submission, "led_to": location, "said": message}
    connection.execute(_ANSWERED, told)


def forget_old(now: datetime) -> int:
    """Delete the keys of submits older than a week; return how many."""
    done: Any = db.session.execute(delete(Submission).where(Submission.at < now - KEPT))
    return done.rowcount
