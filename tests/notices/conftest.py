"""For stories about what people are told: what lies in their inbox, and what is in the folder of mails."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tracker import sweeping
from tracker.db import Model, db
from tracker.notices.models import Inbox, Notice


@pytest.fixture
def present(inside: None, cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, in the session of the test."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    return cast


def told(person: Any) -> list[str]:
    """What a person was told, the oldest first; their kept count is right."""
    notices = db.session.scalars(
        select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)
    ).all()
    kept = db.session.scalar(select(Inbox.unread).where(Inbox.person_id == person.id)) or 0
    assert kept == sum(one.read_at is None for one in notices)
    return [one.kind.value for one in notices]


def swept(*names: str) -> dict[str, int]:
    """Let the sweeps of these names run, or all that tell and send."""
    wanted = names or ("sponsorships lapsing", "promises", "reports due", "digests", "jobs")
    return sweeping.sweep(only=set(wanted))


@pytest.fixture
def mails(app: Flask) -> Callable[[], list[EmailMessage]]:
    """Every mail in the data folder, by its file's name."""

    def look() -> list[EmailMessage]:
        folder = Path(app.config["DATA_DIR"]) / "mail"
        files = sorted(folder.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    return look


def text_of(mail: EmailMessage) -> str:
    """The words of a mail as text."""
    part: Any = mail.get_body(("plain",))
    return part.get_content()


def html_of(mail: EmailMessage) -> str:
    """The words of a mail as HTML."""
    part: Any = mail.get_body(("html",))
    return part.get_content()
