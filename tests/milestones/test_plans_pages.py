"""Stage plans in the browser: kept by administrators, chosen by leads. Each test names what was planted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.filled import form_to
from tests.initiatives.stories import sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.plans import StagePlan, terms_of
from tracker.milestones.usual import GateTerms
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

PLANS = "/settings/stage-plans"


@pytest.fixture
def one(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def plan(told: Any, cast: SimpleNamespace, clock: Any) -> Any:
    """Add a plan: `plan("Small fix", usual=True)` returns its number."""

    def add(name: str = "Small fix", **more: Any) -> int:
        gates = {Stage.designing: GateTerms("The text is drafted", ("Five read it",), (), 5)}

        def inside() -> int:
            with writing():
                return StagePlan.add(name=name, gates=gates, by=cast.admin, now=clock(), **more).id

        return told(inside)

    return add


def stands(app: Any, name: str) -> StagePlan:
    with app.app_context():
        found = db.session.scalars(select(StagePlan).where(StagePlan.name == name)).one()
        found.terms = terms_of(found)  # type: ignore[attr-defined]
        db.session.expunge(found)
        return found


def test_whoever_keeps_the_settings_is_told_first_what_the_built_in_plan_says(as_, cast):
    """Planted: the link left out of the settings; the built-in plan left out of the page."""
    tab = as_(cast.admin)
    assert f'href="{PLANS}"' in tab.get("/settings/workspace").text
    page = tab.get(PLANS).text
    assert "What the built-in plan says" in page
    assert "Customers have tried the design and would use it" in page
    assert f'href="{PLANS}/new"' in page


def test_a_new_plan_begins_as_a_copy_and_is_the_usual_one_where_none_is(app, as_, cast):
    """Planted: the form begun empty; what was typed of a gate kept under another stage; the usual one left to be said apart."""
    tab = as_(cast.admin)
    page = tab.get(f"{PLANS}/new").text
    assert "Customers of the pilot say that it is better" in page
    assert "at least one criterion of each gate be the customer" in page
    answer = tab.fill(
        f"{PLANS}/new", name="Small fix", piloting_name="Ten try it", piloting_days="15"
    )
    assert answer.status_code == 303
    plan = stands(app, "Small fix")
    assert (plan.usual, plan.at_acceptance) == (True, False)
    terms = plan.terms  # type: ignore[attr-defined]
    assert terms[Stage.piloting] == GateTerms(
        "Ten try it", ("Customers have tried the design and would use it",), (Measure.customer_evidence, Measure.goal_whole), 15
    )  # fmt: skip
    assert terms[Stage.designing].days is None
    page = tab.get(PLANS).text
    assert "Small fix" in page
    assert "What the built-in plan says" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Say for which kind of initiative it is."),
        ({"name": "Small fix"}, "There is a stage plan called Small fix already."),
        ({"piloting_days": "0"}, "Type a number from 1 to 400."),
        ({"piloting_days": "401"}, "Type a number from 1 to 400."),
        ({"piloting_days": "soon"}, "Type a number from 1 to 400."),
        ({"designing_criteria": "\n".join(map(str, range(31)))}, "Keep it to 30 criteria."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(as_, cast, plan, typed, words):
    """Planted: the most of the days, and of the criteria, left out."""
    plan()
    fields = {"name": "Another kind", "realised_name": "It is there", **typed}
    answer = as_(cast.admin).fill(f"{PLANS}/new", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "It is there" in answer.text


def test_a_plan_is_edited_made_the_usual_one_and_put_out_of_use(app, as_, cast, plan):
    """Planted: the version left out of the form; the page of the usual one that offers to make it so."""
    key, other = plan(), plan("New technology", usual=True)
    tab = as_(cast.admin)
    answer = tab.fill(
        f"{PLANS}/{key}/edit", name="Small fixes", at_acceptance="y", designing_days="7"
    )
    assert answer.status_code == 303
    kept = stands(app, "Small fixes")
    assert (kept.at_acceptance, kept.terms[Stage.designing].days) == (True, 7)  # type: ignore[attr-defined]
    assert kept.terms[Stage.designing].criteria == ("Five read it",)  # type: ignore[attr-defined]
    assert tab.get(f"{PLANS}/{other}/usual").status_code == 409
    assert "Gates that are planned already stay as they are" in tab.get(f"{PLANS}/{key}/usual").text
    assert tab.fill(f"{PLANS}/{key}/usual").status_code == 303
    assert stands(app, "Small fixes").usual
    assert not stands(app, "New technology").usual
    assert "the built-in plan is the usual one again" in tab.get(f"{PLANS}/{key}/ending").text
    assert tab.fill(f"{PLANS}/{key}/ending").status_code == 303
    assert f"{PLANS}/{key}/" not in tab.get(PLANS).text
    assert "Built-in plan" in tab.get(PLANS).text
    assert tab.get(f"{PLANS}/{key}/edit").status_code == 409


def test_two_who_edit_a_plan_at_once_both_see_what_stands(as_, cast, plan):
    """Planted: `same_version` left out of the page."""
    key = plan()
    tab = as_(cast.admin)
    opened = {"name": "Small fixes", "version": "1"}
    assert tab.fill(f"{PLANS}/{key}/edit", name="Quick fix").status_code == 303
    answer = tab.submit(f"{PLANS}/{key}/edit", **opened)
    assert answer.status_code == 409
    assert "Quick fix" in answer.text


def test_what_one_did_not_see_is_not_ended(as_, cast, plan, told, clock):
    """It became the usual one meanwhile. Planted: `seen` left out of the page."""
    key = plan()
    tab = as_(cast.admin)
    address = f"{PLANS}/{key}/ending"
    shown = form_to(tab.get(address).text, address, address)

    def make_usual() -> None:
        with writing():
            db.session.get_one(StagePlan, key).make_usual(by=cast.admin, now=clock())

    told(make_usual)
    answer = tab.post(address, data=shown)
    assert answer.status_code == 409
    assert "changed since you opened it" in answer.text


def test_only_the_stages_in_use_are_asked_for_and_the_others_stay(
    app, as_, cast, plan, told, clock
):
    """Planted: the gates that the form does not ask for emptied."""
    key = plan()

    def leave_out() -> None:
        with writing():
            Organisation.current().change(by=cast.admin, now=clock(), designing=False)

    told(leave_out)
    tab = as_(cast.admin)
    assert "designing_name" not in tab.get(f"{PLANS}/{key}/edit").text
    assert tab.fill(f"{PLANS}/{key}/edit", piloting_name="Ten try it").status_code == 303
    assert stands(app, "Small fix").terms[Stage.designing].name == "The text is drafted"  # type: ignore[attr-defined]


def test_a_lead_chooses_the_kind_where_there_are_several(app, as_, cast, one, plan):
    """Days, names and criteria are that plan's. Planted: the plan of the address left out of the form; the usual one taken
    whatever was chosen; the choice offered where there is none."""
    address = f"/initiatives/{one.ref}/milestones/gates"
    tab = as_(cast.lead)
    assert "Kind of initiative" not in tab.get(address).text
    key = plan()
    page = tab.get(address).text
    assert "Kind of initiative" in page
    assert "Built-in plan" in page
    assert "Five read it" not in page
    page = tab.get(f"{address}?plan={key}").text
    assert "Five read it" in page
    assert 'value="2026-03-09"' in page
    shown = form_to(page, address, address)
    blank = {"piloting": "", "rolling_out": "", "proving_benefit": "", "realised": ""}
    answer = tab.post(address, data=shown | blank)
    assert answer.status_code == 303
    with app.app_context():
        gate = db.session.scalars(select(Milestone)).one()
        assert (gate.name, gate.stage_plan_id) == ("The text is drafted", key)
        assert [each.words for each in criteria_of([gate.id])] == ["Five read it"]
    page = tab.get(address).text
    assert f'<option selected value="{key}">' in page, "the kind that its other gates came from"


def test_a_plan_that_may_not_be_chosen_is_not_there(app, as_, cast, one, plan, told, clock):
    """Planted: the built-in one offered beside a usual one; a plan that is out of use taken."""
    address = f"/initiatives/{one.ref}/milestones/gates"
    key, usual = plan(), plan("New technology", usual=True)
    tab = as_(cast.lead)
    assert "Built-in plan" not in tab.get(address).text
    assert f'<option selected value="{usual}">' in tab.get(address).text

    def end() -> None:
        with writing():
            db.session.get_one(StagePlan, key).end(by=cast.admin, now=clock())

    told(end)
    for typed in (str(key), "", "no", "0", "99999999999", "9999"):
        assert tab.get(f"{address}?plan={typed}").status_code == 404
        if typed:
            assert tab.submit(address, plan=typed, designing="2026-03-09").status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Milestone)).all() == []


def test_the_built_in_plan_reads_in_the_language_of_each(as_, cast, one, told):
    """As it did before there were plans. Planted: its words kept as they were made first."""
    address = f"/initiatives/{one.ref}/milestones/gates"
    assert "Customers have tried the design and would use it" in as_(cast.lead).get(address).text

    def speaks() -> None:
        with writing():
            db.session.get_one(Person, cast.manager.id).prefer(language="zh_Hans")

    told(speaks)
    page = as_(cast.manager).get(address).text
    assert "Customers have tried" not in page
    assert "客户" in page
