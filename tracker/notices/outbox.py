"""Writes a mail into the outbox, in the transaction of what it tells of."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import delete, insert

from tracker.db import db
from tracker.notices.jobs import Job, JobState, enqueue
from tracker.notices.models import Mail, MailState, Occasion
from tracker.organisation.access import AccessLink

KIND = "mail"  # of the job that sends one


def write(
    person_id: int,
    occasion: Occasion,
    *,
    now: datetime,
    day: date | None = None,
    link_id: int | None = None,
) -> int:
    """Write down that a mail goes to this person, with the job that sends it; return its number."""
    row = {
        "ref": secrets.token_hex(16),
        "person_id": person_id,
        "occasion": occasion,
        "day": day,
        "link_id": link_id,
        "made_at": now,
        "state": MailState.waiting,
        "tries": 0,
        "error": "",
    }
    made = db.session.connection().execute(insert(Mail).values(**row).returning(Mail.id))
    mail_id = made.scalar_one()
    enqueue(KIND, {"mail": mail_id}, now=now)
    return mail_id


def carry(link: AccessLink, now: datetime) -> None:
    """Write down that the mail with this link goes to whom it is for (a carrier of organisation/mailing.py)."""
    write(link.person_id, Occasion.link, now=now, link_id=link.id)


def send_again(mail: Mail, *, now: datetime) -> None:
    """Let a mail that was given up be sent after all; its dead job is taken up again. In a write transaction."""
    mail.state, mail.error, mail.ended_at = MailState.waiting, "", None
    connection = db.session.connection()
    connection.execute(
        delete(Job).where(
            Job.kind == KIND, Job.about == {"mail": mail.id}, Job.state == JobState.dead
        )
    )
    enqueue(KIND, {"mail": mail.id}, now=now)
