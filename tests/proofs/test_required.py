"""A second factor that is required, and one that is lost.

Planted faults seen red are named in each test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from pyotp.hotp import HOTP
from sqlalchemy import select

from tests.cast import PASSWORD
from tests.conftest import Clock, Tab
from tests.filled import form_to
from tests.proofs.conftest import App, is_in
from tests.proofs.device import Device
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.proofs.codes import STEP
from tracker.proofs.factors import factors_of, reset

As = Callable[[Any], Tab]
Arriving = Callable[..., tuple[Tab, Any]]
FIRST = "/sign-in/second-factor"


@pytest.fixture
def asking(app: Flask, clock: Clock) -> Callable[..., None]:
    """Let the settings ask a second factor of some."""

    def ask(*kinds: str) -> None:
        with app.app_context(), writing():
            Organisation.found().change(by=None, now=clock(), second_factor=kinds)

    return ask


def proved(app: Flask, person: Any) -> Any:
    with app.app_context():
        return factors_of(db.session.get_one(Person, person.id))


def code_for(page: str, clock: Clock) -> str:
    """Read the secret off the page, as an app would."""
    found = re.search(r'class="secret" dir="ltr">([A-Z2-7 ]+)<', page)
    assert found
    return HOTP(found[1].replace(" ", "")).at(int(clock().timestamp()) // STEP)


def test_whoever_has_none_is_led_to_one_and_reaches_nothing_before(
    app: Flask, cast: SimpleNamespace, asking: Any, arriving: Arriving, clock: Clock
) -> None:
    """Canary: let in first, and lead to the page afterwards."""
    asking("member")
    tab, answer = arriving(cast.member, next="/initiatives")
    assert answer.location == FIRST
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (
            "GET" in (rule.methods or ())
            and not rule.arguments
            and not getattr(view, "public", False)
        ):
            assert tab.get(rule.rule).location.startswith("/sign-in"), rule.rule
    assert tab.get("/sign-in/code").location == "/sign-in"
    page = tab.get(FIRST).text
    assert "<svg" in page
    wrong = tab.fill(FIRST, code="000000")
    assert wrong.status_code == 422
    assert not is_in(tab)
    sent = form_to(page, FIRST)
    code = code_for(page, clock)
    done = tab.post(FIRST, data={**sent, "code": code})
    assert done.status_code == 200
    assert len(re.findall(r"<li><code>", done.text)) == 10
    assert 'href="/initiatives"' in done.text
    assert is_in(tab)
    assert proved(app, cast.member).app
    other, answer = arriving(cast.member)
    assert answer.location == "/sign-in/code"
    assert (
        other.submit("/sign-in/code", code=code).status_code == 422
    )  # it proved the app, so it counts no more


def test_a_passkey_will_do_instead(
    app: Flask, cast: SimpleNamespace, asking: Any, arriving: Arriving
) -> None:
    asking("member")
    (tab, _answer), device = arriving(cast.member), Device()
    asked = tab.post(f"{FIRST}/passkey/question", data={"csrf_token": tab.token()})
    made = device.make(json.loads(asked.text))
    done = tab.submit(f"{FIRST}/passkey", made_answer=made, name="My phone")
    assert done.status_code == 200
    assert "Your recovery codes" in done.text
    assert is_in(tab)
    assert proved(app, cast.member).passkeys == 1


def test_others_come_in_as_before_and_a_password_adds_no_second_factor_to_a_first(
    app: Flask, cast: SimpleNamespace, asking: Any, arriving: Arriving, with_app: Any, clock: Clock
) -> None:
    """Canary: offer the page to whoever is on the way in."""
    asking("manager")
    assert arriving(cast.member)[1].location == "/"
    tab, _answer = arriving(cast.manager)
    page = tab.get(FIRST).text
    with_app(cast.manager)  # meanwhile, elsewhere
    late = tab.post(FIRST, data={**form_to(page, FIRST), "code": code_for(page, clock)})
    assert late.location == "/sign-in"
    tab, answer = arriving(cast.manager)
    assert answer.location == "/sign-in/code"
    assert tab.get(FIRST).location == "/sign-in"
    assert (
        tab.post(f"{FIRST}/passkey/question", data={"csrf_token": tab.token()}).status_code == 409
    )
    assert not is_in(tab)


def test_administrators_may_be_asked_whatever_their_role(
    cast: SimpleNamespace, asking: Any, arriving: Arriving
) -> None:
    """Canary: look at the role alone."""
    asking("administrators")
    assert arriving(cast.admin)[1].location == FIRST
    assert arriving(cast.member)[1].location == "/"


def test_an_administrator_asks_it_of_a_role_and_it_is_on_the_trail(
    app: Flask, cast: SimpleNamespace, as_: As, arriving: Arriving
) -> None:
    tab = as_(cast.admin)
    saved = tab.fill("/settings/access", second_factor=["executive", "partner"])
    assert saved.status_code == 303
    assert arriving(cast.contact)[1].location == FIRST
    told = as_(cast.auditor).get("/activity").text
    assert "Second factor of: Executive" in told
    assert tab.fill("/settings/access", second_factor=["nobody knows"]).status_code == 422
    assert as_(cast.manager).get("/settings/access").status_code == 403


def test_whoever_binds_themselves_has_one_already(
    app: Flask, cast: SimpleNamespace, as_: As, with_app: Any
) -> None:
    """So some administrator can always come in. Canary: no such question in `require`."""
    tab = as_(cast.admin)
    for kinds in (["administrators"], ["member"]):
        refused = tab.fill("/settings/access", second_factor=kinds)
        assert refused.status_code == 409
        assert "Set up a second factor of your own first." in refused.text
    with app.app_context():
        assert Organisation.current().second_factor == frozenset()
    with_app(cast.admin)
    assert tab.fill("/settings/access", second_factor=["administrators"]).status_code == 303


def test_the_last_factor_stays_where_one_is_required(
    app: Flask,
    cast: SimpleNamespace,
    as_: As,
    asking: Any,
    with_app: Any,
    with_passkey: Any,
    with_codes: Any,
) -> None:
    """Canary: remove without asking whether it is required."""
    with_app(cast.member)
    with_codes(cast.member)
    asking("member")
    tab = as_(cast.member)
    refused = tab.submit("/settings/security/app/removal")
    assert refused.status_code == 409
    assert proved(app, cast.member).app
    with_passkey(cast.member)
    assert tab.submit("/settings/security/app/removal").status_code == 303
    assert proved(app, cast.member).codes == 10
    asking()
    with app.app_context():
        key = db.session.scalars(select(Person.id)).first()
    assert key
    assert tab.submit("/settings/security/passkeys/1/removal").status_code == 303
    left = proved(app, cast.member)
    assert (left.any, left.codes) == (False, 0)


def test_an_administrator_resets_the_second_factor_of_a_person(
    app: Flask,
    cast: SimpleNamespace,
    as_: As,
    with_app: Any,
    with_passkey: Any,
    with_codes: Any,
    arriving: Arriving,
) -> None:
    """Words on the trail; every session of theirs ends. Canaries: do not raise the epoch; leave the recovery codes."""
    with_app(cast.member)
    with_passkey(cast.member)
    codes = with_codes(cast.member)
    theirs, admin = as_(cast.member), as_(cast.admin)
    address = f"/admin/people/{cast.member.id}/second-factor"
    assert admin.fill(address, words="").status_code == 422
    assert admin.fill(address, words="Called back on the desk phone.").status_code == 303
    assert not is_in(theirs)
    left = proved(app, cast.member)
    assert (left.any, left.codes) == (False, 0)
    tab, answer = arriving(cast.member)
    assert answer.location == "/"
    assert is_in(tab)
    assert codes
    with app.app_context():
        of_kind = Event.kind == Kind.person_second_factor_reset.value
        event = db.session.scalars(select(Event).where(of_kind)).one()
        assert event.private == {"words": "Called back on the desk phone."}
        assert (event.actor_id, event.subject_id) == (cast.admin.id, cast.member.id)
    assert "reset the second factor of" in as_(cast.auditor).get("/activity").text
    assert admin.submit(address, words="Again").status_code == 409


def test_nobody_resets_their_own_and_no_one_else_may(
    app: Flask, cast: SimpleNamespace, as_: As, with_app: Any
) -> None:
    """Canary: leave oneself out of `reset`."""
    with_app(cast.admin)
    own = f"/admin/people/{cast.admin.id}/second-factor"
    assert as_(cast.admin).submit(own, words="Mine").status_code == 409
    assert proved(app, cast.admin).app
    assert as_(cast.manager).submit(own, words="Theirs").status_code == 403


def test_the_command_is_the_last_way_back(
    app: Flask, cast: SimpleNamespace, with_app: Any, clock: Clock
) -> None:
    with_app(cast.admin)
    with app.app_context(), writing():
        person = db.session.get_one(Person, cast.admin.id)
        reset(person, "Lost the phone; identity seen at the desk", by=None, now=clock())
    assert not proved(app, cast.admin).any
    with app.app_context(), pytest.raises(NotNow), writing():
        reset(db.session.get_one(Person, cast.admin.id), "Again", by=None, now=clock())


def test_own_page_sets_up_an_app_and_shows_codes_once(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Canary: keep the codes for the next page."""
    tab = as_(cast.member)
    page = tab.get("/settings/security/app").text
    sent = {**form_to(page, "/settings/security/app"), "code": code_for(page, clock)}
    shown = tab.post("/settings/security/app", data=sent)
    assert shown.status_code == 200
    first = re.findall(r"<li><code>([a-z0-9-]+)<", shown.text)
    assert len(first) == 10
    again = tab.post("/settings/security/app", data=sent)
    assert (again.status_code, again.location) == (303, "/settings/security")
    assert first[0] not in tab.get("/settings/security").text
    assert "10 codes are left" in tab.get("/settings/security").text
    assert tab.get("/settings/security/app").location == "/settings/security"
    new = tab.submit("/settings/security/recovery-codes")
    assert not set(first) & set(re.findall(r"<li><code>([a-z0-9-]+)<", new.text))


