"""Raised by one, promised and resolved by the holder, confirmed by the raiser: by the right people and by no wrong one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.blockers.conftest import stored
from tracker.activity.models import Event
from tracker.blockers.models import Blocker
from tracker.blockers.states import State, WaitingOn
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

FORM = {
    "title": "The meter data never arrives",
    "needed_by": "2026-03-20",
    "category": "data",
    "effect": "Customers ring about bills they cannot read",
}
HOLDERS_SIDE = ("head",)
RAISERS_SIDE = ("member", "lead", "manager")
EVERYBODY = (
    *("admin", "manager", "owner", "executive", "head", "other_head", "lead", "member"),
    *("finance", "auditor", "contact", "other_contact"),
)


def changes(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event))


def refused_for_all_but(app, as_, cast, right, address, **fields):
    """Post as everybody who must not, and check that nothing happened: internal people 403, partners 404."""
    before = changes(app)
    for part in EVERYBODY:
        if part not in right:
            answer = as_(getattr(cast, part)).submit(address, **fields)
            wanted = 404 if part.endswith("contact") else 403
            assert answer.status_code == wanted, (part, address, answer.status_code)
    assert changes(app) == before


def test_a_blocker_goes_its_way_by_the_right_hands_alone(app, cast, as_, work, clock):
    """Canary: `answer_blocker: (answerer, heads_the_holder, everybody)` in policy.py turned this red."""
    here = f"/initiatives/{work.initiative.ref}/blockers/new"
    fields = {**FORM, "holder": f"u{cast.it.id}", "blocked_unit_id": cast.care.id}
    refused_for_all_but(app, as_, cast, ("member", "lead", "manager", "owner"), here, **fields)
    answer = as_(cast.member).submit(here, **fields)
    assert answer.status_code == 303
    address = answer.location
    ref = address.rsplit("/", 1)[1]
    with app.app_context():
        blocker = db.session.scalars(select(Blocker).where(Blocker.ref == ref)).one()
    assert (blocker.state, blocker.waiting_on, blocker.raised_by_id) == (
        "raised",
        "holder",
        cast.member.id,
    )
    assert blocker.due_on == date(2026, 3, 4), "two working days to acknowledge"

    refused_for_all_but(app, as_, cast, HOLDERS_SIDE, f"{address}/acknowledgement")
    assert as_(cast.head).submit(f"{address}/acknowledgement").status_code == 303
    blocker = stored(app, blocker)
    assert (blocker.state, blocker.answerer_id) == (State.acknowledged, cast.head.id)
    assert blocker.due_on == date(2026, 3, 9), "five working days to promise"

    promise = {"promised_on": "2026-03-12", "version": blocker.version}
    refused_for_all_but(app, as_, cast, HOLDERS_SIDE, f"{address}/promise", **promise)
    assert as_(cast.head).submit(f"{address}/promise", **promise).status_code == 303
    assert stored(app, blocker).due_on == date(2026, 3, 12), "then the promise"

    clock.forward(days=7)
    done = {"words": "The nightly file is back."}
    refused_for_all_but(app, as_, cast, HOLDERS_SIDE, f"{address}/resolution", **done)
    assert as_(cast.head).submit(f"{address}/resolution", **done).status_code == 303
    blocker = stored(app, blocker)
    assert (blocker.state, blocker.waiting_on, blocker.open_since) == (
        State.resolved,
        WaitingOn.raiser,
        None,
    )

    refused_for_all_but(app, as_, cast, RAISERS_SIDE, f"{address}/confirmation")
    assert as_(cast.member).submit(f"{address}/confirmation").status_code == 303
    blocker = stored(app, blocker)
    assert (blocker.state, blocker.waiting_on) == (State.confirmed, WaitingOn.nobody)
    with app.app_context():
        kinds = db.session.scalars(
            select(Event.kind).where(Event.subject_type == "blocker").order_by(Event.id)
        ).all()
        initiative = db.session.get_one(Initiative, work.initiative.id)
        assert db.session.scalars(select(Event.id).where(Event.number.is_(None))).all() == []
    assert kinds == [
        "blocker.raised",
        "blocker.acknowledged",
        "blocker.committed",
        "blocker.resolved",
        "blocker.confirmed",
    ]
    assert initiative.open_blockers == 0


def test_each_page_offers_only_what_its_reader_may_do(app, cast, as_, work):
    blocker = work.make()
    address = f"/blockers/{blocker.ref}"
    offers = {
        part: as_(getattr(cast, part)).get(address).text for part in ("head", "member", "finance")
    }
    assert f'{address}/acknowledgement"' in offers["head"]
    assert f'{address}/promise"' in offers["head"]
    assert f'{address}/pass-on"' in offers["head"]
    assert f'{address}/withdrawal"' in offers["member"]
    assert f'{address}/acknowledgement"' not in offers["member"]
    for word in (
        "acknowledgement",
        "promise",
        "resolution",
        "confirmation",
        "pass-on",
        "withdrawal",
        "answerer",
    ):
        assert f'{address}/{word}"' not in offers["finance"]


@pytest.mark.parametrize(
    ("steps", "verb", "words"),
    [
        ((), "confirmation", "Nobody has said yet"),
        (("acknowledgement",), "acknowledgement", "acknowledged already"),
        (("resolution",), "promise", "Confirm it, or reopen it"),
        (("resolution", "confirmation"), "resolution", "reopen it"),
        (("withdrawal",), "reopening", "raise it again"),
    ],
)
def test_a_verb_out_of_turn_is_refused_in_plain_words(app, cast, as_, work, steps, verb, words):
    """Both ends of the blocker are played by the manager and the head; nothing changes by the last step."""
    blocker = work.make(by=cast.manager)
    address = f"/blockers/{blocker.ref}"
    actors = {"confirmation": cast.manager, "reopening": cast.manager, "withdrawal": cast.manager}
    fields = {"words": "So it is.", "promised_on": "2026-03-12"}
    for step in steps:
        answer = as_(actors.get(step, cast.head)).submit(f"{address}/{step}", **fields)
        assert answer.status_code == 303
    before = changes(app)
    version = stored(app, blocker).version
    tab = as_(actors.get(verb, cast.head))
    answer = tab.submit(f"{address}/{verb}", version=version, **fields)
    assert answer.status_code == 409
    assert words in answer.text
    assert words in tab.get(f"{address}/{verb}").text
    assert changes(app) == before


def test_two_who_promise_at_once_see_both_days(app, cast, as_, work):
    """Canary: without `versioned=True` on the promise the second day replaced the first in silence."""
    blocker = work.make()
    address = f"/blockers/{blocker.ref}/promise"
    assert (
        as_(cast.head)
        .submit(address, promised_on="2026-03-10", version=blocker.version)
        .status_code
        == 303
    )
    answer = as_(cast.head).submit(address, promised_on="2026-03-11", version=blocker.version)
    assert answer.status_code == 409
    assert "2026-03-10" in answer.text
    assert "2026-03-11" in answer.text
    assert stored(app, blocker).promised_on == date(2026, 3, 10)


def test_an_edit_over_an_older_version_shows_both_texts(app, cast, as_, work):
    blocker = work.make()
    address = f"/blockers/{blocker.ref}/edit"
    fields = {**FORM, "blocked_unit_id": cast.care.id, "version": blocker.version}
    assert as_(cast.member).submit(address, **{**fields, "title": "First words"}).status_code == 303
    answer = as_(cast.lead).submit(address, **{**fields, "title": "Second words"})
    assert answer.status_code == 409
    assert "First words" in answer.text
    assert "Second words" in answer.text
    assert stored(app, blocker).title == "First words"


def test_a_cost_is_entered_and_shown_as_an_estimate(app, cast, as_, work):
    blocker = work.make()
    address = f"/blockers/{blocker.ref}"
    assert "estimate" not in as_(cast.member).get(address).text
    fields = {
        **FORM,
        "blocked_unit_id": cast.care.id,
        "version": blocker.version,
        "cost": "12000.50",
    }
    assert as_(cast.member).submit(f"{address}/edit", **fields).status_code == 303
    assert "estimate entered by hand" in as_(cast.member).get(address).text


def test_what_is_over_has_no_form_to_edit_it(app, cast, as_, clock, work):
    """Planted: the page that shows the form without asking whether it is over."""
    blocker = work.make()
    assert as_(cast.member).get(f"/blockers/{blocker.ref}/edit").status_code == 200
    with app.app_context(), writing():
        fresh = db.session.get_one(Blocker, blocker.id)
        fresh.withdraw(by=cast.member, now=clock())
    assert as_(cast.member).get(f"/blockers/{blocker.ref}/edit").status_code == 409
