"""A form that cannot be read counts, on the page that says what is wrong, as nothing typed: no page breaks over it.

Planted, each seen red: `settled` left out of `_said`; left out of `typed`; it takes refusals alone, not a part without a name.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tracker.front import NO_PLACE

HEAD = "Content-Disposition: form-data"
TYPE = "multipart/form-data; boundary=b"


def parts(*names: str, value: str = "x") -> bytes:
    """Return a body of parts that begin as `names` say."""
    return (
        "".join(f"--b\r\n{HEAD}{name}\r\n\r\n{value}\r\n" for name in names) + "--b--\r\n"
    ).encode()


ONCE = '; name="once"'
UNREADABLE: dict[str, dict[str, Any]] = {
    "announced too large": {"content_length": 10**10, "content_type": "text/plain"},
    "too many parts": {"data": parts(*[ONCE] * 6000), "content_type": TYPE},
    "one field too large": {
        "data": b"once=" + b"x" * 11 * 1024 * 1024,
        "content_type": "application/x-www-form-urlencoded",
    },
    "one part too large": {"data": parts(ONCE, value="x" * 11 * 1024 * 1024), "content_type": TYPE},
    "a part without a name": {"data": parts(ONCE, ""), "content_type": TYPE},
    "a file without a name": {"data": parts(ONCE, "; filename=f", ONCE), "content_type": TYPE},
}


@pytest.mark.parametrize("what", UNREADABLE)
@pytest.mark.parametrize("who", [None, "manager"])
def test_no_page_of_an_error_breaks_over_a_form(
    app: Flask, as_: Any, cast: SimpleNamespace, who: str | None, what: str
) -> None:
    """Another host, no place, and a refusal of the rules: each is said as if nothing had been sent."""
    tab = as_(who and getattr(cast, who))
    for address in ("/sign-in", "/kpis/new", "/nowhere"):
        other = tab.post(address, headers={"Host": "evil.example"}, **UNREADABLE[what])
        assert (other.status_code, "Content-Security-Policy" in other.headers) == (400, True)
        assert "TRACKER_ALLOWED_HOSTS" in other.text
        waiting = tab.post(address, environ_base={NO_PLACE: True}, **UNREADABLE[what])
        assert waiting.status_code == 503
    refused = tab.post("/kpis/new", **UNREADABLE[what])
    assert refused.status_code in {400, 413}


def test_a_file_without_a_name_is_refused_before_anything_reads_it(
    as_: Any, cast: SimpleNamespace
) -> None:
    """What is sent once is known by its body, in the order of names. Planted: only the fields looked at, as it was (500)."""
    tab = as_(cast.manager)
    sent = parts(f'; name="csrf_token"\r\n\r\n{tab.token()}\r\n--b\r\n{HEAD}{ONCE}', "; filename=f")
    assert tab.post("/kpis/new", data=sent, content_type=TYPE).status_code == 400


def test_a_disk_without_room_for_the_form_breaks_no_page_either(
    as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: only what Werkzeug refuses is caught."""

    def full(*_any: Any, **_more: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("werkzeug.wrappers.request.Request._load_form_data", full)
    answer = as_(None).post("/sign-in", headers={"Host": "evil.example"}, data={"once": "x"})
    assert answer.status_code == 400
