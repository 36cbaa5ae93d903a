"""The ceremonies with a device in a real browser: Chromium's own virtual authenticator, the shipped server, and its scripts under the CSP.

Planted faults seen red are named in each test.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from tests.browser import NARROW, Complaints
from tests.cast import HASH, PASSWORD
from tests.live import Server
from tests.walk import Walk
from tracker.clock import now
from tracker.db import writing
from tracker.organisation.people import Person, Role
from tracker.organisation.sign_ins import SignIn

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PHISHING = """async ([challenge, rpId]) => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const signed = await navigator.credentials.get({ publicKey: { challenge: bytes(challenge), rpId, userVerification: "required" } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = signed.response;
  return JSON.stringify({ id: signed.id, rawId: text(signed.rawId), type: signed.type, clientExtensionResults: {},
    response: { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
      userHandle: text(userHandle) } });
}"""


@pytest.fixture
def somebody(insight: Walk, live_server: Server, complaints: Complaints) -> Any:
    """Somebody new, and the name under which passkeys belong to the server (an address of numbers has none)."""
    complaints.host = f"localhost:{live_server.port}"
    email = f"{secrets.token_hex(4)}@example.org"
    with insight.app.app_context(), writing():
        person = Person.add(
            email=email,
            name="Petra Passkey",
            role=Role.executive,
            by=None,
            now=now(),
            password_hash=HASH,
        )
    return SimpleNamespace(id=person.id, email=email, site=f"http://{complaints.host}")


def with_device(page: Page, **how: Any) -> Any:
    """Give the browser of `page` a device that says yes; return its session and name."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **how}})
    return tools, made["authenticatorId"]


def sign_in(page: Page, somebody: Any) -> None:
    page.goto(f"{somebody.site}/sign-in")
    page.get_by_label("E-mail").fill(somebody.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{somebody.site}/")


def enrol(page: Page, somebody: Any, name: str = "My phone") -> None:
    page.goto(f"{somebody.site}/settings/security")
    page.get_by_label("What to call it").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert page.locator(".codes code").count() == 10
    page.get_by_role("link", name="I kept them. Go on").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def test_a_passkey_is_made_and_signs_in_without_a_name_and_proves_it_again(
    open_page: Callable[..., Page],
    browser: Browser,
    somebody: Any,
    insight: Walk,
    complaints: Complaints,
) -> None:
    """The whole way, and the same request once more is refused.

    Canaries: an inline script; `event.preventDefault` left out; the answer of the device not put into the form; the challenge
    not spent (the second request comes in).
    """
    page = open_page(f"{somebody.site}/sign-in")
    with_device(page)
    sign_in(page, somebody)
    enrol(page, somebody)

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    with page.expect_request(
        lambda request: request.method == "POST" and request.url.endswith("/sign-in/passkey")
    ) as sent:
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{somebody.site}/")
    body, headers = sent.value.post_data or "", sent.value.all_headers()
    thief = browser.new_context()
    again = thief.request.post(
        f"{somebody.site}/sign-in/passkey",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": headers["cookie"]},
        max_redirects=0,
    )
    assert again.status == 422
    assert "That passkey did not work here." in again.text()
    thief.close()

    with insight.app.app_context(), writing() as session:
        before = now() - timedelta(minutes=11)
        session.execute(
            update(SignIn).where(SignIn.person_id == somebody.id).values(proved_at=before)
        )
    page.goto(f"{somebody.site}/settings/security")
    complaints.expect("403")
    page.get_by_role("button", name="Make new ones").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def test_what_a_passkey_signed_on_another_site_opens_nothing(
    open_page: Callable[..., Page], somebody: Any, live_server: Server, complaints: Complaints
) -> None:
    """A page on another port of the same host is another origin, though the name of the passkeys fits: a signature made there for
    our own challenge is refused. Under the number instead of the name the browser itself refuses, and the page says so.

    Canary: the origin of the request in place of the configured one, or none at all.
    """
    page = open_page(f"{somebody.site}/sign-in")
    with_device(page)
    sign_in(page, somebody)
    enrol(page, somebody)
    page.context.clear_cookies()
    page.goto(f"{somebody.site}/sign-in")
    token = page.locator("form[data-passkey] input[name=csrf_token]").input_value()
    form = {"csrf_token": token}
    asked = page.request.post(f"{somebody.site}/sign-in/passkey/question", form=form)
    question = json.loads(asked.text())

    complaints.expect("left the host: http://localhost:1/")
    page.route(
        "http://localhost:1/**",
        lambda route: route.fulfill(body="<title>Sign in</title>", content_type="text/html"),
    )
    page.goto("http://localhost:1/sign-in")
    signed = page.evaluate(PHISHING, [question["challenge"], question["rpId"]])
    refused = page.request.post(
        f"{somebody.site}/sign-in/passkey", form={**form, "proof_token": signed}
    )
    assert refused.status == 422
    assert "That passkey did not work here." in refused.text()

    complaints.expect("left the host: http://127.0.0.1")
    complaints.host = f"127.0.0.1:{live_server.port}"
    page.goto(f"{live_server.url}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "That did not work. Reload the page and try again."
    )


def test_a_device_that_cannot_tell_who_holds_it_is_not_enough(
    open_page: Callable[..., Page], somebody: Any
) -> None:
    """It is asked for verification and has none; the page says that nothing came of it. Canary: PREFERRED on both sides."""
    page = open_page(f"{somebody.site}/sign-in", viewport=NARROW)
    tools, device = with_device(page)
    sign_in(page, somebody)
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{somebody.site}/settings/security")
    page.get_by_label("What to call it").fill("A key")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Nothing was chosen on your device. Try again when you are ready."
    )
    expect(page.get_by_role("button", name="Add a passkey")).to_be_enabled()


def test_without_scripts_the_ceremony_says_what_it_needs(
    open_page: Callable[..., Page], somebody: Any, complaints: Complaints
) -> None:
    complaints.expect("422")
    page = open_page(f"{somebody.site}/sign-in", java_script_enabled=False)
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Not signed in")).to_be_visible()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
