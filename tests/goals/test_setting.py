"""A goal is the lead's until piloting, and the sponsor's from then on (rule 7).

Planted, each seen red: no condition before `framed`; no lock as piloting is entered; `change` past the lock; a re-baseline
without words; the unique index left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import gates
from tests.goals.conftest import WHOLE
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.goals.aims import Aim, Horizon
from tracker.goals.models import Goal
from tracker.goals.showing import versions_of
from tracker.goals.terms import Terms
from tracker.initiatives.stages import Stage
from tracker.kpis.measures import Good


def aims(here, clock, terms=WHOLE, kpi=None, **more) -> Goal:
    with writing():
        return Goal.set(here.one, kpi or here.nps, terms=terms, by=here.lead, now=clock(), **more)


def framed(here, clock) -> None:
    with writing():
        here.one.propose_sponsor(here.executive, by=here.lead, now=clock())
        here.one.accept_sponsorship(by=here.executive, now=clock())


def opened(here, clock, stage: Stage) -> None:
    while here.one.stage != stage:
        with writing():
            gates.opened(
                here.one, here.one.next_stage, by=here.executive, now=clock(), words="Go on."
            )


def test_an_idea_is_not_framed_before_it_names_a_kpi(here, clock):
    with writing():
        here.one.propose_sponsor(here.executive, by=here.lead, now=clock())
    with (
        pytest.raises(NotNow, match="needs a goal that names a company KPI before Framed"),
        writing(),
    ):
        here.one.accept_sponsorship(by=here.executive, now=clock())
    assert here.one.stage == Stage.idea
    aims(here, clock, Terms())
    with writing():
        here.one.accept_sponsorship(by=here.executive, now=clock())
    assert here.one.stage == Stage.framed


def test_piloting_waits_for_the_whole_goal_and_names_what_is_missing(here, clock):
    goal = aims(here, clock, Terms(baseline=30.0))
    framed(here, clock)
    opened(here, clock, Stage.designing)
    with (
        pytest.raises(
            NotNow, match="lacks the day of the baseline, the target, the day of the target"
        ),
        writing(),
    ):
        gates.opened(here.one, Stage.piloting, by=here.executive, now=clock(), words="Go on.")
    with writing():
        goal.change(here.one, terms=WHOLE, by=here.lead, now=clock())
    opened(here, clock, Stage.piloting)
    assert goal.locked_at == clock()
    (version,) = versions_of(goal)
    assert (version.number, Terms.of(version), version.agreed_by_id) == (
        1,
        WHOLE,
        here.executive.id,
    )


def test_locked_terms_change_only_by_the_sponsors_words_and_both_versions_stay(here, clock):
    goal = aims(here, clock)
    framed(here, clock)
    opened(here, clock, Stage.piloting)
    other = replace(WHOLE, target=40.0)
    with pytest.raises(NotNow, match="locked when piloting began"), writing():
        goal.change(here.one, terms=other, by=here.lead, now=clock())
    with pytest.raises(NotNow, match="locked when piloting began"), writing():
        goal.change(here.one, terms=WHOLE, kpi=here.churn, by=here.lead, now=clock())
    with pytest.raises(NotNow, match="locked when piloting began"), writing():
        goal.drop(here.one, by=here.lead, now=clock(), words="")
    with writing():
        goal.change(here.one, terms=WHOLE, by=here.lead, now=clock(), aim=Aim.efficiency)
    assert goal.aim == Aim.efficiency
    with pytest.raises(NotNow, match="Say why"), writing():
        goal.rebaseline(here.one, terms=other, by=here.executive, now=clock(), words="  ")
    with pytest.raises(NotNow, match="stand already"), writing():
        goal.rebaseline(here.one, terms=WHOLE, by=here.executive, now=clock(), words="Why not.")
    with writing():
        goal.rebaseline(
            here.one,
            terms=other,
            by=here.executive,
            now=clock(),
            words="The pilot is half as large.",
        )
    assert [(one.number, one.target, one.words) for one in versions_of(goal)] == [
        (2, 40.0, "The pilot is half as large."), (1, 45.0, "")
    ]  # fmt: skip
    event = db.session.query(Event).order_by(Event.id.desc()).first()
    assert (event.kind, event.before["to_figure"], event.after["to_figure"]) == (
        "goal.rebaselined",
        "45",
        "40",
    )
    assert verify_stored().whole


def test_a_goal_is_rebaselined_only_once_it_is_locked(here, clock):
    goal = aims(here, clock)
    with pytest.raises(NotNow, match="not locked yet"), writing():
        goal.rebaseline(
            here.one, terms=replace(WHOLE, target=40.0), by=here.executive, now=clock(), words="x"
        )


@pytest.mark.both
def test_an_initiative_has_one_outcome_and_one_leading_measure(here, clock):
    aims(here, clock)
    with pytest.raises(NotNow, match="has such a goal already"), writing():
        Goal.set(here.one, here.churn, terms=Terms(), by=here.lead, now=clock())
    goal = aims(here, clock, Terms(), here.churn, horizon=Horizon.leading)
    with writing():
        goal.drop(here.one, by=here.lead, now=clock(), words="Another one moves first.")
    aims(here, clock, Terms(), here.nps, horizon=Horizon.leading)


@pytest.mark.parametrize(
    ("terms", "kpi", "words"),
    [
        (replace(WHOLE, target=20.0), "nps", "the target has to lie above the baseline of 30"),
        (replace(WHOLE, target=30.0), "nps", "the target has to lie above"),
        (WHOLE, "churn", "the target has to lie below the baseline of 30"),
        (replace(WHOLE, target_on=date(2026, 1, 31)), "nps", "has to lie after the baseline"),
        (replace(WHOLE, target_on=date(2026, 2, 10)), "nps", "is read too seldom for this"),
        (replace(WHOLE, claimed=-1.0), "nps", "write it without a minus"),
        (replace(WHOLE, path=((date(2027, 1, 1), 40.0),)), "nps", "between baseline and target"),
    ],
)  # fmt: skip
def test_terms_that_contradict_each_other_are_refused_in_words(here, clock, terms, kpi, words):
    with pytest.raises(NotNow, match=words), writing():
        Goal.set(here.one, getattr(here, kpi), terms=terms, by=here.lead, now=clock())


def test_adopted_work_needs_none_to_be_accepted_but_a_goal_set_after_piloting_is_whole_and_locks_at_once(
    here, clock
):
    with writing():
        here.one.propose_sponsor(
            here.executive, by=here.manager, now=clock(), adopt_at=Stage.rolling_out
        )
        here.one.accept_sponsorship(by=here.executive, now=clock())
    with pytest.raises(NotNow, match="lacks"), writing():
        Goal.set(here.one, here.nps, terms=Terms(), by=here.lead, now=clock())
    goal = aims(here, clock)
    assert goal.locked_at == clock()


def test_terms_that_an_open_end_kept_from_locking_lock_as_soon_as_they_are_whole(here, clock):
    """Planted: `change` that does not look whether they can lock by now."""
    goal = aims(here, clock, Terms())
    with writing():
        here.one.propose_sponsor(here.executive, by=here.manager, now=clock(), adopt_at=Stage.piloting)  # fmt: skip
        here.one.accept_sponsorship(by=here.executive, now=clock())
    assert goal.locked_at is None
    with writing():
        goal.change(here.one, terms=replace(WHOLE, target=None, target_on=None), by=here.lead, now=clock())  # fmt: skip
    assert goal.locked_at is None
    with writing():
        goal.change(here.one, terms=WHOLE, by=here.lead, now=clock())
    assert goal.locked_at == clock()
    assert [one.number for one in versions_of(goal)] == [1]
    with pytest.raises(NotNow, match="locked when piloting began"), writing():
        goal.change(here.one, terms=replace(WHOLE, target=50.0), by=here.lead, now=clock())


def test_nothing_of_a_goal_changes_once_its_initiative_has_ended(here, clock):
    """Planted: the end not asked by `change`; not by `drop`."""
    goal = aims(here, clock, Terms())
    with writing():
        here.one.stop(by=here.manager, now=clock(), words="No money.")
    with pytest.raises(NotNow, match="has ended"), writing():
        goal.change(here.one, terms=WHOLE, by=here.lead, now=clock())
    with pytest.raises(NotNow, match="has ended"), writing():
        goal.drop(here.one, by=here.lead, now=clock(), words="")


def test_which_way_is_better_stays_while_somebody_agreed_on_it(here, clock):
    """Planted: the objection of goals not asked."""
    goal = aims(here, clock)
    framed(here, clock)
    with writing():
        here.nps.change(by=here.manager, now=clock(), good=Good.down)
        here.nps.change(by=here.manager, now=clock(), good=Good.up)
    opened(here, clock, Stage.piloting)
    assert goal.locked_at is not None
    with pytest.raises(NotNow, match="which way is better stays"), writing():
        here.nps.change(by=here.manager, now=clock(), good=Good.down)
    with writing():
        here.nps.change(by=here.manager, now=clock(), name="Would recommend")
