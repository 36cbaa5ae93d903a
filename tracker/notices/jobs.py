"""Work that is written down in the transaction of the change that causes it, and done after it.

A job is taken with a lease: while it lasts nobody else takes the job, and when it has run out, because its worker was
killed, anybody may. What a job does to the database is committed together with its end, so that it happens once; what it
does elsewhere may happen again, and has to be recognisable there (a mail by its Message-ID).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from sqlalchemy import Index, Select, String, Text, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tracker import clockwork
from tracker.activity.declaring import Declared, left_out
from tracker.activity.models import Canonical
from tracker.db import Instant, Model, db, enum_text, glance, writing
from tracker.dialects import partial_index
from tracker.scoping import Scoped

LEASE = timedelta(minutes=2)  # no job takes that long
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 48  # with the pauses above: about two days
LAST_WORDS = 500  # characters of an error that are kept


class JobState(StrEnum):
    """A job that was done is gone; what is left is one of these."""

    waiting = "waiting"
    running = "running"
    dead = "dead"


class Job(Scoped, Model):
    """One piece of work. `due_at`: from when on it may be taken; while it runs, the end of its lease."""

    __tablename__ = "job"
    __table_args__ = (
        partial_index(
            "ix_job_due",
            "due_at",
            "id",
            where="state <> 'dead'",
        ),
        Index("ix_job_state", "state", "id"),
    )

    on_trail: ClassVar[Declared] = left_out("work that waits: done and forgotten")

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[dict[str, Any]] = mapped_column(Canonical)
    state: Mapped[JobState] = mapped_column(enum_text(JobState), default=JobState.waiting)
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str] = mapped_column(Text, default="")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:  # noqa: ARG003 - whoever may open the page sees all
        return select(cls)

    def try_again(self, *, now: datetime) -> None:
        """Let a dead job be taken at once, with all its tries before it. In a write transaction."""
        self.state, self.due_at, self.tries, self.claim = JobState.waiting, now, 0, None
        ring_after_commit()


@dataclass(frozen=True)
class Taken:
    """A job that somebody works on."""

    id: int
    kind: str
    about: Mapping[str, Any]
    tries: int
    claim: str

    def done(self) -> None:
        """End it, in the transaction of what it did. Raises `Lost` when another has taken it meanwhile: then roll back."""
        ended = delete(Job).where(Job.id == self.id, Job.claim == self.claim)
        if db.session.connection().execute(ended).rowcount != 1:
            raise Lost

    def failed(self, why: str, *, now: datetime, final: bool = False) -> bool:
        """Let it be tried again later, or no more; tell whether it is dead now. In a write transaction."""
        dead = final or self.tries >= MOST_TRIES
        state = JobState.dead if dead else JobState.waiting
        values = {"state": state, "due_at": now + pause(self.tries), "claim": None}
        mine = update(Job).where(Job.id == self.id, Job.claim == self.claim)
        db.session.connection().execute(mine.values(error=why[:LAST_WORDS], **values))
        return dead

    def put_back(self, *, now: datetime) -> None:
        """Give it back untried: something that many jobs need is not there."""
        mine = update(Job).where(Job.id == self.id, Job.claim == self.claim)
        values = {"state": JobState.waiting, "claim": None, "tries": self.tries - 1, "due_at": now}
        db.session.connection().execute(mine.values(**values))


class Lost(Exception):
    """The lease ran out, and the job belongs to somebody else."""


def pause(tries: int) -> timedelta:
    """Return how long to wait after this many tries: twice as long each time, an hour at most."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)


def enqueue(kind: str, about: Mapping[str, Any], *, now: datetime) -> None:
    """Write a job down in the present transaction: rolled back, it never was."""
    row = {"kind": kind, "about": dict(about), "state": JobState.waiting, "error": ""}
    db.session.connection().execute(insert(Job).values(**row, made_at=now, due_at=now, tries=0))
    ring_after_commit()


def ring_after_commit() -> None:
    """Have this process look for jobs as soon as the present transaction is committed."""
    db.session().info[RINGS] = True


def take(now: datetime, *, most: int, without: Collection[str] = ()) -> list[Taken]:
    """Take up to `most` jobs that are due and not of a kind in `without`; commits. Nothing is written when none is.

    One statement on both databases; SQLite, where one writes at a time, leaves out FOR UPDATE SKIP LOCKED.
    """
    due = (Job.state != JobState.dead, Job.due_at <= now, Job.kind.not_in(tuple(without)))
    with glance() as connection:
        if connection.execute(select(Job.id).where(*due).limit(1)).first() is None:
            return []
    claim = secrets.token_hex(16)
    some = select(Job.id).where(*due).order_by(Job.due_at, Job.id).limit(most)
    # Materialized: PostgreSQL may ask a subquery with a limit more than once, and each time others are locked and taken.
    chosen = some.with_for_update(skip_locked=True).cte("chosen").prefix_with("MATERIALIZED")
    taken = (
        update(Job)
        .where(Job.id.in_(select(chosen.c.id)))
        .values(state=JobState.running, claim=claim, due_at=now + LEASE, tries=Job.tries + 1)
        .returning(Job.id, Job.kind, Job.about, Job.tries)
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        rows = session.connection().execute(taken).all()
    ordered = sorted(rows, key=lambda row: row.id)
    return [Taken(row.id, row.kind, row.about, row.tries, claim) for row in ordered]


RINGS = "jobs were written in this transaction"


def ring(session: Any) -> None:
    """Wake whoever does the jobs of this process, when the transaction that wrote some is committed."""
    if session.info.pop(RINGS, False):
        clockwork.call_jobs()


def forget(session: Any) -> None:
    """What was rolled back wakes nobody."""
    session.info.pop(RINGS, None)
