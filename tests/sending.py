"""Sending the bodies of `bodies.py`: which address each goes to, and what stands in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests.bodies import BODIES, Send
from tests.bodies_office import OFFICE
from tests.bodies_proofs import PROOFS
from tests.test_permissions import arguments, rules


def posts(app: Flask) -> list[Any]:
    """Every rule that takes a POST."""
    return [rule for rule in rules(app) if "POST" in (rule.methods or ())]


def named(rule: Any) -> str:
    return rule.endpoint.rpartition(".")[2] + " " + rule.rule


def sends(app: Flask) -> Iterator[tuple[Any, Send]]:
    """Every rule that takes a POST with its body; for an act on several, once for each act. Raises `KeyError` for none."""
    table: dict[str, Any] = {**BODIES, **OFFICE, **PROOFS}
    for rule in posts(app):
        found = table[rule.endpoint]
        for send in found.values() if isinstance(found, dict) else (found,):
            yield rule, send


def sent_by_somebody(app: Flask) -> Iterator[tuple[Any, Send]]:
    """Those of `sends` that anybody may send; the set-up is closed to everybody once there are people."""
    return ((rule, send) for rule, send in sends(app) if send.allowed)


def address(app: Flask, rule: Any, world: SimpleNamespace, send: Send, **other: Any) -> str:
    """Return where `send` goes: the usual row of the world, unless it or `other` names another one."""
    with app.test_request_context():
        values = arguments(rule, world) | send.where(world) | other
        return app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")


def body(send: Send, world: SimpleNamespace) -> dict[str, Any]:
    """Return what `send` says, files made anew."""
    fields = send.fields(world)
    return {k: (io.BytesIO(v[0].getvalue()), v[1]) if isinstance(v, tuple) else v for k, v in fields.items()}  # fmt: skip


def turned_away(answer: Any) -> bool:
    """Whether somebody who is not signed in was sent to the door."""
    return answer.status_code == 303 and answer.location.startswith("/sign-in")
