"""Where I am signed in: the list of one's own, ending one or all of them, and what an administrator may end."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import START
from tests.conftest import Clock, Tab
from tests.organisation.test_sign_ins import As, come_in, copy_of, is_in, rows
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.organisation.people import Person

PAGE = "/settings/sessions"


def links(tab: Tab) -> list[str]:
    return re.findall(rf'action="({PAGE}/[0-9a-f]+/ending)"', tab.get(PAGE).text)


def test_the_list_shows_my_own_and_marks_this_one(
    cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Planted: the list of everybody's."""
    mine, other = come_in(as_(None), cast.member), come_in(as_(None), cast.member)
    come_in(as_(None), cast.contact)
    page = mine.get(PAGE).text
    assert page.count("Firefox on Linux</strong>") == 2
    assert page.count("This one") == 1
    assert len(links(mine)) == 1
    clock.forward(hours=11)
    is_in(mine)
    clock.forward(hours=2)
    assert links(mine) == []
    assert not is_in(other)


def test_one_sign_in_ends(cast: SimpleNamespace, as_: As) -> None:
    mine, other = come_in(as_(None), cast.member), come_in(as_(None), cast.member)
    (link,) = links(mine)
    assert mine.submit(link).status_code == 303
    assert is_in(mine)
    assert not is_in(other)
    assert mine.submit(link).status_code == 404


def test_whoever_was_signed_out_is_told_so_once(cast: SimpleNamespace, as_: As) -> None:
    """Not whoever signed out, nor a stranger. Planted: the words left out; said to everybody who has to sign in."""
    words = "You were signed out: your session ended"
    mine, other = come_in(as_(None), cast.member), come_in(as_(None), cast.member)
    mine.submit(links(mine)[0])
    assert words in other.get("/", follow_redirects=True).text
    assert words not in other.get("/", follow_redirects=True).text
    mine.submit("/sign-out")
    assert words not in mine.get("/", follow_redirects=True).text
    assert words not in as_(None).get("/", follow_redirects=True).text


def test_others_sessions_cannot_be_ended_by_their_address(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """OpenProject CVE-2026-23646. Foreign, missing and by number are the same 404. Planted: `visible_to` without the person."""
    mine, theirs = come_in(as_(None), cast.member), come_in(as_(None), cast.manager)
    (foreign,) = (row for row in rows(app) if row.person_id == cast.manager.id)
    for key in (foreign.key_hash, str(foreign.id), "f" * 64):
        assert mine.submit(f"{PAGE}/{key}/ending").status_code == 404
        assert as_(cast.admin).submit(f"{PAGE}/{key}/ending").status_code == 404
    assert is_in(theirs)


def test_signing_out_everywhere_else_keeps_this_one_under_another_key(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Planted: the key kept; the epoch not raised."""
    mine, others = come_in(as_(None), cast.member), [come_in(as_(None), cast.member) for _ in "ab"]
    copy, foreign = copy_of(mine), come_in(as_(None), cast.lead)
    assert mine.submit(f"{PAGE}/ending").status_code == 303
    assert is_in(mine)
    assert is_in(foreign)
    assert not [tab for tab in (*others, copy) if is_in(tab)]
    with app.app_context():
        counted = select(func.count()).where(Event.kind == Kind.person_signed_out)
        assert db.session.scalar(counted) == 1


def test_an_administrator_ends_all_of_somebody(cast: SimpleNamespace, as_: As) -> None:
    tabs = [come_in(as_(None), cast.member) for _ in "ab"]
    admin, address = come_in(as_(None), cast.admin), f"/admin/people/{cast.member.id}"
    assert f'action="{address}/sessions-ending"' in admin.get(address).text
    assert as_(cast.manager).submit(f"{address}/sessions-ending").status_code == 403
    assert admin.submit(f"{address}/sessions-ending").status_code == 303
    assert not [tab for tab in tabs if is_in(tab)]
    assert is_in(admin)
    assert is_in(come_in(as_(None), cast.member))
    own = f"/admin/people/{cast.admin.id}/sessions-ending"
    assert admin.submit(own).status_code == 303
    assert is_in(admin)


@pytest.mark.parametrize(
    ("fields", "ends"),
    [({"is_admin": True}, True), ({"role": "executive"}, True), ({"name": "Milo"}, False)],
)
def test_whoever_rises_signs_in_anew(
    app: Flask, cast: SimpleNamespace, as_: As, fields: dict[str, Any], ends: bool
) -> None:
    """A key that was held before opens nothing of what somebody may do by now. Planted: the epoch left."""
    tab = come_in(as_(None), cast.member)
    with app.app_context(), writing():
        person = db.session.get_one(Person, cast.member.id)
        person.change(by=db.session.get_one(Person, cast.admin.id), now=START, **fields)
    assert is_in(tab) is not ends


def test_whoever_gives_themself_a_right_goes_on_under_another_key(
    cast: SimpleNamespace, as_: As
) -> None:
    tab = come_in(as_(None), cast.admin)
    copy = copy_of(tab)
    answer = tab.submit("/settings/finance", person_id=cast.admin.id)
    assert answer.status_code == 303
    assert is_in(tab)
    assert not is_in(copy)
