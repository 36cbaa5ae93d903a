"""A sign-in has a row: it ends when it is ended, on every road and for every copy of the cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, redirect, session
from sqlalchemy import select, update

from tests.boards.conftest import board, framed  # noqa: F401 - the board that is polled
from tests.cast import PASSWORD
from tests.conftest import Clock, Tab, counted
from tracker.db import db, writing
from tracker.organisation import arriving
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import IDLE, LONGEST, Proof, SignIn, Way, forget_over, fresh

pytestmark = pytest.mark.both
As = Callable[[Any], Tab]
NEW = "seven quiet otters swim"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CELLS = "/boards/everything/cells"


def come_in(tab: Tab, person: Any, password: str = PASSWORD) -> Tab:
    answer = tab.submit(
        "/sign-in", email=person.email, password=password, headers={"User-Agent": FIREFOX}
    )
    assert answer.status_code == 303
    return tab


def made_of(tab: Tab, name: str) -> str:
    cookie = tab.get_cookie(name)
    assert cookie is not None
    return cookie.value


def copy_of(tab: Tab) -> Tab:
    """Another browser with the same cookies."""
    made: Any = tab.application.test_client()
    name = made.application.config["SESSION_COOKIE_NAME"]
    made.set_cookie(name, made_of(tab, name))
    return made


def is_in(tab: Tab) -> bool:
    return tab.get("/settings/profile").status_code == 200


def rows(app: Flask) -> list[SignIn]:
    with app.app_context():
        return list(db.session.scalars(select(SignIn).order_by(SignIn.id)))


def test_a_sign_in_has_a_row_that_tells_little(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Planted: the key kept as it is; the whole address kept."""
    tab = come_in(as_(None), cast.member)
    with tab.session_transaction() as cookie:
        held = cookie["_user_id"]
    (row,) = rows(app)
    assert (row.person_id, row.way, row.proof) == (cast.member.id, Way.password, Proof.password)
    assert (row.begun_at, row.last_seen, row.proved_at) == (clock(), clock(), clock())
    assert (row.browser, row.device, row.network) == ("Firefox", "Linux", "127.0.0.0/24")
    assert held.partition(".")[2] not in vars(row).values()


