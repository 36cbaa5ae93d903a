"""What stands on a board: each card in its stage, with its marks, in the lane that one chose."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.boards.conftest import columns, lanes, look, menu
from tests.conftest import Clock, counted
from tests.initiatives.stories import sponsored
from tracker.blockers.models import Blocker
from tracker.boards.models import Board
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour
from tracker.updates.models import Update

pytestmark = pytest.mark.both


def card_words(text: str, ref: str) -> str:
    card = next(c for c in look(text).iter("article") if c.attrib["data-card"] == ref)
    for details in list(card.iter("details")):
        details.clear()
    return " ".join("".join(card.itertext()).split())


def test_a_card_stands_in_its_stage_and_the_folded_columns_only_count(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, an_idea: Initiative
) -> None:
    """Planted: the folded columns left out of `open_keys`' condition, so that ideas were drawn as well."""
    page = as_(cast.manager).get("/boards/everything").text
    assert columns(page)["framed"] == [framed.ref]
    assert columns(page)["idea"] == []
    assert '<span class="count">1</span></a>' in page, "Idea says how many it holds"
    opened = as_(cast.manager).get("/boards/everything?open=idea").text
    assert columns(opened)["idea"] == [an_idea.ref]


def test_a_card_says_who_blocks_it_since_when(
    app: Any, as_: Any, told: Any, cast: SimpleNamespace, board: Board, framed: Initiative, clock: Clock
) -> None:  # fmt: skip
    """Ages are working days. Planted: calendar days instead (4 in place of 2, over a weekend)."""

    def block() -> None:
        with writing():
            Blocker.raise_(
                db.session.get_one(Initiative, framed.id), title="No meter data", blocked_unit_id=cast.care.id,
                holder_unit_id=cast.it.id, needed_by=date(2026, 3, 20), by=cast.lead, now=clock() + timedelta(days=3),
            )  # fmt: skip

    told(block)  # on a Thursday
    clock.forward(days=7)  # a Monday
    words = card_words(as_(cast.manager).get("/boards/everything").text, framed.ref)
    assert "Blocked 2 d by IT platforms" in words
    only = as_(cast.manager).get("/boards/everything?blocked=1").text
    assert columns(only)["framed"] == [framed.ref]


def test_the_colour_and_the_silence_stand_side_by_side(
    as_: Any, told: Any, cast: SimpleNamespace, board: Board, framed: Initiative, clock: Clock
) -> None:
    """Rule 28. Planted: the badge in place of the colour."""

    def post() -> None:
        with writing():
            Update.post(
                db.session.get_one(Initiative, framed.id), colour=Colour.at_risk, day=clock().date(), reason="Late data",
                help_needed="IT answers", by=cast.lead, now=clock(),
            )  # fmt: skip

    told(post)
    assert "No update" not in card_words(
        as_(cast.manager).get("/boards/everything").text, framed.ref
    )
    clock.forward(days=60)
    words = card_words(as_(cast.manager).get("/boards/everything").text, framed.ref)
    assert "At risk" in words
    assert "No update" in words


def test_on_hold_is_a_mark_in_its_column(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, change: Any, clock: Clock
) -> None:
    change(framed, lambda it: it.hold(by=cast.executive, now=clock(), words="Until summer"))
    page = as_(cast.manager).get("/boards/everything").text
    assert columns(page)["framed"] == [framed.ref]
    assert "On hold" in card_words(page, framed.ref)


def test_lanes_by_unit_sponsor_health_and_partner(
    as_: Any, told: Any, cast: SimpleNamespace, board: Board, framed: Initiative, clock: Clock
) -> None:
    """A card of two partners lies in both lanes, under two ids. Planted: one id for both."""

    def with_partners() -> None:
        with writing():
            there = db.session.get_one(Initiative, framed.id)
            there.revise_partners({cast.vendor.id, cast.other_vendor.id}, by=cast.lead, now=clock())

    told(with_partners)
    tab = as_(cast.manager)
    assert lanes(tab.get("/boards/everything?lanes=unit").text) == {"Customer care": [framed.ref]}
    assert lanes(tab.get("/boards/everything?lanes=sponsor").text) == {
        "Emil Executive": [framed.ref]
    }
    assert lanes(tab.get("/boards/everything?lanes=health").text) == {"No update": [framed.ref]}
    page = tab.get("/boards/everything?lanes=partner").text
    assert lanes(page) == {"Brightline": [framed.ref], "Otherwise": [framed.ref]}
    ids = [card.attrib["id"] for card in look(page).iter("article")]
    assert len(ids) == len(set(ids)) == 2


def test_those_longest_in_the_stage_stand_first(
    as_: Any, told: Any, cast: SimpleNamespace, board: Board, framed: Initiative, clock: Clock
) -> None:
    """Planted: the order of their numbers turned round."""
    younger = told(lambda: sponsored(cast, clock.forward(days=1), "Younger"))
    assert columns(as_(cast.manager).get("/boards/everything").text)["framed"] == [
        framed.ref,
        younger.ref,
    ]


def test_a_menu_offers_what_this_person_may(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative
) -> None:
    """Planted: `hold` taken into everybody's menu."""
    see = {
        who: menu(as_(getattr(cast, who)).get("/boards/everything").text, framed.ref)
        for who in ("executive", "lead", "member", "auditor")
    }
    assert {"Decide on Designing", "Put on hold", "Stop"} <= see["executive"].keys()
    assert "Request Designing" in see["lead"]
    assert "Put on hold" not in see["lead"]
    assert see["member"].keys() == see["auditor"].keys() == {"Open the page"}
    assert see["lead"]["Request Designing"].endswith(
        f"back=/boards/everything%23card-{framed.ref}"
    ), "and one comes back to the card"


def test_an_idea_asks_for_a_sponsor_and_not_a_sponsor_for_a_stage(
    as_: Any, cast: SimpleNamespace, board: Board, an_idea: Initiative
) -> None:
    """Planted: the menu without its question about the stage, so that a sponsor who is not there is asked to open Framed."""
    for who in ("lead", "manager"):
        tab = as_(getattr(cast, who))
        offered = menu(tab.get("/boards/everything?open=idea").text, an_idea.ref)
        assert "Propose a sponsor" in offered, who
        assert not [words for words in offered if "Framed" in words], who
        page = tab.get(f"/initiatives/{an_idea.ref}").text
        assert "to open Framed" not in page, who
        assert f"/initiatives/{an_idea.ref}/sponsorship" in page, who


def test_a_place_typed_into_a_title_is_a_title(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, change: Any, clock: Clock
) -> None:
    """What is put into a kept page later has a place that nobody can guess. Planted: the places named openly, as below."""
    title = "[[to be filled: token]] [token] <script>x</script>"
    change(framed, lambda it: it.edit(title=title, by=cast.lead, now=clock()))
    tab = as_(cast.manager)
    for _visit in range(3):
        page = tab.get("/boards/everything?q=[token]")
        assert page.status_code == 200
        page = tab.get("/boards/everything")
        assert "[[to be filled: token]] [token] &lt;script&gt;" in page.text


def test_a_board_takes_few_statements(
    app: Any, as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative
) -> None:
    """Seen again it takes none that a session asks. Planted: the short road switched off (it takes nine)."""
    tab = as_(cast.manager)
    tab.get("/boards/everything")
    tab.get("/boards/everything")
    with counted(app) as seen:
        assert tab.get("/boards/everything").status_code == 200
    assert len(seen) <= 1
