"""Milestones in the browser: planned and kept by the lead, seen by everybody inside, and by no partner.

Planted faults seen red are named in each test.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.initiatives.stories import idea, sponsored
from tests.milestones.conftest import DUE
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Measure, criteria_of
from tracker.milestones.models import Milestone
from tracker.milestones.states import State


@pytest.fixture
def one(told: Any, cast: SimpleNamespace, clock: Any) -> Initiative:
    return told(lambda: sponsored(cast, clock()))


@pytest.fixture
def planned(app: Any, cast: SimpleNamespace, clock: Any, one: Initiative) -> Any:
    """Plan a milestone by the models, and return its number."""

    def plan(name: str = "The pilot runs", **more: Any) -> int:
        with app.app_context(), writing():
            there = db.session.get_one(Initiative, one.id)
            fields = {"due_on": DUE, **more}
            return Milestone.plan(there, name=name, by=cast.lead, now=clock(), **fields).id

    return plan


def stands(app: Any, id_: int) -> Milestone:
    with app.app_context():
        found = db.session.get_one(Milestone, id_)
        db.session.expunge(found)
        return found


def test_the_lead_plans_one_and_everybody_inside_reads_it(app, cast, as_, one):
    """Planted: the criteria left out of the list; the tab left out of the head; the part of the overview not registered."""
    tab = as_(cast.lead)
    home = f"/initiatives/{one.ref}/milestones"
    assert "No milestone is planned." in tab.get(home).text
    answer = tab.fill(
        f"{home}/new", name="Ten customers read it", due_on="2026-04-10", criteria="Ten rang\nTen wrote", measures=["no_blockers"]
    )  # fmt: skip
    assert answer.status_code == 303
    page = as_(cast.finance).get(home).text
    assert "Ten customers read it" in page
    assert "1 of 3 met" in page
    assert 'aria-current="page">Milestones<' in page.replace("\n", "")
    page = as_(cast.finance).get(answer.location).text
    assert all(words in page for words in ("Ten rang", "Ten wrote", "No blocker is open", "planned the milestone"))  # fmt: skip
    assert "Drop the milestone" not in page
    assert "Ten customers read it" in as_(cast.finance).get(f"/initiatives/{one.ref}").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": " "}, "Say in a few words what is reached then."),
        ({"due_on": ""}, "Say by when it is due."),
        ({"due_on": "2026-03-01"}, "Choose today or a later day."),
        ({"opens": "framed"}, "Choose one from the list."),
        ({"criteria": "\n".join(map(str, range(31)))}, "Keep it to 30 criteria."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(cast, as_, one, typed, words):
    """Planted: the most of the criteria left out; stages offered that it has come to already."""
    fields = {"name": "The pilot runs", "due_on": "2026-04-10", "criteria": "Somebody looked", **typed}  # fmt: skip
    answer = as_(cast.lead).fill(f"/initiatives/{one.ref}/milestones/new", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert fields["criteria"].split("\n")[0] in answer.text


def test_a_stage_that_has_its_gate_is_offered_to_nobody_else(cast, as_, one, planned):
    """Planted: `ungated` that looks at what was reached alone."""
    planned("Pilot", opens=Stage.piloting)
    page = as_(cast.lead).get(f"/initiatives/{one.ref}/milestones/new").text
    assert 'value="designing"' in page
    assert 'value="piloting"' not in page


def test_the_usual_gates_are_planned_at_once_with_days_that_the_lead_chooses(app, cast, as_, one, planned):  # fmt: skip
    """Planted: a gate planned for a stage that was left blank; the days taken from what was proposed."""
    planned("Pilot", opens=Stage.piloting)
    address = f"/initiatives/{one.ref}/milestones/gates"
    page = as_(cast.lead).get(address).text
    assert 'name="designing" ' in page.replace('"designing"', '"designing" ')
    assert 'name="piloting"' not in page
    answer = as_(cast.lead).fill(address, designing="2026-03-20", rolling_out="2026-03-10", proving_benefit="", realised="")  # fmt: skip
    assert (answer.status_code, "A later stage opens on the same day or after it." in answer.text) == (422, True)  # fmt: skip
    answer = as_(cast.lead).fill(address, designing="", rolling_out="", proving_benefit="", realised="")  # fmt: skip
    assert (answer.status_code, "Choose a day for one of them at least." in answer.text) == (422, True)  # fmt: skip
    answer = as_(cast.lead).fill(address, designing="2026-03-20", rolling_out="2026-06-10", proving_benefit="", realised="")  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        gates = db.session.scalars(select(Milestone).order_by(Milestone.due_on)).all()
        assert [(gate.opens, gate.due_on, gate.name) for gate in gates] == [
            (Stage.designing, date(2026, 3, 20), "Gate to Designing"),
            (Stage.piloting, DUE, "Pilot"),
            (Stage.rolling_out, date(2026, 6, 10), "Gate to Rolling out"),
        ]
        assert {one.measure for one in criteria_of([gates[2].id])} == {
            None, Measure.goal_locked, Measure.no_blockers
        }  # fmt: skip
    page = as_(cast.finance).get(f"/initiatives/{one.ref}/milestones").text
    assert "Due 20 Mar" in page
    assert page.count("No gate yet") == 2


def test_what_nobody_decided_on_is_not_recorded_on_the_road(app, cast, as_, told, clock):
    """Planted: adopted work shown as if its gates were opened."""

    def adopted() -> Initiative:
        made = idea(cast, clock(), "Under way")
        with writing():
            made.propose_sponsor(cast.executive, by=cast.manager, now=clock(), adopt_at=Stage.piloting)  # fmt: skip
            made.accept_sponsorship(by=cast.executive, now=clock())
        return made

    page = as_(cast.finance).get(f"/initiatives/{told(adopted).ref}/milestones").text
    assert page.count("Not recorded") == 3
    assert page.count("No gate yet") == 3


def test_the_lead_keeps_it_step_by_step(app, cast, as_, one, planned):
    """Planted: the link of the evidence left out; the reason of the move left out of the page; "it is reached" offered always."""
    id_ = planned(criteria=["Ten rang"])
    tab, page = as_(cast.lead), f"/milestones/{id_}"
    assert tab.get(f"{page}/reaching").status_code == 409
    assert f"{page}/reaching" not in tab.get(page).text
    with app.app_context():
        (criterion,) = criteria_of([id_])
    met = f"{page}/criteria/{criterion.id}"
    answer = tab.fill(met, words="", link="javascript:alert(1)")
    assert answer.status_code == 422
    assert "Say what shows that it is met." in answer.text
    assert "Type a whole address" in answer.text
    assert tab.fill(met, words="We counted.", link="example.org/ten").status_code == 303
    text = as_(cast.finance).get(page).text
    assert 'href="https://example.org/ten"' in text
    assert "Found met by Lena Lead" in text
    assert tab.fill(f"{met}/reopening", page).status_code == 303
    assert tab.fill(met, words="We counted again.").status_code == 303
    assert tab.fill(f"{page}/due-date", due_on="2026-04-30", words="The printer is late.").status_code == 303  # fmt: skip
    text = as_(cast.finance).get(page).text
    assert "From 10 Apr 2026 to 30 Apr 2026" in text
    assert text.count("The printer is late.") == 2  # and in what happened
    assert tab.fill(f"{page}/edit", name="The pilot runs well").status_code == 303
    assert f"{page}/reaching" in tab.get(page).text
    assert tab.fill(f"{page}/reaching").status_code == 303
    assert stands(app, id_).state == State.reached
    assert tab.fill(f"{page}/taking-up").status_code == 303
    assert tab.fill(f"{page}/dropping", words="Nobody needs it.").status_code == 303
    assert "Nobody needs it." in as_(cast.finance).get(f"/initiatives/{one.ref}/milestones").text
    assert tab.get(f"{page}/edit").status_code == 409


def test_nobody_but_the_lead_and_managers_keeps_it_and_no_partner_knows_of_it(app, cast, as_, one, planned):  # fmt: skip
    """Planted: `keep_milestone` allowed to everybody inside; a scope that shows partners all of them."""
    page = f"/milestones/{planned()}"
    for person in (cast.executive, cast.member, cast.head, cast.auditor, cast.admin):
        assert as_(person).get(page).status_code == 200
        assert as_(person).get(f"{page}/due-date").status_code == 403
        assert as_(person).submit(f"{page}/dropping", words="So.").status_code == 403
        assert as_(person).get(f"/initiatives/{one.ref}/milestones/new").status_code == 403
    for there in (page, f"{page}/edit", f"/initiatives/{one.ref}/milestones"):
        assert as_(cast.contact).get(there).status_code == 404
    with app.app_context():
        assert db.session.scalars(Milestone.visible_to(cast.contact)).all() == []
    assert as_(cast.manager).fill(f"{page}/dropping", words="So.").status_code == 303


def test_two_who_move_it_at_once_both_see_what_stands(app, cast, as_, planned):
    """Planted: `replaces` left out of the page of the move."""
    id_ = planned()
    address = f"/milestones/{id_}/due-date"
    first, second = as_(cast.lead), as_(cast.manager)
    opened = {"due_on": "2026-05-08", "words": "Later.", "version": str(stands(app, id_).version)}
    assert first.fill(address, due_on="2026-04-20", words="The printer.").status_code == 303
    answer = second.submit(address, **opened)
    assert answer.status_code == 409
    assert stands(app, id_).due_on == date(2026, 4, 20)


def test_what_is_late_says_so_unless_the_work_is_on_hold(app, cast, as_, clock, one, planned):
    """Planted: what is on hold shown as late."""
    id_ = planned()
    home = f"/initiatives/{one.ref}/milestones"
    assert ">late<" not in as_(cast.finance).get(home).text
    clock.forward(days=60)
    for page in (home, f"/milestones/{id_}", f"/initiatives/{one.ref}"):
        assert ">late<" in as_(cast.finance).get(page).text
    with app.app_context(), writing():
        there = db.session.get_one(Initiative, one.id)
        there.hold(by=cast.executive, now=clock(), words="Until spring.")
    assert ">late<" not in as_(cast.finance).get(home).text


@pytest.mark.both
def test_the_trail_names_a_milestone_and_leads_to_it(cast, as_, one, planned):
    """Planted: numbers put under words in one statement, which PostgreSQL refuses."""
    id_ = planned("The pilot runs")
    page = as_(cast.manager).get("/activity").text
    assert f'href="/milestones/{id_}"' in page
    assert "The pilot runs" in page
    page = as_(cast.manager).get(f"/initiatives/{one.ref}/activity?group=milestones").text
    assert "planned the milestone" in page
