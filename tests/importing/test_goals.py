"""Goals from a file: what a row may look like, what is made of it, and what no file changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import gates
from tests.aims import kpi
from tests.cast import START
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.stocktaking import take_stock
from tracker.activity.trail import verify_stored
from tracker.db import Model, db, writing
from tracker.goals.aims import Aim, Confidence, Horizon
from tracker.goals.locking import present
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.goals.versions import GoalVersion
from tracker.importing import planning
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan, plan
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.kpis.measures import Good
from tracker.kpis.models import Kpi

Bring = Callable[..., Plan]
HEAD = "initiative,kpi,horizon,aim,baseline,baseline date,target,target date,claimed,confidence,method,benefit owner"
BILL = "CX-1,NPS,,customer,30,2026-01-31,45,2026-12-31,5,high,A control group,Lena Lead"
TERMS = Terms(30.0, date(2026, 1, 31), 45.0, date(2026, 12, 31), 5.0)


@pytest.fixture
def there(inside: None, cast: Any) -> SimpleNamespace:
    """Two ideas, one of them without a lead; NPS, which is to rise, and CHURN in per cent, which is to fall."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    common: dict[str, Any] = {"lead_unit_id": cast.care.id, "by": cast.manager, "now": START}
    with writing():
        bill = Initiative.create(title="One bill", lead=cast.lead, outside_id="P-7", **common)
        door = Initiative.create(title="One door", **common)
        nps = kpi("NPS", scale_low=-100.0, scale_high=100.0)
        churn = kpi("CHURN", name="Customer churn", good=Good.down, measure="%")
    return SimpleNamespace(bill=bill.id, door=door.id, nps=nps.id, churn=churn.id)


def opened(cast: Any, id_: int, stage: Stage) -> None:
    """Bring an initiative to a stage, as its people do."""
    with writing():
        one = db.session.get_one(Initiative, id_)
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
        one.accept_sponsorship(by=cast.executive, now=START)
        while one.stage != stage:
            assert one.next_stage is not None
            gates.opened(one, one.next_stage, by=cast.executive, now=START, words="Go on.")
    db.session.expire_all()


def outcomes(made: Plan) -> list[str]:
    return [result.outcome.value for result in made.report.results]


def why(made: Plan) -> str:
    return " / ".join(result.words for result in made.report.results)


def stand() -> list[Goal]:
    return list(db.session.scalars(select(Goal).where(Goal.dropped_at.is_(None)).order_by(Goal.id)))


