"""Every field of every form in bad hands: in the long form 50 cases alone and 150 among others.

The forms come from `tests/bodies.py`; a new one is tried without being named here.

Planted, each seen red: `int()` around a raw version; a `%` behind the text in `tidy`; a `tidy` that takes out `<`. Found, and mended
with it: a file in place of text, and a part of a form without a name, were answered 500.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from flask import Flask

from tests.hands.garbage import HUGE, HUGE_LINES, Case, cases
from tests.hands.sending import Hands, fields, ids, parts
from tests.hands.wire import broken, multipart, replaced, urlencoded
from tests.midway import midway
from tests.promises import LONG, full
from tests.sending import sent_by_somebody
from tests.test_forms import kinds
from tracker.forms import Line, Words

# Texts that are no text once they are taken: lists of names, days, an address, what only looks something up.
READ = frozenset(
    {
        "holidays",
        "aliases",
        "known_title",
        "email",
        "next",
        "map_name",
        "prefix",
        "currency",
        "budget",
    }
)
# Forms that keep nothing: words that are looked for, of which a file is made; and what whoever has not given a password
# first is led back from.
CAPITALS = frozenset({"code"})  # kept in capitals and without blanks, as its form says
KEEP_NOTHING = frozenset(
    {"audit.export_now", "proofs.code", "proofs.first", "proofs.first_passkey"}
)
BESIDE = ("once", "came_from")  # what stands in every form
PROMISE = "a field in bad hands is answered in words, and keeps what it takes"


@pytest.fixture
def hands(app: Flask, as_: Any) -> Iterator[Hands]:
    app.config["PROPAGATE_EXCEPTIONS"] = True
    world = midway(app, as_)
    made = Hands(app, world, as_)
    yield made
    app.config["PROPAGATE_EXCEPTIONS"] = None
    made.original.close()


@pytest.fixture(scope="session")
def texts() -> frozenset[str]:
    """The names of the fields that take text."""
    found = {
        name
        for kind in kinds()
        for name in dir(kind)
        if getattr(getattr(kind, name), "field_class", None) in {Line, Words}
    }
    return frozenset(found) - READ


def share(database_kind: str, short: int, long: int) -> int:
    """Return how often something is tried on this database: on PostgreSQL a fifth of what the long form tries."""
    return short if not LONG else long if database_kind == "sqlite" else long // 5


def name_of(rule: Any, hands: Hands, send: Any) -> str:
    return f"{rule.rule} {send.where(hands.world)}"


@pytest.mark.both
def test_each_field_alone(
    hands: Hands, database_kind: str, promise: Callable[..., None], texts: frozenset[str]
) -> None:
    each, met = share(database_kind, 1, 50), 0
    left_out = 0.0 if LONG else 0.75 if database_kind == "sqlite" else 0.93
    for rule, send in sent_by_somebody(hands.app):
        for name in fields(send, hands.world):
            lot = random.Random(f"{name_of(rule, hands, send)} {name}")
            if lot.random() < left_out:
                continue
            met += 1
            form = parts(send, hands.world)
            usual = next((p.value for p in form if p.name == name), b"")
            for case in islice(cases(lot, usual, ids(hands.world)), each):
                answer = hands.send(rule, send, replaced(form, name, case), lot, f"{name} {case}")
                is_text = name in texts - CAPITALS - {*send.form_of.split()} and rule.endpoint not in KEEP_NOTHING  # fmt: skip
                hands.look(answer, case, is_text=is_text)
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    promise(PROMISE + ", one by one", tried=hands.tried, database=database_kind, fields=met, accepted=hands.accepted,
            texts=hands.texts, broken=0)  # fmt: skip


@pytest.mark.both
def test_all_fields_at_once(hands: Hands, database_kind: str, promise: Callable[..., None]) -> None:
    """With the key of the submit and the page it came from among them."""
    each = share(database_kind, 1, 150)
    for rule, send in sent_by_somebody(hands.app):
        lot = random.Random(name_of(rule, hands, send))
        if not LONG and database_kind == "postgresql" and lot.random() < 0.7:
            continue
        form = parts(send, hands.world)
        names = [*fields(send, hands.world), *BESIDE]
        usual = {p.name: p.value for p in form}
        drawn = {name: cases(lot, usual.get(name, b"")) for name in names}
        for _ in range(each):
            bad, chosen = form, {name: next(drawn[name]) for name in names if lot.random() < 0.8}
            for name, case in chosen.items():
                bad = replaced(bad, name, case)
            told = ", ".join(f"{name} {case}" for name, case in chosen.items())
            hands.look(hands.send(rule, send, bad, lot, told), None, is_text=False)
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    promise(PROMISE + ", all at once", tried=hands.tried, database=database_kind, accepted=hands.accepted, broken=0)  # fmt: skip


@pytest.mark.filterwarnings(  # Werkzeug leaves the file of a part that was cut short to the garbage collector
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_torn_envelopes_and_huge_texts(hands: Hands, promise: Callable[..., None]) -> None:
    """A text of a megabyte in every field, both ways; bodies cut short, with another boundary, type or character set."""
    for rule, send in sent_by_somebody(hands.app):
        lot, form = random.Random(rule.rule), parts(send, hands.world)
        names = fields(send, hands.world) or ["once"]
        for name in names if LONG else names[:1]:
            for value in (HUGE, HUGE_LINES) if LONG else (HUGE,):
                case = Case((value,))
                for envelope in (urlencoded, multipart) if LONG else (multipart,):
                    answer = hands.send(
                        rule,
                        send,
                        replaced(form, name, case),
                        lot,
                        f"{name} {case}",
                        lambda p, _l, e=envelope: e(p),
                    )
                    hands.look(answer, case, is_text=False)
        if not LONG and lot.random() < 0.6:
            continue
        for number in range(full(1, 60)):
            hands.look(hands.send(rule, send, form, lot, f"envelope {number}", broken), None, is_text=False)  # fmt: skip
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    promise("a form that arrives torn or huge is answered in words", tried=hands.tried, broken=0)
