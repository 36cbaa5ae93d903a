"""Goals in the browser: set by the lead, shown where they matter, changed by the sponsor alone once locked.

Planted, each seen red: the panel left out of the page; `rebaseline` allowed to managers; the mark of claims left out.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.aims import aim, kpi
from tests.filled import form_to
from tests.gates import opened
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand

TERMS = {"baseline": "30", "baseline_on": "2026-01-31", "target": "45", "target_on": "2026-12-31"}
BESIDE = {"horizon": "outcome", "aim": "customer", "confidence": "", "method": "", "owner_id": ""}


@pytest.fixture
def one(app, cast, clock):
    with app.app_context():
        with writing():
            made = Initiative.create(
                title="One bill",
                lead_unit_id=cast.care.id,
                lead=cast.lead,
                by=cast.manager,
                now=clock(),
            )
            nps = kpi("NPS")
        made.kpi_id = nps.id
        db.session.expunge_all()
        return made


def piloting(app, cast, clock, one, terms=None):
    with app.app_context(), writing():
        there = db.session.get(Initiative, one.id)
        aim(there, terms) if terms else aim(there)
        there.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        there.accept_sponsorship(by=cast.executive, now=clock())
        while there.stage != Stage.piloting:
            opened(there, there.next_stage, by=cast.executive, now=clock(), words="Go on.")
        return db.session.query(Goal.id).scalar()


def test_the_lead_sets_a_goal_and_everybody_sees_how_far_it_has_come(app, cast, as_, one, clock):
    page = as_(cast.lead).get(f"/initiatives/{one.ref}").text
    assert "It names no company KPI yet. Without one it is a wish." in page
    address = f"/initiatives/{one.ref}/goals/new"
    answer = as_(cast.lead).submit(
        address, kpi_id=one.kpi_id, **BESIDE, **TERMS, claimed="5", path="2026-06-30 36\n"
    )
    assert answer.status_code == 303
    with app.app_context(), writing():
        nps = db.session.query(Kpi).one()
        Reading.add(nps, day=date(2026, 2, 28), value=33.0, by=None, now=clock())
        restand([nps])
    page = as_(cast.finance).get(f"/initiatives/{one.ref}").text
    assert "From 30.0 on 31 Jan 2026 to 45.0 by 31 Dec 2026" in page
    assert "20%" in page
    assert "of the way: now 33.0" in page
    assert "More claimed than moved" in page  # 5 are claimed, and it moved by 3
    page = as_(cast.finance).get("/kpis/NPS").text
    assert f"{one.ref}" in page
    assert "Together they claim 2.0 more than it moved" in page
    assert one.ref in as_(cast.finance).get("/goals").text


def test_whoever_sets_a_goal_sees_where_each_kpi_stands(app, cast, as_, one, clock):
    """Planted: the newest value left out of the choices."""
    address = f"/initiatives/{one.ref}/goals/new"
    assert "NPS · no reading yet" in as_(cast.lead).get(address).text
    with app.app_context(), writing():
        nps = db.session.query(Kpi).one()
        Reading.add(nps, day=date(2026, 2, 28), value=33.0, by=None, now=clock())
        restand([nps])
    assert "NPS · 33.0" in as_(cast.lead).get(address).text


def test_the_kpi_alone_is_enough_before_piloting(app, cast, as_, one):
    """Planted: the days asked for although they may stay open."""
    blank = dict.fromkeys((*TERMS, "claimed", "path"), "")
    answer = as_(cast.lead).submit(f"/initiatives/{one.ref}/goals/new", kpi_id=one.kpi_id, **BESIDE, **blank)  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        goal = db.session.scalars(select(Goal)).one()
        assert (goal.baseline, goal.baseline_on, goal.target_on) == (None, None, None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kpi_id": ""}, "Choose the KPI that it is to move."),
        ({"target": "20"}, "the target has to lie above the baseline"),
        ({"target": "a lot"}, "“a lot” is not a number"),
        ({"target_on": "2026-02-01"}, "is read too seldom for this"),
        ({"path": "in June 36"}, "write a day and a value on each line"),
        ({"path": "2026-13-40 36"}, "write a day and a value on each line"),
        ({"claimed": "-2"}, "write it without a minus"),
    ],
)
def test_bad_terms_have_words_beside_their_field_and_nothing_is_lost(cast, as_, one, typed, words):
    given = {"kpi_id": one.kpi_id, **BESIDE, **TERMS, "method": "A control group.", **typed}
    answer = as_(cast.lead).submit(f"/initiatives/{one.ref}/goals/new", **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert "A control group." in answer.text


def test_after_piloting_began_only_the_sponsor_agrees_on_other_terms(app, cast, as_, one, clock):
    id_ = piloting(app, cast, clock, one)
    edit, other = (f"/initiatives/{one.ref}/goals/{id_}/{verb}" for verb in ("edit", "rebaseline"))
    page = as_(cast.lead).get(edit)
    assert page.status_code == 200
    assert 'name="target"' not in page.text
    assert as_(cast.lead).fill(edit, aim="efficiency").status_code == 303
    brought = dict(kpi_id=one.kpi_id, **BESIDE, **{**TERMS, "target": "40"}, claimed="", path="")
    assert "locked when piloting began" in as_(cast.lead).fill(edit, **brought).text
    with app.app_context():
        goal = db.session.get(Goal, id_)
        assert (goal.target, goal.aim) == (45.0, "efficiency")
    given = {**TERMS, "target": "40", "claimed": "", "path": ""}
    for who in (cast.lead, cast.manager, cast.other_executive):
        assert as_(who).submit(other, **given, words="Why").status_code == 403
    assert as_(cast.executive).submit(other, **given, words="").status_code == 422
    assert as_(cast.executive).submit(other, **given, words="Half the floor.").status_code == 303
    page = as_(cast.executive).get(other).text
    assert "Half the floor." in page
    assert "45.0 by 31 Dec 2027" in page


def test_terms_that_were_typed_before_the_lock_are_refused_in_words_and_not_left_out(
    app, cast, as_, one, clock
):
    """Planted: the fields of terms left out of the form whenever they are locked: saved, it said, and they were gone."""
    with app.app_context(), writing():
        id_ = aim(db.session.get(Initiative, one.id)).id
    edit, lead = f"/initiatives/{one.ref}/goals/{id_}/edit", as_(cast.lead)
    typed = form_to(lead.get(edit).text, edit, edit) | {
        "target": ["41.5"],
        "method": ["Two floors."],
    }
    piloting(app, cast, clock, one)
    answer = lead.post(edit, data=typed)
    assert answer.status_code == 409
    assert "locked when piloting began" in answer.text
    assert "41.5" in answer.text
    assert "Two floors." in answer.text
    with app.app_context():
        goal = db.session.get(Goal, id_)
        assert (goal.target, goal.method) == (45.0, "")


def test_a_goal_of_another_initiative_is_none(app, cast, as_, one, clock):
    with app.app_context(), writing():
        aim(db.session.get(Initiative, one.id))
        other = Initiative.create(
            title="Two", lead_unit_id=cast.care.id, lead=cast.lead, by=cast.manager, now=clock()
        )
        id_, ref = aim(other).id, one.ref
    assert as_(cast.lead).get(f"/initiatives/{ref}/goals/{id_}/edit").status_code == 404
    assert as_(cast.contact).get("/goals").status_code == 404


def test_the_tree_names_work_off_every_kpi_and_kpis_that_nobody_works_on(
    app, cast, as_, one, clock
):
    with app.app_context(), writing():
        there = db.session.get(Initiative, one.id)
        there.propose_sponsor(
            cast.executive, by=cast.manager, now=clock(), adopt_at=Stage.rolling_out
        )
        there.accept_sponsorship(by=cast.executive, now=clock())
    page = as_(cast.manager).get("/goals").text
    assert "Nobody works on it" in page
    assert "Initiatives off every KPI" in page
    assert "One bill" in page
    clock.forward(days=31)
    assert "Adopted work was to name one by" in as_(cast.lead).get(f"/initiatives/{one.ref}").text
    with app.app_context(), writing():
        aim(
            db.session.get(Initiative, one.id),
            Terms(30.0, date(2026, 1, 31), 45.0, date(2027, 12, 31)),
        )
    assert "Every initiative that goes on aims at a KPI." in as_(cast.manager).get("/goals").text


def test_a_form_that_still_stands_is_no_conflict_because_the_terms_beside_it_changed(
    app, cast, as_, one, clock
):
    """Planted: what stands told with the fields that a sealed form has not."""
    id_ = piloting(app, cast, clock, one)
    edit, other = (f"/initiatives/{one.ref}/goals/{id_}/{verb}" for verb in ("edit", "rebaseline"))
    lead = as_(cast.lead)
    mine = form_to(lead.get(edit).text, edit, edit)
    assert as_(cast.executive).fill(other, target="40", words="Half the floor.").status_code == 303
    assert lead.post(edit, data=mine | {"method": ["Two floors."]}).status_code == 303
    with app.app_context():
        goal = db.session.get(Goal, id_)
        assert (goal.target, goal.method) == (40.0, "Two floors.")


def test_a_target_whose_day_has_passed_says_so(app, cast, as_, one, clock):
    """Planted: the day not compared with today."""
    piloting(app, cast, clock, one)
    page = f"/initiatives/{one.ref}"
    assert "Its day has passed" not in as_(cast.lead).get(page).text
    clock.forward(days=900)
    assert "Its day has passed" in as_(cast.lead).get(page).text
