"""Who is told what: never of one's own act, never twice, and nothing of what was rolled back."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.aims import aim
from tests.cast import START
from tests.initiatives.stories import idea, sponsored
from tests.notices.conftest import told
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.jobs import Job
from tracker.notices.kinds import SENTENCES, Tell
from tracker.notices.models import Mail, Notice
from tracker.notices.reading import mute, read
from tracker.notices.telling import Told, tell
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person


def rows(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def blocked(cast: SimpleNamespace, initiative: Initiative, **more: Any) -> Blocker:
    values = {"holder_unit_id": cast.it.id, "blocked_unit_id": cast.care.id, "by": cast.member}
    with writing():
        return Blocker.raise_(initiative, title="No data", now=START, **{**values, **more})


def test_every_kind_has_its_sentence() -> None:
    """Planted: the row of `mention` taken out."""
    assert set(SENTENCES) == set(Tell)


@pytest.mark.both
def test_who_is_asked_to_sponsor_hears_of_it_and_whoever_asked_hears_the_answer(
    present: SimpleNamespace,
) -> None:
    """Planted: the notice of the answer told to the proposer alone."""
    cast = present
    one = idea(cast, START)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    assert told(cast.executive) == ["sponsorship_proposed"]
    assert told(cast.manager) == told(cast.lead) == []
    with writing():
        aim(one)
        one.accept_sponsorship(by=cast.executive, now=START)
    assert told(cast.manager) == told(cast.lead) == ["sponsorship_accepted"]
    assert told(cast.executive) == ["sponsorship_proposed"]
    assert rows(Mail) == rows(Job) == 1  # the answer waits for the digest


def test_a_decline_a_withdrawal_and_a_lapse_are_told(present: SimpleNamespace) -> None:
    """Planted: `sponsor_withdrawn` not listened for."""
    cast = present
    one = idea(cast, START)
    for _turn in range(2):
        with writing():
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
        with writing():
            if _turn:
                one.withdraw_proposal(by=cast.manager, now=START)
            else:
                one.decline_sponsorship(by=cast.executive, now=START, words="Not mine.")
    assert told(cast.lead) == ["sponsorship_declined"]
    assert told(cast.executive) == ["sponsorship_proposed"] * 2 + ["sponsorship_withdrawn"]
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    with writing():
        one.lapse_proposal(now=START)
    assert told(cast.lead)[-1] == told(cast.manager)[-1] == "sponsorship_lapsed"


@pytest.mark.both
def test_the_head_of_the_unit_hears_of_a_blocker_and_who_is_named_hears_it_at_once(
    present: SimpleNamespace,
) -> None:
    """And nobody of what they did themselves. Planted: whoever acted told as well."""
    cast = present
    blocker = blocked(cast, sponsored(cast, START))
    assert told(cast.head) == ["blocker_raised"]
    for named in (cast.admin, cast.head):
        with writing():
            blocker.name_answerer(named, by=cast.head, now=START)
    assert told(cast.admin) == ["answerer_named"]
    assert told(cast.head) == ["blocker_raised"]


def test_a_blocker_raised_for_who_answers_is_told_once(present: SimpleNamespace) -> None:
    """Planted: the same thing told for each reason there is."""
    cast = present
    blocker = blocked(cast, sponsored(cast, START))
    with writing():
        blocker.name_answerer(cast.other_head, by=cast.head, now=START)
        blocker.pass_on(by=cast.head, now=START, words="Theirs.", holder_unit_id=cast.billing.id)
        blocker.name_answerer(cast.other_head, by=cast.head, now=START)
    assert told(cast.other_head) == ["answerer_named"]


def test_a_partner_hears_only_what_is_for_partners(present: SimpleNamespace) -> None:
    """Planted: every kind told to them."""
    one = sponsored(present, START)
    with writing():
        for kind in Tell:
            tell([Told(kind, [present.contact.id], "initiative", one.id)], now=START)
    assert set(told(present.contact)) == {kind.value for kind in Tell if kind.to_partners}


def test_contacts_of_the_partner_that_holds_it_hear_of_it_and_of_nothing_else(
    present: SimpleNamespace,
) -> None:
    """Planted: a kind that is not for partners told to them; the contact whose access ended told."""
    cast = present
    one = sponsored(cast, START)
    blocked(cast, one, holder_unit_id=None, holder_partner_id=cast.vendor.id)
    assert told(cast.contact) == ["blocker_raised"]
    assert told(cast.manager)[-1] == "blocker_raised"  # who keeps the relationship
    assert told(cast.other_contact) == told(cast.ended_contact) == []


@pytest.mark.both
def test_who_takes_over_hears_of_everything_in_one_notice(present: SimpleNamespace) -> None:
    """Planted: what passes on told as an answerer's naming as well; the flush before the telling left out."""
    cast = present
    one = sponsored(cast, START)
    blocker = blocked(cast, one)
    with writing():
        blocker.name_answerer(cast.executive, by=cast.head, now=START)
    with writing():
        leaving = db.session.get_one(Person, cast.executive.id).again(cast.admin)
        end_access(leaving, by=cast.admin, now=START)
    assert told(cast.owner) == ["duties_passed"]
    assert told(cast.head) == ["blocker_raised", "duties_passed"]