def test_a_secret_that_was_offered_to_somebody_else_or_long_ago_sets_nothing_up(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Canaries: seal offers about nobody; without their time."""
    tab, other = as_(cast.member), as_(cast.manager)
    page = tab.get("/settings/security/app").text
    sent = form_to(page, "/settings/security/app")
    stolen = {**sent, "code": code_for(page, clock), "csrf_token": other.token()}
    assert other.post("/settings/security/app", data=stolen).status_code == 422
    clock.forward(minutes=61)
    late = tab.post(
        "/settings/security/app",
        data={**sent, "code": code_for(page, clock), "proof_secret": PASSWORD},
    )
    assert late.status_code == 422
    assert not proved(app, cast.member).app
    assert not proved(app, cast.manager).app


def test_tries_at_setting_up_run_out(cast: SimpleNamespace, as_: As, clock: Clock) -> None:
    """Canary: no door in front of `app_proved`."""
    tab = as_(cast.member)
    for _number in range(10):
        assert tab.fill("/settings/security/app", code="000000").status_code == 422
    assert tab.fill("/settings/security/app", code="000000").status_code == 429


def test_who_has_app_is_told_apart_by_nobody_before_the_password(
    cast: SimpleNamespace, with_app: Callable[[Any], App], arriving: Arriving, as_: As
) -> None:
    """A wrong password is answered alike with and without a second factor. Canary: lead to the code first."""
    with_app(cast.member)
    answers = [
        as_(None).submit("/sign-in", email=email, password="not this one at all")
        for email in (cast.member.email, cast.lead.email, "nobody@example.org")
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert (
        len({re.sub(r'value="[^"]*"', "", answer.text.split("<main")[1]) for answer in answers})
        == 1
    )


def test_the_way_in_can_be_read_in_another_language_and_set_up_on_the_phone_itself(
    app: Flask, cast: SimpleNamespace, asking: Any, arriving: Arriving, with_app: Any
) -> None:
    """A picture is of no use on the device that would have to scan it. Canaries: the languages not given to either page; the
    link to the secret alone."""
    asking("member", "manager")
    first, _answer = arriving(cast.member)
    page = first.get(FIRST).text
    assert re.search(r'href="otpauth://totp/[^"]+secret=[A-Z2-7]+', page)
    assert "/language/fa?next=/sign-in/second-factor" in page
    with_app(cast.manager)
    second, _answer = arriving(cast.manager)
    assert "/language/fa?next=/sign-in/code" in second.get("/sign-in/code").text
    assert second.get("/language/fa?next=/sign-in/code").location == "/sign-in/code"
    assert 'dir="rtl"' in second.get("/sign-in/code").text
