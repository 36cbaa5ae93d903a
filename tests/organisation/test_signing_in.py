"""Coming in and going out."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from tests.cast import PASSWORD, START
from tests.conftest import Clock, Tab
from tracker.db import db, writing
from tracker.gate import safe_next
from tracker.organisation import passwords
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person

As = Callable[[Any], Tab]


def sign_in(tab: Tab, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return tab.submit("/sign-in", email=email, password=password, **more)


def who_is_in(tab: Tab) -> int | None:
    with tab.session_transaction() as session:
        return int(session["_user_id"].split(".")[0]) if "_user_id" in session else None


def test_a_matching_password_lets_in(cast: SimpleNamespace, as_: As) -> None:
    tab = as_(None)
    answer = sign_in(tab, " Mona.Manager@Example.org ".replace("Mona.Manager", "Manager"))
    assert answer.status_code == 303
    assert who_is_in(tab) == cast.manager.id
    assert tab.get("/settings/profile").status_code == 200


def test_unknown_wrong_ended_and_never_set_answer_alike(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Canary: answer 404, or other words, for an unknown address."""
    with app.app_context(), writing():
        db.session.get_one(Person, cast.finance.id).password_hash = None
    answers = [
        sign_in(as_(None), email, password)
        for email, password in (
            ("nobody@example.org", PASSWORD),
            (cast.manager.email, "not this one at all"),
            (cast.ended.email, PASSWORD),
            (cast.finance.email, PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert {error_words(answer) for answer in answers} == {"E-mail or password is not right."}


def error_words(answer: Any) -> str:
    return answer.text.split('id="email-error"')[1].split("<span>")[1].split("</span>")[0]


def test_an_unknown_account_costs_as_much_time(
    cast: SimpleNamespace, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try verifies exactly one hash. Canary: return early when nobody is found."""
    verified: list[str] = []
    real = passwords.matches

    def counting(stored: str | None, password: str) -> bool:
        verified.append("a hash" if stored else "the hash of nobody")
        return real(stored, password)

    monkeypatch.setattr(passwords, "matches", counting)
    sign_in(as_(None), "nobody@example.org")
    sign_in(as_(None), cast.ended.email)
    sign_in(as_(None), cast.manager.email, "not this one at all")
    assert verified == ["the hash of nobody", "the hash of nobody", "a hash"]


def test_nobody_is_hashed_with_the_same_parameters(app: Flask) -> None:
    with app.app_context():
        hasher = passwords._hasher()
        assert not passwords.matches(None, PASSWORD)
        assert not hasher.check_needs_rehash(passwords._of_nobody(hasher))


def test_the_session_before_does_not_live_on(cast: SimpleNamespace, as_: As) -> None:
    """Canary: leave out session.clear()."""
    tab = as_(None)
    with tab.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(tab, cast.member.email)
    with tab.session_transaction() as session:
        assert "planted" not in session
        assert session.permanent


LOCAL = ["/", "/initiatives?unit=2", "/units/überall", "/boards/a-b#x"]
ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/ /evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie: x=1\r\n",
    "evil.example",
    "",
    "\x00/",
]


@pytest.mark.parametrize("address", LOCAL)
def test_sign_in_leads_back_to_where_one_was(address: str, cast: SimpleNamespace, as_: As) -> None:
    answer = sign_in(as_(None), cast.member.email, next=address)
    assert answer.status_code == 303
    assert safe_next(address) == address
    assert answer.location.encode().startswith(quote(address, safe="/?=#&%").encode()[:9])


@pytest.mark.parametrize("address", ELSEWHERE)
def test_sign_in_never_leads_elsewhere(address: str, cast: SimpleNamespace, as_: As) -> None:
    """Kanboard CVE-2026-21879: open redirect after sign-in. Canary: redirect to `next` as it came."""
    tab = as_(None)
    answer = sign_in(tab, cast.member.email, next=address)
    assert answer.status_code == 303
    assert answer.location == "/"
    again = tab.get("/sign-in", query_string={"next": address})
    assert again.location == "/"
    language = as_(None).get("/language/fa", query_string={"next": address})
    assert language.location == "/sign-in"


def test_signing_out_ends_the_session(cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.member)
    assert tab.submit("/sign-out").status_code == 303
    assert who_is_in(tab) is None
    assert tab.get("/settings/profile").status_code == 303


def test_a_get_does_not_sign_out(cast: SimpleNamespace, as_: As) -> None:
    tab = as_(cast.member)
    assert tab.get("/sign-out").status_code == 405
    assert who_is_in(tab) == cast.member.id


def test_a_session_ends_at_the_next_request_after_access_ended(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """CVE-2024-55603: revoked access still works. Canary: do not raise the epoch, and look at it nowhere."""
    tab = as_(cast.member)
    assert tab.get("/settings/profile").status_code == 200
    with app.app_context(), writing():
        end_access(db.session.get_one(Person, cast.member.id), by=cast.admin, now=START)
    assert tab.get("/settings/profile").location.startswith("/sign-in")
    refused = tab.submit("/settings/profile", name="Still me", version=1)
    assert refused.status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, cast.member.id).name == cast.member.name


def test_tries_for_one_account_run_out(clock: Clock, cast: SimpleNamespace, as_: As) -> None:
    """Even with the right password. Canary: count after the password was checked."""
    for _number in range(10):
        assert sign_in(as_(None), cast.member.email, "wrong" * 4).status_code == 422
    stopped = sign_in(as_(None), cast.member.email.upper())
    assert stopped.status_code == 429
    assert "Too many tries. Wait 15 minutes" in stopped.text
    assert 0 < int(stopped.headers["Retry-After"]) <= 15 * 60
    assert sign_in(as_(None), cast.manager.email).status_code == 303
    clock.forward(minutes=15)
    assert sign_in(as_(None), cast.member.email).status_code == 303


def test_tries_from_one_address_run_out(cast: SimpleNamespace, as_: As) -> None:
    for number in range(60):
        assert sign_in(as_(None), f"guess{number}@example.org").status_code == 422
    assert sign_in(as_(None), cast.member.email).status_code == 429


def test_an_office_that_signs_in_in_the_morning_is_not_stopped(
    cast: SimpleNamespace, as_: As
) -> None:
    """Sign-ins that succeed are not held against the address they share."""
    for _ in range(65):
        assert sign_in(as_(None), cast.member.email).status_code == 303


def test_the_form_takes_what_it_promises(app: Flask, as_: As) -> None:
    page = as_(None).get("/sign-in").text
    for name in ("email", "password", "csrf_token"):
        assert f'name="{name}"' in page
    assert as_(None).post("/sign-in", data={"email": "a@b.c", "password": "x"}).status_code == 400


def test_the_language_can_be_chosen_before_signing_in(as_: As) -> None:
    tab = as_(None)
    tab.get("/language/fa?next=/sign-in")
    assert '<html lang="fa" dir="rtl"' in tab.get("/sign-in").text
    tab.get("/language/tlh")
    assert '<html lang="fa" dir="rtl"' in tab.get("/sign-in").text
