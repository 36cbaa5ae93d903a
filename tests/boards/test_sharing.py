"""What many who watch a board share, and what each gets apart. Each test names the fault that turned it red."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.boards.conftest import columns, look, menu
from tests.conftest import Clock, counted
from tests.initiatives.stories import idea, sponsored
from tracker.boards.figures import figures
from tracker.boards.filters import Filters
from tracker.boards.layout import Column, Lane, Layout
from tracker.boards.measuring import Measure
from tracker.boards.models import Board, Lanes
from tracker.boards.reading import Readings
from tracker.boards.statement import content
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.people import Person

pytestmark = pytest.mark.both
CELLS = "/boards/everything/cells"
WATCHERS = ("executive", "lead", "member", "auditor", "head", "manager", "owner")


@pytest.fixture
def tabs(as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative) -> dict[str, Any]:
    """A browser for each who watches; their sessions can post."""
    found = {}
    for who in WATCHERS:
        found[who] = as_(getattr(cast, who))
        found[who].token()
    return found


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that a board is read."""
    seen: list[int] = []
    usual = Readings.content

    def noted(self: Readings, *given: Any, **more: Any) -> Any:
        seen.append(1)
        return usual(self, *given, **more)

    monkeypatch.setattr(Readings, "content", noted)
    return seen


@pytest.fixture
def prefer(told: Any) -> Callable[..., None]:
    """Let somebody like something: `prefer(cast.member, language="fa")`."""

    def happen(person: Person, **tastes: Any) -> None:
        def act() -> None:
            with writing():
                db.session.get_one(Person, person.id).prefer(**tastes)

        told(act)

    return happen


def offered(tab: Any, framed: Initiative) -> set[str]:
    return set(menu(tab.get(CELLS).text, framed.ref))


def test_a_change_is_read_once_for_all_who_watch(
    tabs: dict[str, Any], cast: SimpleNamespace, framed: Initiative, change: Any, clock: Clock, readings: list[int]
) -> None:  # fmt: skip
    """Planted: a sheet for each who asks (seven readings)."""
    for tab in tabs.values():
        tab.get(CELLS)
    readings.clear()
    change(framed, lambda it: it.edit(title="Another name", by=cast.lead, now=clock()))
    for tab in tabs.values():
        assert "Another name" in tab.get(CELLS).text
    assert len(readings) == 1


def test_what_only_a_number_tells_is_drawn_anew_too(
    tabs: dict[str, Any], cast: SimpleNamespace, told: Callable[..., Any], clock: Clock
) -> None:
    """A new idea lies in a folded column: no card is other than it was. Planted: an outline without the columns."""

    def counts(text: str) -> list[str]:
        folded = [one for one in look(text).iter("div") if one.attrib.get("class") == "folded"]
        return [" ".join("".join(one.itertext()).split()) for one in folded]

    assert counts(tabs["lead"].get(CELLS).text) == ["Idea 0", "Ended 0"]
    told(lambda: idea(cast, clock(), "Quieter letters"))
    assert counts(tabs["lead"].get(CELLS).text) == ["Idea 1", "Ended 0"]


def test_outlines_are_alike_where_nothing_but_cards_is_another() -> None:
    """Planted, one after another: an outline without the columns, without a part of a lane, without whether any card is shown."""

    def outline(**other: Any) -> Any:
        lane = Lane(
            other.get("key", "1"), other.get("name", "Mobile app"), {"framed": []}, other.get("count", 1), other.get("measure")
        )  # fmt: skip
        if "more" in other:
            lane.cells["piloting"] = []
        column = Column("framed", "Framed", other.get("there", 1), None, folded=False)
        return Layout([column], [lane], figures([]), other.get("shown", 1)).outline

    measure = Measure(SimpleNamespace(code="NPS"), [1.0], None, "ok", stale=False, target=None)
    others: list[dict[str, Any]] = [
        *({"key": "2"}, {"name": "Shops"}, {"count": 2}, {"measure": measure}),
        *({"more": True}, {"there": 2}, {"shown": 0}),
    ]
    assert outline() == outline()
    assert outline(measure=measure) == outline(measure=replace(measure))
    assert [outline(**other) for other in others if outline(**other) == outline()] == []


def test_each_is_offered_what_they_may_whoever_asked_before(
    app: Flask, tabs: dict[str, Any], framed: Initiative
) -> None:
    """Drawn for each alone, and then for one after the other. Planted: menus kept whoever looks."""
    alone = {}
    for who, tab in tabs.items():
        app.extensions["boards"].forget()
        alone[who] = offered(tab, framed)
    assert len({frozenset(words) for words in alone.values()}) >= 4
    for order in (list(tabs), list(reversed(tabs))):
        app.extensions["boards"].forget()
        for _turn in range(2):
            for who in order:
                assert offered(tabs[who], framed) == alone[who], who


def test_who_comes_first_to_a_board_that_others_watch_takes_the_short_road(
    app: Flask, tabs: dict[str, Any]
) -> None:
    """No statement of a session. Planted: the person in the key of a drawing."""
    tabs["executive"].get(CELLS)  # what their menus say is made once in a process, by the long road
    app.extensions["boards"].drawings.clear()
    tabs["manager"].get(CELLS)
    with counted(app) as seen:
        assert tabs["executive"].get(CELLS).status_code == 200
    assert seen == []