@pytest.mark.both
def test_a_change_that_is_rolled_back_tells_nobody(present: SimpleNamespace) -> None:
    """Planted: what a savepoint rolled back told; what stood in the transaction before it forgotten with it."""
    cast = present
    one, other = idea(cast, START), idea(cast, START, "Another")

    def broken() -> None:
        with writing():
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with writing():
        other.touch(START)  # nothing of the broken one comes with a later commit
    assert told(cast.executive) == []
    with writing() as session:
        session.get_one(Initiative, other.id).propose_sponsor(
            cast.other_executive, by=cast.manager, now=START
        )
        kept = session.begin_nested()
        session.get_one(Initiative, one.id).propose_sponsor(
            cast.executive, by=cast.manager, now=START
        )
        kept.rollback()
    assert told(cast.executive) == []
    assert told(cast.other_executive) == ["sponsorship_proposed"]
    assert rows(Notice) == rows(Mail) == rows(Job) == 1


def test_what_was_done_to_many_at_once_is_one_line(present: SimpleNamespace) -> None:
    """Planted: no grouping."""
    cast = present
    many = [idea(cast, START, f"Number {n}") for n in range(20)]
    with writing():
        for one in many:
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    assert told(cast.executive) == ["sponsorship_proposed"]
    notice = db.session.scalars(select(Notice)).one()
    assert len(notice.ids) == 20
    assert rows(Mail) == 1


def test_what_is_muted_lies_there_read_but_what_is_meant_for_me_is_new(
    present: SimpleNamespace,
) -> None:
    """Planted: mutes not asked for; what is at once muted as well."""
    cast = present
    one = idea(cast, START)
    with writing():
        mute(cast.manager, one.id)
        mute(cast.executive, one.id)
    with writing():
        one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    with writing():
        aim(one)
        one.accept_sponsorship(by=cast.executive, now=START)
    assert told(cast.executive) == ["sponsorship_proposed"]
    unread = select(Notice.kind).where(Notice.read_at.is_(None), ~Notice.waits)
    assert db.session.scalars(unread).all() == [Tell.sponsorship_proposed]
    assert told(cast.manager) == ["sponsorship_accepted"]
    with writing():
        assert read(cast.manager, None, now=START) == 0


def test_reading_counts_down(present: SimpleNamespace) -> None:
    """Planted: the kept count left as it was; anybody may read anything."""
    cast = present
    for n in range(3):
        one = idea(cast, START, f"Number {n}")
        with writing():
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    first = db.session.scalars(select(Notice.id).order_by(Notice.id)).first()
    with writing():
        assert read(cast.manager, [first or 0], now=START) == 0
        assert read(cast.executive, [first or 0], now=START) == 1
        assert read(cast.executive, [first or 0], now=START) == 0
    assert len(told(cast.executive)) == 3
    with writing():
        assert read(cast.executive, None, now=START + timedelta(hours=1)) == 2
    told(cast.executive)
