"""Passkeys: made, signed with, and every answer that must not hold. The devices are a few lines of Python (device.py).

Planted faults seen red are named in each test; the ceremony in a real browser is in tests/e2e.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock, Tab
from tests.proofs.conftest import is_in
from tests.proofs.device import PRESENT, Device
from tracker.db import db, writing
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import Proof, SignIn, Way
from tracker.proofs.ceremonies import place, spend
from tracker.proofs.passkeys import Passkey

As = Callable[[Any], Tab]
With = Callable[..., Device]


def ask(tab: Tab, address: str) -> dict[str, Any]:
    """Ask what to ask a device, as the script of the page does."""
    answer = tab.post(address, data={"csrf_token": tab.token()})
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def sign_in(tab: Tab, device: Device, **how: Any) -> Any:
    """Sign in with a passkey, as the page does."""
    question = ask(tab, "/sign-in/passkey/question")
    return tab.submit(
        "/sign-in/passkey", proof_token=device.sign(question, **how), next=how.get("next")
    )


def test_a_passkey_is_made_and_lets_in_without_a_name_or_a_password(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """The browser is asked for a passkey that finds its owner, and for proof of who holds it. Canary: PREFERRED instead of REQUIRED."""
    tab, device = as_(cast.member), Device()
    question = ask(tab, "/settings/security/passkeys/question")
    chosen = question["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert (question["rp"]["id"], question["user"]["name"]) == ("localhost", cast.member.email)
    made = tab.submit(
        "/settings/security/passkeys", made_answer=device.make(question), name="My phone"
    )
    assert made.status_code == 200
    assert "Your recovery codes" in made.text  # the first factor brings them
    assert "My phone" in tab.get("/settings/security").text

    other = as_(None)
    question = ask(other, "/sign-in/passkey/question")
    assert question["userVerification"] == "required"
    assert not question.get("allowCredentials")
    answer = other.submit("/sign-in/passkey", proof_token=device.sign(question), next="/blockers")
    assert (answer.status_code, answer.location) == (303, "/blockers")
    assert is_in(other)
    with app.app_context():
        newest = db.session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert newest is not None
        assert (newest.way, newest.proof) == (Way.passkey, Proof.second_factor)


def test_a_passkey_counts_as_both_factors_and_a_password_as_one(
    cast: SimpleNamespace, with_passkey: With, arriving: Callable[..., Any]
) -> None:
    """Canary: count the app alone as a second factor."""
    device = with_passkey(cast.member)
    tab, answer = arriving(cast.member)
    assert answer.location == "/sign-in/code"
    assert not is_in(tab)
    assert "Use a passkey" in tab.get("/sign-in/code").text
    assert sign_in(tab, device).status_code == 303
    assert is_in(tab)


BAD: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://evil.example"},
    "another port": {"origin": "http://localhost:81"},
    "without https": {"origin": "http://localhost.evil.example"},
    "made for another site": {"rp_id": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": 0},
    "somebody else's handle": {"handle": "c29tZWJvZHkgZWxzZQ"},
}


@pytest.mark.parametrize("how", BAD.values(), ids=BAD)
def test_what_was_signed_elsewhere_or_by_nobody_does_not_hold(
    how: dict[str, Any], cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Canaries: expect the origin of the request; leave out `require_user_verification`; do not look at the handle."""
    device, tab = with_passkey(cast.member), as_(None)
    answer = sign_in(tab, device, **how)
    assert answer.status_code == 422
    assert "That passkey did not work here." in answer.text
    assert not is_in(tab)


