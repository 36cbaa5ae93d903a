"""Where a dropped card leads: to the form of its menu, or back with the reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.boards.conftest import columns, look, menu
from tests.bodies import REQUEST
from tests.conftest import Clock
from tests.gates import opened
from tracker.boards.models import Board
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage

DROP = "/boards/everything/drop"
STAYS = "CX-1 stays where it is: cards of a cell are ordered by their time in the stage."


def drop(tab: Any, initiative: Initiative, **where: str) -> Any:
    return tab.get(DROP, query_string={"ref": initiative.ref, **where})


def reason(tab: Any, answer: Any) -> str:
    """Return what the board says after a refused drop."""
    assert answer.status_code == 303
    assert answer.location.startswith("/boards/everything")
    page = look(tab.get(answer.location).text)
    said = [box for box in page.iter("div") if "toast" in box.attrib.get("class", "").split()]
    return " ".join("".join(said[0].itertext()).split())


@pytest.mark.parametrize(
    ("who", "column", "leads_to"),
    [
        ("executive", "designing", "stage"),
        ("lead", "designing", "stage"),
        ("executive", "ended", "closure"),
    ],
)
def test_a_drop_leads_where_the_menu_leads(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, who: str, column: str, leads_to: str
) -> None:  # fmt: skip
    """Planted: a drop on the next stage that led to the form of holding."""
    tab = as_(getattr(cast, who))
    answer = drop(tab, framed, column=column)
    assert answer.status_code == 303
    to = urlsplit(answer.location)
    assert to.path == f"/initiatives/{framed.ref}/{leads_to}"
    offered = [
        urlsplit(address)
        for address in menu(tab.get("/boards/everything").text, framed.ref).values()
    ]
    assert (to.path, parse_qs(to.query)) in [(each.path, parse_qs(each.query)) for each in offered]
    assert tab.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("who", "where", "why"),
    [
        ("lead", {"column": "idea"},
         "CX-1 does not go back to Idea, for it has a sponsor. The sponsor may put it on hold or stop it."),
        ("lead", {"column": "piloting"}, "Stages open one at a time: Designing is next for CX-1."),
        ("member", {"column": "designing"}, "Only people on the team of CX-1 ask its sponsor to open Designing."),
        ("auditor", {"column": "ended"}, "Only the sponsor stops CX-1, with a reason."),
        ("member", {"column": "framed", "by": "unit", "lane": "2"}, "Only the lead or a programme manager changes the lead unit."),
        ("lead", {"column": "framed", "by": "sponsor", "lane": "6"},
         "The sponsor or the programme owner proposes a new sponsor; for an idea, the lead."),
        ("member", {"column": "framed", "by": "health", "lane": "at_risk"}, "The colour changes with an update, which the lead posts."),
        ("lead", {"column": "framed", "by": "partner", "lane": "1"},
         "Partners are changed on the team page of CX-1, not by moving its card."),
        ("lead", {"column": "framed"}, STAYS),
        ("lead", {"column": "nowhere"}, "There is no such stage."),
        ("lead", {"column": "framed", "by": "unit", "lane": "x'y"}, STAYS),
        ("lead", {"column": "framed", "by": "sponsor", "lane": "-1"}, STAYS),
    ],
)  # fmt: skip
def test_a_move_that_no_rule_allows_says_why(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, who: str, where: dict[str, str], why: str
) -> None:  # fmt: skip
    """Planted: `int(lane)` without a look at it (500), each `_need` taken out in turn."""
    tab = as_(getattr(cast, who))
    assert reason(tab, drop(tab, framed, **where)) == why
    assert columns(tab.get("/boards/everything").text)["framed"] == [framed.ref]


def test_only_the_sponsor_moves_a_card_back(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative, change: Any, clock: Clock
) -> None:
    change(
        framed,
        lambda it: opened(it, Stage.designing, by=cast.executive, now=clock(), words="Go"),
    )
    lead, sponsor = as_(cast.lead), as_(cast.executive)
    assert (
        reason(lead, drop(lead, framed, column="framed"))
        == "Only the sponsor moves CX-1 back a stage."
    )
    assert "/initiatives/CX-1/stage/back" in drop(sponsor, framed, column="framed").location


def test_lanes_lead_to_the_forms_of_unit_sponsor_and_health(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative
) -> None:
    lead, sponsor = as_(cast.lead), as_(cast.executive)
    unit = drop(lead, framed, column="framed", by="unit", lane=str(cast.it.id)).location
    assert f"/initiatives/{framed.ref}/lead-unit?unit={cast.it.id}" in unit
    assert "selected" in lead.get(unit).text
    person = drop(
        sponsor, framed, column="framed", by="sponsor", lane=str(cast.other_executive.id)
    ).location
    assert f"/initiatives/{framed.ref}/sponsorship?person={cast.other_executive.id}" in person
    health = drop(lead, framed, column="framed", by="health", lane="at_risk").location
    assert f"/initiatives/{framed.ref}/updates/new?colour=at_risk" in health


def test_what_was_asked_wears_a_mark_and_stays(
    as_: Any, cast: SimpleNamespace, board: Board, framed: Initiative
) -> None:
    """The card keeps its column; whoever asked comes back to it. Planted: the mark left off the card."""
    tab = as_(cast.lead)
    form = drop(tab, framed, column="designing").location
    back = parse_qs(urlsplit(form).query)["back"][0]
    answer = tab.submit(
        f"/initiatives/{framed.ref}/stage/request?back={back.replace('#', '%23')}",
        **REQUEST,
        to="designing",
    )
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith(f"/boards/everything#card-{framed.ref}")
    page = tab.get("/boards/everything").text
    assert columns(page)["framed"] == [framed.ref]
    assert "Asked: Designing" in page


def test_somebody_elses_initiative_number_is_not_found(
    as_: Any, cast: SimpleNamespace, board: Board
) -> None:
    for ref in ("CX-99", "", "x" * 300, "CX-1'--"):
        assert (
            as_(cast.manager).get(DROP, query_string={"ref": ref, "column": "framed"}).status_code
            == 404
        )
    assert (
        as_(cast.contact).get(DROP, query_string={"ref": "CX-1", "column": "framed"}).status_code
        == 404
    )


def test_an_idea_says_how_it_leaves(
    as_: Any, cast: SimpleNamespace, board: Board, an_idea: Initiative, clock: Clock
) -> None:
    tab = as_(cast.lead)
    words = reason(tab, drop(tab, an_idea, column="framed"))
    assert words.endswith(
        "leaves Idea when an executive accepts to sponsor it. Propose one from its menu."
    )