def test_each_sign_in_has_another_key_and_the_one_before_ends(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Fixation: what somebody planted, or held before, opens nothing afterwards. Planted: the old row left; the key kept."""
    planted = come_in(as_(None), cast.contact)
    victim = copy_of(planted)
    come_in(victim, cast.member)
    assert not is_in(planted)
    before = copy_of(victim)
    come_in(victim, cast.member)
    assert is_in(victim)
    assert not is_in(before)
    assert len(rows(app)) == 1


def test_signing_out_makes_every_copy_of_the_cookie_worthless(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Planted: only the cookie cleared."""
    tab = come_in(as_(None), cast.member)
    copy, other = copy_of(tab), come_in(as_(None), cast.member)
    assert is_in(copy)
    assert tab.submit("/sign-out").status_code == 303
    assert not is_in(copy)
    assert copy.submit("/settings/profile", name="Still me", version=1).status_code == 303
    assert is_in(other)
    assert len(rows(app)) == 1


@pytest.mark.usefixtures("board", "framed")
def test_a_sign_in_that_ended_ends_the_polls(app: Flask, cast: SimpleNamespace, as_: As) -> None:
    """Even with the right tag, and though the page is kept. Planted: the row not asked about on the short road."""
    tab = come_in(as_(None), cast.manager)
    tab.get("/boards/everything")
    tag = tab.get("/boards/everything").headers["ETag"]
    copy = copy_of(tab)
    poll = {"If-None-Match": tag, "HX-Request": "true"}
    assert copy.get(CELLS, headers=poll).status_code == 304
    tab.submit("/sign-out")
    answer = copy.get(CELLS, headers=poll)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    assert copy.get("/boards/everything").status_code == 303


def test_a_session_that_nobody_uses_ends(cast: SimpleNamespace, as_: As, clock: Clock) -> None:
    """Planted: the idle end not asked about; the visit not noted (ends in the midst of work)."""
    tab, still = come_in(as_(None), cast.member), come_in(as_(None), cast.lead)
    for _hour in range(11):
        clock.forward(hours=1)
        assert is_in(still)
    clock.forward(minutes=59)
    assert is_in(still)
    clock.forward(minutes=1)
    assert not is_in(tab)
    assert is_in(still)


def test_every_session_ends_at_last(cast: SimpleNamespace, as_: As, clock: Clock) -> None:
    """Planted: the absolute end not asked about."""
    tab = come_in(as_(None), cast.member)
    for _time in range(LONGEST // timedelta(hours=10) - 1):
        clock.forward(hours=10)
        assert is_in(tab)
    clock.forward(hours=10)
    assert not is_in(tab)


@pytest.mark.usefixtures("board", "framed")
def test_a_page_that_only_polls_is_not_used(cast: SimpleNamespace, as_: As, clock: Clock) -> None:
    """Polls end when the session does, and do not prolong it; opening the board does. Planted: each the other way."""
    tab = come_in(as_(None), cast.manager)
    seen = 0
    for _half in range(2 * 13):
        clock.forward(minutes=30)
        seen += tab.get(CELLS, headers={"HX-Request": "true"}).status_code == 200
    assert seen == 23
    tab = come_in(as_(None), cast.manager)
    for _half in range(2 * 13):
        clock.forward(minutes=30)
        assert tab.get("/boards/everything").status_code == 200


def test_the_limits_can_be_set(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SESSION_IDLE", timedelta(hours=1))
    tab = come_in(as_(None), cast.member)
    clock.forward(minutes=59)
    assert is_in(tab)
    clock.forward(minutes=60)
    assert not is_in(tab)


def test_another_password_ends_the_others_and_renews_this_one(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """Planted: the epoch not raised; the key kept."""
    tab, other = come_in(as_(None), cast.member), come_in(as_(None), cast.member)
    copy = copy_of(tab)
    answer = tab.submit("/settings/password", current=PASSWORD, password=NEW)
    assert answer.status_code == 303
    assert is_in(tab)
    assert not is_in(other)
    assert not is_in(copy)


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(
    app: Flask, cast: SimpleNamespace, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one was right when it was looked at. Planted: the epoch as it is when the session begins."""
    really = arriving.before_entry

    def meanwhile(entry: arriving.Entry) -> None:
        with db.engine.execution_options(writes=True).begin() as connection:
            one = Person.id == entry.person.id
            connection.execute(update(Person).where(one).values(epoch=Person.epoch + 1))

    monkeypatch.setattr(arriving, "before_entry", [*really, meanwhile])
    tab = come_in(as_(None), cast.member)
    assert not is_in(tab)


def test_more_can_be_asked_before_the_session_begins(
    app: Flask, cast: SimpleNamespace, as_: As, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """Who is held on the way in is not in. Planted: let in before what comes between was asked."""

    def ask(entry: arriving.Entry) -> Any:
        arriving.hold(entry, now=clock())
        return redirect("/more", 303)

    monkeypatch.setattr(arriving, "before_entry", [ask])
    tab = as_(None)
    answer = tab.submit("/sign-in", email=cast.member.email, password=PASSWORD, next="/boards")
    assert answer.location == "/more"
    assert not rows(app)
    assert not is_in(tab)
    with tab.session_transaction() as cookie:
        kept = dict(cookie)

    def still_held() -> arriving.Entry | None:
        with app.test_request_context():
            session.update(kept)
            return arriving.held(now=clock())

    entry = still_held()
    assert entry is not None
    assert (entry.person.id, entry.way, entry.wanted) == (cast.member.id, Way.password, "/boards")
    clock.forward(minutes=10)
    assert still_held() is None


def test_when_and_how_far_somebody_proved_who_they_are(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    come_in(as_(None), cast.member)
    (row,) = rows(app)
    now, within = clock.forward(minutes=9), timedelta(minutes=10)
    assert fresh(row, within=within, now=now)
    assert not fresh(row, within=within, now=now, proof=Proof.second_factor)
    assert not fresh(row, within=within, now=clock.forward(minutes=1))


def test_what_is_over_is_forgotten(
    app: Flask, cast: SimpleNamespace, as_: As, clock: Clock
) -> None:
    """Planted: those of an epoch that is past kept."""
    come_in(as_(None), cast.member)
    clock.forward(hours=1)
    come_in(as_(None), cast.lead)
    come_in(as_(None), cast.manager)
    with app.app_context(), writing():
        db.session.get_one(Person, cast.manager.id).epoch += 1
    with app.app_context(), writing():
        assert forget_over(clock() + IDLE - timedelta(hours=1)) == 2
    assert [row.person_id for row in rows(app)] == [cast.lead.id]


def test_a_request_asks_no_more_statements_than_before(
    app: Flask, cast: SimpleNamespace, as_: As
) -> None:
    """The row comes with the person. Planted: asked for by itself."""
    tab = come_in(as_(None), cast.member)
    tab.get("/settings/profile")
    with counted(app) as seen:
        tab.get("/settings/profile")
    assert sum("sign_in" in each for each in seen) == 1
