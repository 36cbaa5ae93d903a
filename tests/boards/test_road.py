"""The road of stages on a card: how far the work is, by when the next stage opens, and that it is late. Each test names what was
planted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.boards.conftest import look, poll
from tests.boards.test_measured import asked_with, tag_of
from tests.conftest import Clock, counted
from tests.initiatives.stories import sponsored
from tracker.boards.models import Board
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.milestones.models import Milestone
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.both
BOARD = "/boards/everything?open=idea"
DUE = date(2026, 3, 12)  # a Thursday; the clock stands on Monday, the 2nd


@pytest.fixture
def plan(
    change: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> Callable[..., None]:
    """Plan a gate of the framed one: `plan(Stage.designing)`."""

    def happen(opens: Stage | None, due_on: date = DUE) -> None:
        words = {"name": "Gate", "opens": opens, "due_on": due_on}
        change(framed, lambda it: Milestone.plan(it, by=cast.lead, now=clock(), **words))

    return happen


def road(page: str, ref: str) -> tuple[str, str, str]:
    """Return what the pips of a card say, how they look in their order, and what stands beside them."""
    card = next(one for one in look(page).iter("article") if one.attrib["data-card"] == ref)
    (pips,) = (one for one in card.iter("span") if one.attrib.get("class") == "pips")
    looks = "".join(one.attrib.get("class", "-") for one in pips.iter("i"))
    beside = [one for one in card.iter("span") if one.attrib.get("class", "").startswith("nowrap")]
    assert all(one.attrib["aria-hidden"] == "true" for one in beside), "the label says it already"
    said = " ".join(f"{one.text}{' bad' * ('bad' in one.attrib['class'])}" for one in beside)
    return pips.attrib["aria-label"], looks, said


def test_a_card_shows_how_far_it_is_and_by_when_the_next_stage_opens(
    tab: Any, plan: Any, framed: Initiative, an_idea: Initiative
) -> None:
    """Planted: the stages counted from nought; the gate of a later stage taken for the next one; a milestone that is no gate."""
    assert road(tab.get(BOARD).text, framed.ref) == (
        "Stage 2 of 7, next: Designing", "ddn----", ""
    )  # fmt: skip
    assert road(tab.get(BOARD).text, an_idea.ref)[:2] == ("Stage 1 of 7, next: Framed", "dn-----")
    plan(Stage.piloting, date(2026, 3, 5))
    plan(None, date(2026, 3, 4))
    assert road(tab.get(BOARD).text, framed.ref)[2] == ""
    plan(Stage.designing)
    assert road(tab.get(BOARD).text, framed.ref) == (
        "Stage 2 of 7, next: Designing by 12 Mar 2026", "ddn----", "12 Mar"
    )  # fmt: skip


def test_a_stage_that_is_not_in_use_is_no_part_of_the_road(
    tab: Any, told: Any, plan: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the stages taken as they are listed, so that the gate of Designing stood on the card."""
    plan(Stage.designing, date(2026, 3, 5))
    plan(Stage.piloting)

    def leave_out() -> None:
        with writing():
            Organisation.current().change(by=cast.admin, now=clock(), designing=False)

    told(leave_out)
    assert road(tab.get(BOARD).text, framed.ref) == (
        "Stage 2 of 6, next: Piloting by 12 Mar 2026", "ddn---", "12 Mar"
    )  # fmt: skip


def test_midnight_makes_it_late_without_anybody(
    tab: Any, plan: Any, framed: Initiative, clock: Clock
) -> None:
    """Its day itself is not late yet. Planted: a day kept with the card; late on the day itself."""
    plan(Stage.designing)
    clock.forward(days=10)
    tag = tag_of(tab, "/boards/everything")
    assert road(tab.get(BOARD).text, framed.ref)[1:] == ("ddn----", "12 Mar")
    clock.forward(days=1)
    answer = poll(tab, tag)
    assert answer.status_code == 200
    late = ("Stage 2 of 7, next: Designing, late since 12 Mar 2026", "ddl----", "12 Mar bad")
    assert road(answer.text, framed.ref) == late


