"""Exactly one holder: two or none are refused at the field, by the verb, and by the database itself."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.blockers.conftest import stored
from tests.doing import change, work_of
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative

FORM = {"title": "No paper", "needed_by": "2026-03-20", "category": "supplier"}


def posted(as_, cast, work, **fields):
    address = f"/initiatives/{work.initiative.ref}/blockers/new"
    return as_(cast.member).submit(address, **{**FORM, "blocked_unit_id": cast.care.id, **fields})


def count(app):
    with app.app_context():
        return len(db.session.scalars(select(Blocker.id)).all())


@pytest.mark.parametrize(
    ("holder", "outside", "field", "words"),
    [
        ("", "", "holder", "Say who owes it"),
        ("", "   ", "holder", "Say who owes it"),
        ("it", "The regulator", "outside", "Two holders are named"),
        ("vendor", "The regulator", "outside", "Two holders are named"),
        ("nobody", "", "holder", "Choose one from the list"),
    ],
)
def test_two_holders_or_none_are_refused_at_the_field(
    app, as_, cast, work, holder, outside, field, words
):
    """Canary: without `validate_outside` the second holder was dropped in silence."""
    keys = {"it": f"u{cast.it.id}", "vendor": f"p{cast.vendor.id}", "nobody": "u999999"}
    answer = posted(as_, cast, work, holder=keys.get(holder, ""), outside=outside)
    assert answer.status_code == 422
    assert count(app) == 0
    page = answer.text
    assert f'id="{field}-error"' in page
    assert words in page.split(f'id="{field}-error"', 1)[1][:400]
    assert "No paper" in page, "what was typed is still there"


@pytest.mark.parametrize("held", ["it", "vendor", "outside"])
def test_each_kind_of_holder_can_be_named(app, as_, cast, work, held):
    fields = {
        "it": {"holder": f"u{cast.it.id}"},
        "vendor": {"holder": f"p{cast.vendor.id}"},
        "outside": {"outside": "The  regulator "},
    }
    assert posted(as_, cast, work, **fields[held]).status_code == 303
    with app.app_context():
        blocker = db.session.scalars(select(Blocker)).one()
    wanted = {
        "it": (cast.it.id, None, None),
        "vendor": (None, cast.vendor.id, None),
        "outside": (None, None, "The regulator"),
    }
    assert (blocker.holder_unit_id, blocker.holder_partner_id, blocker.holder_outside) == wanted[
        held
    ]


def test_the_verbs_refuse_two_holders_none_and_oneself(app, cast, work):
    both = {"holder_unit_id": cast.it.id, "holder_partner_id": cast.vendor.id}
    with pytest.raises(NotNow, match="one holder"):
        work.make(**both)
    with pytest.raises(NotNow, match="needs a holder"):
        work.make(holder_outside="  ")
    with pytest.raises(NotNow, match="cannot wait for itself"):
        work.make(holder_unit_id=cast.care.id)
    assert count(app) == 0


@pytest.mark.both
@pytest.mark.parametrize(
    "columns",
    [
        "holder_partner_id = 1",
        "holder_outside = 'Somebody'",
        "holder_unit_id = NULL",
        "holder_unit_id = NULL, holder_outside = ''",
        "waiting_on = 'nobody'",
        "open_since = NULL",
        "state = 'committed'",
        "blocked_unit_id = NULL",
        "blocked_partner_id = 1",
        "action_id = 999",
    ],
)
def test_the_database_refuses_what_no_verb_does(app, cast, work, columns):
    """Two holders, none, a blank one, nobody to wait for, a promise without a day, two who wait or none: not even by hand.

    Canary: with `>= 1` in place of `= 1` in holders.py the first two cases were stored.
    """
    blocker = work.make()
    with app.app_context(), pytest.raises(IntegrityError), writing():
        db.session.execute(text(f"UPDATE blocker SET {columns} WHERE id = :id"), {"id": blocker.id})
    assert stored(app, blocker).holder_unit_id == cast.it.id


@pytest.mark.both
def test_what_is_blocked_is_an_action_of_the_same_initiative(app, cast, clock, work):
    """Canary: a foreign key on `action.id` alone stored it."""
    elsewhere = work_of(app, cast, clock)
    theirs, blocker = elsewhere.make(), work.make()
    with pytest.raises(NotNow, match="not one of"):
        work.make(action=theirs)
    with app.app_context(), pytest.raises(IntegrityError), writing():
        db.session.execute(update(Blocker.__table__).where(Blocker.id == blocker.id).values(action_id=theirs.id))  # fmt: skip
    assert stored(app, blocker).action_id is None
    over = change(app, theirs, lambda row: row.cancel("No more", by=cast.lead, now=clock()))
    with pytest.raises(NotNow, match="is over"), app.app_context(), writing():
        Blocker.raise_(
            db.session.get_one(Initiative, elsewhere.initiative.id), title="x", action=over, blocked_unit_id=cast.care.id,
            holder_unit_id=cast.it.id, by=cast.lead, now=clock(),
        )  # fmt: skip


@pytest.mark.both
def test_the_database_refuses_two_holders_in_a_holding_period_too(app, cast, work):
    blocker = work.make()
    with app.app_context():
        row = db.session.execute(select(BlockerHolding.__table__)).mappings().one()
        two = {**row, "holder_partner_id": cast.vendor.id}
        two.pop("id")
        with pytest.raises(IntegrityError), writing():
            db.session.execute(insert(BlockerHolding.__table__).values(**two))
        with pytest.raises(IntegrityError), writing():
            db.session.execute(
                update(BlockerHolding.__table__)
                .where(BlockerHolding.blocker_id == blocker.id)
                .values(holder_unit_id=None)
            )


def test_passing_on_follows_the_same_rules(app, as_, cast, work):
    blocker = work.make()
    address = f"/blockers/{blocker.ref}/pass-on"
    tab, version = as_(cast.head), blocker.version
    answer = tab.submit(address, version=version, words="Not ours")
    assert answer.status_code == 422
    assert "Say who owes it" in answer.text
    answer = tab.submit(
        address,
        version=version,
        words="Not ours",
        holder=f"p{cast.vendor.id}",
        outside="The regulator",
    )
    assert answer.status_code == 422
    assert "Two holders are named" in answer.text
    assert tab.submit(address, version=version, holder=f"p{cast.vendor.id}").status_code == 422, (
        "a reason is needed"
    )
    assert (
        tab.submit(
            address, version=version, words="Not ours", holder=f"p{cast.vendor.id}"
        ).status_code
        == 303
    )
    passed = stored(app, blocker)
    assert (passed.holder_unit_id, passed.holder_partner_id, passed.hand_overs) == (
        None,
        cast.vendor.id,
        1,
    )
    assert passed.clock_since == passed.open_since
    answer = as_(cast.contact).get(address)
    assert answer.status_code == 404, "a partner answers; it does not pass on"


@pytest.mark.both
def test_two_who_pass_it_on_at_once_leave_one_holder(app, as_, cast, work):
    """The second one is asked for its right again, under the lock, and has lost it.

    Canary: with `fresh = blocker` in place of `post.again(blocker)` the second write would have named
    two holders, and the database refused it (500).
    """
    blocker = work.make()
    start = threading.Barrier(2)

    def pass_on(holder):
        tab = as_(cast.head)
        start.wait(10)
        fields = {"version": blocker.version, "words": "Not ours", "holder": holder}
        return tab.submit(f"/blockers/{blocker.ref}/pass-on", **fields).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(pass_on, (f"u{cast.billing.id}", f"p{cast.vendor.id}")))
    assert answers == [303, 403]
    passed = stored(app, blocker)
    assert [passed.holder_unit_id, passed.holder_partner_id].count(None) == 1
    assert passed.hand_overs == 1
    with app.app_context():
        ends = db.session.scalars(select(BlockerHolding.ends)).all()
    assert ends.count(None) == 1
