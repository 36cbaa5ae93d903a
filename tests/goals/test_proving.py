"""Realised is what was looked at after delivery and came true, in part at least (rule 11).

Planted, each seen red: `proven` not asked before a stage opens; a checkpoint taken before its day; `missed` counted as proven;
a planned day left where it was taken out; the result said without a lesson.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.aims import aim, prove
from tests.at_once import together
from tests.filled import form_to
from tests.gates import opened
from tracker.activity.comparing import compare
from tracker.activity.stocktaking import take_stock
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.checkpoints import Checkpoint, InitiativeResult, months_after, of, usual_days
from tracker.goals.results import Result
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage


def proving(cast, one, clock):
    """Bring an initiative to proving. Inside a context."""
    with writing():
        aim(one)
        one.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        one.accept_sponsorship(by=cast.executive, now=clock())
        for stage in (Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving):
            opened(one, stage, by=cast.executive, now=clock(), words="Go.")


def open_realised(here, clock):
    with writing():
        opened(here.one, Stage.realised, by=here.executive, now=clock(), words="Done.")


def test_three_six_and_twelve_months_after_proving_began_somebody_looks(here, clock):
    proving(here, here.one, clock)
    began = clock().date()
    assert [one.due_on for one in of(here.one.id)] == usual_days(began)
    assert usual_days(date(2026, 3, 2)) == [date(2026, 6, 2), date(2026, 9, 2), date(2027, 3, 2)]
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_realised_waits_for_every_checkpoint_the_result_and_a_good_one(here, clock):
    proving(here, here.one, clock)
    with pytest.raises(NotNow, match="waits for its checkpoint of 2 Jun"):
        open_realised(here, clock)
    with writing():
        for one in of(here.one.id):
            one.take(here.one, words="It holds.", by=here.lead, now=clock(), today=one.due_on)
    with pytest.raises(NotNow, match="what was learned, comes first"):
        open_realised(here, clock)
    for result in (Result.missed, Result.not_measurable):
        with writing():
            InitiativeResult.say(here.one, result, lesson="Ask earlier.", by=here.lead, now=clock())
        with pytest.raises(NotNow, match="ends it as stopped"):
            open_realised(here, clock)
    with writing():
        InitiativeResult.say(here.one, Result.partly, lesson="Ask earlier.", by=here.lead, now=clock())  # fmt: skip
    open_realised(here, clock)
    assert here.one.stage == Stage.realised


def test_what_missed_ends_as_stopped_and_keeps_result_and_lesson(here, clock):
    proving(here, here.one, clock)
    with writing():
        prove(here.one, here.lead, clock(), Result.missed)
        here.one.stop(by=here.executive, now=clock(), words="It did not work.")
    kept = InitiativeResult.of(here.one.id)
    assert (here.one.ended, kept.result, kept.lesson) == (True, Result.missed, "Ask earlier.")
    with pytest.raises(NotNow, match="is not at"), writing():
        InitiativeResult.say(here.one, Result.achieved, lesson="No.", by=here.lead, now=clock())


def test_a_checkpoint_is_taken_on_its_day_once_and_in_words(here, clock):
    proving(here, here.one, clock)
    first = of(here.one.id)[0]
    told = {"by": here.lead, "now": clock()}
    for today, words, said in (
        (first.due_on - timedelta(days=1), "It holds.", "proves nothing yet"),
        (first.due_on, "  ", "Say what was seen"),
    ):
        with pytest.raises(NotNow, match=said), writing():
            first.take(here.one, words=words, today=today, **told)
    with writing():
        first.take(here.one, words="It holds.", today=first.due_on, **told)
    with pytest.raises(NotNow, match="on record already"), writing():
        first.take(here.one, words="It does not.", today=first.due_on, **told)
    assert first.words == "It holds."


def test_days_are_planned_anew_but_not_those_that_were_taken(here, clock):
    proving(here, here.one, clock)
    first, *_more = of(here.one.id)
    later = first.due_on + timedelta(days=40)
    with writing():
        first.take(here.one, words="It holds.", by=here.lead, now=clock(), today=first.due_on)
        Checkpoint.plan(here.one, {later}, by=here.lead, now=clock())
    assert [one.due_on for one in of(here.one.id)] == [first.due_on, later]
    for days, said in (
        ({clock().date()}, "lies after that"),
        ({first.due_on}, "on record already"),
    ):
        with pytest.raises(NotNow, match=said), writing():
            Checkpoint.plan(here.one, days, by=here.lead, now=clock())
    with writing():
        Checkpoint.plan(here.one, set(), by=here.lead, now=clock())
    assert [one.due_on for one in of(here.one.id)] == [first.due_on]


def test_a_planned_day_that_is_taken_out_is_missed_by_no_check_of_the_trail(here, clock):
    """Planted: open days taken out by a statement that no event tells of."""
    take_stock(clock())
    proving(here, here.one, clock)
    with writing():
        day = of(here.one.id)[0].due_on + timedelta(days=9)
        Checkpoint.plan(here.one, {day}, by=here.lead, now=clock())
    held = compare(db.session.connection())
    assert held.whole, list(held.lines())


def test_at_least_one_checkpoint_stays(here, clock):
    proving(here, here.one, clock)
    with pytest.raises(NotNow, match="Keep at least one"), writing():
        Checkpoint.plan(here.one, set(), by=here.lead, now=clock())


def test_stepping_back_and_proving_again_keeps_what_was_planned(here, clock):
    proving(here, here.one, clock)
    before = [one.due_on for one in of(here.one.id)]
    clock.forward(days=9)
    with writing():
        here.one.step_back(by=here.executive, now=clock(), words="Not yet.")
        opened(here.one, Stage.proving, by=here.executive, now=clock(), words="Now.")
    assert [one.due_on for one in of(here.one.id)] == before


@pytest.fixture
def shown(app, cast, told, clock):
    """An initiative at proving, and the addresses of its pages."""

    def begin():
        with writing():
            one = Initiative.create(
                title="One bill", lead_unit_id=cast.care.id, lead=cast.lead, by=cast.manager, now=clock()
            )  # fmt: skip
        proving(cast, one, clock)
        return one.id, one.ref, [row.id for row in of(one.id)]

    return told(begin)


def test_the_page_says_what_is_due_and_leads_to_the_end(app, cast, as_, shown, clock):
    id_, ref, (first, *_more) = shown
    home = f"/initiatives/{ref}"
    lead = as_(cast.lead)
    assert "Not yet" in lead.get(home).text
    assert lead.submit(f"{home}/checkpoints/{first}", words="It holds.").status_code == 409
    clock.forward(days=100)
    page = lead.get(home).text
    assert f"{home}/checkpoints/{first}" in page
    assert "Say what was seen" in page
    assert lead.submit(f"{home}/checkpoints/{first}", words="").status_code == 422
    assert lead.submit(f"{home}/checkpoints/{first}", words="It <b>holds</b>.").status_code == 303
    page = lead.get(home).text
    assert "It &lt;b&gt;holds&lt;/b&gt;." in page
    answer = lead.submit(f"{home}/checkpoints", first_on="", second_on="", third_on="")
    assert answer.status_code == 303
    for given in ({"result": "", "lesson": "Ask."}, {"result": "partly", "lesson": ""}):
        assert lead.submit(f"{home}/result", **given).status_code == 422
    assert lead.submit(f"{home}/result", result="missed", lesson="Ask.").status_code == 303
    assert "ends as stopped" in as_(cast.executive).get(home).text
    assert f"{home}/closure" in as_(cast.executive).get(home).text
    with app.app_context():
        assert InitiativeResult.of(id_).result == Result.missed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_on": "2026-03-02"}, "a checkpoint lies after that"),
        ({"first_on": "", "second_on": "", "third_on": ""}, "Keep at least one checkpoint."),
        ({"first_on": "2026-08-01", "second_on": "2026-08-01"}, "This day is there already."),
        ({"first_on": "soon"}, "first_on"),
    ],
)
def test_bad_days_have_words_beside_their_field(cast, as_, shown, typed, words):
    _id, ref, _rows = shown
    answer = as_(cast.lead).fill(f"/initiatives/{ref}/checkpoints", **typed)
    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_but_the_lead_and_managers_says_so(cast, as_, shown):
    _id, ref, (first, *_more) = shown
    for who in (cast.executive, cast.member, cast.auditor):
        for page in ("checkpoints", f"checkpoints/{first}", "result"):
            assert as_(who).get(f"/initiatives/{ref}/{page}").status_code == 403
    assert as_(cast.contact).get(f"/initiatives/{ref}/result").status_code == 404
    assert as_(cast.manager).get(f"/initiatives/{ref}/result").status_code == 200


def test_of_two_who_say_the_result_at_once_both_are_on_record(app, cast, as_, shown):
    id_, ref, _rows = shown
    tabs = [as_(cast.lead), as_(cast.manager)]
    answers = together(
        *(
            lambda tab=tab, lesson=lesson: (
                tab.submit(f"/initiatives/{ref}/result", result="partly", lesson=lesson).status_code
            )
            for tab, lesson in zip(tabs, ("One.", "Two."), strict=True)
        )
    )
    assert set(answers) <= {303, 409, 422}
    assert 303 in answers
    with app.app_context():
        assert InitiativeResult.of(id_).lesson in {"One.", "Two."}


def test_words_for_one_day_are_not_put_on_another_that_took_its_number(app, cast, as_, shown, clock):  # fmt: skip
    """Planted: the day that the form showed not sent along."""
    id_, ref, _checkpoints = shown
    clock.forward(days=120)
    lead, plan = as_(cast.lead), f"/initiatives/{ref}/checkpoints"
    with app.app_context():
        last = of(id_)[-1].id
    lead.fill(plan, first_on=(clock().date() - timedelta(days=9)).isoformat(), second_on="", third_on="")  # fmt: skip
    with app.app_context():
        (one,) = of(id_)
        address = f"{plan}/{one.id}"
    page = form_to(lead.get(address).text, address, address)
    lead.fill(plan, first_on=(clock().date() - timedelta(days=2)).isoformat(), second_on="", third_on="")  # fmt: skip
    with app.app_context():
        (other,) = of(id_)
        assert other.taken_at is None
    answer = lead.post(f"{plan}/{other.id}", data=page | {"words": "What I saw nine days ago."})
    assert answer.status_code == 409
    assert "What I saw nine days ago." in answer.text
    with app.app_context():
        assert of(id_)[0].taken_at is None
    assert last


def test_a_checkpoint_that_somebody_took_meanwhile_is_read_anew(app, cast, shown, clock):
    """Planted: the rows that were read before the write taken for those that stand."""
    id_, _ref, _checkpoints = shown
    with app.app_context():
        there = of(id_)
        assert there[0].taken_at is None
        db.session.commit()
        with db.engine.begin() as connection:
            connection.execute(update(Checkpoint).values(taken_at=clock(), words="Seen"))
        with writing():
            assert of(id_)[0].taken_at is not None


def test_the_result_is_said_beside_how_far_the_kpi_has_come(cast, as_, shown):
    """Planted: the goals left out of the page."""
    _id, ref, _checkpoints = shown
    page = as_(cast.lead).get(f"/initiatives/{ref}/result").text
    assert "Net Promoter Score" in page
    assert "so there is no progress to show" in page
