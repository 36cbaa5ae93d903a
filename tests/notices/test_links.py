"""Mails with a link that sets a password: no token waits in a table, and what is over is not sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.notices.conftest import swept
from tests.notices.server import BUSY, serving
from tracker.db import Model, db, writing
from tracker.notices.models import Mail
from tracker.organisation.access import Purpose, issue, latest, revoke
from tracker.organisation.mailing import post
from tracker.organisation.people import Person


def invited(cast: SimpleNamespace, now: Any) -> str:
    with writing():
        person = db.session.get_one(Person, cast.member.id)
        token = issue(person, Purpose.invite, by=cast.admin, now=now)
        post(latest(person, Purpose.invite), now=now)
    return token


@pytest.mark.both
def test_an_invitation_goes_through_the_server_and_a_second_try_carries_the_same_link(
    app: Flask, present: SimpleNamespace, clock: Any
) -> None:
    """And the token stands in no table. Planted: the token kept in the job."""
    token = invited(present, clock())
    rows = [
        str(tuple(row))
        for table in Model.metadata.sorted_tables
        for row in db.session.execute(select(table))
    ]
    assert not [row for row in rows if token[:40] in row]
    with serving(lambda number, _to: BUSY if number == 1 else "") as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        try:
            assert swept("jobs") == {"jobs": 0}
            clock.forward(minutes=2)
            assert swept("jobs") == {"jobs": 1}
        finally:
            app.config.pop("SMTP_URL")
    ((to, mail),) = server.taken
    assert to == "member@example.org"
    assert f"http://localhost/invitations/{token}" in mail.get_content()


@pytest.mark.parametrize("over", ["revoked", "expired"])
def test_a_link_that_is_over_is_not_sent(
    present: SimpleNamespace, clock: Any, mails: Any, over: str
) -> None:
    """Planted: its end not asked for."""
    invited(present, clock())
    if over == "revoked":
        with writing():
            revoke(db.session.get_one(Person, present.member.id), Purpose.invite, now=clock())
    else:
        clock.forward(days=8)
    swept("jobs")
    assert mails() == []
    assert db.session.scalars(select(Mail.state)).all() == ["dropped"]


def test_an_administrator_sees_that_it_went_out_and_not_what_it_says(
    app: Flask, cast: SimpleNamespace, told: Any, as_: Any, clock: Any
) -> None:
    """Planted: the mail composed for the page."""
    token = told(lambda: invited(cast, clock()))
    with app.app_context():
        swept("jobs")
        ref = db.session.scalar(select(Mail.ref))
    shown = as_(cast.admin).get(f"/settings/mail/{ref}").get_data(as_text=True)
    assert "so it is not shown here" in shown
    assert token not in shown
    assert as_(cast.admin).get(f"/settings/mail/{ref}/html").status_code == 404
