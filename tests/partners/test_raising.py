"""A partner says "we are blocked", and answers as the raiser's side; our side is the company, and its days are ours.

Planted, each seen red: the scope without the action; `waited_for_us` left empty; the action looked up without `visible_to`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.doing import DUE, change, stored
from tracker.actions.assignees import Assignee
from tracker.activity.models import Event
from tracker.blockers.lines import lines, one, selected
from tracker.blockers.models import Blocker
from tracker.blockers.silence import confirm_silent
from tracker.blockers.states import State, WaitingOn
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import day_of
from tracker.partners.recounting import differences, recount
from tracker.partners.scores import Measure, ScoreRow

SAID = {
    "title": "Nobody lets us into the test system",
    "category": "tooling",
    "needed_by": "2026-03-13",
    "effect": "No call can be recorded",
}
OURS = (
    "IT platforms",
    "Customer care",
    "Billing",
    "Milo",
    "Hana",
)  # names of our side that a contact must not read


def raise_on(tab, on, /, **fields):
    return tab.submit(f"/partner/actions/{on.ref}/blockers/new", **{**SAID, **fields})


def the_blocker(app):
    """Return the only blocker there is, as it stands."""
    with app.app_context():
        return db.session.scalars(select(Blocker)).one()


def do(app, blocker, verb):
    with app.app_context(), writing():
        verb(db.session.get_one(Blocker, blocker.id))


def told(app, person):
    with app.app_context():
        rows = select(Notice.kind).where(
            Notice.person_id == person.id, Notice.subject_type == "blocker"
        )
        return set(db.session.scalars(rows))


def colleague_of(app, cast, clock):
    with app.app_context(), writing():
        return Person.add(
            email="second@brightline.example", name="Pat Second", role=Role.partner, partner_id=cast.vendor.id, by=None, now=clock()
        )  # fmt: skip


@pytest.mark.both
def test_the_story_of_a_partner_that_waits(app, as_, cast, clock, work):
    action, tab = work.make(), as_(cast.contact)
    assert (
        f'/partner/actions/{action.ref}/blockers/new"'
        in tab.get(f"/partner/actions/{action.ref}").text
    )
    form = tab.get(f"/partner/actions/{action.ref}/blockers/new").text
    assert 'value="2026-03-20"' in form, "needed by the day on which the action is due"
    assert raise_on(tab, action).status_code == 303

    blocker = the_blocker(app)
    assert (blocker.action_id, blocker.initiative_id) == (action.id, work.initiative.id)
    assert (blocker.blocked_partner_id, blocker.blocked_unit_id) == (cast.vendor.id, None)
    assert (blocker.holder_unit_id, blocker.answerer_id) == (cast.care.id, cast.lead.id), (
        "the host, with their unit"
    )
    assert blocker.raised_by_id == cast.contact.id
    assert told(app, cast.lead) == {Tell.answerer_named}
    for page in (
        "/partner",
        f"/partner/actions/{action.ref}",
        f"/blockers/{blocker.ref}",
        "/blockers",
    ):
        text = tab.get(page).text
        assert SAID["title"] in text, page
        assert "Testing &amp; Daughters" in text, page
        assert not [name for name in OURS if name in text], page
    assert "blocked" in tab.get("/partner").text

    answers = as_(cast.lead)
    assert answers.submit(f"/blockers/{blocker.ref}/acknowledgement").status_code == 303
    assert (
        answers.submit(
            f"/blockers/{blocker.ref}/promise",
            promised_on="2026-03-12",
            version=the_blocker(app).version,
        ).status_code
        == 303
    )
    assert "promised 12 Mar" in tab.get("/partner").text
    assert (
        answers.submit(f"/blockers/{blocker.ref}/resolution", words="A way in").status_code == 303
    )
    assert told(app, cast.contact) == {
        Tell.blocker_acknowledged,
        Tell.blocker_promised,
        Tell.blocker_resolved,
    }
    inbox = tab.get("/inbox").text
    assert "Lena" not in inbox
    assert "promised 12" in inbox

    for page in ("/partner", f"/partner/actions/{action.ref}", f"/blockers/{blocker.ref}"):
        assert f'/blockers/{blocker.ref}/confirmation"' in tab.get(page).text, page
    page = tab.get(f"/blockers/{blocker.ref}").text
    assert SAID["effect"] in page
    assert f'/partner/actions/{action.ref}"' in page
    home = tab.get("/partner").text
    assert "A way in" in home, "it reads how before it confirms"
    assert (
        tab.submit(f"/blockers/{blocker.ref}/reopening", words="Still locked out").status_code
        == 303
    )
    assert the_blocker(app).state == State.acknowledged
    assert answers.submit(f"/blockers/{blocker.ref}/resolution", words="Now").status_code == 303
    assert tab.submit(f"/blockers/{blocker.ref}/confirmation").status_code == 303
    assert the_blocker(app).state == State.confirmed
    assert "blocked</span>" not in tab.get("/partner").text


def test_it_can_be_taken_back_and_never_answered_by_its_raiser(app, as_, cast, work):
    action, tab = work.make(), as_(cast.contact)
    raise_on(tab, action)
    blocker = the_blocker(app)
    for verb in ("acknowledgement", "promise", "resolution"):
        assert (
            tab.submit(
                f"/blockers/{blocker.ref}/{verb}", words="x", promised_on="2026-03-12"
            ).status_code
            == 403
        )
    for verb in ("answerer", "pass-on", "edit"):
        assert tab.get(f"/blockers/{blocker.ref}/{verb}").status_code == 404
    assert tab.submit(f"/blockers/{blocker.ref}/withdrawal").status_code == 303
    assert the_blocker(app).state == State.withdrawn


def test_what_a_partner_holds_says_nothing_of_the_action_that_waits_for_it(app, as_, cast, work):
    """Canary: the action in `for_partner` whoever waits."""
    ours = work.make(person_id=cast.member.id, title="SECRET action")
    with app.app_context(), writing():
        held = Blocker.raise_(
            db.session.get_one(Initiative, work.initiative.id), title="The key", action=ours, blocked_unit_id=cast.care.id,
            holder_partner_id=cast.vendor.id, effect="SECRET effect", by=cast.lead, now=ours.created_at,
        )  # fmt: skip
    for page in ("/partner", "/blockers", f"/blockers/{held.ref}"):
        text = as_(cast.contact).get(page).text
        assert "The key" in text, page
        assert "SECRET" not in text, page
        assert ours.ref not in text, page


@pytest.mark.both
def test_a_colleague_answers_for_the_partner_as_well(app, as_, cast, clock, work):
    """Canary: `contact_of_who_waits` left out of the policy."""
    second = colleague_of(app, cast, clock)
    action = work.make()
    raise_on(as_(cast.contact), action)
    do(app, the_blocker(app), lambda row: row.resolve("Done", by=cast.lead, now=clock()))
    with app.app_context(), writing():
        end_access(
            db.session.get_one(Person, cast.contact.id),
            by=db.session.get_one(Person, cast.admin.id),
            now=clock(),
        )
    tab = as_(second)
    assert f'/blockers/{the_blocker(app).ref}/confirmation"' in tab.get("/partner").text
    assert tab.submit(f"/blockers/{the_blocker(app).ref}/confirmation").status_code == 303
    assert the_blocker(app).state == State.confirmed


def test_contacts_who_see_only_their_own_see_only_what_stops_that(app, as_, cast, clock, work):
    """Canary: the scope without its action turned this red."""
    second = colleague_of(app, cast, clock)
    action = work.make(partner_id=cast.vendor.id, contact_id=cast.contact.id)
    raise_on(as_(cast.contact), action)
    blocker = the_blocker(app)
    assert as_(second).get(f"/blockers/{blocker.ref}").status_code == 200
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        vendor.change(
            by=db.session.get_one(Person, cast.admin.id), now=clock(), contacts_share=False
        )
    assert as_(second).get(f"/blockers/{blocker.ref}").status_code == 404
    assert SAID["title"] not in as_(second).get("/partner").text
    assert raise_on(as_(second), action).status_code == 404
    assert as_(cast.contact).get(f"/blockers/{blocker.ref}").status_code == 200


def test_what_moves_to_another_partner_takes_nothing_along_and_leaves_nothing(
    app, as_, cast, clock, work
):
    action = work.make()
    raise_on(as_(cast.contact), action)
    blocker = the_blocker(app)
    other = Assignee(partner_id=cast.other_vendor.id)
    change(app, action, lambda row: row.assign(other, by=cast.lead, now=clock()))
    for person in (cast.contact, cast.other_contact):
        assert as_(person).get(f"/blockers/{blocker.ref}").status_code == 404
        assert SAID["title"] not in as_(person).get("/partner").text
    assert SAID["title"] not in as_(cast.other_contact).get(f"/partner/actions/{action.ref}").text
    assert stored(app, action).last_on == DUE, "what somebody else waited for is not theirs"
    assert (
        as_(cast.lead)
        .submit(f"/blockers/{blocker.ref}/withdrawal", words="Theirs no more")
        .status_code
        == 303
    )


@pytest.mark.both
def test_days_that_a_partner_waits_for_us_are_ours(app, as_, cast, clock, work):
    """Canary: `waited_for_us` left empty turned this red."""
    action = work.make()
    clock.forward(days=2)  # Wednesday, the 4th
    raise_on(as_(cast.contact), action)
    assert stored(app, action).last_on is None
    clock.forward(days=7)
    do(app, the_blocker(app), lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    assert stored(app, action).last_on == date(2026, 3, 27), "five working days later"
    clock.forward(days=2)
    do(app, the_blocker(app), lambda row: row.reopen(by=cast.contact, now=clock(), words="No"))
    assert stored(app, action).last_on is None
    clock.forward(days=5)
    do(app, the_blocker(app), lambda row: row.withdraw(by=cast.contact, now=clock()))
    assert stored(app, action).last_on == date(2026, 4, 1), (
        "eight of them: two days it stood resolved"
    )


@pytest.mark.both
@pytest.mark.parametrize("how", ["confirmed", "by silence"])
def test_what_comes_back_after_the_last_day_does_not_turn_late_into_in_time(app, as_, cast, clock, work, how):  # fmt: skip
    """Canaries: `holding.resume` for what a partner waits for; `waits_of` from the raising to the end."""
    action, tab = work.make(), as_(cast.contact)
    raise_on(tab, action)
    clock.forward(days=1)
    do(app, the_blocker(app), lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    if how == "confirmed":
        do(app, the_blocker(app), lambda row: row.confirm(by=cast.contact, now=clock()))
    clock.forward(days=28)  # Tuesday, the 31st
    if how == "by silence":
        with app.app_context():
            assert confirm_silent(clock()) == 1
    assert stored(app, action).last_on == date(2026, 3, 23), "one day of ours"
    address = f"/blockers/{the_blocker(app).ref}"
    assert tab.submit(f"{address}/reopening", words="Still").status_code == 303
    assert stored(app, action).last_on == date(2026, 3, 23), "late by then, and it stays so"
    with app.app_context():
        age = one(Blocker.find(cast.lead, the_blocker(app).ref), day_of(clock())).days
        listed = next(iter(lines(selected(Blocker.visible_to(cast.lead)), day_of(clock())))).days
    assert (age, listed) == (21, 21), "its own age goes on"
    assert tab.submit(f"/actions/{action.ref}/submission").status_code == 303
    assert tab.submit(f"{address}/withdrawal").status_code == 303
    change(app, action, lambda row: row.accept(by=cast.lead, now=clock()))
    with app.app_context():
        rows = db.session.scalars(select(ScoreRow).order_by(ScoreRow.id)).all()
        on_time = [row.in_time for row in rows if row.measure == Measure.accepted]
        waited = [row.days for row in rows if row.measure == Measure.waited]
        assert (on_time, waited) == ([False], [1, 0])
        assert differences(recount()) == []


@pytest.mark.both
def test_what_comes_back_in_time_takes_out_only_the_days_on_which_it_stood(app, as_, cast, clock, work):  # fmt: skip
    """Canary: `Pause(row.starts, None)` for turns that are over."""
    action = work.make()
    raise_on(as_(cast.contact), action)
    clock.forward(days=2)
    do(app, the_blocker(app), lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    clock.forward(days=7)  # Wednesday, the 11th
    do(app, the_blocker(app), lambda row: row.reopen(by=cast.contact, now=clock(), words="No"))
    assert stored(app, action).last_on is None
    clock.forward(days=1)
    do(app, the_blocker(app), lambda row: row.resolve("Again", by=cast.lead, now=clock()))
    assert stored(app, action).last_on == date(2026, 3, 25), "two days, and one"
    with app.app_context():
        waited = select(ScoreRow.days).where(ScoreRow.measure == Measure.waited)
        assert db.session.scalars(waited.order_by(ScoreRow.id)).all() == [2, 1]


@pytest.mark.both
def test_nothing_comes_back_on_what_is_over(app, as_, cast, clock, work):
    """Canary: reopening without asking whether it still stops something."""
    action, tab = work.make(), as_(cast.contact)
    raise_on(tab, action)
    do(app, the_blocker(app), lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    do(app, the_blocker(app), lambda row: row.confirm(by=cast.contact, now=clock()))
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, action, lambda row: row.accept(by=cast.lead, now=clock()))
    clock.forward(days=5)
    address = f"/blockers/{the_blocker(app).ref}/reopening"
    answer = tab.submit(address, words="Still")
    assert (answer.status_code, "This action is over" in answer.text) == (409, True)
    other = work.make()
    raise_on(tab, other, title="Another")
    with app.app_context(), writing():
        second = db.session.scalars(select(Blocker).order_by(Blocker.id.desc())).first()
        second.resolve("Open", by=cast.lead, now=clock())
        second.confirm(by=cast.contact, now=clock())
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.stop(by=cast.manager, now=clock(), words="No money")
    for who in (tab, as_(cast.lead)):
        answer = who.submit(f"/blockers/{second.ref}/reopening", words="Still")
        assert (answer.status_code, "was stopped" in answer.text) == (409, True)
    with app.app_context():
        states = set(db.session.scalars(select(Blocker.state)))
        assert states == {State.confirmed}
        assert db.session.scalar(select(Initiative.open_blockers)) == 0


@pytest.mark.both
def test_days_of_two_blockers_and_a_review_at_once_are_taken_out_once(app, as_, cast, clock, work):
    """Canary: `united` that only sorts."""
    action, tab = work.make(), as_(cast.contact)
    raise_on(tab, action, title="First")
    raise_on(tab, action, title="Second")
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=7)
    change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    with app.app_context():
        both = list(db.session.scalars(select(Blocker)))
    for blocker in both:
        do(app, blocker, lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    assert stored(app, action).last_on == DUE + timedelta(days=7)


@pytest.mark.both
def test_silence_confirms_what_somebody_who_is_gone_raised(app, as_, cast, clock, work):
    action = work.make()
    raise_on(as_(cast.contact), action)
    with app.app_context(), writing():
        end_access(
            db.session.get_one(Person, cast.contact.id),
            by=db.session.get_one(Person, cast.admin.id),
            now=clock(),
        )
    do(app, the_blocker(app), lambda row: row.resolve("Open", by=cast.lead, now=clock()))
    with app.app_context():
        assert confirm_silent(clock()) == 0
    clock.forward(days=8)
    with app.app_context():
        assert confirm_silent(clock()) == 1
    assert the_blocker(app).state == State.confirmed


def test_when_the_partner_ends_the_lead_closes_what_it_raised(app, as_, cast, clock, work):
    action = work.make()
    raise_on(as_(cast.contact), action)
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        vendor.end(by=db.session.get_one(Person, cast.admin.id), now=clock())
    blocker = the_blocker(app)
    assert blocker.state == State.raised
    page = as_(cast.lead).get(f"/blockers/{blocker.ref}").text
    assert "Brightline" in page
    assert f'/blockers/{blocker.ref}/withdrawal"' in page
    assert as_(cast.lead).submit(f"/blockers/{blocker.ref}/withdrawal").status_code == 303
    assert the_blocker(app).waiting_on == WaitingOn.nobody


@pytest.mark.both
def test_what_an_ending_partner_waits_for_is_withdrawn_and_told(app, as_, cast, clock, work):
    """Canaries: `take_over_from` that looks at the holder only; without `of_withdrawn`; without the partner asked before
    it comes back; the kind not watched by the scorecard."""
    action, tab = work.make(), as_(cast.contact)
    raise_on(tab, action, title="Open")
    raise_on(tab, action, title="Resolved")
    with app.app_context(), writing():
        resolved = db.session.scalars(select(Blocker).where(Blocker.title == "Resolved")).one()
        resolved.resolve("Open", by=cast.lead, now=clock())
    clock.forward(days=7)
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        end_partner(vendor, by=db.session.get_one(Person, cast.admin.id), now=clock())
    with app.app_context():
        blocker = db.session.scalars(select(Blocker).where(Blocker.title == "Open")).one()
        assert (blocker.state, blocker.waiting_on) == (State.withdrawn, WaitingOn.nobody)
        last = select(Event.kind).where(Event.subject_type == "blocker", Event.subject_id == blocker.id)  # fmt: skip
        assert db.session.scalars(last.order_by(Event.id.desc())).first() == "blocker.withdrawn_with_partner"  # fmt: skip
        waited = select(ScoreRow.days).where(ScoreRow.measure == Measure.waited)
        assert db.session.scalars(waited.order_by(ScoreRow.id)).all() == [0, 5]
    assert Tell.blocker_withdrawn in told(app, cast.lead), "who answered and leads"
    assert Tell.blocker_withdrawn in told(app, cast.manager), "who kept the relationship"
    assert "was withdrawn: the work with the partner" in as_(cast.manager).get("/inbox").text
    page = as_(cast.lead).get(f"/blockers/{blocker.ref}").text
    assert "withdrawn: the partner that waited ended" in page
    answer = as_(cast.lead).submit(f"/blockers/{resolved.ref}/reopening", words="Still")
    assert (answer.status_code, "Brightline has ended" in answer.text) == (409, True)
    clock.forward(days=30)
    with app.app_context():
        assert confirm_silent(clock()) == 1
        assert set(db.session.scalars(select(Blocker.open_since))) == {None}
        assert db.session.scalars(waited.order_by(ScoreRow.id)).all() == [0, 5], "it grows no more"
        assert differences(recount()) == []
        assert db.session.scalar(select(Initiative.open_blockers)) == 0


def test_only_an_open_action_of_ones_own_can_be_blocked(app, as_, cast, clock, work):
    """Canary: the action looked up without `visible_to` turned this red."""
    theirs = work.make(partner_id=cast.other_vendor.id)
    ours = work.make(person_id=cast.member.id)
    handed = work.make()
    change(app, handed, lambda row: row.submit(by=cast.contact, now=clock()))
    tab = as_(cast.contact)
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Event))
    for action in (theirs, ours):
        assert raise_on(tab, action).status_code == 404
        assert tab.get(f"/partner/actions/{action.ref}/blockers/new").status_code == 404
    assert raise_on(tab, handed).status_code == 409
    assert raise_on(as_(cast.lead), handed).status_code == 403, (
        "our own people raise theirs elsewhere"
    )
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_the_form_takes_what_was_asked_and_nothing_else(app, as_, cast, work):
    """Canary: `**request.form` in place of what the form holds."""
    action, theirs = work.make(), work.make(partner_id=cast.other_vendor.id)
    more = {
        "action_id": theirs.id, "action": theirs.ref, "ref": theirs.ref, "holder": f"u{cast.it.id}", "holder_unit_id": cast.it.id,
        "holder_partner_id": cast.other_vendor.id, "blocked_unit_id": cast.it.id, "blocked_partner_id": cast.other_vendor.id,
        "answerer_id": cast.member.id, "raised_by_id": cast.manager.id, "state": "confirmed", "cost": "9", "initiative_id": 99,
    }  # fmt: skip
    assert raise_on(as_(cast.contact), action, **more).status_code == 303
    blocker = the_blocker(app)
    assert (blocker.action_id, blocker.holder_unit_id, blocker.blocked_partner_id) == (
        action.id,
        cast.care.id,
        cast.vendor.id,
    )
    assert (blocker.answerer_id, blocker.raised_by_id, blocker.state) == (
        cast.lead.id,
        cast.contact.id,
        State.raised,
    )
    assert blocker.cost is None
    assert blocker.blocked_unit_id is None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "", "what stops you"),
        ("title", "x" * 201, "200"),
        ("needed_by", "2026-03-01", "later day"),
        ("category", "nonsense", "Choose one"),
        ("effect", "x" * 2001, "2,000"),
    ],
)
def test_bad_input_is_said_in_words_and_nothing_is_lost(app, as_, cast, work, field, value, says):
    action = work.make()
    answer = raise_on(as_(cast.contact), action, **{field: value})
    assert answer.status_code == 422
    assert says in answer.text
    kept = "effect" if field == "title" else "title"
    assert SAID[kept] in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Blocker)) == 0


def test_our_own_pages_show_what_stops_the_partner(app, as_, cast, work):
    action = work.make()
    raise_on(as_(cast.contact), action)
    blocker, tab = the_blocker(app), as_(cast.manager)
    for page in (
        f"/actions/{action.ref}",
        "/actions?whose=all",
        f"/initiatives/{work.initiative.ref}/actions",
        f"/initiatives/{work.initiative.ref}",
    ):
        assert re.search(r'class="tag warn">.{0,200}Blocked', tab.get(page).text, re.DOTALL), page
    assert "Brightline waits for Customer care" in tab.get(f"/actions/{action.ref}").text
    page = tab.get(f"/blockers/{blocker.ref}").text
    assert "Brightline" in page
    assert f'/actions/{action.ref}"' in page
    edit = tab.get(f"/blockers/{blocker.ref}/edit").text
    assert "blocked_unit_id" not in edit
    told = {
        "title": "Nobody opens the door",
        "version": blocker.version,
        "category": "data",
        "backstage": "",
        "root_cause": "",
    }
    assert tab.submit(f"/blockers/{blocker.ref}/edit", **told).status_code == 303
    assert (the_blocker(app).title, the_blocker(app).blocked_partner_id) == (
        told["title"],
        cast.vendor.id,
    )
    do(app, blocker, lambda row: row.withdraw(by=cast.lead, now=row.raised_at))
    assert "Blocked" not in tab.get("/actions?whose=all").text


def test_our_own_people_raise_one_on_an_action_from_its_page(app, as_, cast, work):
    action, other = work.make(), work.make()
    tab = as_(cast.member)
    assert (
        f"/initiatives/{work.initiative.ref}/blockers/new?action={action.ref}"
        in tab.get(f"/actions/{action.ref}").text
    )
    address = f"/initiatives/{work.initiative.ref}/blockers/new?action={action.ref}"
    fields = {
        "title": "No numbers",
        "holder": f"u{cast.it.id}",
        "outside": "",
        "blocked_unit_id": cast.care.id,
        "needed_by": "2026-03-13",
        "category": "",
    }
    assert action.title in tab.get(address).text
    assert tab.submit(address, **fields, action_id=other.id).status_code == 303
    assert the_blocker(app).action_id == action.id
    assert tab.submit(address.replace(action.ref, "nothing"), **fields).status_code == 404
    assert "No numbers" not in as_(cast.contact).get(f"/partner/actions/{action.ref}").text, (
        "what we raised is ours"
    )
    assert ">blocked<" not in as_(cast.contact).get("/partner").text
    assert stored(app, action).last_on == DUE, "nobody of theirs waits"
