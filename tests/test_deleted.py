"""What was deleted answers its own owner as what never was: on every address that named it, and nothing is changed by asking.

Planted: `Evidence` kept and marked as taken away, and found by its address all the same.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from tests.original import Original
from tests.test_permissions import _without_number, arguments, build, rules
from tracker.db import db

# By what addresses of it begin with: its name in the world, and whose it is.
DELETED = {
    "/files/<ref>": ("evidence", "contact"),
    "/boards/<slug>": ("board", "manager"),
    "/settings/security/passkeys/<": ("passkey", "member"),
    "/settings/sessions/<": ("elsewhere", "manager"),
    "/inbox/mutes/<": ("mute", "owner"),
    "/inbox/<int": ("notice", "owner"),
}


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return build(app)


@pytest.mark.parametrize("beginning", DELETED)
def test_what_is_deleted_answers_as_what_never_was(
    app: Flask, world: SimpleNamespace, original: Original, as_: Any, beginning: str
) -> None:
    name, owner = DELETED[beginning]
    thing, asked = getattr(world, name), []
    tab = as_(getattr(world, owner))
    own = [rule for rule in rules(app) if rule.rule.startswith(beginning)]
    own = [
        rule for rule in own if rule.endpoint != "initiatives.new_on_board"
    ]  # it is only the way back
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(delete(type(thing)).where(type(thing).id == thing.id))
    before = original.digest()
    for rule in own:
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            with app.test_request_context():
                adapter = app.url_map.bind("localhost")
                deleted, missing = (
                    adapter.build(
                        rule.endpoint, arguments(rule, world, missing=which), method=method
                    )
                    for which in (False, True)
                )
            answers = [tab.get(a) if method == "GET" else tab.submit(a) for a in (deleted, missing)]
            told = [
                (one.status_code, _without_number(one.get_data(as_text=True))) for one in answers
            ]
            assert told[0] == told[1], f"{method} {rule.rule}"
            assert told[0][0] == 404, f"{method} {rule.rule}"
            assert original.digest() == before
            asked.append(deleted)
    assert asked
