"""A click counts once: for every address that takes a form, a repeated submit does nothing more and is answered as the first.

Each test says which fault was planted to see it fail.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.bodies_proofs import NO_ROWS
from tests.midway import midway
from tests.original import Original
from tests.sending import address, body, named, sends

# Nobody's submits are kept before one is signed in; what these do a second time is looked at in their own tests.
AT_THE_DOOR = {
    "sign_in",
    "sign_out",
    "invitation",
    "reset",
    "ask_reset",
    "unsubscribe",
    "by_mail",
    "not_yet_by_mail",
    "set_up",
    "set_up_organisation",
}


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    return midway(app, as_)


def test_every_form_counts_once(
    app: Flask, world: SimpleNamespace, original: Original, as_: Any
) -> None:
    """The same key and the same words again; the same key and other words; and once without a key.

    Planted: a refusal given for what one's own first click did (a board that is gone: 404; a sponsorship that is accepted: 403).
    """
    wrong, tried = [], 0
    for rule, send in sends(app):
        if rule.endpoint.rpartition(".")[2] in AT_THE_DOOR or rule.endpoint in NO_ROWS:
            continue
        there, where = address(app, rule, world, send), named(rule)
        tab = as_(getattr(world, send.allowed[-1]))
        first = tab.submit(there, once="the key", **body(send, world))
        if first.status_code not in {send.status, 200}:
            wrong.append(f"{where}: the first is answered {first.status_code}")
        done = original.digest()
        again = tab.submit(there, once="the key", **body(send, world))
        if again.status_code != 303 or (first.location and again.location != first.location):
            wrong.append(f"{where}: again {again.status_code} to {again.location}")
        other = tab.submit(there, once="the key", **body(send, world), beside="more")
        if other.status_code not in {403, 404, 409, 422}:  # the rows and the words say why
            wrong.append(f"{where}: with other words {other.status_code}")
        if original.digest() != done:
            wrong.append(f"{where}: a repeated submit changed something")
        original.put_back()
        tab = as_(getattr(world, send.allowed[-1]))
        bare = tab.post(there, data={**body(send, world), "csrf_token": tab.token()})
        if bare.status_code != first.status_code or not original.changed:
            wrong.append(f"{where}: without a key {bare.status_code}")
        original.put_back()
        tried += 1
    assert not wrong, "\n".join(wrong)
    assert tried > 70