def test_an_answer_counts_once_and_in_its_own_session(
    app: Flask, cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """The whole request again, cookies and all. The device counts no signatures, so only the challenge can tell.

    Canaries: leave the challenge in the session; do not spend it.
    """
    device = with_passkey(cast.member, Device(counts=False))
    tab = as_(None)
    question = ask(tab, "/sign-in/passkey/question")
    cookie = tab.get_cookie(app.config["SESSION_COOKIE_NAME"])
    said = device.sign(question)
    stolen = as_(None)
    ask(stolen, "/sign-in/passkey/question")
    assert stolen.submit("/sign-in/passkey", proof_token=said).status_code == 422
    assert tab.submit("/sign-in/passkey", proof_token=said).status_code == 303
    again = as_(None)
    assert cookie is not None
    again.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    assert again.submit("/sign-in/passkey", proof_token=said).status_code == 422
    assert not is_in(again)
    without = as_(None)
    assert without.submit("/sign-in/passkey", proof_token=said).status_code == 422


@pytest.mark.both
def test_of_many_who_send_one_answer_at_once_one_counts(app: Flask, clock: Clock) -> None:
    """Canary: look whether the challenge was spent before writing that it is (PostgreSQL)."""

    def use(number: int) -> bool:
        with app.app_context(), writing():
            return spend(f"challenge {number}", now=clock())

    with ThreadPoolExecutor(6) as pool:
        for number in range(3):
            assert list(pool.map(use, [number] * 6)).count(True) == 1


def test_a_question_for_one_thing_is_no_answer_for_another(
    cast: SimpleNamespace, with_passkey: With, as_: As, clock: Clock
) -> None:
    """Canary: keep challenges without what they are for."""
    device, tab = with_passkey(cast.member), as_(cast.member)
    clock.forward(minutes=1)
    said = device.sign(ask(tab, "/sign-in/again/question"))
    assert tab.submit("/sign-in/passkey", proof_token=said).status_code == 422
    late = as_(None)
    question = ask(late, "/sign-in/passkey/question")
    clock.forward(minutes=5)
    assert late.submit("/sign-in/passkey", proof_token=device.sign(question)).status_code == 422


def test_a_copy_of_a_device_is_noticed_by_its_count(
    cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Canary: expect a count of 0 for ever."""
    device = with_passkey(cast.member)
    copied = device.count
    assert sign_in(as_(None), device).status_code == 303
    assert sign_in(as_(None), device).status_code == 303
    device.count = copied
    assert sign_in(as_(None), device).status_code == 422


def test_unknown_removed_and_ended_answer_alike(
    app: Flask, cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Canary: other words for a passkey that is not known."""
    removed, ended, stranger = with_passkey(cast.member), with_passkey(cast.finance), Device()
    tab = as_(cast.member)
    with app.app_context():
        key = db.session.scalars(
            select(Passkey.id).where(Passkey.person_id == cast.member.id)
        ).one()
    assert tab.submit(f"/settings/security/passkeys/{key}/removal").status_code == 303
    with app.app_context(), writing():
        end_access(
            db.session.get_one(Person, cast.finance.id), by=cast.admin, now=app.config["CLOCK"]()
        )
    answers = [sign_in(as_(None), device) for device in (removed, ended, stranger)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text.split("<main")[1] for answer in answers}) == 1


def test_what_somebody_proved_themselves_by_ends_with_their_access(
    app: Flask, cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Restored one day, the old passkey is still worth nothing. Canary: `handovers` without `_forget`."""
    device = with_passkey(cast.finance)
    with app.app_context(), writing():
        person, admin = (db.session.get_one(Person, one.id) for one in (cast.finance, cast.admin))
        end_access(person, by=admin, now=app.config["CLOCK"]())
        person.restore(by=admin, now=app.config["CLOCK"]())
    assert sign_in(as_(None), device).status_code == 422


def test_tries_with_a_passkey_run_out(cast: SimpleNamespace, with_passkey: With, as_: As) -> None:
    """Canary: no door in front of `by_passkey`."""
    device, tab = with_passkey(cast.member), as_(None)
    for _number in range(20):
        assert sign_in(tab, device, origin="https://evil.example").status_code == 422
    stopped = sign_in(tab, device)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0


GARBAGE = [
    "[]",
    "{}",
    "null",
    "{",
    '{"id": 7}',
    '{"id": ""}',
    "x" * 30_000,
    "[" * 9_000,
    '{"id":"abc","rawId":"abc","type":"public-key","response":7}',
]


@pytest.mark.parametrize("said", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_said_in_words(
    said: str, cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Canary: catch the library's own exception alone."""
    device, tab = with_passkey(cast.member), as_(None)
    ask(tab, "/sign-in/passkey/question")
    assert tab.submit("/sign-in/passkey", proof_token=said).status_code == 422
    ask(tab, "/sign-in/passkey/question")
    named = said.replace('"abc"', json.dumps(device.name))
    assert tab.submit("/sign-in/passkey", proof_token=named).status_code == 422
    signed_in = as_(cast.manager)
    ask(signed_in, "/settings/security/passkeys/question")
    kept = signed_in.submit("/settings/security/passkeys", made_answer=said, name="Bad")
    assert kept.status_code == 422


def test_without_a_script_the_page_says_what_is_missing(cast: SimpleNamespace, as_: As) -> None:
    assert "Passkeys need JavaScript" in as_(None).submit("/sign-in/passkey").text
    tab = as_(cast.member)
    refused = tab.submit("/settings/security/passkeys", name="My phone")
    assert refused.status_code == 422
    assert "Passkeys need JavaScript" in refused.text
    assert 'value="My phone"' in refused.text


def test_a_passkey_is_named_renamed_and_nobody_elses(
    app: Flask, cast: SimpleNamespace, with_passkey: With, as_: As
) -> None:
    """Canary: a scope of all passkeys."""
    with_passkey(cast.member)
    with app.app_context():
        key = db.session.scalars(select(Passkey.id)).one()
    tab = as_(cast.member)
    assert tab.fill(f"/settings/security/passkeys/{key}", name="Desk").status_code == 303
    assert "Desk" in tab.get("/settings/security").text
    stranger = as_(cast.admin)
    assert stranger.get(f"/settings/security/passkeys/{key}").status_code == 404
    assert stranger.submit(f"/settings/security/passkeys/{key}/removal").status_code == 404


@pytest.mark.parametrize(
    ("base", "name", "origin"),
    [
        ("https://tracker.example.org", "tracker.example.org", "https://tracker.example.org"),
        (
            "https://Tracker.example.org:8443",
            "tracker.example.org",
            "https://tracker.example.org:8443",
        ),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://tracker.example.org", None, None),
        ("https://192.0.2.7", None, None),
    ],
)
def test_passkeys_belong_to_the_configured_address_alone(
    app: Flask, base: str, name: str | None, origin: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never to what a request calls the host. Canary: `request.host`."""
    monkeypatch.setitem(app.config, "BASE_URL", base)
    with app.app_context():
        here = place()
    assert (here.name, here.origin) == (name, origin) if here else name is None


def test_where_there_can_be_none_the_page_says_why(
    app: Flask, cast: SimpleNamespace, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BASE_URL", "http://192.0.2.7")
    tab = as_(cast.member)
    assert "TRACKER_BASE_URL" in tab.get("/settings/security").text
    answer = tab.post("/sign-in/passkey/question", data={"csrf_token": tab.token()})
    assert answer.status_code == 409
    assert "TRACKER_BASE_URL" in json.loads(answer.text)["words"]


@pytest.mark.both
@pytest.mark.parametrize(
    "name", ["\ud800", "a\x00b", "\U0001f600", "x" * 1401, "", "a=", 5, None, []]
)
def test_a_passkey_of_an_odd_name_is_no_passkey(name: Any, as_: As) -> None:
    """Planted: any text asked for in the database: half a character and NUL were faults of ours (500)."""
    tab = as_(None)
    ask(tab, "/sign-in/passkey/question")
    said = json.dumps({"id": name, "rawId": name, "type": "public-key", "response": {}})
    assert tab.submit("/sign-in/passkey", proof_token=said).status_code == 422


@pytest.mark.both
@pytest.mark.parametrize(("length", "status"), [(1023, 200), (1024, 422), (3000, 422)])
def test_the_id_of_a_passkey_has_an_end(
    length: int, status: int, cast: SimpleNamespace, as_: As
) -> None:
    """Planted: no length asked for; PostgreSQL then refused the row (500)."""
    tab, device = as_(cast.member), Device()
    device.id = bytes(length)
    question = ask(tab, "/settings/security/passkeys/question")
    made = tab.submit("/settings/security/passkeys", made_answer=device.make(question), name="Key")
    assert made.status_code == status


def test_the_question_that_made_a_passkey_counts_once(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """A copy of the cookie brings no removed passkey back. Planted: the challenge not spent when one is made."""
    tab, device = as_(cast.member), Device()
    question = ask(tab, "/settings/security/passkeys/question")
    copy, answer = tab.get_cookie("session"), device.make(question)
    assert copy is not None
    address = "/settings/security/passkeys"
    assert tab.submit(address, made_answer=answer, name="Key").status_code == 200
    with app.app_context():
        key = db.session.scalar(select(Passkey.id))
    assert tab.submit(f"{address}/{key}/removal").status_code == 303
    tab.set_cookie("session", copy.value)
    assert tab.submit(address, made_answer=answer, name="Key").status_code == 422
