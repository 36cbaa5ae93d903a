"""KPIs on a board: the one that each card aims at, a lane for each, and how it stands; goals and readings reach who watches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.aims import aim, kpi
from tests.boards.conftest import CELLS, columns, lanes, look
from tests.boards.test_cards import card_words
from tests.cast import START
from tests.conftest import Clock, counted
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.goals.aims import Horizon
from tracker.goals.locking import present
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.models import Initiative
from tracker.kpis.measures import Good
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.kpis.targets import Target
from tracker.organisation.settings import Organisation, bump_epoch

pytestmark = pytest.mark.both
BY_KPI = "/boards/everything?lanes=kpi"
RISING = (30.0, 31.0, 30.0, 31.0, 30.0, 44.0)


def tag_of(tab: Any, address: str) -> str:
    """Return the mark of a page; once a second the schema is looked at, and that answer has none."""
    for _ in range(3):
        if tag := tab.get(address).headers.get("ETag"):
            return tag
    raise AssertionError(address)


def asked_with(tab: Any, address: str, tag: str) -> Any:
    """Return the answer to a poll: nothing new (304), if one of three says so, as the one a second that looks at the schema never does."""
    for _ in range(3):
        answer = tab.get(address, headers={"If-None-Match": tag, "HX-Request": "true"})
        if answer.status_code == 304:
            break
    return answer


@pytest.fixture
def written(told: Any) -> Callable[[Callable[[], Any]], Any]:
    """Let something happen in a write of its own."""

    def happen(act: Callable[[], Any]) -> Any:
        def inside() -> Any:
            with writing():
                return act()

        return told(inside)

    return happen


@pytest.fixture
def tab(as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative) -> Any:
    return as_(cast.manager)


def read(code: str, *values: float, first: int = 1, **more: Any) -> None:
    one = kpi(code)
    for month, value in enumerate(values, first):
        day = date(2025, month, 1)
        Reading.add(one, day=day, value=value, by=None, now=START, **more)
    restand([one])


def head(page: str, name: str) -> str:
    """Return what the head of a lane says."""
    (found,) = (
        one
        for one in look(page).iter("div")
        if one.attrib.get("class") == "lane-head" and one.find("h2") is not None and name in "".join(one.itertext())
    )  # fmt: skip
    return " ".join(" ".join(found.itertext()).split())


def test_a_card_names_the_kpi_that_it_aims_at_and_what_its_newest_reading_says(
    tab: Any,
    written: Any,
    framed: Initiative,
    an_idea: Initiative,
    cast: SimpleNamespace,
    clock: Clock,
) -> None:
    """Its outcome's, else that which it is led by. Planted: the leading one first; goals that were dropped shown; the mark of
    a KPI that is to fall turned round."""

    def set_others() -> None:
        churn = kpi("CHURN", name="Customer churn", good=Good.down, measure="%")
        for initiative in (framed, an_idea):
            Goal.set(
                db.session.get_one(Initiative, initiative.id), churn, terms=Terms(), horizon=Horizon.leading, by=cast.lead, now=clock()
            )  # fmt: skip
        there = db.session.get_one(Initiative, an_idea.id)
        aim(there).drop(there, by=cast.lead, now=clock(), words="")
        read("CHURN", *RISING)

    written(set_others)
    page = tab.get("/boards/everything?open=idea").text
    assert "NPSNet Promoter Score: Too few to say" in card_words(page, framed.ref)
    assert "CHURN" not in card_words(page, framed.ref)
    assert "CHURNCustomer churn: Getting worse" in card_words(page, an_idea.ref)
    assert (page.count("tag kpi none"), page.count("tag kpi bad")) == (1, 1)
    written(lambda: read("NPS", *RISING))
    page = tab.get("/boards/everything?open=idea").text
    assert "NPSNet Promoter Score: Getting better" in card_words(page, framed.ref)


def test_lanes_by_kpi_say_how_it_stands(
    tab: Any,
    written: Any,
    framed: Initiative,
    an_idea: Initiative,
    cast: SimpleNamespace,
    clock: Clock,
) -> None:
    """And one without comes last. Planted: the target of any KPI; the lane of those without taken first."""

    def prepare() -> None:
        there = db.session.get_one(Initiative, an_idea.id)
        aim(there).drop(there, by=cast.lead, now=clock(), words="")
        read("NPS", *RISING)
        Target.put(kpi("NPS"), day=date(2026, 12, 31), value=45.0, by=None, now=clock())
        Target.put(
            kpi("OTHER", name="Another"), day=date(2026, 6, 30), value=12.0, by=None, now=clock()
        )
        made = Initiative.create(
            title="One call", lead_unit_id=cast.care.id, by=cast.manager, now=clock()
        )
        aim(made, code="OTHER")

    written(prepare)
    page = tab.get(f"{BY_KPI}&open=idea").text
    assert list(lanes(page).items()) == [
        ("Another", ["CX-3"]),
        ("Net Promoter Score", [framed.ref]),
        ("No KPI yet", [an_idea.ref]),
    ]
    assert head(page, "Net Promoter") == (
        "Net Promoter Score 44.0 target 45.0 Getting better Stale 1 initiative"
    )
    assert "Net Promoter Score, newest 44.0: Getting better" in page
    assert '<a href="/kpis/NPS">' in page
    assert head(page, "Another") == "Another – target 12.0 Too few to say 1 initiative"
    assert head(page, "No KPI yet") == "No KPI yet 1 initiative"


def goal_of(framed: Initiative) -> Goal:
    return present(framed.id)[0]


@pytest.mark.parametrize("address", [CELLS, f"{CELLS}?lanes=kpi"])
@pytest.mark.parametrize(
    "happens",
    ["another KPI", "dropped", "a reading", "a correction", "of a unit", "a target", "no target", "another name"],
)  # fmt: skip
def test_what_goals_and_readings_change_reaches_whoever_watches(
    tab: Any,
    written: Any,
    framed: Initiative,
    cast: SimpleNamespace,
    clock: Clock,
    address: str,
    happens: str,
) -> None:
    """By the next poll, and only once. Planted, one after another: `restand` without the epoch, a target without it, a goal
    that does not touch its initiative."""

    def there() -> Initiative:
        return db.session.get_one(Initiative, framed.id)

    def before() -> None:
        read("NPS", 30.0, 31.0)
        Target.put(kpi("NPS"), day=date(2026, 12, 31), value=45.0, by=None, now=clock())
        kpi("CHURN", name="Customer churn")

    def correct() -> None:
        first = db.session.scalars(select(Reading).order_by(Reading.id)).first()
        first.correct(kpi("NPS"), by=cast.manager, now=clock(), value=20.0)  # type: ignore[union-attr]
        restand([kpi("NPS")])

    acts: dict[str, Callable[[], Any]] = {
        "another KPI": lambda: goal_of(framed).change(there(), terms=Terms(), kpi=kpi("CHURN"), by=cast.lead, now=clock()),
        "dropped": lambda: goal_of(framed).drop(there(), by=cast.lead, now=clock(), words=""),
        "a reading": lambda: read("NPS", 32.0, first=3),
        "a correction": correct,
        "of a unit": lambda: read("NPS", 12.0, first=4, unit_id=cast.it.id),
        "a target": lambda: Target.put(kpi("NPS"), day=date(2026, 6, 30), value=40.0, by=None, now=clock()),
        "no target": lambda: db.session.scalars(select(Target)).one().remove(kpi("NPS"), by=cast.manager, now=clock()),
        "another name": lambda: kpi("NPS").change(by=cast.manager, now=clock(), name="Would recommend"),
    }  # fmt: skip
    written(before)
    tag = tag_of(tab, address.replace("/cells", ""))
    assert asked_with(tab, address, tag).status_code == 304
    written(acts[happens])
    answer = asked_with(tab, address, tag)
    assert answer.status_code == 200
    assert asked_with(tab, address, answer.headers["ETag"]).status_code == 304
    if "lanes" in address:
        says = {
            "another KPI": "Customer churn – ", "dropped": "No KPI yet 1 ", "a reading": "32.0 target 45.0", "of a unit": "12.0 target",
            "a target": "31.0 target 40.0", "no target": "31.0 Too few", "another name": "Would recommend 31.0",
        }  # fmt: skip
        heads = [one for one in look(answer.text).iter("div") if one.attrib.get("class") == "lane-head"]  # fmt: skip
        told = " ".join(" ".join(" ".join(one.itertext()) for one in heads).split())
        assert says.get(happens, "31.0") in told


def test_a_reading_that_changes_nothing_on_a_board_leaves_it_alone(
    tab: Any, written: Any, cast: SimpleNamespace, framed: Initiative
) -> None:
    """One of a unit, of a period that was read for the whole company. Planted: the epoch counted whether or not anything differs."""
    written(lambda: read("NPS", 30.0, 31.0))
    tag = tag_of(tab, "/boards/everything")
    written(lambda: read("NPS", 12.0, unit_id=cast.it.id))
    answer = tab.get(CELLS, headers={"If-None-Match": tag, "HX-Request": "true"})
    assert answer.status_code == 304


def test_two_who_count_the_epoch_at_once_count_twice(inside: None, cast: SimpleNamespace) -> None:
    """Or what the second changed would be taken for seen. Planted: one added to what was read before."""
    with writing():
        row = Organisation.current()  # read, and kept
        was = row.epoch
        table: Any = Organisation.__table__
        db.session.execute(update(table).values(epoch=table.c.epoch + 1))  # meanwhile
        bump_epoch()
        db.session.flush()
        assert row.epoch == was + 2


def test_a_board_is_narrowed_to_a_kpi_and_so_are_its_list_and_what_is_saved(
    tab: Any,
    written: Any,
    told: Any,
    framed: Initiative,
    an_idea: Initiative,
    cast: SimpleNamespace,
    clock: Clock,
) -> None:
    """By any goal of theirs. Planted: the KPI left out of the filters, of the list, of the form; dropped goals counted."""

    def prepare() -> tuple[int, int]:
        there = db.session.get_one(Initiative, an_idea.id)
        aim(there).drop(there, by=cast.lead, now=clock(), words="")
        return kpi("NPS").id, kpi("CHURN", name="Customer churn").id

    nps, churn = written(prepare)
    page = tab.get(f"/boards/everything?kpi={nps}&open=idea").text
    assert columns(page)["framed"] == [framed.ref]
    assert columns(page)["idea"] == []
    assert "KPI: Net Promoter Score" in page
    assert f"/boards/everything/cells?kpi={nps}" in page
    assert columns(tab.get(f"/boards/everything?kpi={churn}").text)["framed"] == []
    answer = tab.get(f"/boards/everything?kpi={nps}&view=list")
    assert answer.headers["Location"] == f"/initiatives?kpi={nps}"
    listed = tab.get(answer.headers["Location"]).text
    assert f"/initiatives/{framed.ref}" in listed
    assert f'href="/initiatives/{an_idea.ref}"' not in listed
    assert f'href="/initiatives/{framed.ref}"' not in tab.get(f"/initiatives?kpi={churn}").text
    nothing = {"theme": "", "unit": "", "sponsor": "", "partner": "", "colour": ""}
    tab.submit("/boards/new", name="What moves it", kpi=nps, lanes="kpi", **nothing)
    kept = told(
        lambda: db.session.scalars(select(Board).where(Board.slug == "what-moves-it")).one()
    )
    assert (kept.filters.kpi, kept.lanes) == (nps, Lanes.kpi)
    assert f'<option selected value="{nps}">' in tab.get("/boards/what-moves-it/edit").text


def test_a_card_that_is_dropped_on_another_kpi_stays_with_the_reason(
    tab: Any, written: Any, framed: Initiative
) -> None:
    """Its goal is set on its own page; along the stages it moves as ever. Planted: the rule of KPIs left out."""
    churn = written(lambda: kpi("CHURN").id)
    where = f"/boards/everything/drop?ref={framed.ref}&by=kpi&lane={churn}"
    answer = tab.get(f"{where}&column=framed", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert f"{framed.ref} stays where it is: which KPI it is to move is said by its goal" in answer.text  # fmt: skip
    moved = tab.get(f"{where}&column=designing", headers={"HX-Request": "true"})
    assert f"/initiatives/{framed.ref}/stage?to=designing" in str(moved.headers)


def test_lanes_by_kpi_take_as_many_statements_however_many_they_are(
    app: Any, tab: Any, written: Any, framed: Initiative, cast: SimpleNamespace, clock: Clock
) -> None:
    """Seen again they take none that a session asks. Planted: one statement more for the head of each lane."""

    def begin(n: int) -> None:
        made = Initiative.create(
            title=f"Work {n}", lead_unit_id=cast.care.id, by=cast.manager, now=clock()
        )
        kpi(f"K{n}", name=f"Measure {n}")
        aim(made, code=f"K{n}")

    taken = []
    for n in range(4):
        written(lambda n=n: begin(n))
        with counted(app) as seen:
            page = tab.get(f"{BY_KPI}&open=idea").text
        assert len(lanes(page)) == n + 2
        taken.append(len(seen))
    assert len(set(taken[1:])) == 1
    with counted(app) as seen:
        tab.get(f"{BY_KPI}&open=idea")
    assert len(seen) <= 1
