"""Nobody is led to another site on the way in, however it is spelt (see also e2e/test_redirects.py)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tests.conftest import Tab
from tests.elsewhere import HERE, SPELLINGS, THERE, as_browsers_read, followed, some
from tests.promises import full
from tracker.addresses import safe_next

As = Callable[[Any], Tab]


def test_what_browsers_make_of_an_address() -> None:
    """The judge of the others, by the examples of the URL standard."""
    page = f"http://{HERE}/sign-in"
    for address, whole in (
        ("/boards", f"http://{HERE}/boards"),
        ("//evil.example", f"http://{THERE}"),
        ("/\\evil.example", f"http://{THERE}"),
        ("/\t/evil.example", f"http://{THERE}"),
        ("\x01 \\\\evil.example", f"http://{THERE}"),
        ("////evil.example/a", f"http://{THERE}/a"),
        ("http:///evil.example", f"http://{THERE}"),
        ("/%2fevil.example", f"http://{HERE}/%2fevil.example"),
        ("/a?b=\\\\c", f"http://{HERE}/a?b=\\\\c"),
    ):
        assert as_browsers_read(page, address) == whole


def test_no_spelling_of_another_site_leads_there(
    cast: SimpleNamespace, as_: As, promise: Any
) -> None:
    """CVE-2026-21879: open redirect after sign-in. Planted: `next` as it came; only `//` refused; only another netloc refused."""
    assert len(SPELLINGS) == 200
    tab, chosen = as_(cast.member), some(full(40, 200))
    led: list[str] = []
    for spelling in chosen:
        for path in ("/sign-in", "/language/en"):
            host = followed(tab, path, next=spelling)
            led += [f"{spelling!r} at {path} to {host}"] if host != HERE else []
    assert not led, "\n".join(led)
    promise("led to another site by `next` on the way in", tried=2 * len(chosen), led=0)


def test_every_spelling_is_refused_or_stays_here() -> None:
    """All two hundred, without a request. Planted: backslashes let through; a second slash; `next` as it came."""
    page = f"http://{HERE}/sign-in"
    kept = [one for one in map(safe_next, SPELLINGS) if one is not None]
    assert [
        one for one in kept if not as_browsers_read(page, one).startswith(f"http://{HERE}/")
    ] == []
    assert len(kept) < 40