@pytest.mark.both
def test_rows_become_goals_and_the_same_rows_again_change_nothing(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: a blank horizon read as leading; an initiative looked up by outside id no more; the owner left out."""
    rows = (
        HEAD,
        BILL.replace("CX-1", "P-7"),
        "P-7,Customer churn,Leading,efficiency,4.5%,31 Jan 2026,4%,2026 Q4,,,,",
        "one door,nps,,,,,,,,,,",
    )
    take_stock(START)
    made = bring(What.goals, *rows)
    assert outcomes(made) == ["created"] * 3, why(made)
    found = [(g.initiative_id, g.kpi_id, g.horizon, g.aim, Terms.of(g)) for g in stand()]
    assert found == [
        (there.bill, there.nps, Horizon.outcome, Aim.customer, TERMS),
        (there.bill, there.churn, Horizon.leading, Aim.efficiency, Terms(4.5, date(2026, 1, 31), 4.0, date(2026, 12, 31))),
        (there.door, there.nps, Horizon.outcome, Aim.customer, Terms()),
    ]  # fmt: skip
    first = stand()[0]
    assert (first.confidence, first.method, first.owner_id) == (
        Confidence.high,
        "A control group",
        cast.lead.id,
    )
    assert "is taken to serve the customer" in made.report.results[2].words
    assert "“\u20682026 Q4\u2069” is 1 Oct 2026 to 31 Dec 2026" in str(made.notes[0])
    told = "Where a period stands in place of a day, its last day is taken."
    assert [str(note) for note in made.notes[1:]] == [told]
    kinds = db.session.scalars(select(Event.kind).where(Event.kind.like("goal.%")))
    assert list(kinds) == ["goal.set"] * 3
    again = bring(What.goals, *rows)
    assert outcomes(again) == ["unchanged"] * 3, why(again)
    assert verify_stored().whole
    held = compare(db.session.connection())
    assert held.whole, list(held.lines())
    assert not held.unrecorded


@pytest.mark.both
def test_other_terms_change_a_goal_before_piloting_and_blank_cells_say_nothing(
    bring: Bring, there: Any
) -> None:
    """Planted: blank cells taken for terms with open ends."""
    bring(What.goals, HEAD, BILL)
    made = bring(What.goals, HEAD, "CX-1,NPS,,,,,50,,,medium,,")
    assert outcomes(made) == ["changed"], why(made)
    assert made.report.results[0].fields == ("target", "confidence")
    (goal,) = stand()
    assert (goal.target, goal.baseline, goal.method) == (50.0, 30.0, "A control group")
    assert (goal.confidence, goal.version) == (Confidence.medium, 2)
    event = db.session.scalars(select(Event).where(Event.kind == "goal.changed")).one()
    assert event.before is not None
    assert event.after is not None
    assert (event.before["to_figure"], event.after["to_figure"]) == ("45", "50")


def test_terms_of_another_kpi_are_not_kept(bring: Bring, there: Any) -> None:
    """Planted: `keeps` whatever the KPI makes an NPS of 30 the churn that it began from."""
    bring(What.goals, HEAD, BILL)
    made = bring(What.goals, HEAD, "CX-1,CHURN,,,,,3%,2026-12-31,,,,")
    assert outcomes(made) == ["changed"], why(made)
    assert "terms that stood for the former one are not kept" in why(made)
    (goal,) = stand()
    assert (goal.kpi_id, Terms.of(goal)) == (
        there.churn,
        Terms(None, None, 3.0, date(2026, 12, 31)),
    )


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("CX-9,NPS,,,30,,,,,,,", "initiative", "No initiative goes by “CX-9”"),
        (",NPS,,,30,,,,,,,", "initiative", "must not be blank"),
        ("CX-1,NSP,,,30,,,,,,,", "kpi", "The KPI “NSP” is not known. Write the code"),
        ("CX-1,,,,30,,,,,,,", "kpi", "must not be blank"),
        ("CX-1,NPS,soon,,,,,,,,,", "horizon", "“soon” is not known here. Allowed are: outcome, leading."),
        ("CX-1,NPS,,fun,,,,,,,,", "aim", "“fun” is not known here"),
        ("CX-1,NPS,,,good,,,,,,,", "baseline", "“good” is not a number"),
        ("CX-1,NPS,,,30 points,,,,,,,", "baseline", "write the figure alone"),
        ("CX-1,NPS,,,,,45%,,,,,", "target", "not measured in per cent"),
        ('CX-1,CHURN,,,"1,234",,,,,,,', "baseline", "can be read in two ways"),
        ("CX-1,NPS,,,,,145,,,,,", "target", "not on the scale, which goes from -100 to 100"),
        ("CX-1,NPS,,,30,,20,,,,,", "target", "the target has to lie above the baseline of 30"),
        ("CX-1,NPS,,,30,,30,,,,,", "target", "the target has to lie above the baseline of 30"),
        ("CX-1,CHURN,,,3,,4,,,,,", "target", "the target has to lie below the baseline of 3"),
        ("CX-1,NPS,,,,2026-12-31,,2026-01-31,,,,", "target date", "has to lie after the baseline"),
        ("CX-1,NPS,,,,2026-01-31,,2026-02-15,,,,", "target date", "is read too seldom for this (monthly)"),
        ("CX-1,NPS,,,,someday,,,,,,", "baseline date", "“someday” is not a period"),
        ("CX-1,NPS,,,,,,2026-02-30,,,,", "target date", "There is no day"),
        ("CX-1,NPS,,,,,,,-2,,,", "claimed", "write it without a minus"),
        ("CX-1,NPS,,,,,,,,certain,,", "confidence", "“certain” is not known here. Allowed are: low, medium, high."),
        ("CX-1,NPS,,,,,,,,,,Nobody Known", "benefit owner", "Nobody here is called “Nobody Known”"),
        ("CX-1,NPS,,,,,,,,,,auditor@example.org", "benefit owner", "Aude Auditor cannot"),
        ("CX-1,NPS,,,,,,,,,,contact@example.org", "benefit owner", "Paul Partner cannot"),
        ("CX-1,NPS,,,,,,,,,,ended@example.org", "benefit owner", "Enno Ended has no access any more"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_goal_is_refused_in_words(
    bring: Bring, there: Any, row: str, column: str, words: str
) -> None:
    """Planted: `_refuse` left out; `figure` called without scale and measure; `directory.person` for `colleague`."""
    made = bring(What.goals, HEAD, row)
    assert outcomes(made) == ["rejected"]
    assert (made.report.results[0].column, stand()) == (column, [])
    assert words in why(made)


def test_commas_and_per_cent_are_read_as_they_are_of_readings(bring: Bring, there: Any) -> None:
    """Planted: the cells read as plain text."""
    head = "Initiative;KPI;Baseline;Baseline date;Target;Target date"
    made = bring(What.goals, head, "CX-1;CHURN;4,5 %;31.01.2026;4,25;31.12.2026")
    assert outcomes(made) == ["created"], why(made)
    assert (stand()[0].baseline, stand()[0].target) == (4.5, 4.25)


def test_words_that_say_there_is_none_leave_an_end_open(bring: Bring, there: Any) -> None:
    """Planted: `is_blank` left out of figures refuses the row as no number."""
    made = bring(What.goals, HEAD, "CX-1,NPS,,,n/a,,TBC,,no data,-,,")
    assert outcomes(made) == ["created"], why(made)
    assert Terms.of(stand()[0]) == Terms()


def test_two_rows_for_one_goal_are_told_or_both_refused(bring: Bring, there: Any) -> None:
    """Planted: the first of them winning in silence."""
    same = BILL.replace("CX-1", "One bill").replace(",30,", ",30.0,")
    assert outcomes(bring(What.goals, HEAD, BILL, same)) == ["created", "unchanged"]
    made = bring(What.goals, HEAD, BILL, same, BILL.replace(",45,", ",46,"), skip_bad=True)
    assert outcomes(made) == ["rejected"] * 3
    assert [result.column for result in made.report.results] == ["target"] * 3
    assert ["Line 4" in why(made), "Line 2" in why(made)] == [True, True]
    other = bring(What.goals, HEAD, BILL, BILL.replace("NPS", "CHURN").replace(",45,", ",4,"))
    assert [result.column for result in other.report.results] == ["kpi"] * 2
    assert stand()[0].target == 45.0


@pytest.mark.both
def test_a_locked_goal_is_changed_by_no_file_and_the_same_row_is_unchanged(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: `found.locked` left out of `_compare` (the verb then stops the whole file); the same row refused as well."""
    bring(What.goals, HEAD, BILL)
    opened(cast, there.bill, Stage.piloting)
    events = db.session.scalar(select(func.count(Event.id)))
    assert outcomes(bring(What.goals, HEAD, BILL)) == ["unchanged"]
    assert outcomes(bring(What.goals, HEAD, "CX-1,NPS,,,,,,,,,,")) == ["unchanged"]
    for row, column in (
        (BILL.replace(",30,", ",31,"), "baseline"),
        (BILL.replace("2026-01-31", "2026-02-28"), "baseline date"),
        (BILL.replace(",45,", ",40,"), "target"),
        (BILL.replace("2026-12-31", "2027-12-31"), "target date"),
        (BILL.replace(",5,", ",6,"), "claimed"),
        ("CX-1,CHURN,,,5,2026-01-31,4,2026-12-31,,,,", "kpi"),
    ):
        made = bring(What.goals, HEAD, row, "One door,NPS,,,,,,,,,,", skip_bad=True, dry_run=True)
        assert outcomes(made) == ["rejected", "created"], row
        assert made.report.results[0].column == column
        assert "Only the sponsor changes them, by a re-baseline" in why(made)
        assert not bring(What.goals, HEAD, row).applies
    beside = bring(What.goals, HEAD, BILL.replace("high", "low"), skip_bad=True)
    assert (outcomes(beside), beside.report.results[0].column) == (["rejected"], "confidence")
    assert "the terms only by the sponsor, who re-baselines" in why(beside)
    assert db.session.scalar(select(func.count(Event.id))) == events
    (goal,) = stand()
    assert (Terms.of(goal), goal.confidence, goal.version) == (TERMS, Confidence.high, 1)
    assert db.session.scalar(select(func.count(GoalVersion.id))) == 1


@pytest.mark.both
def test_what_the_sponsor_agreed_to_since_stands_against_the_old_file(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: the row compared with version 1 of the terms."""
    bring(What.goals, HEAD, BILL)
    opened(cast, there.bill, Stage.piloting)
    with writing():
        one = db.session.get_one(Initiative, there.bill)
        other = Terms(30.0, date(2026, 1, 31), 40.0, date(2026, 12, 31), 5.0)
        (goal,) = present(there.bill)
        goal.rebaseline(one, terms=other, by=cast.executive, now=START, words="Half the floor.")
    assert outcomes(bring(What.goals, HEAD, BILL)) == ["rejected"]
    assert outcomes(bring(What.goals, HEAD, BILL.replace(",45,", ",40,"))) == ["unchanged"]


@pytest.mark.both
def test_work_under_way_gets_its_goal_whole_and_locked_at_once(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: terms with an open end let through to the verb, which then stops the whole file."""
    with writing():
        one = db.session.get_one(Initiative, there.bill)
        one.propose_sponsor(cast.executive, by=cast.manager, now=START, adopt_at=Stage.rolling_out)
        one.accept_sponsorship(by=cast.executive, now=START)
    bare = bring(What.goals, HEAD, "CX-1,NPS,,,30,2026-01-31,,2026-12-31,,,,")
    assert (outcomes(bare), bare.report.results[0].column) == (["rejected"], "target")
    assert "lacks the target. From piloting on this is needed." in why(bare)
    made = bring(What.goals, HEAD, BILL)
    assert outcomes(made) == ["created"], why(made)
    assert "its terms are locked at once" in why(made)
    assert stand()[0].locked_at is not None
    assert outcomes(bring(What.goals, HEAD, BILL)) == ["unchanged"]


def test_nothing_is_aimed_at_any_more_once_it_has_ended(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: `ended` not asked (the verb then stops the whole file)."""
    bring(What.goals, HEAD, BILL)
    with writing():
        db.session.get_one(Initiative, there.bill).stop(by=cast.lead, now=START, words="No.")
    assert outcomes(bring(What.goals, HEAD, BILL)) == ["unchanged"]
    for row in (BILL.replace(",45,", ",40,"), "CX-1,CHURN,leading,,,,,,,,,"):
        made = bring(What.goals, HEAD, row)
        assert (outcomes(made), made.report.results[0].column) == (["rejected"], "initiative")
        assert "has ended; nothing is aimed at any more" in why(made)


def test_what_was_given_up_is_not_brought_back_by_the_same_file(
    bring: Bring, there: Any, cast: Any
) -> None:
    """Planted: goals that were given up not looked at."""
    bring(What.goals, HEAD, BILL)
    with writing():
        (goal,) = present(there.bill)
        goal.drop(db.session.get_one(Initiative, there.bill), by=cast.lead, now=START, words="No.")
    made = bring(What.goals, HEAD, BILL)
    assert (outcomes(made), stand()) == (["unchanged"], [])
    assert "It was given up on 2 Mar 2026, and stays so." in why(made)
    assert outcomes(bring(What.goals, HEAD, BILL.replace(",45,", ",46,"))) == ["created"]


@pytest.mark.parametrize(
    ("who", "initiative", "words"),
    [
        ("lead", "CX-1", ""),
        ("manager", "CX-1", ""),
        ("manager", "CX-2", ""),
        ("member", "CX-1", "are brought by Lena Lead, who leads it, or by a manager"),
        ("executive", "CX-1", "are brought by Lena Lead, who leads it, or by a manager"),
        ("lead", "CX-2", "CX-2 has no lead yet, so its goals are brought by a manager"),
        (None, "CX-2", ""),
    ],
)
def test_goals_are_brought_by_whoever_may_set_them(
    there: Any, cast: Any, who: str | None, initiative: str, words: str
) -> None:
    """Planted: `importer` not asked."""
    table = read(f"initiative,kpi\n{initiative},NPS\n".encode(), "file.csv")
    importer = getattr(cast, who) if who else None
    made = plan(table, guessed(What.goals, table)[0], today=START.date(), importer=importer)
    assert outcomes(made) == (["rejected"] if words else ["created"])
    assert words in why(made)


@pytest.mark.both
@pytest.mark.parametrize("happens", ["locks", "sets", "drops", "kpi"])
def test_a_file_is_planned_again_when_its_goal_moved_meanwhile(
    bring: Bring, there: Any, cast: Any, monkeypatch: pytest.MonkeyPatch, happens: str
) -> None:
    """Planted: `_refuse_moved` left out (a lock between plan and write stops the file instead of its row)."""
    if happens != "sets":
        bring(What.goals, HEAD, BILL)
    planned, done = planning.plan, []

    def act() -> None:
        one = db.session.get_one(Initiative, there.bill)
        nps = db.session.get_one(Kpi, there.nps)
        if happens == "sets":
            Goal.set(one, nps, terms=TERMS, by=cast.lead, now=START)
        elif happens == "drops":
            present(there.bill)[0].drop(one, by=cast.lead, now=START, words="")
        elif happens == "kpi":
            nps.change(by=None, now=START, good=Good.down)

    def once(*args: Any, **options: Any) -> Plan:
        made = planned(*args, **options)
        if not done:
            done.append(1)
            if happens == "locks":
                opened(cast, there.bill, Stage.piloting)
            else:
                with writing():
                    act()
            db.session.expire_all()
        return made

    monkeypatch.setattr(planning, "plan", once)
    made = bring(What.goals, HEAD, BILL.replace(",45,", ",50,"), skip_bad=True)
    expected = {"locks": "rejected", "sets": "changed", "drops": "created", "kpi": "rejected"}
    assert outcomes(made) == [expected[happens]], why(made)
    assert [goal.target for goal in stand()] == [
        {"locks": 45.0, "sets": 50.0, "drops": 50.0, "kpi": 45.0}[happens]
    ]
