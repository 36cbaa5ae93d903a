"""What happens to blockers when an initiative stops, a person leaves, a partner ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.blockers.conftest import stored
from tracker.activity.models import Event
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.lines import one
from tracker.blockers.models import Blocker
from tracker.blockers.queries import oldest_open, waiting_lines
from tracker.blockers.states import State, WaitingOn
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


def fresh(blocker):
    return db.session.get_one(Blocker, blocker.id)


def kinds(blocker):
    query = select(Event.kind).where(
        Event.subject_type == "blocker", Event.subject_id == blocker.id
    )
    return list(db.session.scalars(query.order_by(Event.id)))


def test_a_stopped_initiative_closes_its_blockers_and_their_days_still_count(
    app, cast, work, clock
):
    with app.app_context():
        with writing():
            blocker, resolved = work.raises(), work.raises()
            resolved.resolve("Done", by=cast.head, now=clock.forward(days=1))
        with writing():
            initiative = db.session.get_one(Initiative, work.initiative.id)
            assert initiative.open_blockers == 1
            initiative.stop(by=cast.manager, now=clock.forward(days=3), words="No money")
        for one_of in (blocker, resolved):
            row = fresh(one_of)
            assert (row.state, row.waiting_on) == (State.closed, WaitingOn.nobody)
            assert kinds(one_of)[-1] == "blocker.closed_with_initiative"
        assert (
            one(Blocker.find(cast.manager, blocker.ref), day_of(clock.forward(days=90))).days == 4
        )
        assert one(Blocker.find(cast.manager, resolved.ref), day_of(clock())).days == 1
        assert db.session.get_one(Initiative, work.initiative.id).open_blockers == 0
        with pytest.raises(NotNow, match="was stopped"), writing():
            work.raises()


def test_the_card_is_touched_by_every_verb(app, cast, work, clock):
    with app.app_context():
        touches = []
        with writing():
            blocker = work.raises()
            steps = (
                lambda now: blocker.name_answerer(cast.head, by=cast.head, now=now),
                lambda now: blocker.acknowledge(by=cast.head, now=now),
                lambda now: blocker.commit(now.date(), by=cast.head, now=now),
                lambda now: blocker.edit(by=cast.lead, now=now, title="Other words"),
                lambda now: blocker.pass_on(
                    by=cast.head, now=now, words="x", holder_unit_id=cast.billing.id
                ),
                lambda now: blocker.resolve("x", by=cast.other_head, now=now),
                lambda now: blocker.reopen(by=cast.lead, now=now, words="x"),
                lambda now: blocker.withdraw(by=cast.lead, now=now),
            )
            for step in steps:
                step(clock.forward(hours=1))
                initiative = db.session.get_one(Initiative, work.initiative.id)
                touches.append((initiative.touches, initiative.changed == clock()))
        assert [count for count, _now in touches] == sorted({count for count, _now in touches})
        assert all(now for _count, now in touches)
        assert len(kinds(blocker)) == 1 + len(steps)


def test_somebody_else_answers_when_the_answerer_leaves(app, cast, work, clock):
    """Canary: without the hook in `join` the blocker went on waiting for somebody without access."""
    with app.app_context():
        with writing():
            by_unit = work.raises()
            by_unit.name_answerer(cast.finance, by=cast.head, now=clock())
            of_head = work.raises()
            of_head.acknowledge(by=cast.head, now=clock())
            outside = work.raises(holder_outside="The regulator")
            outside.name_answerer(cast.finance, by=cast.lead, now=clock())
            by_partner = work.raises(holder_partner_id=cast.vendor.id)
            by_partner.acknowledge(by=cast.contact, now=clock())
        with writing():
            for leaving in (cast.finance, cast.contact):
                handed = end_access(
                    db.session.get_one(Person, leaving.id), by=cast.admin, now=clock()
                )
                assert "answerer" in {duty.duty for duty in handed}
        answering = {fresh(row).answerer_id for row in (by_unit, of_head)}
        assert answering == {cast.head.id}
        assert fresh(outside).answerer_id == cast.lead.id
        assert fresh(by_partner).answerer_id is None
        with writing():
            end_access(db.session.get_one(Person, cast.head.id), by=cast.admin, now=clock())
        assert fresh(of_head).answerer_id == cast.owner.id, (
            "nobody heads IT now, so it falls to the programme owner"
        )


def test_what_an_ending_partner_holds_passes_to_the_relationship_owner(app, cast, work, clock):
    with app.app_context():
        with writing():
            blocker = work.raises(holder_partner_id=cast.vendor.id, blocked_unit_id=cast.billing.id)
            resolved = work.raises(
                holder_partner_id=cast.vendor.id, blocked_unit_id=cast.billing.id
            )
            resolved.acknowledge(by=cast.contact, now=clock())
            resolved.resolve("Done", by=cast.contact, now=clock())
        with writing():
            end_partner(
                db.session.get_one(Partner, cast.vendor.id),
                by=cast.admin,
                now=clock.forward(days=3),
            )
        passed = fresh(blocker)
        assert (passed.holder_partner_id, passed.holder_unit_id) == (None, cast.care.id)
        assert (passed.answerer_id, passed.state, passed.hand_overs) == (
            cast.manager.id,
            State.raised,
            1,
        )
        turns = db.session.scalars(
            select(BlockerHolding).where(BlockerHolding.blocker_id == blocker.id)
        ).all()
        assert len(turns) == 2
        assert one(Blocker.find(cast.manager, passed.ref), day_of(clock())).days == 3
        assert fresh(resolved).holder_partner_id == cast.vendor.id
        with writing():
            fresh(resolved).reopen(by=cast.member, now=clock(), words="It is back")
        assert fresh(resolved).holder_unit_id == cast.care.id, "the partner is gone by now"
        assert kinds(resolved)[-2:] == ["blocker.reopened", "blocker.passed_on"]


def test_a_holder_that_has_ended_cannot_be_named(app, cast, work, clock):
    with app.app_context():
        with writing():
            end_partner(db.session.get_one(Partner, cast.vendor.id), by=cast.admin, now=clock())
        with pytest.raises(NotNow, match="has ended"), writing():
            work.raises(holder_partner_id=cast.vendor.id)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("contact", "who are not auditors"),
        ("auditor", "who are not auditors"),
        ("ended", "no access any more"),
    ],
)
def test_only_those_who_can_answer_are_named(app, cast, work, person, words):
    blocker = work.make()
    with app.app_context(), pytest.raises(NotNow, match=words), writing():
        fresh(blocker).name_answerer(getattr(cast, person), by=cast.head, now=blocker.raised_at)


def test_a_partner_is_answered_for_by_its_own_contacts(app, as_, cast, work):
    blocker = work.make(holder_partner_id=cast.vendor.id)
    address = f"/blockers/{blocker.ref}/answerer"
    assert (
        as_(cast.manager)
        .submit(address, answerer_id=cast.other_contact.id, version=blocker.version)
        .status_code
        == 422
    )
    assert (
        as_(cast.manager)
        .submit(address, answerer_id=cast.contact.id, version=blocker.version)
        .status_code
        == 303
    )
    assert stored(app, blocker).answerer_id == cast.contact.id


def test_what_waits_for_whom(app, cast, work, clock):
    with app.app_context():
        with writing():
            named = work.raises(title="Named")
            named.name_answerer(cast.finance, by=cast.head, now=clock())
            work.raises(title="For the head")
            work.raises(title="Outside", holder_outside="The regulator")
            done = work.raises(title="To confirm")
            done.resolve("Done", by=cast.head, now=clock())
        waits = {
            part: {
                line.title
                for line in waiting_lines(
                    db.session.get_one(Person, getattr(cast, part).id), 10, day_of(clock())
                )["mine"]
            }
            for part in ("finance", "head", "lead", "member", "manager")
        }
    assert waits == {
        "finance": {"Named"}, "head": {"For the head"}, "lead": {"Outside"}, "member": {"To confirm"}, "manager": set(),
    }  # fmt: skip


def test_the_chip_of_a_card_is_the_oldest_open_blocker(app, cast, work, clock):
    with app.app_context():
        with writing():
            oldest = work.raises(title="Oldest")
            work.raises(now=clock.forward(days=1), holder_partner_id=cast.vendor.id)
            work.raises(now=clock.forward(days=1), holder_outside="The regulator")
        today = day_of(clock.forward(days=5))
        chip = oldest_open([work.initiative.id, 999], today)[work.initiative.id]
        assert (chip.days, chip.holder_name, chip.late, chip.ref, chip.more) == (
            5,
            "IT platforms",
            True,
            oldest.ref,
            2,
        )
        with writing():
            oldest.resolve("Done", by=cast.head, now=clock())
        chip = oldest_open([work.initiative.id], today)[work.initiative.id]
        assert (chip.holder_name, chip.more) == ("Brightline", 1)
        assert oldest_open([], today) == {}
