"""The pages of scorecards: who sees which, what is too few to say, the rows behind a figure, the partner's one comment.

Planted faults are named in each test.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from tests.doing import change
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.partners.recounting import count_at_first, differences, mend, recount
from tracker.partners.saying import ScorecardComment
from tracker.partners.scores import PartnerScore, ScoreRow, ScoresCounted

CARD = "/partners/brightline/scorecard"
OWN = "/partner/scorecard"
COMMENT = f"{OWN}/comment?quarter=2026-Q1"


@pytest.fixture
def accepted(app, cast, clock, work):
    """Let the vendor hand in and us accept some actions, the first `late` of them after their day."""

    def some(count: int, late: int = 0, **who: Any) -> list[Any]:
        made = [work.make(title=f"Work {n}", **who) for n in range(count)]
        for one in made[late:]:
            change(app, one, lambda row: row.submit(by=cast.contact, now=clock()))
            change(app, one, lambda row: row.accept(by=cast.lead, now=clock()))
        if late:
            clock.forward(days=22)  # the day after they were due is a Saturday
        for one in made[:late]:
            change(app, one, lambda row: row.submit(by=cast.contact, now=clock()))
            change(app, one, lambda row: row.accept(by=cast.lead, now=clock()))
        return made

    return some


def test_four_are_too_few_to_say_and_five_are_not(as_, cast, accepted):
    """Planted: ENOUGH of 4."""
    accepted(4)
    page = as_(cast.manager).get(CARD).text
    assert "too few to say" in page
    assert "4 of 4 accepted actions" in page
    accepted(1)
    page = as_(cast.manager).get(CARD).text
    assert "too few to say" not in page
    assert "5 of 5 accepted actions" in page


def test_what_is_put_on_hold_after_the_answer_is_as_late_when_it_is_counted_again(app, cast, clock, work, accepted):  # fmt: skip
    """On the same day, so that days alone do not tell which came first. Planted: times on hold as they stand today."""
    accepted(1, late=1)
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.hold(by=cast.executive, now=clock.forward(hours=1), words="Wait")
    with app.app_context():
        assert [row.in_time for row in db.session.scalars(select(ScoreRow)) if row.measure == "accepted"] == [False]  # fmt: skip
        assert differences(recount()) == []


def test_each_partner_finds_its_own_and_nobody_elses(as_, cast, accepted):
    """Planted: `_own` that takes the first partner there is."""
    accepted(6, late=2)
    mine, other = as_(cast.contact).get(OWN).text, as_(cast.other_contact).get(OWN).text
    assert ("4 of 6 accepted actions" in mine, "67%" in mine) == (True, True)
    assert ("0 of 0 accepted actions" in other, "Brightline" in other) == (True, False)
    for address in (CARD, f"{CARD}/on-time", f"{CARD}/on-time/rows.csv", "/partners", "/partners.csv"):  # fmt: skip
        for part in ("contact", "other_contact"):
            assert as_(getattr(cast, part)).get(address).status_code == 404
        for part in ("auditor", "member", "admin"):
            assert as_(getattr(cast, part)).get(address).status_code == 200
    for address in (OWN, f"{OWN}/on-time"):
        assert as_(cast.manager).get(address).status_code == 403
    assert as_(cast.contact).get(f"{OWN}/secrets").status_code == 404


def test_a_figure_has_as_many_rows_as_it_says_even_where_names_are_not_told(app, as_, cast, clock, work, accepted):  # fmt: skip
    """Planted: names looked up without the scope; rows narrowed by it."""
    made = accepted(5)
    moved = work.make(title="Moved on to another")
    change(app, moved, lambda row: row.acknowledge(by=cast.contact, now=clock()))
    with app.app_context(), writing():
        fresh = db.session.get_one(Action, moved.id)
        fresh.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock())
    page = as_(cast.contact).get(f"{OWN}/acknowledgement")
    assert page.text.count("<tr>") == 1 + 6  # the heads, and a row each
    assert page.text.count("Something that you do not see, or not any more") == 1
    assert "Moved on" not in page.text
    assert f"/partner/actions/{made[0].ref}" in page.text
    inside = as_(cast.manager).get(f"{CARD}/acknowledgement").text
    assert (inside.count("<tr>"), "Moved on" in inside) == (7, True)
    sheet = as_(cast.contact).get(f"{OWN}/acknowledgement/rows.csv").text
    assert (len(sheet.splitlines()), "Moved on" in sheet) == (7, False)
    assert "Moved on" not in as_(cast.other_contact).get(f"{OWN}/acknowledgement").text


def test_contacts_who_do_not_share_read_no_names_of_each_other(app, as_, cast, clock, accepted):
    """Planted: `visible_to` of the internal person in rows.py."""
    accepted(5, partner_id=cast.vendor.id, contact_id=cast.contact.id)
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        vendor.change(by=cast.admin, now=clock(), contacts_share=False)
        named = {"email": "second@example.org", "name": "Second"}
        colleague = Person.add(**named, role=Role.partner, partner_id=vendor.id, by=None, now=clock())  # fmt: skip
    page = as_(colleague).get(f"{OWN}/on-time").text
    assert (page.count("Something that you do not see"), "Work 0" in page) == (5, False)
    assert "5 of 5 accepted actions" in as_(colleague).get(OWN).text


@pytest.mark.both
def test_a_partner_says_one_thing_of_a_quarter_and_what_it_said_before_is_kept(app, as_, cast, accepted):  # fmt: skip
    """Planted: the comment without its version asked; without `own` in the trail."""
    accepted(5)
    vendor = as_(cast.contact)
    wrong = vendor.submit(COMMENT, words="", version="0")
    assert (wrong.status_code, "Say something." in wrong.text) == (422, True)
    answer = vendor.submit(COMMENT, words="Two of us were ill.", version="0")
    assert answer.location == f"{OWN}?quarter=2026-Q1#comment"
    assert "Two of us were ill." in as_(cast.manager).get(f"{CARD}?quarter=2026-Q1").text
    assert "Two of us" not in as_(cast.other_contact).get(OWN).text
    late = vendor.submit(COMMENT, words="Nobody was ill.", version="0")
    assert (late.status_code, "Two of us were ill." in late.text, "Nobody was ill." in late.text) == (409, True, True)  # fmt: skip
    assert vendor.submit(COMMENT, words="Three of us were ill.", version="1").status_code == 303
    with app.app_context():
        said = db.session.scalars(select(ScorecardComment)).one()
        told = db.session.scalars(
            select(Event).where(Event.kind == "scorecard.commented").order_by(Event.id)
        ).all()
    assert (said.words, said.version) == ("Three of us were ill.", 2)
    assert told[-1].private["was"] == {"comment": "Two of us were ill."}
    assert len(told) == 2
    for part in ("manager", "auditor"):
        assert as_(getattr(cast, part)).submit(COMMENT, words="No", version="2").status_code == 403


def test_all_partners_stand_side_by_side_as_the_address_asks(as_, cast, accepted):
    """Planted: the quarter of the address not read; `late` that narrows nothing."""
    accepted(6, late=2)
    manager = as_(cast.manager)
    page = manager.get("/partners").text
    assert ("67%" in page, "4 of 6" in page) == (True, True)
    assert page.index("Brightline") < page.index("Otherwise")
    page = manager.get("/partners?sort=-name").text
    assert page.index("Otherwise") < page.index("Brightline")
    assert "67%" not in manager.get("/partners?quarter=2025-Q4").text
    assert "Brightline" not in manager.get("/partners?late=1").text
    assert "Otherwise" not in manager.get("/partners?q=bright").text
    sheet = manager.get("/partners.csv?q=bright").text.splitlines()
    assert len(sheet) == 2
    assert manager.get("/partners.xlsx").status_code == 200


def test_what_nothing_is_kept_of_yet_is_counted_once_and_a_difference_is_mended(app, cast, clock, accepted):  # fmt: skip
    """Planted: the sums not compared; `count_at_first` that counts each time."""
    accepted(6, late=2)
    with app.app_context():
        assert differences(recount()) == []
        with writing() as session:
            session.execute(update(PartnerScore).values(in_time=PartnerScore.in_time + 1))
            session.execute(delete(ScoreRow).where(ScoreRow.id == select(func.min(ScoreRow.id)).scalar_subquery()))  # fmt: skip
        told = {(one.what, one.kept, one.counted) for one in differences(recount())}
        assert ("in_time", 5, 4) in told
        assert any(what.startswith("rows of ") for what, _kept, _counted in told)
        with writing():
            mend()
        assert differences(recount()) == []
        with writing() as session:
            for model in (PartnerScore, ScoreRow, ScoresCounted):
                session.execute(delete(model))
        assert (count_at_first(clock()), count_at_first(clock())) == (1, 0)
        assert db.session.scalar(select(func.sum(PartnerScore.accepted))) == 6


def test_what_is_rolled_back_does_not_count(app, cast, clock, work):
    """Planted: facts of a savepoint that was rolled back, added up all the same."""
    action = work.make()
    with app.app_context(), writing() as session:
        fresh = session.get_one(Action, action.id)
        nested = session.begin_nested()
        fresh.acknowledge(by=cast.contact, now=clock())
        nested.rollback()
        session.refresh(fresh)
        fresh.reschedule(fresh.due_on.replace(day=27), by=cast.lead, now=clock())
    with app.app_context():
        kept = db.session.scalars(select(PartnerScore)).one()
        assert (kept.acknowledged, kept.dated, kept.dated_by_us) == (0, 1, 1)


def test_what_is_handed_in_while_work_is_on_hold_is_not_late(app, cast, clock, work):
    """Rule 6: partners are not scored then. Planted: `on_hold` not asked."""
    action = work.make()
    clock.forward(days=23)  # it was due three days ago
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.hold(by=cast.executive, now=clock(), words="Wait")
    change(app, action, lambda row: row.report(40, by=cast.contact, now=clock()))
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, action, lambda row: row.accept(by=cast.lead, now=clock()))
    with app.app_context():
        kept = db.session.scalars(select(PartnerScore)).one()
        assert (kept.accepted, kept.in_time) == (1, 1)
