"""Asking for another password: the wish is written down, and answered once the page is on its way.

Whoever asks sees the same words after the same work, whether anybody has that address or not. Who it
is finds out the sweep `resets`, which `clockwork` is called to.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model, db, writing
from tracker.organisation.access import LASTS, Purpose, issue, latest
from tracker.organisation.mailing import post
from tracker.organisation.people import Person

AT_ONCE = 100  # wishes in one round


class ResetAsk(Model):
    """A wish for a link that sets another password, from somebody who may not exist."""

    __tablename__ = "reset_ask"

    on_trail: ClassVar[Declared] = left_out("wishes for a link: answered and forgotten")

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(Instant)


def ask(email: str, *, now: datetime) -> None:
    """Write the wish down, in a write transaction of its own. Nobody is looked up."""
    with writing() as session:
        session.execute(insert(ResetAsk).values(email=email[:254], at=now))


def answer_asked(now: datetime) -> int:
    """Send a link to everybody who asked for one and is here; return how many wishes are done with.

    A wish that waited longer than its link would have lasted is dropped.
    """
    asked = select(ResetAsk.id).order_by(ResetAsk.id).limit(AT_ONCE)
    waiting = list(db.session.scalars(asked))
    for id_ in waiting:
        with writing() as session:
            taken = delete(ResetAsk).where(ResetAsk.id == id_)
            wish = session.execute(taken.returning(ResetAsk.email, ResetAsk.at)).one_or_none()
            person = Person.by_email(wish.email) if wish else None
            if wish is None or person is None or not person.may_enter(now):
                continue
            if now - wish.at > LASTS[Purpose.reset]:
                continue
            issue(person, Purpose.reset, by=None, now=now)
            post(latest(person, Purpose.reset), now=now)
    return len(waiting)
