"""Words are erased for good, the chain stays whole, and the erasure is itself on the trail.

Planted faults seen red: `PRAGMA secure_delete` switched off (the words stay in the file); the salt kept; the name kept;
what is only to be shown erased at once.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select, update

from tests.activity.conftest import change
from tests.audit.conftest import SECRET, page
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.audit import command_erase
from tracker.clock import now
from tracker.db import db, writing
from tracker.notices import outbox
from tracker.notices.delivering import lay_down
from tracker.notices.jobs import Job, JobState
from tracker.notices.models import Mail, MailState, Occasion
from tracker.notices.reasons import Reason, kept
from tracker.organisation.people import Person


@pytest.fixture
def erase(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on the application of the test."""
    monkeypatch.setattr(command_erase, "create_app", lambda: app)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(command_erase.erase_command, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def worded(app: Flask) -> int:
    with app.app_context():
        query = select(func.count()).select_from(Event).where(Event.private.is_not(None))
        return db.session.scalar(query) or 0


def newest(app: Flask) -> Event:
    with app.app_context():
        return db.session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()


def in_files(app: Flask) -> bool:
    with app.app_context():
        file = Path(db.engine.url.database or "")
    beside = (file, file.with_name(f"{file.name}-wal"))
    return any(SECRET.encode() in one.read_bytes() for one in beside if one.exists())


@pytest.mark.both
def test_nothing_is_erased_unless_it_is_said_twice(
    app: Flask, busy: SimpleNamespace, erase: Any
) -> None:
    before = worded(app)
    shown = erase("person", busy.manager.email)
    assert shown.exit_code == 0
    assert "Nothing was erased. Add --yes" in shown.output
    assert "backups, exports" in shown.output
    assert SECRET not in shown.output
    assert worded(app) == before


@pytest.mark.both
def test_somebody_who_left_is_forgotten_and_the_chain_is_whole(
    app: Flask, busy: SimpleNamespace, erase: Any, as_: Any
) -> None:
    email, name = busy.lead.email, busy.lead.name
    with app.app_context(), writing() as session:
        session.get_one(Person, busy.lead.id).close(by=None, now=now())
    done = erase("person", email, "--yes")
    assert done.exit_code == 0, done.output
    assert "The chain is whole" in done.output
    with app.app_context():
        person = db.session.get_one(Person, busy.lead.id)
        assert name not in person.name
        assert person.email == f"erased-{person.id}@erased.invalid"
        assert person.password_hash is None
        left = select(func.count()).select_from(Event).where(Event.actor_id == person.id)
        assert db.session.scalar(left.where(Event.private.is_not(None))) == 0
        typed = left.where(Event.request_id.like("request%"))
        assert db.session.scalar(typed) == 6
        assert db.session.scalar(typed.where(Event.salt.is_not(None))) == 0
        report = verify_stored()
        assert report.whole
        assert report.wordless >= 6
        with db.engine.connect() as connection:
            assert compare(connection).whole  # the tables are as the trail says
    event = newest(app)
    assert (event.kind, event.subject_id, event.private) == ("person.erased", busy.lead.id, None)
    told = page(as_(busy.auditor))
    assert name not in told
    assert "The words were erased." in told
    again = erase("person", f"erased-{busy.lead.id}@erased.invalid", "--yes")
    assert "Nothing is left to erase" in again.output
    assert newest(app).number == event.number
    assert erase("person", email, "--yes").exit_code == 1


def test_somebody_who_is_here_keeps_the_name(app: Flask, busy: SimpleNamespace, erase: Any) -> None:
    assert "end the access first" in erase("person", busy.manager.email, "--yes").output
    with app.app_context():
        assert db.session.get_one(Person, busy.manager.id).name == busy.manager.name


@pytest.mark.both
def test_the_words_of_one_event_go(app: Flask, busy: SimpleNamespace, erase: Any) -> None:
    before, number = worded(app), newest(app).number
    assert erase("words", "999999").exit_code == 1
    assert erase("words", str(number), "--yes").exit_code == 0
    assert worded(app) == before - 1
    event = newest(app)
    assert (event.kind, event.facts) == ("trail.erased", {"numbers": [number], "events": 1})
    assert "no words (any more)" in erase("words", str(number), "--yes").output
    assert newest(app).number == event.number


def test_what_is_erased_is_in_no_file_of_the_database(
    app: Flask, busy: SimpleNamespace, erase: Any
) -> None:
    """The long words fill pages of their own, which are freed and not filled again."""
    with app.app_context(), writing() as session:
        person = session.merge(busy.executive)
        change(person, busy.manager, now(), words=f"{SECRET} " * 2000)
    assert in_files(app)
    for person in (busy.manager, busy.lead, busy.executive):
        erase("person", person.email, "--yes")
    assert worded(app) == 0
    assert not in_files(app)


@pytest.mark.both
def test_no_mail_that_is_kept_names_who_was_erased(
    app: Flask, busy: SimpleNamespace, erase: Any, as_: Any
) -> None:
    """Neither those to them nor those to others about them; nor what a server answered. Mails of others stay.

    Planted: files of other readers not looked at; the answer of the server left on the mail; a dead job left.
    """
    email, name = busy.lead.email, busy.lead.name
    folder = Path(app.config["DATA_DIR"]) / "mail"
    for old in folder.glob("*"):
        old.unlink()
    with app.app_context():
        for to, words in (
            (email, "Hello"),
            ("manager@example.org", f"{name} 请您"),
            ("x@y.z", "Hm"),
        ):
            mail = EmailMessage(policy=SMTP)
            mail["To"] = to
            mail.set_content(words, cte="base64")
            lay_down(mail, f"20260302T100000Z-{to.partition('@')[0]}")
        with writing() as session:
            session.get_one(Person, busy.lead.id).close(by=None, now=now())
            lost = outbox.write(busy.lead.id, Occasion.at_once, now=now())
        with writing() as session:
            error = kept(Reason.bounced, f"550 not here: {email}")
            session.execute(
                update(Mail).where(Mail.id == lost).values(state=MailState.dead, error=error)
            )
            job = select(Job).where(Job.about == {"mail": lost})
            found = session.scalars(job).one()
            found.state, found.error = JobState.dead, error
    done = erase("person", email, "--yes")
    assert "Kept mails deleted: 2" in done.output
    assert [file.name for file in folder.glob("*")] == ["20260302T100000Z-x.eml"]
    admin = as_(busy.admin)
    for shown in ("/settings/mail", "/settings/jobs"):
        assert email not in admin.get(shown).text
    with app.app_context():
        assert db.session.scalar(select(Mail.error).where(Mail.id == lost)) == ""
        assert db.session.scalar(job) is None
