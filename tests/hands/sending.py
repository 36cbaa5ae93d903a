"""Sends a form as bad hands would, looks at the answer, and gathers what is wrong with it."""

from __future__ import annotations

import random
import re
import secrets
import traceback
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.bodies import Send
from tests.hands.again import original
from tests.hands.garbage import TRACES, Case
from tests.hands.wire import Part, part, travelling
from tests.original import rows
from tests.sending import address, body, named

ELSEWHERE = re.compile(r"[a-z]+:(?!//localhost/)|//|/\\", re.IGNORECASE)
NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def fields(send: Send, world: SimpleNamespace) -> list[str]:
    """Return the names of what the form knows, files apart."""
    given = body(send, world)
    return [name for name, value in given.items() if not isinstance(value, tuple)] + send.form_of.split()  # fmt: skip


def parts(send: Send, world: SimpleNamespace) -> list[Part]:
    """Return the valid form."""
    return [one for name, value in body(send, world).items() for one in part(name, value)]


def ids(world: SimpleNamespace) -> tuple[bytes, ...]:
    """Return ids of rows that belong elsewhere, and what a holder would be called."""
    rows = (world.contact, world.ended, world.billing, world.other, world.other_membership)
    numbers = dict.fromkeys(row.id for row in rows)
    holders = (b"u%d" % world.billing.id, b"p%d" % world.other_vendor.id)
    return (*(b"%d" % number for number in numbers), *holders)


def kept(case: Case) -> set[str]:
    """Return the forms in which the text of `case` may stand in the database: tidied, as lines or as one line.

    What nobody would see is no text: it is kept as nothing.
    """
    text = NO_TEXT.sub("", (case.text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if all(unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp", "Zs"} for one in text):
        return {""}
    return {text, " ".join(text.split())}


@dataclass
class Hands:
    """Somebody who may send forms, and sends anything at all. `wrong` is what came of it."""

    app: Flask
    world: SimpleNamespace
    as_: Any
    tried: int = 0
    accepted: int = 0
    texts: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.original = original(self.app)
        self._since = 0

    def send(self, rule: Any, send: Send, form: list[Part], lot: random.Random, what: str, envelope: Any = travelling) -> Any:  # fmt: skip
        """Send `form` and return the answer, or None when there was none; a write is not put back yet."""
        actor, there = lot.choice(send.allowed), address(self.app, rule, self.world, send)
        self.tab = self.as_(None if actor == "nobody" else getattr(self.world, actor))
        own = [Part("csrf_token", self.tab.token().encode())]
        if not any(p.name == "once" for p in form):
            own.append(Part("once", secrets.token_urlsafe(12).encode()))
        data, kind = envelope([*own, *form], lot)
        headers = {"HX-Request": "true"} if lot.random() < 0.15 else None
        self.what = f"{named(rule)} at {there} by {actor}: {what}"
        return self.ask("POST", there, data=data, content_type=kind, headers=headers)

    def ask(self, method: str, there: str, **more: Any) -> Any:
        """Ask for an address; note an exception, an answer of 5xx, a trace, and an address that leads elsewhere."""
        self.tried += 1
        try:
            answer = self.tab.open(there, method=method, **more)
        except Exception:  # noqa: BLE001 - every one is a fault, and told with its traceback
            self.wrong.append(f"{self.what}\n{traceback.format_exc(limit=-4)}")
            return None
        if answer.status_code >= 500:
            self.wrong.append(f"{self.what}: {answer.status_code}")
        told = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        self.wrong += [f"{self.what}: {trace!r} in the answer" for trace in TRACES if trace in told]
        if ELSEWHERE.match(answer.headers.get("Location", "")) or "a=b" in answer.headers.getlist(
            "Set-Cookie"
        ):
            self.wrong.append(f"{self.what}: {answer.headers}")
        return answer

    def look(self, answer: Any, case: Case | None, *, is_text: bool) -> None:
        """After a write that passed: the text stands there as it was typed, and the page shows it escaped; then put it back."""
        self._since += 1
        status = 500 if answer is None else answer.status_code
        if answer is not None and status == 303:
            self.accepted += 1
            if is_text and case is not None and case.text and max(kept(case)):
                self.texts += 1
                if not self._stands(kept(case)):
                    self.wrong.append(f"{self.what}: accepted, and nowhere as it was typed")
            if case is not None and any(b"zq" in value or b"191" in value for value in case.values):
                self.ask("GET", answer.location)
        if status < 400 or status in {429, 500} or self._since > 40:
            self.original.put_back()
            self._since = 0

    def _stands(self, texts: set[str]) -> bool:
        with self.app.app_context():
            found = rows()
        return any(text in one for table in found.values() for row in table for one in _strings(row) for text in texts)  # fmt: skip


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
