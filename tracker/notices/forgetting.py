"""What is not kept of mails: those that ended long ago, and all that were for somebody who is erased.

A row of the outbox holds no words but what a mail server answered; the files in the data folder hold the whole mail.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update

from tracker.db import db, writing
from tracker.notices.delivering import FOLDER, STAMP
from tracker.notices.jobs import Job, JobState
from tracker.notices.models import Mail, MailState
from tracker.notices.outbox import KIND

KEPT = timedelta(days=90)
PORTION = 500  # rows deleted in one write transaction
SUFFIXES = {".eml", ".part"}


def forget_old(now: datetime) -> int:
    """Delete the mails that ended more than 90 days ago, jobs that were given up before then, and their files; return how many rows.

    Links and notices stay. In write transactions of its own, each of which takes up to `PORTION` rows.
    """
    end = now - KEPT
    old_mails = select(Mail.id).where(Mail.state != MailState.waiting, Mail.ended_at < end)
    old_jobs = select(Job.id).where(Job.state == JobState.dead, Job.due_at < end)
    count = _deleted(Mail, old_mails) + _deleted(Job, old_jobs)
    for file in _files():
        if file.name < f"{end:{STAMP}}":
            file.unlink(missing_ok=True)
    return count


def _deleted(model: Any, old: Any) -> int:
    count = 0
    while ids := db.session.scalars(old.order_by(model.id).limit(PORTION)).all():
        with writing() as session:
            done: Any = session.execute(delete(model).where(model.id.in_(ids), model.id.in_(old)))
            count += done.rowcount
    return count


def forget_answers(person_id: int) -> None:
    """Forget what mail servers said of the mails of this person, and work on them that was given up. In a write transaction."""
    connection = db.session.connection()
    theirs = set(connection.scalars(select(Mail.id).where(Mail.person_id == person_id)))
    jobs = connection.execute(select(Job.id, Job.about, Job.state).where(Job.kind == KIND)).all()
    ids = {job.id: job.state for job in jobs if job.about["mail"] in theirs}
    dead = [id_ for id_, state in ids.items() if state == JobState.dead]
    connection.execute(delete(Job).where(Job.id.in_(dead)))
    connection.execute(update(Job).where(Job.id.in_(ids.keys() - dead)).values(error=""))
    connection.execute(update(Mail).where(Mail.person_id == person_id).values(error=""))


def forget_files(*words: str) -> int:
    """Delete each mail in the data folder that went to, or names, any of `words` (a name, an address); return how many."""
    count = 0
    for file in _files():
        if _names(file, words):
            file.unlink(missing_ok=True)
            count += 1
    return count


def _files() -> list[Path]:
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER
    return [file for file in folder.glob("*") if file.suffix in SUFFIXES]


def _names(file: Path, words: tuple[str, ...]) -> bool:
    try:
        mail: Any = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default)
    except FileNotFoundError:
        return False
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    said = " ".join([*map(str, mail.values()), *parts])
    return any(re.search(_whole(word), said, re.IGNORECASE) for word in words if word)


def _whole(word: str) -> str:
    """Return the pattern of a word that is no part of a longer one; Chinese sets no space between words."""
    return f"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])"
