"""Whom a request asks for and whom it comes from: believed only as far as the settings say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, request

from tests.conftest import settings
from tests.test_config import problems
from tests.test_config import settings as set_up
from tracker import create_app
from tracker.whence import Proxies, host_of

OTHERS = (
    "evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "[::2]", "xn--lcalhost-1ya",
    "localhost:evil", "local\xefhost", "evil example", "localhost:1:evil", "evil..example", f"{'evil' * 20}.example",
)  # fmt: skip


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("address", ["/", "/sign-in", "/boards/all", "/boards/all/", "/nowhere"])
def test_another_host_is_answered_in_plain_words(as_: Any, host: str, address: str) -> None:
    """Planted: the list not asked; asked only where a view is found (`/nowhere`, and the 308 of a trailing slash).

    Planted: whatever follows a colon taken for a port; the other host left in the request (no page could be made of it).
    """
    answer = as_(None).get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "evil" not in answer.text
    assert "TRACKER_ALLOWED_HOSTS" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "localhost."])  # fmt: skip
def test_our_own_hosts_are_answered(as_: Any, host: str) -> None:
    assert as_(None).get("/sign-in", headers={"Host": host}).status_code == 200


def test_health_answers_under_any_host(as_: Any) -> None:
    """Whatever watches over it knows its number only. Planted: the other host left in the request."""
    for host in ("10.1.2.3:8000", "local\xefhost", "evil..example"):
        assert as_(None).get("/health/live", headers={"Host": host}).status_code == 200


def test_in_production_only_the_address_and_what_is_set(tmp_path: Any) -> None:
    """Planted: loopback allowed everywhere."""
    own = settings(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    app = create_app(
        {**own, "ENVIRONMENT": "production", "BASE_URL": "https://cx.example.org", "ALLOWED_HOSTS": ("old.example.org",)}
    )  # fmt: skip
    hosts: Any = app.wsgi_app
    for host, ours in (("cx.example.org", True), ("old.example.org:443", True), ("localhost", False), ("example.org", False)):  # fmt: skip
        assert hosts.hosts.asked({"PATH_INFO": "/", "HTTP_HOST": host}) is ours, host


def test_no_redirect_is_made_of_the_host_header(as_: Any, cast: SimpleNamespace) -> None:
    """A trailing slash and a doubled one were answered 308 with the name that the request claimed. Planted: as Werkzeug makes it."""
    tab = as_(cast.manager)
    for address in ("/.//sign-in", "/settings//profile", "/boards//all"):
        answer = tab.get(address, headers={"Host": "127.0.0.1"})
        if answer.status_code in {301, 302, 303, 307, 308}:
            assert answer.location.startswith("/"), address
            assert not answer.location.startswith("//"), address


def test_links_in_mails_begin_with_the_address_that_is_set(as_: Any, app: Flask, cast: SimpleNamespace) -> None:  # fmt: skip
    """Passbolt CVE-2025-27913: the Host header in mails. Here another host is refused, and a forwarded one is never looked at."""
    from tracker.organisation.access import Purpose
    from tracker.organisation.mailing import address_of

    with app.test_request_context(headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}):  # fmt: skip
        assert address_of("token", Purpose.reset) == "http://localhost/reset/token"
    answer = as_(None).submit("/reset", email=cast.member.email, headers={"X-Forwarded-Host": "evil.example"})  # fmt: skip
    assert answer.status_code == 200
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # no proxy of ours: nothing is believed
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),  # what the client said before
        ("127.0.0.1", "1.2.3.4, 198.51.100.7, 10.9.9.9", "198.51.100.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7, nonsense", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_a_proxy_of_ours_says_who_the_client_is(peer: str, said: str, client: str) -> None:
    """Kanboard CVE-2026-21881. Planted: counted from the left; believed whoever the peer is."""
    assert Proxies(["127.0.0.1", "10.0.0.0/8"]).client(peer, said) == client


def test_a_request_is_seen_as_the_proxy_says(tmp_path: Any) -> None:
    own = settings(f"sqlite:///{tmp_path / 'none.db'}", tmp_path)
    app = create_app({**own, "TRUSTED_PROXIES": ("127.0.0.1/32",)})
    seen: list[tuple[str | None, str]] = []
    app.add_url_rule("/seen", view_func=lambda: seen.append((request.remote_addr, request.scheme)) or "")  # fmt: skip
    app.view_functions["<lambda>"].no_session = True
    said = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}  # fmt: skip
    for peer in ("127.0.0.1", "203.0.113.9"):
        app.test_client().get("/seen", headers=said, environ_base={"REMOTE_ADDR": peer})
    assert seen == [("198.51.100.7", "https"), ("203.0.113.9", "http")]


def test_what_is_set_wrongly_is_said(tmp_path: Any) -> None:
    assert "neither an address nor a network" in problems(tmp_path, TRACKER_TRUSTED_PROXIES="2")[0]
    assert "without port" in problems(tmp_path, TRACKER_ALLOWED_HOSTS="https://a.example")[0]
    assert "https://" in problems(tmp_path, TRACKER_SECURITY_CONTACT="ring me")[0]
    found = set_up(
        tmp_path, TRACKER_TRUSTED_PROXIES="::1, 10.0.0.0/8", TRACKER_ALLOWED_HOSTS="A.example,b.example.",
        TRACKER_SECURITY_CONTACT="security@example.org",
    )  # fmt: skip
    assert found["TRUSTED_PROXIES"] == ("::1/128", "10.0.0.0/8")
    assert found["ALLOWED_HOSTS"] == ("a.example", "b.example")
    assert found["SECURITY_CONTACT"] == "mailto:security@example.org"


def test_a_host_is_read_as_browsers_read_it() -> None:
    assert [host_of(one) for one in ("A.example:80", "[::1]:80", "a.example.", "")] == ["a.example", "[::1]", "a.example", ""]  # fmt: skip


def test_the_usual_addresses(as_: Any, app: Flask, cast: SimpleNamespace, monkeypatch: Any) -> None:
    tab = as_(None)
    assert tab.get("/.well-known/security.txt").status_code == 404
    monkeypatch.setitem(app.config, "SECURITY_CONTACT", "mailto:security@example.org")
    told = tab.get("/.well-known/security.txt")
    assert told.content_type.startswith("text/plain")
    assert told.text.startswith("Contact: mailto:security@example.org\nExpires: 20")
    assert tab.get("/.well-known/change-password").location == "/settings/profile#password-title"
