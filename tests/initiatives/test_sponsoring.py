"""Exactly one sponsor: proposed, accepted, declined, withdrawn, lapsed, interim (rules 1 and 2).

Planted faults seen red: the partial unique index dropped; `has_lapsed` comparing with `<=`; `objection_to` without the
lead; `accept_sponsorship` leaving the old row accepted.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.gates import opened
from tests.initiatives.stories import idea, kinds, last_event, sponsored
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.lapsing import lapse_due
from tracker.initiatives.leaving import still_sponsors
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsorships import Answer, Sponsorship, active_sponsored, lapses_on
from tracker.initiatives.stages import Stage
from tracker.organisation.calendars import Calendar, Holiday, WorkingDays
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Role
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.usefixtures("present")


@pytest.mark.both
def test_accepting_is_the_decision_that_frames_an_idea(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock(), words="You know the floor.")
    assert (one.stage, one.sponsor_id, one.proposed_sponsor_id) == (
        Stage.idea,
        None,
        cast.executive.id,
    )
    with writing():
        one.accept_sponsorship(by=cast.executive, now=clock())
    assert (one.stage, one.sponsor_id, one.proposed_sponsor_id, one.adopted) == (
        Stage.framed,
        cast.executive.id,
        None,
        False,
    )
    assert kinds(one) == ["initiative.created", "sponsor.proposed", "sponsor.accepted"]
    event = last_event()
    assert event.before == {"sponsor_id": None, "stage": "idea"}
    assert (event.after["sponsor_id"], event.after["stage"]) == (cast.executive.id, "framed")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("contact", "belongs to a partner"),
        ("member", "is not an executive"),
        ("manager", "is not an executive"),
        ("auditor", "is not an executive"),
        ("alternate", "has no access any more"),
        ("executive", "leads"),
    ],
)
def test_who_cannot_sponsor_is_told_in_plain_words_and_nothing_changes(cast, clock, who, words):
    one = idea(cast, clock(), lead=cast.executive)
    with writing():
        end_access(cast.alternate, by=cast.admin, now=clock())
    before = kinds()
    with pytest.raises(NotNow, match=words), writing():
        one.propose_sponsor(getattr(cast, who), by=cast.manager, now=clock())
    assert kinds() == before
    assert db.session.scalars(select(Sponsorship)).all() == []


def test_who_was_asked_and_became_the_lead_meanwhile_cannot_accept(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
        one.lead_id = cast.executive.id
    with pytest.raises(NotNow, match="the sponsor never leads"), writing():
        one.accept_sponsorship(by=cast.executive, now=clock())


def test_the_old_sponsor_stays_accountable_until_another_accepts(cast, clock):
    one = sponsored(cast, clock())
    with writing():
        one.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
    assert one.sponsor_id == cast.executive.id
    with writing():
        opened(one, Stage.designing, by=cast.executive, now=clock(), words="Go.")
        one.accept_sponsorship(by=cast.other_executive, now=clock())
    assert (one.sponsor_id, one.stage) == (cast.other_executive.id, Stage.designing)
    assert [row.answer for row in _rows(one)] == [Answer.ended, Answer.accepted]


def test_a_second_proposal_waits_for_the_first(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    with pytest.raises(NotNow, match="still open"), writing():
        one.propose_sponsor(cast.other_executive, by=cast.lead, now=clock())


@pytest.mark.both
@pytest.mark.parametrize("answer", ["proposed", "accepted"])
def test_the_database_refuses_two_at_once(cast, clock, answer):
    """Canary: without the partial unique indexes both rows stand."""
    one = idea(cast, clock())
    row = {"one": one.id, "answer": answer, "now": "2026-03-02 09:00:00"}
    insert = text(
        "INSERT INTO sponsorship (initiative_id, person_id, answer, interim, words, answer_words, "
        "proposed_at) VALUES (:one, :person, :answer, false, '', '', :now)"
    )
    two = [row | {"person": who.id} for who in (cast.executive, cast.other_executive)]
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(insert, two)
    assert _rows(one) == []


def test_only_the_one_who_was_asked_answers(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    for act in (
        lambda: one.accept_sponsorship(by=cast.other_executive, now=clock()),
        lambda: one.decline_sponsorship(by=cast.other_executive, now=clock(), words="No."),
    ):
        with pytest.raises(NotNow, match="waiting for this answer"), writing():
            act()


def test_declined_with_a_reason_and_another_is_asked(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
        one.decline_sponsorship(by=cast.executive, now=clock(), words="My hands are full.")
        one.propose_sponsor(cast.other_executive, by=cast.lead, now=clock())
    assert [(row.answer, row.answer_words) for row in _rows(one)] == [
        (Answer.declined, "My hands are full."),
        (Answer.proposed, ""),
    ]
    assert one.stage == Stage.idea


def test_withdrawn_once_and_not_twice(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
        one.withdraw_proposal(by=cast.lead, now=clock())
    assert one.proposed_sponsor_id is None
    with pytest.raises(NotNow), writing():
        one.withdraw_proposal(by=cast.lead, now=clock())


def test_a_proposal_can_be_answered_for_ten_working_days_and_not_longer(cast, clock):
    """Asked on Monday 2 March; Tuesday the 10th is a holiday, so the tenth working day is Tuesday the 17th."""
    one, other = idea(cast, clock()), idea(cast, clock(), "Two bills")
    with writing():
        calendar_id = db.session.scalars(select(Calendar.id)).one()
        db.session.add(Holiday(calendar_id=calendar_id, day=date(2026, 3, 10), name="Day off"))
        for initiative in (one, other):
            initiative.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    assert lapses_on(
        clock(), WorkingDays(holidays=(date(2026, 3, 10),)), (), clock().date()
    ) == date(2026, 3, 17)
    clock.forward(days=15)
    assert lapse_due(clock()) == 0
    with writing():
        one.accept_sponsorship(by=cast.executive, now=clock())
    clock.forward(days=1)
    with pytest.raises(NotNow, match="lapsed after 10 working days"), writing():
        other.accept_sponsorship(by=cast.executive, now=clock())


@pytest.mark.both
def test_what_nobody_answered_lapses_by_itself_once(cast, clock):
    old, young = idea(cast, clock()), idea(cast, clock(), "Two bills")
    with writing():
        old.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    clock.forward(days=10)
    with writing():
        young.propose_sponsor(cast.executive, by=cast.lead, now=clock())
    clock.forward(days=5)
    assert lapse_due(clock()) == 1
    assert lapse_due(clock()) == 0
    db.session.refresh(old)
    assert (old.proposed_sponsor_id, young.proposed_sponsor_id) == (None, cast.executive.id)
    assert kinds(old)[-1] == "sponsor.lapsed"
    assert last_event().actor_id is None


def test_work_under_way_is_adopted_as_it_stands_in_one_decision(cast, clock):
    one = idea(cast, clock(), adopt_stage=Stage.rolling_out)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=clock(), adopt_at=Stage.piloting)
        one.accept_sponsorship(by=cast.executive, now=clock())
    assert (one.stage, one.adopted, one.adopt_stage) == (Stage.piloting, True, None)
    assert kinds(one) == ["initiative.created", "sponsor.proposed", "stage.adopted"]


def test_an_import_says_at_which_stage_it_is_adopted(cast, clock):
    one = idea(cast, clock(), adopt_stage=Stage.proving)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        one.accept_sponsorship(by=cast.executive, now=clock())
    assert (one.stage, one.adopted) == (Stage.proving, True)


@pytest.mark.parametrize("stage", [Stage.idea, Stage.realised, Stage.designing])
def test_what_cannot_be_adopted_is_refused(cast, clock, stage):
    one = idea(cast, clock())
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), designing=False)
    with pytest.raises(NotNow, match="cannot be adopted"), writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=clock(), adopt_at=stage)


@pytest.mark.both
def test_access_ends_and_the_programme_owner_is_interim_sponsor_until_another_accepts(cast, clock):
    one, ended = sponsored(cast, clock()), sponsored(cast, clock(), "Two bills")
    with writing():
        ended.stop(by=cast.executive, now=clock(), words="Overtaken.")
        one.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
        handed = end_access(cast.executive, by=cast.admin, now=clock())
    assert {(h.duty, h.about, h.heir_id) for h in handed} == {
        ("sponsor", one.ref, cast.owner.id),
        ("sponsor", ended.ref, cast.owner.id),
    }
    assert (one.sponsor_id, one.sponsor_interim) == (cast.owner.id, True)
    with writing():
        one.accept_sponsorship(by=cast.other_executive, now=clock())
    assert (one.sponsor_id, one.sponsor_interim) == (cast.other_executive.id, False)


def test_the_interim_sponsor_may_accept_for_good(cast, clock):
    one = sponsored(cast, clock())
    with writing():
        end_access(cast.executive, by=cast.admin, now=clock())
        one.propose_sponsor(cast.owner, by=cast.manager, now=clock())
        one.accept_sponsorship(by=cast.owner, now=clock())
    assert (one.sponsor_id, one.sponsor_interim) == (cast.owner.id, False)


def test_an_owner_who_leads_hands_the_lead_on_before_being_interim_sponsor(cast, clock):
    """Also where it was stopped: access ends at once, always."""
    one = sponsored(cast, clock(), lead=cast.owner, lead_unit_id=cast.it.id)
    with writing():
        one.stop(by=cast.executive, now=clock(), words="Overtaken.")
        end_access(cast.executive, by=cast.admin, now=clock())
    assert (one.sponsor_id, one.lead_id) == (cast.owner.id, cast.head.id)


def test_proposals_to_somebody_who_leaves_lapse(cast, clock):
    one = idea(cast, clock())
    with writing():
        one.propose_sponsor(cast.executive, by=cast.lead, now=clock())
        end_access(cast.executive, by=cast.admin, now=clock())
    assert one.proposed_sponsor_id is None
    assert [row.answer for row in _rows(one)] == [Answer.lapsed]


def test_an_executive_who_sponsors_cannot_lose_the_role(cast, clock):
    made = [sponsored(cast, clock(), f"Bill {n}") for n in range(5)]
    words = still_sponsors(cast.executive)
    assert f"{made[0].ref}, {made[1].ref}, {made[2].ref} and 2 more" in words
    with pytest.raises(NotNow, match="Let another executive accept"), writing():
        cast.executive.change(by=cast.admin, now=clock(), role=Role.member)
    assert still_sponsors(cast.other_executive) is None


def test_the_load_counts_what_goes_on(cast, clock):
    made = [sponsored(cast, clock(), f"Bill {n}") for n in range(4)]
    with writing():
        made[0].stop(by=cast.executive, now=clock(), words="Overtaken.")
    loads = active_sponsored(Initiative, [cast.executive.id, cast.other_executive.id])
    assert loads == {cast.executive.id: 3}


def test_nothing_is_proposed_for_what_has_ended(cast, clock):
    one = sponsored(cast, clock())
    with writing():
        one.stop(by=cast.executive, now=clock(), words="Overtaken.")
    with pytest.raises(NotNow, match="has ended"), writing():
        one.propose_sponsor(cast.other_executive, by=cast.owner, now=clock())


def test_a_proposal_made_in_the_evening_counts_from_the_organisations_day(cast, clock):
    """22:30 UTC on Friday is Saturday in Tehran: the ten days begin there."""
    with writing():
        Organisation.current().change(by=cast.admin, now=clock(), time_zone="Asia/Tehran")
    evening = clock.moment.replace(hour=22, minute=30) + timedelta(days=4)
    assert lapses_on(evening, WorkingDays(), (), evening.date()) == date(2026, 3, 20)
    assert lapses_on(evening - timedelta(hours=3), WorkingDays(), (), evening.date()) == date(
        2026, 3, 20
    )


def _rows(initiative: Initiative) -> list[Sponsorship]:
    query = select(Sponsorship).where(Sponsorship.initiative_id == initiative.id)
    return list(db.session.scalars(query.order_by(Sponsorship.id)))
