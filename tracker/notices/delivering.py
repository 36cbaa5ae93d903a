"""Sends one mail of the outbox: by SMTP, or where none is set into the data folder, one file for each mail."""

from __future__ import annotations

import os
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import update

from tracker.clock import now as present
from tracker.db import db, end_reading, writing
from tracker.notices import smtp
from tracker.notices.composing import Composed, compose
from tracker.notices.jobs import Job, Taken
from tracker.notices.models import Mail, MailState
from tracker.notices.reasons import Reason, kept
from tracker.notices.working import Never

FOLDER = "mail"  # in the data folder
STAMP = "%Y%m%dT%H%M%SZ"  # with which the names of its files begin: when the mail was made


def deliver(job: Taken) -> None:
    """Send the mail of a job, once; the worker of the jobs `mail`. What was handed over twice is the same mail twice.

    Whether its reader has access, and what of it they may see, is asked here. Raises `Never`, `Later` and what `jobs` says.
    """
    mail = db.session.get(Mail, job.about["mail"], populate_existing=True)
    if mail is None or mail.state != MailState.waiting:
        with writing():
            job.done()
        return
    try:
        composed = compose(mail)
    except ValueError:
        raise Never(kept(Reason.no_address)) from None
    end_reading()
    if composed is not None:
        hand_over(mail, composed)
    with writing():
        state = MailState.dropped if composed is None else MailState.sent
        _ended(mail.id, state, job.tries, "", present())
        job.done()


def hand_over(mail: Mail, composed: Composed) -> None:
    """Give a mail to the server, or to the folder."""
    url = current_app.config.get("SMTP_URL")
    if url:
        name = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
        trust = current_app.config.get("SMTP_TRUST")
        smtp.send(composed.message, url, name=name, trust=trust)
    else:
        lay_down(composed.message, f"{mail.made_at:{STAMP}}-{mail.ref}")


def lay_down(message: EmailMessage, name: str) -> Path:
    """Write a mail into the data folder; under the same name it is the same file."""
    folder = Path(current_app.config["DATA_DIR"]) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, file = folder / f"{name}.part", folder / f"{name}.eml"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(message.as_bytes())
    draft.replace(file)
    return file


def not_delivered(job: Taken, why: str, dead: bool) -> None:
    """Note on the mail that it could not be sent, in the transaction that says so of the job."""
    state = MailState.dead if dead else MailState.waiting
    _ended(job.about["mail"], state, job.tries, why, present() if dead else None)


def tried_again(job: Job) -> None:
    """Note on the mail that somebody has its job tried again."""
    _ended(job.about["mail"], MailState.waiting, 0, "", None)


def _ended(mail_id: int, state: MailState, tries: int, error: str, at: datetime | None) -> None:
    values = {"state": state, "tries": tries, "error": error[:500], "ended_at": at}
    db.session.connection().execute(update(Mail).where(Mail.id == mail_id).values(**values))
