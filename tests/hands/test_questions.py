"""What stands behind the question mark, in headers and in cookies, in bad hands: every GET address, each actor who may read.

Planted, seen red: a host that cannot be, answered by a page as any other mistake (found and mended here).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask

from tests.hands.garbage import cases
from tests.hands.sending import Hands
from tests.hands.wire import BOUNDARY
from tests.midway import midway
from tests.promises import LONG
from tests.test_permissions import arguments, questions, rules

ASKING = re.compile(r"""args(?:\.get|\.getlist)?[(\[]\s*"(\w+)\"""")
MORE = frozenset(
    [
        "page",
        "sort",
        "dir",
        "per",
        "part",
        "q",
        "ids",
        "theme",
        "colour",
        "blocked",
        "partner",
        "sponsor",
        "unit",
        "lanes",
    ]
)
READERS = ("manager", "auditor", "contact", "admin", "executive")
HEADERS = (
    "HX-Request", "HX-Boosted", "HX-Current-URL", "HX-Target", "HX-Trigger", "HX-History-Restore-Request", "Referer", "Accept-Language",
    "Accept", "If-None-Match", "If-Modified-Since", "Range", "Host", "X-Forwarded-For", "X-Forwarded-Proto", "Origin", "Cookie",
)  # fmt: skip
SPLITS = re.compile(rb"[\r\n\x00]")


def names() -> list[str]:
    """Every question that some view asks, and a few that many lists ask."""
    root = Path(__file__).parents[2] / "tracker"
    found = {n for f in root.rglob("*.py") for n in ASKING.findall(f.read_text("utf-8"))}
    return sorted(found | MORE)


def get_addresses(app: Flask, world: SimpleNamespace) -> list[tuple[str, str]]:
    """Return (rule, address) of all that is read, and of every kind of file."""
    found = []
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        values = arguments(rule, world) | questions(rule, world)
        kinds: tuple[dict[str, Any], ...] = ({"form": "csv"}, {"form": "xlsx"}) if "form" in values else ({},)  # fmt: skip
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            found += [(rule.rule, adapter.build(rule.endpoint, values | kind)) for kind in kinds]
    return found


@pytest.mark.both
def test_questions_and_headers(
    app: Flask, as_: Any, database_kind: str, promise: Callable[..., None]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = True
    hands, asked = Hands(app, midway(app, as_), as_), names()
    try:
        for rule, there in get_addresses(app, hands.world):
            lot = random.Random(f"{rule} {there.rpartition('.')[2]}")
            if not LONG and database_kind == "postgresql" and lot.random() < 0.7:
                continue
            drawn = cases(lot, b"1")
            times = 200 if LONG and database_kind == "sqlite" else 30 if LONG else 1
            for case in islice(drawn, times):
                several = lot.sample(asked, 12)
                query = "&".join(f"{name}={quote_from_bytes(v)}" for name in several for v in next(drawn).values)  # fmt: skip
                header = {lot.choice(HEADERS): SPLITS.sub(b"", v)[:500].decode("latin-1") for v in case.values[:3]}  # fmt: skip
                if "Cookie" in header:
                    header["Cookie"] = f"session={header['Cookie']}; language={header['Cookie']}; theme=zq"  # fmt: skip
                hands.tab = as_(getattr(hands.world, lot.choice(READERS)))
                hands.what = f"GET {there}?{query} with {header}"
                hands.ask("GET", f"{there}{'&' if '?' in there else '?'}{query}", headers=header)
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        hands.original.close()
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    promise("an address in bad hands is answered in words", tried=hands.tried, database=database_kind, broken=0)  # fmt: skip


@pytest.mark.both
def test_arguments_of_addresses(app: Flask, as_: Any, database_kind: str) -> None:
    """What an address names does not exist, whatever it is: never a failure, on either database."""
    app.config["PROPAGATE_EXCEPTIONS"] = True
    hands = Hands(app, midway(app, as_), as_)
    try:
        for rule in rules(app):
            lot = random.Random(rule.rule)
            if not LONG and lot.random() < (0.5 if database_kind == "sqlite" else 0.85):
                continue
            for case in islice(cases(lot, b"CX-1"), (60 if LONG else 1) if rule.arguments else 0):
                bad = quote_from_bytes((case.values or (b"",))[0][:900], safe="")
                there = re.sub(r"<[^>]+>", lambda _m, bad=bad: bad, rule.rule)
                hands.tab, hands.what = as_(hands.world.manager), f"GET {there}"
                hands.ask("GET", there)
                hands.what = f"POST {there}"
                hands.ask("POST", there, data={"csrf_token": hands.tab.token()})
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        hands.original.close()
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    assert hands.tried > 10


def test_what_is_no_form(app: Flask, as_: Any) -> None:
    """JSON, XML and nonsense with a token in the header, and tokens by lot.

    Planted: the `wrap_formdata` of Flask-WTF; a part without a name let through to it.
    """
    app.config["PROPAGATE_EXCEPTIONS"] = True
    world = midway(app, as_)
    hands = Hands(app, world, as_)
    hands.tab, there = as_(world.manager), f"/initiatives/{world.initiative.ref}/edit"
    bodies = [
        (b, "application/json")
        for b in (b"[1, 2]", b'{"title": 3}', b'{"title": ["a", {}]}', b"[[1]]", b'"a"', b"null", b"{", b"9" * 5000, b"[" * 90_000)
    ]  # fmt: skip
    bodies += [(b"<!DOCTYPE a [<!ENTITY b 'zq:root'>]><a>&b;</a>", "application/xml"), (b"\x00" * 99, "text/plain")]  # fmt: skip
    nameless = b"--%b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--%b--\r\n" % (BOUNDARY, BOUNDARY)  # fmt: skip
    bodies.append((nameless, f"multipart/form-data; boundary={BOUNDARY.decode()}"))
    try:
        for data, kind in bodies:
            for address in (there, "/boards/new", "/import", "/sign-in"):
                hands.what = f"{address} {kind} {data[:30]!r}"
                hands.ask("POST", address, data=data, content_type=kind, headers={"X-CSRFToken": hands.tab.token()})  # fmt: skip
        for case in islice(cases(random.Random(1), b"token"), 200 if LONG else 15):
            hands.what = f"token {case}"
            answer = hands.ask("POST", "/boards/new", data={"csrf_token": [v[:3000].decode("latin-1") for v in case.values]})  # fmt: skip
            assert answer is None or answer.status_code == 400
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        hands.original.close()
    assert not hands.wrong, "\n".join(hands.wrong[:40])