def test_a_deputy_is_offered_what_the_sponsor_is_from_then_on(
    tabs: dict[str, Any], told: Any, cast: SimpleNamespace, framed: Initiative, clock: Clock
) -> None:
    """And no longer than the days that were said. Planted, one after the other: the epoch and the day left out of `About`."""
    for _turn in range(2):
        assert "Stop" not in offered(tabs["owner"], framed)

    def appoint() -> None:
        with writing():
            Deputyship.appoint(
                db.session.get_one(Person, cast.executive.id), db.session.get_one(Person, cast.owner.id), Capacity.sponsor,
                starts=clock().date(), ends=clock().date(), by=cast.executive, now=clock(),
            )  # fmt: skip

    told(appoint)
    assert "Stop" not in offered(tabs["manager"], framed), "who draws it anew for the others"
    assert "Stop" in offered(tabs["owner"], framed)
    clock.forward(days=1)
    assert "Stop" not in offered(tabs["manager"], framed)
    assert "Stop" not in offered(tabs["owner"], framed)


def test_who_joins_the_team_is_offered_what_the_team_is(
    tabs: dict[str, Any], cast: SimpleNamespace, framed: Initiative, change: Any, clock: Clock
) -> None:
    """Planted: the members left out of the cards."""
    assert "Raise a blocker" not in offered(tabs["member"], framed)

    def join(it: Initiative) -> None:
        it.add_member(db.session.get_one(Person, cast.member.id), by=cast.lead, now=clock())

    change(framed, join)
    assert "Raise a blocker" in offered(tabs["member"], framed)
    assert "Raise a blocker" in offered(tabs["lead"], framed)
    assert "Raise a blocker" not in offered(tabs["auditor"], framed)


def test_each_reads_a_shared_board_in_their_own_language_and_digits(
    app: Flask, tabs: dict[str, Any], cast: SimpleNamespace, prefer: Any
) -> None:
    """The person's choice, else the browser's. Planted, one after another: each part of `Viewed.reads` left out."""
    prefer(cast.member, language="fa")
    prefer(cast.auditor, digits="persian")
    wishes = {"member": "en", "executive": "fa", "lead": "en", "auditor": "en"}
    alone = {}
    for who, wish in wishes.items():
        app.extensions["boards"].forget()
        alone[who] = _words(tabs[who].get(CELLS, headers={"Accept-Language": wish}).text)
    assert len(set(alone.values())) == 3, "English, Persian, and English with Persian digits"
    app.extensions["boards"].forget()
    for _turn in range(2):
        for who, wish in wishes.items():
            text = tabs[who].get(CELLS, headers={"Accept-Language": wish}).text
            assert _words(text) == alone[who], who


def _words(text: str) -> str:
    """Return cells without what may differ between any two: the mark and the menus."""
    return re.sub(r'data-mark="\w+"|<div class="menu-list">.*?</div>', "", text, flags=re.DOTALL)


def test_days_begin_where_one_is(
    tabs: dict[str, Any], told: Any, cast: SimpleNamespace, prefer: Any, clock: Clock
) -> None:
    """It is Wednesday for both, but the stage of one began on a Tuesday here, and on a Monday there.

    Planted: the time zone left out of `Viewed.reads`.
    """
    told(lambda: sponsored(cast, clock.forward(hours=23), "Younger"))
    clock.forward(hours=30)
    prefer(cast.member, time_zone="Pacific/Honolulu")
    here, there, again = (
        _words(tabs[who].get(CELLS).text) for who in ("manager", "member", "manager")
    )
    assert here == again != there


def test_only_those_who_may_are_asked_to_fill_an_empty_board(
    tabs: dict[str, Any], told: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the empty board kept whoever looks."""

    def save() -> None:
        with writing():
            Board.save(
                name="Nothing", filters=Filters(theme="none has it"), lanes=Lanes.none, owner=None, by=None, now=clock()
            )  # fmt: skip

    told(save)
    for who in ("manager", "auditor", "member", "auditor"):
        text = tabs[who].get("/boards/nothing/cells").text
        assert "No initiatives match" in text
        assert ("/initiatives/new" in text) == (who != "auditor"), who


def test_a_page_after_a_poll_leads_to_pages(tabs: dict[str, Any], framed: Initiative) -> None:
    """Planted: the addresses of the poll that made the drawing kept for the page, which then led to bare cells."""
    tabs["member"].get(CELLS)
    page = tabs["member"].get("/boards/everything")
    assert columns(page.text)["framed"] == [framed.ref]
    assert 'href="/boards/everything?blocked=1"' in page.text
    assert "cells?" not in page.text


def test_what_is_read_for_everybody_asks_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scope that depends on who asks cannot be shared by accident. Planted: a scope that asks, and `Anybody` with an id."""
    monkeypatch.setattr(
        Initiative,
        "visible_to",
        classmethod(lambda cls, who: db.select(cls).where(Initiative.lead_id == who.id)),
    )
    with pytest.raises(AttributeError):
        content(Filters(), ("framed",), date(2026, 3, 2))
