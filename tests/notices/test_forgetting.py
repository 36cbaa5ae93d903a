"""Mails are not kept for ever, and why one was not sent is told in the language of whoever looks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select

from tests.cast import START
from tests.notices.conftest import swept
from tests.notices.test_sending import propose
from tracker.db import db, writing
from tracker.notices.jobs import Job, JobState
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail, MailState, Notice
from tracker.notices.reasons import SENTENCES, Reason, in_words, kept


@pytest.mark.both
def test_a_mail_is_forgotten_ninety_days_after_it_ended_with_its_file(
    app: Flask, present: SimpleNamespace, clock: Any
) -> None:
    """What still waits stays, and so does what was told. Planted: the file left; what waits deleted as well."""
    folder = Path(app.config["DATA_DIR"]) / "mail"
    propose(present, "Old")
    swept("jobs")
    propose(present, "Given up")
    with writing() as session:
        mail = session.scalars(select(Mail).where(Mail.state == MailState.waiting)).one()
        mail.state, mail.ended_at = MailState.dead, clock()
        job = session.scalars(select(Job)).one()
        job.state = JobState.dead
    propose(present, "Waits")
    left = [(89, 3, 1), (91, 1, 0)]
    for days, mails, files in left:
        clock.moment = START + timedelta(days=days)
        swept("old mails")
        assert db.session.scalar(select(func.count()).select_from(Mail)) == mails
        assert len(list(folder.glob("*.eml"))) == files
    assert db.session.scalars(select(Mail.state)).all() == [MailState.waiting]
    assert db.session.scalars(select(Job.state)).all() == [JobState.waiting]
    told = select(func.count()).where(Notice.kind == Tell.sponsorship_proposed)
    assert db.session.scalar(told) == 3
    assert swept("old mails") == {"old mails": 0}


def test_every_reason_has_its_words_in_every_language(inside: None) -> None:
    """Planted: the row of `put_off` taken out; the words made when the module is loaded."""
    assert set(SENTENCES) == set(Reason)
    for reason in Reason:
        said = []
        for language in ("en", "zh_Hans", "zh_Hant", "fa"):
            with force_locale(language):
                words = in_words(kept(reason, "451 so: it is"))
            assert "%(" not in words
            assert ("451 so: it is" in words) == ("%(detail)s" in str(SENTENCES[reason]))
            said.append(words)
        assert len(set(said)) == 4, reason
    assert in_words("what nobody foresaw") == "what nobody foresaw"
    assert in_words("") == ""


def test_whoever_keeps_the_place_reads_in_their_language_why_a_mail_bounced(
    app: Flask, cast: SimpleNamespace, told: Any, as_: Any
) -> None:
    """Planted: the pages show what is kept."""

    def bounced() -> None:
        propose(cast)
        with writing() as session:
            why = kept(Reason.bounced, "550 no such user")
            mail = session.scalars(select(Mail)).one()
            mail.state, mail.error = MailState.dead, why
            job = session.scalars(select(Job)).one()
            job.state, job.error = JobState.dead, why
            session.get_one(type(cast.admin), cast.admin.id).prefer(language="fa")

    told(bounced)
    with app.app_context():
        ref = db.session.scalar(select(Mail.ref))
    for address in ("/settings/mail", f"/settings/mail/{ref}", "/settings/jobs"):
        shown = as_(cast.admin).get(address).text
        assert "سرور ایمیل گفت" in shown, address
        assert "550 no such user" in shown
        assert "bounced" not in shown
