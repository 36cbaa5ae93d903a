"""Boards of one's own and files that one brought exist for nobody else: not by their address, and not in any list."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.midway import midway
from tests.test_permissions import _without_number, rules
from tracker.db import writing

ACTORS = ("member", "manager", "executive", "auditor", "admin", "contact")
INTERNAL = ("member", "manager", "executive", "auditor", "admin")


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    return midway(app, as_)


def test_a_board_and_an_import_of_somebody_else_answer_as_if_they_never_were(
    app: Flask, world: SimpleNamespace, as_: Any
) -> None:
    """By every method: the same status, 404 or what one may not do at all, and the same page.

    Planted: every import run visible to all, and boards of others.
    """
    different = []
    kinds: dict[str, tuple[str, dict[str, Any], Any]] = {
        "/boards/<slug>": ("slug", {"manager": world.managers_board.slug, "member": world.members_board.slug}, "no-such-board"),
        "/import/<": ("key", {"manager": world.managers_run.id, "admin": world.admins_run.id}, 999_999),
    }  # fmt: skip
    for rule in rules(app):
        kind = next(
            (values for start, values in kinds.items() if rule.rule.startswith(start)), None
        )
        if kind is None or rule.endpoint == "initiatives.new_on_board":  # which reads no board
            continue
        name, owned, missing = kind
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for actor in ACTORS:
                tab = as_(getattr(world, actor))
                owner, value = next(one for one in owned.items() if one[0] != actor)
                told = [_told(app, rule, method, tab, name, one) for one in (value, missing)]
                if told[0] != told[1] or told[0][0] not in {403, 404}:
                    said = f"{told[0][0]}, {told[1][0]}"
                    different.append(f"{method} {rule.rule} of {owner} by {actor}: {said}")
    assert not different, "\n".join(different)


def _told(app: Flask, rule: Any, method: str, tab: Any, name: str, value: Any) -> tuple[int, str]:
    with app.test_request_context():
        address = app.url_map.bind("localhost").build(rule.endpoint, {name: value}, method=method)
    answer = tab.get(address) if method == "GET" else tab.submit(address)
    return answer.status_code, _without_number(answer.get_data(as_text=True)).replace(address, "")


def test_a_board_of_ones_own_and_a_file_that_one_brought_are_named_to_nobody_else(
    app: Flask, world: SimpleNamespace, as_: Any
) -> None:
    """Planted: boards of others in every list."""
    with app.app_context(), writing() as session:
        session.execute(
            text("UPDATE board SET name = 'zq.' || owner_id || '.' WHERE owner_id IS NOT NULL")
        )
        session.execute(text("UPDATE import_run SET filename = 'zq.' || person_id || '.'"))
    pages = (
        "/",
        "/boards",
        "/boards/all",
        "/activity",
        "/search?q=zq",
        "/search?q=of",
        "/import",
        "/initiatives",
        "/settings/profile",
    )
    for actor in INTERNAL:
        person = getattr(world, actor)
        for address in pages:
            page = as_(person).get(address).get_data(as_text=True)
            assert set(re.findall(r"zq\.(\d+)\.", page)) <= {str(person.id)}, (
                f"{address} to {actor}"
            )
            slugs = {
                w.slug
                for w in (world.managers_board, world.members_board)
                if w.owner_id != person.id
            }
            assert not [slug for slug in slugs if f"/boards/{slug}" in page], (
                f"{address} to {actor}"
            )