def test_nothing_is_late_that_is_on_hold(
    tab: Any, plan: Any, change: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> None:
    """Rule 6. Planted: the hold left out."""
    plan(Stage.designing)
    clock.forward(days=20)
    assert road(tab.get(BOARD).text, framed.ref)[1] == "ddl----"
    change(framed, lambda it: it.hold(by=cast.executive, now=clock(), words="Until summer"))
    assert road(tab.get(BOARD).text, framed.ref)[1:] == ("ddn----", "12 Mar")


def test_what_has_ended_has_no_next_stage(
    tab: Any, plan: Any, change: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the next stage of what was stopped shown as if work went on."""
    plan(Stage.designing)
    change(framed, lambda it: it.stop(by=cast.executive, now=clock(), words="No longer wanted"))
    page = tab.get("/boards/everything?open=ended").text
    assert road(page, framed.ref) == ("Stage 2 of 7", "dd-----", "")


@pytest.mark.parametrize("happens", ["planned", "moved", "dropped", "taken up"])
def test_what_becomes_of_the_gate_reaches_whoever_watches(
    tab: Any, plan: Any, change: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock, happens: str
) -> None:  # fmt: skip
    """By the next poll, and only once. Planted, one after another: each of the four verbs without its touch."""
    by = {"by": cast.lead, "now": clock()}

    def act(verb: str) -> Callable[[Initiative], None]:
        def on_it(_it: Initiative) -> None:
            gate = db.session.scalars(select(Milestone)).one()
            if verb == "moved":
                gate.reschedule(date(2026, 4, 2), "The printer is late.", **by)
            elif verb == "dropped":
                gate.drop("Not now.", **by)
            else:
                gate.take_up(**by)

        return on_it

    if happens != "planned":
        plan(Stage.designing)
    if happens == "taken up":
        change(framed, act("dropped"))
    tag = tag_of(tab, "/boards/everything")
    if happens == "planned":
        plan(Stage.designing)
    else:
        change(framed, act(happens))
    answer = poll(tab, tag)
    assert answer.status_code == 200
    beside = {"moved": "2 Apr", "dropped": ""}.get(happens, "12 Mar")
    assert road(answer.text, framed.ref)[2] == beside
    assert asked_with(tab, "/boards/everything/cells", answer.headers["ETag"]).status_code == 304


def test_two_who_read_days_in_two_calendars_each_read_their_own(
    tab: Any, as_: Any, told: Any, plan: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> None:  # fmt: skip
    """What is drawn is shared by those who read alike. Planted: the calendar left out of how somebody reads; out of the words."""
    plan(Stage.designing)

    def prefers() -> None:
        with writing():
            db.session.get_one(Person, cast.executive.id).prefer(day_calendar="jalali")

    told(prefers)
    for _visit in range(2):
        assert road(tab.get(BOARD).text, framed.ref)[2] == "12 Mar"
        assert road(as_(cast.executive).get(BOARD).text, framed.ref)[2] == "21 Esfand"


def test_cards_with_gates_take_as_many_statements_however_many_they_are(
    app: Any, tab: Any, told: Any, board: Board, plan: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the database asked as the words of each card are made."""
    plan(Stage.designing)

    def begin(*those: int) -> None:
        for n in those:
            made = sponsored(cast, clock(), f"Work {n}")
            with writing():
                words = {"name": "Gate", "opens": Stage.designing, "due_on": date(2026, 5, 1 + n)}
                Milestone.plan(made, by=cast.lead, now=clock(), **words)

    taken = []
    for those in ((0,), (1,), (2, 3, 4, 5)):
        told(lambda those=those: begin(*those))
        with counted(app) as seen:
            page = tab.get(BOARD).text
        assert page.count('class="pips"') == those[-1] + 2
        taken.append(len(seen))
    assert taken[1] == taken[2]
