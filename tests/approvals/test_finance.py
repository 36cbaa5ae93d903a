"""Finance decides second where that was set: never who asked, never who approved first, and nothing opens before (rule 14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests import gates
from tests.approvals.conftest import asks, decides
from tests.approvals.ruled import SECOND, requested, set_rules, stands
from tests.filled import form_to
from tests.initiatives.stories import kinds
from tracker.actions.models import Action
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.activity.trail import verify_stored
from tracker.approvals import queries
from tracker.approvals.conditions import ApprovalCondition, Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice
from tracker.organisation.people import Person


@pytest.fixture
def made(here: Any, clock: Any) -> Approval:
    """A request at a gate where finance decides second, put to Emil by Lena."""
    set_rules(SECOND, here, clock())
    with writing():
        gates.opened(here.one, Stage.designing, by=here.executive, now=clock())
    return asks(here, clock)


@pytest.fixture
def asked(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """The number of such a request, for pages."""

    def put() -> int:
        set_rules(SECOND, cast, clock())
        return requested(cast, clock(), at=Stage.piloting)

    return told(put)


@pytest.fixture
def agreed(asked: int, cast: SimpleNamespace, as_: Any) -> int:
    """The same, approved by Emil."""
    assert as_(cast.executive).submit(f"/approvals/{asked}/approval").status_code == 303
    return asked


def seconds(made: Approval, by: Any, clock: Any) -> bool:
    with writing():
        return made.second(by=by, now=clock())


def gives_back(made: Approval, by: Any, clock: Any, words: str) -> bool:
    with writing():
        return made.give_back(by=by, now=clock(), words=words)


@pytest.mark.both
def test_nothing_opens_before_finance_approves(here, clock, made):
    """Planted: `finance_wanted` not asked in `decide`; `open_stage` left out of `second`."""
    assert decides(made, here, clock, Decision.approved)
    assert (made.state, made.decision, made.decided_by_id, made.closed_at) == (
        State.agreed, Decision.approved, here.executive.id, None,
    )  # fmt: skip
    assert (here.one.stage, here.one.asked_stage) == (Stage.designing, Stage.piloting)
    clock.forward(hours=3)
    assert seconds(made, here.finance, clock)
    assert (made.state, made.finance_by_id, made.closed_at) == (State.decided, here.finance.id, clock())  # fmt: skip
    assert (made.decided_by_id, here.one.stage, here.one.asked_stage) == (here.executive.id, Stage.piloting, None)  # fmt: skip
    found = [one for one in kinds() if one.startswith("approval.") or one == "stage.opened"][-4:]
    assert found == ["approval.submitted", "approval.agreed", "stage.opened", "approval.seconded"]
    assert verify_stored().whole
    assert compare(db.session.connection()).whole


def test_where_it_is_not_set_the_sponsor_alone_opens(here, clock):
    """Planted: every gate asked about."""
    set_rules(SECOND, here, clock())
    first = asks(here, clock)
    assert first.opens == Stage.designing
    decides(first, here, clock, Decision.approved)
    assert here.one.stage == Stage.designing


@pytest.mark.parametrize("decision", [Decision.sent_back, Decision.held, Decision.stopped])
def test_not_yet_is_the_sponsors_alone(here, clock, made, decision):
    """Planted: finance asked about every decision."""
    decides(made, here, clock, decision, "No.")
    assert made.state == (State.draft if decision == Decision.sent_back else State.decided)


def test_who_asked_or_approved_first_does_not_decide_second(here, clock, made):
    """Planted: each of those asked about left out in turn."""
    decides(made, here, clock, Decision.approved, by=here.other_executive, for_sponsor=here.executive)  # fmt: skip
    with pytest.raises(NotNow, match="You asked for this"):
        seconds(made, here.lead, clock)
    for first in (here.other_executive, here.executive):
        with pytest.raises(NotNow, match="Two people approve this"):
            seconds(made, first, clock)
        with pytest.raises(NotNow, match="Two people approve this"):
            gives_back(made, first, clock, "No.")
    assert seconds(made, here.finance, clock)


def test_the_database_refuses_one_person_for_both(here, clock, made):
    """Planted: the check left out."""
    decides(made, here, clock, Decision.approved)
    with pytest.raises(IntegrityError, match="finance_is_another"), writing():
        made.state, made.closed_at, made.finance_by_id = State.decided, clock(), here.executive.id
    with pytest.raises(IntegrityError, match="finance_was_asked"), writing():
        made.state, made.closed_at = State.decided, clock()


def test_a_condition_becomes_an_action_once_finance_approves(here, clock, made):
    """The sponsor hosts and accepts it. Planted: the action made with the first approval; finance made its host."""
    wanted = Wanted("Ring ten customers", here.member.id, clock().date() + timedelta(days=5))
    assert decides(made, here, clock, Decision.conditional, condition=wanted)
    assert made.wanted == wanted
    assert not decides(
        made, here, clock, Decision.conditional, condition=wanted
    )  # the same once more
    with pytest.raises(NotNow, match="approved this already"):
        decides(made, here, clock, Decision.conditional, condition=wanted._replace(words="Ring twenty"))  # fmt: skip
    assert db.session.scalars(select(ApprovalCondition)).all() == []
    seconds(made, here.finance, clock)
    one = db.session.scalars(select(ApprovalCondition)).one()
    action = db.session.get_one(Action, one.action_id)
    assert (one.words, one.owner_id, action.host_id) == (wanted.words, here.member.id, here.executive.id)  # fmt: skip
    assert (made.wanted, made.decision) == (None, Decision.conditional)
    assert not decides(made, here, clock, Decision.conditional, condition=wanted)


def test_a_condition_whose_day_passed_meanwhile_is_due_today(here, clock, made):
    """Planted: the day taken as it was, which no action can have any more."""
    day = clock().date() + timedelta(days=2)
    decides(made, here, clock, Decision.conditional, condition=Wanted("Ring ten", here.member.id, day))  # fmt: skip
    clock.forward(days=6)
    assert seconds(made, here.finance, clock)
    one = db.session.scalars(select(ApprovalCondition)).one()
    assert (one.due_on, db.session.get_one(Action, one.action_id).due_on) == (day, clock().date())


def test_sent_back_by_finance_it_is_decided_anew(here, clock, made):
    """Planted: the first approval kept; the card left wearing "asked"."""
    wanted = Wanted("Ring ten", here.member.id, clock().date() + timedelta(days=5))
    decides(made, here, clock, Decision.conditional, condition=wanted)
    with pytest.raises(NotNow, match="Say in words"):
        gives_back(made, here.finance, clock, "  ")
    assert gives_back(made, here.finance, clock, "The budget is spent.")
    assert not gives_back(made, here.finance, clock, "The budget is spent.")
    assert (made.state, made.decision, made.decided_by_id, made.wanted) == (
        State.draft, None, None, None,
    )  # fmt: skip
    assert (made.returned_by_id, made.returned_words, here.one.asked_stage) == (
        here.finance.id, "The budget is spent.", None,
    )  # fmt: skip
    with writing():
        made.submit(by=here.lead, now=clock())
    with pytest.raises(NotNow, match="after the sponsor has approved"):
        seconds(made, here.finance, clock)
    decides(made, here, clock, Decision.approved)
    seconds(made, here.finance, clock)
    assert here.one.stage == Stage.piloting
    assert compare(db.session.connection()).whole


def test_what_changed_since_is_put_to_the_sponsor_again(here, clock, made):
    """Planted: `refuse_changed` left out of `second`; the first approval kept as it is put anew."""
    decides(made, here, clock, Decision.approved)
    with writing():
        here.one.edit(by=here.lead, now=clock(), budget=5000)
    with pytest.raises(NotNow, match=r"put to the sponsor again\. The budget is another one\."):
        seconds(made, here.finance, clock)
    with writing():
        made.submit(by=here.lead, now=clock())
    assert (made.state, made.decided_by_id, made.agreed_at) == (State.submitted, None, None)


def test_what_stands_in_the_way_is_asked_both_times(here, clock, made):
    """Planted: `stage_to_open` left out of `agree`."""
    with writing():
        here.one.hold(by=here.executive, now=clock(), words="Wait.")
    with pytest.raises(NotNow, match="is on hold"):
        decides(made, here, clock, Decision.approved)
    with writing():
        here.one.resume(by=here.executive, now=clock())
    decides(made, here, clock, Decision.approved)
    with writing():
        here.one.hold(by=here.executive, now=clock(), words="Wait.")
    with pytest.raises(NotNow, match="is on hold"):
        seconds(made, here.finance, clock)


@pytest.mark.parametrize("how", ["withdrawn", "stopped"])
def test_taken_back_or_stopped_nothing_of_the_first_approval_is_left(here, clock, made, how):
    """Planted: `forget_agreement` left out of `_withdrawn`."""
    decides(made, here, clock, Decision.approved)
    with writing():
        if how == "withdrawn":
            made.withdraw(by=here.lead, now=clock())
        else:
            here.one.stop(by=here.executive, now=clock(), words="A law.")
    db.session.refresh(made)
    assert (made.state, made.decision, made.decided_by_id) == (State.withdrawn, None, None)
    with pytest.raises(NotNow, match="was withdrawn"):
        seconds(made, here.finance, clock)


def test_the_same_press_is_the_same_and_another_is_refused(here, clock, made):
    """Planted: the question for the same left out of `second`; the sponsor let decide otherwise meanwhile."""
    decides(made, here, clock, Decision.approved)
    assert not decides(made, here, clock, Decision.approved)
    with pytest.raises(NotNow, match="approved this already, and finance decides second"):
        decides(made, here, clock, Decision.stopped, "No.")
    assert seconds(made, here.finance, clock)
    before = db.session.query(Event).count()
    assert not seconds(made, here.finance, clock)
    with pytest.raises(NotNow, match="was decided already"):
        gives_back(made, here.finance, clock, "No.")
    assert db.session.query(Event).count() == before


def test_pages_say_whom_it_waits_for(app, cast, as_, agreed):
    """Planted: the sponsor shown the buttons still; finance told on no page."""
    sponsor = as_(cast.executive)
    page = sponsor.get(f"/approvals/{agreed}").text
    assert 'class="decide"' not in page
    assert "Waits for finance" in page
    assert "Decides second: Fina Finance" in page
    assert "Nothing waits for your decision." in sponsor.get("/approvals").text
    ref = stands(app, agreed).ref
    assert f'/initiatives/{ref}/stage?to=piloting">' not in sponsor.get("/").text
    its = sponsor.get(f"/initiatives/{ref}").text
    assert "approved Piloting, and finance decides second" in its
    assert "Decide on Piloting" not in its
    done = sponsor.get(f"/approvals/{agreed}/done").text
    assert "Finance decides second, and was told. Piloting opens once they approve." in done
    tab = as_(cast.finance)
    assert "You decide second, for finance." in tab.get(f"/approvals/{agreed}").text
    assert "1 request waits for your decision." in tab.get("/approvals").text
    home = tab.get("/").text
    assert "Waits for finance" in home
    assert '<span class="count hot">1</span>' in home
    assert "finance decides second" in tab.get("/inbox").text
    assert "It waits for finance now." in as_(cast.lead).get("/inbox").text
    assert "approved, finance is next" in as_(cast.lead).get("/approvals").text


def test_no_button_says_that_it_opens_what_finance_decides_on(app, cast, as_, asked):
    """Planted: the usual words on the button."""
    page = as_(cast.executive).get(f"/approvals/{asked}").text
    assert "Approve; finance decides second" in page
    assert "Approve and open" not in page
    assert (
        "and Piloting opens then" in as_(cast.executive).get(f"/approvals/{asked}/condition").text
    )


def test_what_finance_has_stays_in_sight_of_whoever_approved(as_, cast, agreed):
    """Planted: `agreed_by` left out of the list."""
    listed = as_(cast.executive).get("/approvals").text
    assert "Approved by you, finance is next" in listed
    assert f'href="/approvals/{agreed}"' in listed
    assert (
        "Approved by you, finance is next" not in as_(cast.other_executive).get("/approvals").text
    )


def test_finance_approves_on_its_page(app, cast, as_, agreed):
    """Planted: the name of finance left off the page."""
    page = f"/approvals/{agreed}"
    answer = as_(cast.finance).fill(f"{page}/second", page)
    assert (answer.status_code, answer.location) == (303, f"{page}/done")
    assert "Piloting is open." in as_(cast.finance).get(answer.location).text
    stood = stands(app, agreed)
    assert (stood.state, stood.stage) == (State.decided, Stage.piloting)
    assert "Fina Finance approved for finance on" in as_(cast.lead).get(page).text
    assert "approved:" in as_(cast.lead).get("/inbox").text


def test_finance_sends_it_back_in_words(app, cast, as_, agreed):
    """Planted: the words not asked for."""
    page = f"/approvals/{agreed}/return"
    assert as_(cast.finance).submit(page, words=" ").status_code == 422
    assert as_(cast.finance).fill(page, words="The budget is spent.").status_code == 303
    assert stands(app, agreed).state == State.draft
    assert "Fina Finance sent it back on" in as_(cast.lead).get(f"/approvals/{agreed}").text


@pytest.mark.parametrize("who", ["manager", "lead", "member", "owner", "head", "auditor", "admin", "executive", "contact"])  # fmt: skip
def test_nobody_else_decides_second(app, cast, as_, agreed, who):
    """Planted: the programme owner let in; the sponsor who is of finance let in."""
    if who == "executive":
        with app.app_context(), writing():
            db.session.get_one(Person, cast.executive.id).is_finance = True
    tab = as_(getattr(cast, who))
    for act in ("second", "return"):
        answer = tab.submit(f"/approvals/{agreed}/{act}", words="No.")
        assert answer.status_code == (404 if who == "contact" else 403)
    assert stands(app, agreed).state == State.agreed


def test_of_finance_whoever_asked_is_not_asked(app, cast, as_, told, clock):
    """Planted: the asker told and counted."""

    def put() -> int:
        set_rules(SECOND, cast, clock())
        id_ = requested(cast, clock(), at=Stage.piloting)
        its = db.session.get_one(Approval, id_).initiative_id
        with writing():
            one = db.session.get_one(Initiative, its)
            made = db.session.get_one(Approval, id_)
            made.withdraw(by=cast.lead, now=clock())
            one.add_member(cast.finance, by=cast.lead, now=clock())
            return gates.requested(one, now=clock(), by=cast.finance).id

    id_ = told(put)
    as_(cast.executive).submit(f"/approvals/{id_}/approval")
    assert as_(cast.finance).submit(f"/approvals/{id_}/second").status_code == 403
    assert (
        "Nobody of finance can decide second." in as_(cast.executive).get(f"/approvals/{id_}").text
    )
    with app.app_context():
        told_of = select(Notice.person_id).where(Notice.kind == Tell.finance_asked)
        assert db.session.scalars(told_of).all() == []
        assert queries.waiting_for(db.session.get_one(Person, cast.finance.id)) == []


@pytest.mark.both
def test_many_press_for_finance_at_once_and_it_is_one_decision(app, cast, as_, agreed):
    """Planted: `again` left out of `second`."""

    def press(_turn: int) -> int:
        return as_(cast.finance).submit(f"/approvals/{agreed}/second").status_code

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(press, range(6))) == [303] * 6
    with app.app_context():
        found = kinds()
    assert (found.count("approval.seconded"), found.count("stage.opened")) == (1, 2)


@pytest.mark.both
def test_finance_and_the_lead_at_once_and_one_of_them_is_told(app, cast, as_, agreed):
    """It is approved or withdrawn, never both. Planted: the state not checked in `second`."""
    ways = [(cast.finance, "second"), (cast.lead, "withdrawal")] * 3

    def press(way: Any) -> int:
        return as_(way[0]).submit(f"/approvals/{agreed}/{way[1]}").status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(press, ways))
    assert 303 in statuses
    assert statuses <= {303, 409}
    stood = stands(app, agreed)
    assert (stood.state == State.decided) == (stood.stage == Stage.piloting)


def test_the_page_that_finance_read_is_the_one_it_decides_on(app, cast, as_, agreed, clock):
    """Planted: `post.still` left out of `second`."""
    tab, page = as_(cast.finance), f"/approvals/{agreed}"
    shown = form_to(tab.get(page).text, f"{page}/second", page)
    clock.forward(hours=1)
    assert as_(cast.lead).fill(f"{page}/edit", gain="Half of it", then="submit").status_code == 303
    assert as_(cast.executive).submit(f"{page}/approval").status_code == 303
    answer = tab.post(f"{page}/second", data=shown)
    assert answer.status_code == 409
    assert "This request was put anew since you opened it." in answer.text


def test_the_calendar_of_finance_has_it(app, cast, as_, agreed, inside):
    """Planted: executives alone asked."""
    rows = queries.waiting_for(db.session.get_one(Person, cast.finance.id))
    assert [(row.id, row.state) for row in rows] == [(agreed, State.agreed)]
    assert isinstance(rows[0].decide_by, date)


def test_the_sponsor_takes_an_approval_back_till_finance_acts(here, clock, made):
    """Planted: `agreed` left out of `undone_until`; finance left with it; the second approval taken back with the first."""
    decides(made, here, clock, Decision.approved)
    clock.forward(minutes=3)
    assert made.can_undo(here.executive, clock())
    with writing():
        assert made.undo(by=here.executive, now=clock()) is made
    assert (made.state, made.decision, made.agreed_at, made.decided_in) == (State.submitted, None, None, None)  # fmt: skip
    assert here.one.asked_stage == Stage.piloting
    with pytest.raises(NotNow, match="after the sponsor has approved"):
        seconds(made, here.finance, clock)
    assert decides(made, here, clock, Decision.approved)
    seconds(made, here.finance, clock)
    for who in (here.executive, here.finance):
        assert not made.can_undo(who, clock())
        with pytest.raises(NotNow, match="Two people"), writing():
            made.undo(by=who, now=clock())
    assert compare(db.session.connection()).whole


def test_what_finance_sent_back_is_not_taken_back(here, clock, made):
    """Planted: what finance sent back taken for the sponsor's; withdrawn with the mark of it left."""
    decides(made, here, clock, Decision.approved)
    gives_back(made, here.finance, clock, "No.")
    with pytest.raises(NotNow, match="nothing to take back"), writing():
        made.undo(by=here.finance, now=clock())
    with writing():
        made.withdraw(by=here.lead, now=clock())
    assert (made.state, made.agreed_at) == (State.withdrawn, None)


def test_what_waits_again_keeps_the_rules_it_was_put_under(here, clock):
    """Planted: the rules left out of what is carried."""
    set_rules(SECOND, here, clock())
    with writing():
        gates.opened(here.one, Stage.designing, by=here.executive, now=clock())
    made = asks(here, clock)
    decides(made, here, clock, Decision.held, "Later.")
    with writing():
        again = made.undo(by=here.executive, now=clock())
    assert again.finance_wanted
