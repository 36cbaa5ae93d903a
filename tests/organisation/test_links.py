"""Links that set a password: once, in time, for one purpose."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from tests.cast import START
from tests.conftest import Clock, Tab
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.organisation.access import AccessLink, Purpose, issue
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.sweeping import sweep, urgent

As = Callable[[Any], Tab]
NEW = "seven quiet otters swim"


@pytest.fixture
def link(app: Flask, cast: SimpleNamespace) -> Callable[..., str]:
    """Make a link for somebody and return its path."""

    def make(person: Any, purpose: Purpose = Purpose.invite) -> str:
        with app.app_context(), writing():
            person = db.session.get_one(Person, person.id)
            token = issue(person, purpose, by=cast.admin, now=app.config["CLOCK"]())
        return f"/{'invitations' if purpose == Purpose.invite else 'reset'}/{token}"

    return make


def choose(tab: Tab, address: str, password: str = NEW) -> Any:
    return tab.submit(address, password=password)


def test_an_invitation_sets_the_first_password_and_lets_in(
    cast: SimpleNamespace, as_: As, link: Any
) -> None:
    address, tab = link(cast.member), as_(None)
    page = tab.get(address)
    assert page.status_code == 200
    assert cast.member.name in page.text
    assert choose(tab, address).status_code == 303
    assert tab.get("/settings/profile").status_code == 200
    again = as_(None).submit("/sign-in", email=cast.member.email, password=NEW)
    assert again.status_code == 303


def test_a_weak_password_is_refused_beside_its_field(
    cast: SimpleNamespace, as_: As, link: Any
) -> None:
    """Planted: the words above the form alone."""
    address = link(cast.member)
    for weak, words in (
        ("too short", "Use at least 15 characters."),
        ("polniypizdec0211", "on the list of those that are tried first"),
        ("🐟" * 200, "This is a row of keys or a repetition"),
        ("".join(chr(0x1F300 + number) for number in range(200)) * 6, "Use at most 1,000 characters."),
        ("milo member 2026", "names of this place"),
        ("throughline 2026!", "names of this place"),
    ):  # fmt: skip
        answer = choose(as_(None), address, weak)
        assert answer.status_code == 422
        assert words in answer.text.split('id="password-error"')[1].split("</p>")[0]
        assert weak not in answer.text
    assert choose(as_(None), address).status_code == 303


def test_a_link_works_once(cast: SimpleNamespace, as_: As, link: Any) -> None:
    """Vikunja CVE-2026-28268: a token that was used worked again. Canary: do not set used_at."""
    address = link(cast.member)
    assert choose(as_(None), address).status_code == 303
    assert as_(None).get(address).status_code == 410
    assert choose(as_(None), address, "another long sentence").status_code == 410
    assert as_(None).submit("/sign-in", email=cast.member.email, password=NEW).status_code == 303


def test_looking_at_a_link_uses_nothing(cast: SimpleNamespace, as_: As, link: Any) -> None:
    """Scanners open the links in mails."""
    address = link(cast.member)
    for _ in range(3):
        assert as_(None).get(address).status_code == 200
        assert as_(None).head(address).status_code == 200
    assert choose(as_(None), address).status_code == 303


def test_a_link_expires(clock: Clock, cast: SimpleNamespace, as_: As, link: Any) -> None:
    for purpose, open_for in ((Purpose.invite, {"days": 7}), (Purpose.reset, {"hours": 1})):
        address = link(cast.member, purpose)
        clock.forward(**open_for)
        clock.forward(seconds=-1)
        assert as_(None).get(address).status_code == 200
        clock.forward(seconds=1)
        assert as_(None).get(address).status_code == 410
        assert choose(as_(None), address).status_code == 410


def test_a_link_serves_no_other_purpose(cast: SimpleNamespace, as_: As, link: Any) -> None:
    """Canary: one salt, and no purpose in the query."""
    invitation, reset = link(cast.member), link(cast.member, Purpose.reset)
    assert as_(None).get(invitation.replace("invitations", "reset")).status_code == 410
    assert as_(None).get(reset.replace("reset", "invitations")).status_code == 410


def test_a_newer_link_ends_the_older(cast: SimpleNamespace, as_: As, link: Any) -> None:
    older, newer = link(cast.member), link(cast.member)
    assert as_(None).get(older).status_code == 410
    assert as_(None).get(newer).status_code == 200


def test_setting_a_password_ends_every_other_link_and_session(
    cast: SimpleNamespace, as_: As, link: Any
) -> None:
    invitation, reset, elsewhere = (
        link(cast.member),
        link(cast.member, Purpose.reset),
        as_(cast.member),
    )
    assert choose(as_(None), reset).status_code == 303
    assert as_(None).get(invitation).status_code == 410
    assert elsewhere.get("/settings/profile").status_code == 303


def test_a_link_ends_with_access_and_does_not_come_back(
    app: Flask, cast: SimpleNamespace, as_: As, link: Any
) -> None:
    address = link(cast.member)
    with app.app_context(), writing():
        end_access(db.session.get_one(Person, cast.member.id), by=cast.admin, now=START)
    assert as_(None).get(address).status_code == 410
    with app.app_context(), writing():
        db.session.get_one(Person, cast.member.id).restore(by=cast.admin, now=START)
    assert as_(None).get(address).status_code == 410


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "é" * 20, "x" * 3000])
def test_what_was_never_a_link_answers_like_one_that_is_gone(token: str, as_: As) -> None:
    for path in ("/invitations/", "/reset/"):
        answer = as_(None).get(path + token)
        assert answer.status_code == 410
        assert "This link no longer works" in answer.text


def test_the_token_is_nowhere_kept(app: Flask, cast: SimpleNamespace, as_: As, link: Any) -> None:
    token = link(cast.member).split("/")[-1]
    with app.app_context():
        kept = db.session.scalars(select(AccessLink)).one()
        assert token != kept.token_hash
        assert len(kept.token_hash) == 64
        told = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert told.kind == "person.link_issued"
        assert token not in str(told.after)


def mails(folder: Path) -> list[Any]:
    read = [file.read_bytes() for file in sorted((folder / "mail").glob("*.eml"))]
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in read]


@pytest.fixture
def answered(app: Flask) -> Callable[[], int]:
    """Let the job loop answer who asked for another password; return how many wishes there were."""

    def answer() -> int:
        with app.app_context():
            return sweep(app.config["CLOCK"](), only=urgent)["resets"]

    return answer


def test_a_reset_tells_nobody_whether_there_is_an_account(
    app: Flask, cast: SimpleNamespace, as_: As, answered: Callable[[], int]
) -> None:
    """Canary: answer 404 for an unknown address."""
    known = as_(None).submit("/reset", email=cast.member.email)
    unknown = as_(None).submit("/reset", email="nobody@example.org")
    ended = as_(None).submit("/reset", email=cast.ended.email)
    assert known.status_code == unknown.status_code == ended.status_code == 200
    assert without_tokens(known.text) == without_tokens(unknown.text) == without_tokens(ended.text)
    assert mails(app.config["DATA_DIR"]) == []
    assert (answered(), answered()) == (3, 0)
    assert [mail["To"] for mail in mails(app.config["DATA_DIR"])] == [
        f"{cast.member.name} <{cast.member.email}>"
    ]


@pytest.mark.both
def test_a_reset_costs_the_same_work_whether_there_is_an_account_or_not(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """The same statements in the same order, and as many commits.

    Canary: looking the person up and issuing the link in the view.
    """
    seen: list[str] = []

    def work(address: str) -> list[str]:
        seen.clear()
        assert as_(None).submit("/reset", email=address).status_code == 200
        return list(seen)

    def executed(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        seen.append(text)

    def committed(_connection: Any) -> None:
        seen.append("COMMIT")

    work(cast.contact.email)  # what only the first request does is done
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    try:
        known = work(cast.member.email)
        unknown, ended = work("nobody@example.org"), work(cast.ended.email)
    finally:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "commit", committed)
    assert known == unknown == ended
    assert sum(text.startswith("INSERT INTO reset_ask") for text in known) == 1
    assert not [text for text in known if "person" in text]


def test_a_wish_that_waited_longer_than_its_link_would_last_is_dropped(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock, answered: Callable[[], int]
) -> None:
    """Canary: not looking at when it was made."""
    as_(None).submit("/reset", email=cast.member.email)
    clock.forward(hours=1, seconds=1)
    assert answered() == 1
    assert mails(app.config["DATA_DIR"]) == []


def without_tokens(page: str) -> str:
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


def test_a_mail_leads_to_the_configured_site_whatever_the_host_header_says(
    app: Flask, cast: SimpleNamespace, as_: As, answered: Callable[[], int]
) -> None:
    """Passbolt CVE-2025-27913: the Host header in mails. Canary: build the link with url_for(_external=True)."""
    tab = as_(None)
    data = {"email": cast.member.email, "csrf_token": tab.token()}
    refused = tab.post("/reset", data=data, base_url="http://evil.example")
    assert refused.status_code == 400
    claims = {"Host": "localhost:99", "X-Forwarded-Host": "evil.example"}
    answer = tab.post("/reset", data=data, headers=claims)
    assert answer.status_code == 200
    assert answered() == 1
    (mail,) = mails(app.config["DATA_DIR"])
    words = mail.get_content()
    assert "http://localhost/reset/" in words
    assert "evil" not in words
    assert ":99" not in words
    address = next(word for word in words.split() if word.startswith("http://localhost/"))
    assert choose(as_(None), address.removeprefix("http://localhost")).status_code == 303
    file = next((Path(app.config["DATA_DIR"]) / "mail").glob("*.eml"))
    assert file.stat().st_mode & 0o777 == 0o600


def test_resets_are_throttled(
    cast: SimpleNamespace, as_: As, app: Flask, answered: Callable[[], int]
) -> None:
    for _ in range(3):
        assert as_(None).submit("/reset", email=cast.member.email).status_code == 200
    assert as_(None).submit("/reset", email=cast.member.email).status_code == 429
    assert answered() == 3
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AccessLink)) == 3


def test_a_name_cannot_add_headers_to_a_mail(
    app: Flask, cast: SimpleNamespace, as_: As, answered: Callable[[], int]
) -> None:
    with app.app_context(), writing():
        person = db.session.get_one(Person, cast.member.id)
        person.change(
            by=cast.admin, now=START, name='Milo" <x@evil.example>\nBcc: evil@evil.example'
        )
    assert as_(None).submit("/reset", email=cast.member.email).status_code == 200
    assert answered() == 1
    (mail,) = mails(app.config["DATA_DIR"])
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == [cast.member.email]


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_that_lies_in_another_mailbox_opens_nothing_once_the_address_is_put_right(
    purpose: Purpose, cast: SimpleNamespace, as_: As, link: Any
) -> None:
    """Planted: `at_another_address` without the links; whoever got an invitation by mistake became somebody else."""
    address = link(cast.member, purpose)
    page = f"/admin/people/{cast.member.id}/edit"
    assert as_(cast.admin).fill(page, job_title="Caretaker").status_code == 303
    assert as_(None).get(address).status_code == 200  # the mailbox is still theirs
    assert as_(cast.admin).fill(page, email="right@example.org").status_code == 303
    assert as_(None).get(address).status_code == 410
