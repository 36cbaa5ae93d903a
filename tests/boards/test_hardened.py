"""What was tried on the short road to a board by somebody who attacks it. Each test names the fault that turned it red."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.boards.prepared import MOST_PREPARED
from tracker.boards.visits import MOST_SAID
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.both
DIGITS = "9" * 4400  # more than `int` reads


def save(cast: SimpleNamespace, clock: Clock, name: str, **more: Any) -> Board:
    with writing():
        return Board.save(
            name=name, filters=more.get("filters", Filters()), lanes=more.get("lanes", Lanes.none), owner=None,
            by=cast.manager, now=clock(),
        )  # fmt: skip


@pytest.fixture
def tab(as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative) -> Any:
    made = as_(cast.manager)
    made.token()
    return made


def test_a_board_saved_again_under_an_address_is_another_board(
    tab: Any, told: Any, cast: SimpleNamespace, board: Board, clock: Clock
) -> None:
    """SQLite gives out ids again. Planted: when it was first saved not looked at."""
    for _visit in range(3):
        tag = tab.get("/boards/everything").headers["ETag"]

    def again() -> None:
        with writing():
            db.session.get_one(Board, board.id).delete(by=cast.manager, now=clock())
        save(cast, clock, "EVERYTHING", lanes=Lanes.unit, filters=Filters(colour="off_track"))

    clock.forward(hours=1)
    told(again)
    for _visit in range(3):
        answer = tab.get("/boards/everything", headers={"If-None-Match": tag})
        assert "EVERYTHING" in answer.text
        assert answer.headers.get("ETag") != tag


def test_a_deleted_board_stays_deleted_when_another_takes_its_number(
    tab: Any, told: Any, cast: SimpleNamespace, board: Board, clock: Clock
) -> None:
    for _visit in range(3):
        assert tab.get("/boards/everything").status_code == 200

    def replaced() -> None:
        with writing():
            db.session.get_one(Board, board.id).delete(by=cast.manager, now=clock())
        save(cast, clock, "Another")

    clock.forward(hours=1)
    told(replaced)
    assert tab.get("/boards/everything").status_code == 404
    assert tab.get("/boards/everything/cells").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/boards/everything?unit={DIGITS}", 200),
        (f"/boards/everything/cells?sponsor={DIGITS}", 200),
        (f"/boards/everything?view=ageing&lead={DIGITS}", 200),
        (f"/boards/everything/drop?ref=CX-1&column=framed&by=unit&lane={DIGITS}", 303),
        (f"/boards/new?unit={DIGITS}", 200),
        (f"/initiatives?unit={DIGITS}&imported={DIGITS}", 200),
        ("/boards/everything?q=a%00b", 200),
        ("/boards/%00", 404),
        ("/boards/everything%00/cells", 404),
        ("/boards/everything/", 404),
        ("/initiatives?q=%0%000", 200),
        ("/search?q=a%00b", 200),
        ("/blockers/%00", 404),
    ],
)
def test_odd_addresses_are_answered(tab: Any, address: str, status: int) -> None:
    """Planted: the length of a number not looked at (500); NUL let through (500 on PostgreSQL); a last slash taken."""
    tab.get("/boards/everything")
    for _visit in range(2):
        assert tab.get(address).status_code == status


def test_a_key_with_a_nul_is_a_key(tab: Any) -> None:
    """It is asked about even where the form is not complete. Planted: `once` kept as it came (500 on PostgreSQL)."""
    assert tab.submit("/boards/new", once="a\x00b", name="Mine").status_code == 422


def test_what_browsers_say_at_length_is_not_kept(app: Flask, tab: Any) -> None:
    """Planted: no limit; a few hundred such requests took hundreds of megabytes."""
    kept = app.extensions["boards"].visits._known
    before = len(kept)
    for n in range(5):
        answer = tab.get(
            f"/boards/everything/cells?{n}", headers={"Accept-Language": "x" * MOST_SAID}
        )
        assert answer.status_code == 200
    assert len(kept) == before


def test_a_board_with_a_name_in_any_script_stays_live(
    tab: Any, told: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the address compared as it came over the wire."""
    slug = told(lambda: save(cast, clock, "全部项目")).slug
    tag = tab.get(f"/boards/{slug}").headers["ETag"]
    answer = tab.get(f"/boards/{slug}/cells", headers={"If-None-Match": tag})
    assert answer.status_code == 304


def test_a_tag_is_good_for_one_person(tab: Any, as_: Any, cast: SimpleNamespace) -> None:
    """Planted: the person left out of the fingerprint."""
    tag = tab.get("/boards/everything").headers["ETag"]
    other = as_(cast.member).get("/boards/everything/cells", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_statements_are_given_back(app: Flask, tab: Any) -> None:
    """Planted: no end to them; each stayed in the memory of the database."""
    for n in range(MOST_PREPARED // 2 + 10):
        words = "+".join("abcdefgh"[: 1 + n % 8])
        more = "&".join(
            f"{key}=1"
            for bit, key in enumerate(("unit", "sponsor", "lead", "partner", "blocked"))
            if n >> bit & 1
        )
        assert (
            tab.get(f"/boards/everything/cells?q={words}&theme={n % 2 or ''}&{more}").status_code
            == 200
        )
    for line in app.extensions["boards"].sight.watch._reader.idle:
        assert len(line.names) <= MOST_PREPARED


def test_many_threads_ask_in_turn_on_one_connection(
    app: Flask, as_: Any, cast: SimpleNamespace, board: Board
) -> None:
    """The server has a hundred threads, and PostgreSQL takes no hundred connections of one worker.

    Planted: a connection for every thread, which is never given back.
    """
    tabs = [as_(cast.manager) for _ in range(12)]
    idle = app.extensions["boards"].sight.watch._reader.idle
    before, seen = len(idle), []
    for tab in tabs:
        asks = threading.Thread(
            target=lambda tab=tab: seen.append(tab.get("/boards/everything/cells").status_code)
        )
        asks.start()
        asks.join()
    assert seen == [200] * len(tabs)
    assert len(idle) <= max(1, before)


def test_what_was_open_when_the_engine_was_disposed_of_is_not_used_again(
    app: Flask, tab: Any
) -> None:
    """Planted: a connection that is under way then is kept for the next question."""
    reader = app.extensions["boards"].sight.watch._reader
    tab.get("/boards/everything/cells")
    asked = reader._ask

    def disposed_meanwhile(*given: Any) -> Any:
        with (
            app.app_context()
        ):  # the rest of the request keeps its connections: only this reader is told
            db.engine.dispatch.engine_disposed(db.engine)
        return asked(*given)

    reader._ask = disposed_meanwhile
    try:
        assert tab.get("/boards/everything/cells?unit=1").status_code == 200
    finally:
        del reader._ask
    assert reader.idle == []


def test_boards_of_one_name_saved_at_once_find_addresses_of_their_own(
    app: Flask, tab: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: no second turn (the address is unique, and the others ended in a 500 on PostgreSQL)."""
    found: list[Any] = []

    def one() -> None:
        with app.app_context():
            found.append(save(cast, clock, "Mine too").slug)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 6
