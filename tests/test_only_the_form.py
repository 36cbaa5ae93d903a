"""A form gives what it asks for and nothing else; the address decides which row it is about, whatever the body says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Boolean, Date, Enum, Integer

from tests.bodies import LATER, Send
from tests.midway import midway
from tests.original import Original, rows
from tests.sending import address, body, named, sent_by_somebody
from tracker import drawn
from tracker.activity.declaring import MARK
from tracker.db import Instant, Model

# Drawn by lot for every request, or signed over what was.
BY_LOT = frozenset(
    {
        "request_id",
        "salt",
        "commitment",
        "seal",
        "token",
        "token_hash",
        "password_hash",
        "sealed",
        "code_hash",
        "access_link.seed",
        "approval_link.seed",
        "mail.ref",
    }
)


def without_salt(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows with one and the same mark for every commitment to words, which is salted by lot."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        return MARK if isinstance(value, str) and value.startswith(MARK) else value

    return {table: [tuple(map(plain, row)) for row in every] for table, every in found.items()}


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    return midway(app, as_)


def planted(world: SimpleNamespace) -> dict[str, Any]:
    """Return a value for every column that there is, and for every argument of an address: those of other rows."""
    others = {
        "person": world.other_executive, "unit": world.billing, "partner": world.other_vendor, "initiative": world.other,
        "blocker": world.foreign, "membership": world.other_membership, "status_update": world.other_update,
    }  # fmt: skip
    found: dict[str, Any] = {}
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            target = next((key.column.table.name for key in column.foreign_keys), None)
            kind: Any = column.type
            if target:
                value = getattr(others.get(target), "id", 1)
            elif isinstance(kind, Enum):
                value = kind.enums[-1]
            elif isinstance(kind, Boolean):
                value = "y"
            elif isinstance(kind, Integer):
                value = 99
            else:
                value = LATER if isinstance(kind, Date | Instant) else "Planted"
            found.setdefault(column.name, value)
    return found | {
        "id": world.other.id, "ids": [world.other.id], "ref": world.other.ref, "key": world.other_executive.id, "role": "executive",
        "slug": world.members_board.slug, "member": world.other_membership.id, "contact_id": world.other_contact.id,
        "id_": world.other_update.id, "stage": "realised",
    }  # fmt: skip


def extra(rule: Any, send: Send, world: SimpleNamespace) -> dict[str, Any]:
    """Return what is sent beside what the form knows."""
    known = {*body(send, world), *send.form_of.split(), "version"}  # what was seen, any form says
    return {name: value for name, value in planted(world).items() if name not in known}


def test_what_no_form_asks_for_is_not_taken(
    app: Flask,
    world: SimpleNamespace,
    original: Original,
    as_: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every column of the database is sent along, in the body and behind the question mark, with ids of other rows.

    Planted: `is_admin` taken by one's own profile, and ids behind the question mark before those of the form.
    """
    monkeypatch.setattr(drawn, "ALPHABET", "7")  # addresses are drawn by lot as well
    wrong = []
    for rule, send in sent_by_somebody(app):
        there, actor = address(app, rule, world, send), send.allowed[-1]
        more = extra(rule, send, world)
        beside = {k: v for k, v in planted(world).items() if k not in send.form_of.split()}
        asked = urlencode(beside, doseq=True)
        told = []
        for where, fields in ((there, {}), (f"{there}{'&' if '?' in there else '?'}{asked}", more)):
            tab = as_(None if actor == "nobody" else getattr(world, actor))
            answer = tab.submit(where, **body(send, world), **fields)
            with app.app_context():
                told.append((answer.status_code, without_salt(rows(apart=BY_LOT))))
            original.put_back()
        (plain, before), (laden, after) = told
        differs = [table for table in before if before[table] != after[table]]
        if plain != laden or differs:
            wrong.append(f"{named(rule)} at {there} by {actor}: {plain} and {laden}, {differs}")
    assert not wrong, "\n".join(wrong)
