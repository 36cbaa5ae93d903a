"""The address in the mail to whoever decides: it leads to the request, and decides by itself only where that was allowed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.approvals.ruled import FRESH, LINKS, SECOND, requested, set_rules, stands
from tests.filled import form_to
from tests.initiatives.stories import business, kinds
from tracker.activity.comparing import compare
from tracker.activity.models import Event
from tracker.approvals.links import ApprovalLink
from tracker.approvals.models import Approval
from tracker.approvals.rules import Rules, change_rules
from tracker.approvals.states import Decision, State
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.keeping.forgetting import end_what_was_open
from tracker.notices.composing import compose
from tracker.notices.models import Mail
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.submissions import Submission
from tracker.sweeping import sweeps


@pytest.fixture
def plain(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """A request where one-time links are off, as they are without a setting."""
    return told(lambda: requested(cast, clock()))


@pytest.fixture
def asked(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """A request that a one-time link may decide."""

    def put() -> int:
        set_rules(LINKS, cast, clock())
        return requested(cast, clock())

    return told(put)


def mailed(app: Any, person: Any, *, looked_at: bool = False) -> str:
    """Return the path that the newest mail to somebody names last; `looked_at` as the outbox shows it."""
    with app.app_context():
        newest = select(Mail).where(Mail.person_id == person.id).order_by(Mail.id.desc()).limit(1)
        made = compose(db.session.scalars(newest).one(), with_read=looked_at)
        assert made is not None
        base = app.config["BASE_URL"].rstrip("/")
        path = re.findall(rf"{base}(/approv\S+)", made.text)[-1]
        assert f'href="{base}{path}"' in made.html
        return path


def key_in(page: str) -> str:
    found = re.search(r'name="link_key" value="(\w+)"', page)
    assert found is not None
    return found[1]


def press(tab: Any, address: str, part: str = "", **fields: Any) -> Any:
    """Open the screen and send the form that posts to `address` and `part`, as a browser without a session does."""
    return tab.post(
        f"{address}{part}", data={"link_key": key_in(tab.get(f"{address}{part}").text), **fields}
    )


def change(app: Any, do: Any) -> None:
    with app.app_context(), writing():
        do()


def test_the_address_leads_whoever_it_names_to_the_request(app, cast, as_, plain):
    """Planted: the sponsor asked to sign in though signed in."""
    address = mailed(app, cast.executive)
    answer = as_(cast.executive).get(address)
    assert (answer.status_code, answer.location) == (303, f"/approvals/{plain}")
    nobody = as_(None).get(address)
    assert nobody.status_code == 303
    assert nobody.location == f"/sign-in?next={address}"
    assert stands(app, plain).state == State.submitted


@pytest.mark.parametrize("who", ["lead", "owner", "contact", "other_executive"])
@pytest.mark.parametrize("rules", [None, LINKS])
def test_somebody_else_is_told_nothing_of_the_request(app, cast, as_, told, clock, who, rules):
    """Planted: whoever is signed in led on to the request."""

    def put() -> int:
        set_rules(rules or Rules(), cast, clock())
        return requested(cast, clock())

    id_, address = told(put), mailed(app, cast.executive)
    tab = as_(getattr(cast, who))
    for answer in (tab.get(address), tab.post(address, data={"link_key": "x"})):
        assert answer.status_code == 403
        assert "This address is for somebody else" in answer.text
        assert "Shall we go on?" not in answer.text
        assert "One bill" not in answer.text
    assert stands(app, id_).state == State.submitted


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("part", ["", "/not-yet"])
def test_opening_it_decides_nothing_and_uses_nothing_up(app, cast, as_, asked, method, part):
    """As scanners of mails do. Planted: the link used up by a GET; `by_mail` that decides on GET."""
    address = mailed(app, cast.executive)
    with app.app_context():
        before = business()
    for _turn in range(3):
        answer = getattr(as_(None), method)(f"{address}{part}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert business() == before
        assert db.session.scalars(select(ApprovalLink)).one().used_at is None
    assert press(as_(None), address).status_code == 303


@pytest.mark.parametrize("part", ["", "/not-yet"])
@pytest.mark.parametrize("head", ["other=x", 'filename="x.txt"'])
def test_a_part_without_a_name_is_answered_in_words(app, cast, as_, asked, part, head):
    """Planted: names asked for only where the gate looks at the token; both pages fell over it."""
    address, tab = mailed(app, cast.executive), as_(None)
    key = key_in(tab.get(f"{address}{part}").text)
    body = "".join(
        f"--zq\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n"
        for name, value in ((head, "x"), ('name="link_key"', key), ('name="words"', "No."))
    )
    answer = tab.post(
        f"{address}{part}", data=f"{body}--zq--\r\n".encode(), content_type="multipart/form-data; boundary=zq"
    )  # fmt: skip
    assert answer.status_code == 400
    assert "could not be read" in answer.text
    assert stands(app, asked).state == State.submitted


def test_the_plain_address_decides_nothing(app, cast, as_, plain):
    """Planted: the row not asked for."""
    address = mailed(app, cast.executive)
    for part in ("", "/not-yet"):
        answer = as_(None).post(f"{address}{part}", data={"link_key": "x", "decision": "stopped", "words": "No."})  # fmt: skip
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=")
    assert stands(app, plain).state == State.submitted


@pytest.mark.both
def test_a_one_time_link_approves_once_and_then_shows_it(app, cast, as_, asked, clock):
    """Planted: the link not used up; `by_link` left off; the event left out."""
    address, tab = mailed(app, cast.executive), as_(None)
    page = tab.get(address)
    for words in (
        "Shall we go on?",
        "£48,000",
        "Fewer calls",
        "The printer may be late",
        "Approve and open Designing",
    ):
        assert words in page.text, words
    answer = press(tab, address)
    assert (answer.status_code, answer.location) == (303, address)
    stood = stands(app, asked)
    assert (stood.state, stood.decision, stood.by, stood.stage, stood.by_link) == (
        State.decided, Decision.approved, cast.executive.id, Stage.designing, True,
    )  # fmt: skip
    shown = tab.get(address)
    assert shown.status_code == 200
    assert "Approved" in shown.text
    assert "This was decided by this address" in shown.text
    assert "link_key" not in shown.text
    again = tab.post(address, data={"link_key": key_in(page.text)})
    assert (again.status_code, again.location) == (303, address)
    with app.app_context():
        found = kinds()
        assert [found.count(kind) for kind in ("approval.link_used", "approval.decided", "stage.opened")] == [1, 1, 1]  # fmt: skip
        told = db.session.scalars(select(Event).where(Event.kind == "approval.link_used")).one()
        assert told.actor_id == cast.executive.id
        assert compare(db.session.connection()).whole
    assert "by a one-time link" in as_(cast.lead).get(f"/approvals/{asked}").text


def test_it_makes_no_session_and_opens_no_other_page(app, cast, as_, asked):
    """Planted: a token of a session in the page."""
    address, tab = mailed(app, cast.executive), as_(None)
    for answer in (tab.get(address), press(tab, address), tab.get(address)):
        assert "Set-Cookie" not in answer.headers
    assert tab.get(f"/approvals/{asked}").location.startswith("/sign-in")
    assert tab.get("/").location.startswith("/sign-in")
    with app.app_context():
        assert db.session.scalars(select(Submission)).all() == []


@pytest.mark.parametrize("decision", ["sent_back", "held"])
def test_not_yet_by_link_needs_words(app, cast, as_, asked, decision):
    """Planted: the words not asked for; the choice left out of what the link keeps."""
    address, tab = mailed(app, cast.executive), as_(None)
    refused = press(tab, address, "/not-yet", decision=decision, words=" ")
    assert refused.status_code == 422
    assert "Say in words why you decide so." in refused.text
    assert press(tab, address, "/not-yet", decision="approved", words="Yes.").status_code == 422
    assert stands(app, asked).state == State.submitted
    assert press(tab, address, "/not-yet", decision=decision, words="Not now.").status_code == 303
    assert stands(app, asked).state == (State.draft if decision == "sent_back" else State.decided)
    with app.app_context():
        assert db.session.scalars(select(ApprovalLink)).one().decision == decision
    assert tab.get(address).status_code == 200


def test_what_is_drafted_after_a_link_sent_it_back_is_for_its_authors(app, cast, as_, asked):
    """Planted: the page of a used link with the question as it stands."""
    address, tab = mailed(app, cast.executive), as_(None)
    assert press(tab, address, "/not-yet", decision="sent_back", words="Not now.").status_code == 303  # fmt: skip
    draft = as_(cast.lead).fill(f"/approvals/{asked}/edit", then="keep", question="Between us?")
    assert draft.status_code == 303
    shown = tab.get(address)
    assert shown.status_code == 200
    assert "Between us?" not in shown.text
    assert "Sent back" in shown.text


@pytest.mark.both
def test_many_press_at_once_and_it_is_one_decision(app, cast, as_, asked):
    """Planted: the link not locked, `again` left out."""
    address = mailed(app, cast.executive)
    key = key_in(as_(None).get(address).text)
    ways = [("", {}), ("/not-yet", {"decision": "held", "words": "No."})] * 4

    def send(way: Any) -> int:
        return (
            app.test_client()
            .post(f"{address}{way[0]}", data={"link_key": key, **way[1]})
            .status_code
        )

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(send, ways))
    assert statuses == {303}
    with app.app_context():
        found = kinds()
        assert (found.count("approval.decided"), found.count("approval.link_used")) == (1, 1)
        link = db.session.scalars(select(ApprovalLink)).one()
        assert link.decision == db.session.scalars(select(Approval.decision)).one()


def withdrawn(cast, made, clock):
    made.withdraw(by=cast.lead, now=clock())


def put_anew(cast, made, clock):
    clock.forward(hours=1)
    made.change({"gain": "More"}, by=cast.lead, now=clock())
    made.submit(by=cast.lead, now=clock())


def passed_on(cast, made, clock):
    one = db.session.get_one(Initiative, made.initiative_id)
    one.propose_sponsor(cast.other_executive, by=cast.executive, now=clock())
    one.accept_sponsorship(by=cast.other_executive, now=clock())


def decided_on_the_page(cast, made, clock):
    made.decide(Decision.held, by=cast.executive, now=clock(), words="After the summer.")


def expired(_cast, _made, clock):
    clock.forward(hours=48)


def now_rules(rules: Rules) -> Any:
    def change_them(cast, _made, clock):
        by = db.session.get_one(Person, cast.admin.id)
        change_rules(Organisation.current(), rules, by=by, now=clock())

    return change_them


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (withdrawn, "The request was withdrawn."),
        (put_anew, "put anew since"),
        (passed_on, "The decision is no longer yours."),
        (decided_on_the_page, "The request was decided in another way."),
        (expired, "It has expired."),
        (now_rules(Rules()), "One-time links were switched off since."),
        (now_rules(Rules(links=True, links_up_to=Decimal(47_999))), "above what a one-time link may decide"),
    ],
)  # fmt: skip
def test_what_happened_since_ends_it_in_plain_words(app, cast, as_, asked, clock, happens, words):
    """Planted: each question of `_over` left out in turn; asked before the write alone."""
    address, tab = mailed(app, cast.executive), as_(None)
    key = key_in(tab.get(address).text)
    change(app, lambda: happens(cast, Approval.find(cast.executive, asked), clock))
    before = stands(app, asked)
    for answer in (tab.get(address), tab.post(address, data={"link_key": key})):
        assert answer.status_code == 410
        assert words in answer.text
        assert "Shall we go on?" not in answer.text
    assert stands(app, asked) == before


def test_whose_access_ended_decides_nothing(app, cast, as_, asked, clock):
    """Planted: `may_enter` not asked."""
    address = mailed(app, cast.executive)
    with app.app_context(), writing():
        db.session.get_one(Person, cast.executive.id).ends_on = (clock() - timedelta(days=2)).date()
    answer = as_(None).get(address)
    assert answer.status_code == 410
    assert "has ended" in answer.text


@pytest.mark.parametrize(
    ("rules", "cost"),
    [(Rules(), 10), (LINKS, 50_001), (LINKS, None), (FRESH, 48_000)],
)
def test_no_link_is_made_where_none_is_allowed(app, cast, as_, told, clock, rules, cost):
    """Planted: a link for every request."""

    def put() -> int:
        set_rules(rules, cast, clock())
        return requested(cast, clock(), cost=cost)

    told(put)
    with app.app_context():
        assert db.session.scalars(select(ApprovalLink)).all() == []
    assert as_(None).get(mailed(app, cast.executive)).location.startswith("/sign-in")


def test_switched_on_later_an_old_address_has_no_power(app, cast, as_, plain, clock):
    """Planted: the rules of now asked instead of the row."""
    address = mailed(app, cast.executive)
    with app.app_context():
        set_rules(LINKS, cast, clock())
    assert as_(None).get(address).location.startswith("/sign-in")


def test_a_form_belongs_to_its_link_and_to_what_was_read(app, cast, as_, asked):
    """Planted: the key not compared."""
    address, tab = mailed(app, cast.executive), as_(None)
    for key in ({}, {"link_key": "0" * 64}, {"link_key": "ü"}):
        answer = tab.post(address, data=key)
        assert answer.status_code == 409
        assert "This form has grown old." in answer.text
        assert "Set-Cookie" not in answer.headers
    assert stands(app, asked).state == State.submitted


def test_what_is_in_the_way_is_said_on_the_screen(app, cast, as_, asked, clock):
    """Planted: `decide` asked without what changed."""
    address, tab = mailed(app, cast.executive), as_(None)
    key = key_in(tab.get(address).text)

    def spend() -> None:
        made = db.session.get_one(Approval, asked)
        db.session.get_one(Initiative, made.initiative_id).edit(
            by=cast.lead, now=clock(), budget=5000
        )

    change(app, spend)
    page = tab.get(address).text
    assert "The budget is another one." in page
    assert "Approve and open" not in page
    answer = tab.post(address, data={"link_key": key})
    assert answer.status_code == 409
    assert "The budget is another one." in answer.text
    with app.app_context():
        assert db.session.scalars(select(ApprovalLink)).one().used_at is None


def test_wrong_tokens_are_nothing_and_are_counted(app, cast, as_, asked):
    """Planted: `LINK` not tried."""
    address, tab = mailed(app, cast.executive), as_(None)
    for turn in range(20):
        assert tab.get(f"/approve/{turn}.wrong").status_code == 404
    assert tab.get(f"{address[:-3]}xyz").status_code == 429
    assert tab.get(address).status_code == 429


def test_the_outbox_shows_an_administrator_no_link(app, cast, as_, asked):
    """Whoever reads it could decide. Planted: `mailed` given whoever reads."""
    assert mailed(app, cast.executive, looked_at=True) == f"/approvals/{asked}"
    with app.app_context():
        newest = select(Mail.ref).where(Mail.person_id == cast.executive.id)
        ref = db.session.scalars(newest.order_by(Mail.id.desc()).limit(1)).one()
    tab = as_(cast.admin)
    for page in (f"/settings/mail/{ref}", f"/settings/mail/{ref}/html"):
        text = tab.get(page).text
        assert f"/approvals/{asked}" in text
        assert "/approve/" not in text
    assert "/approve/" not in as_(cast.executive).get("/inbox").text


def test_the_database_alone_opens_nothing(app, cast, asked):
    """Planted: the token kept beside its hash."""
    token = mailed(app, cast.executive).rpartition("/")[2]
    with app.app_context():
        row = db.session.execute(select(ApprovalLink.__table__)).one()
    assert token not in map(str, row)
    assert str(row.seed) not in token  # it is packed, and signed


def test_a_backup_brings_no_link_back(app, cast, as_, asked):
    """Planted: the seeds left as they were."""
    address = mailed(app, cast.executive)
    with app.app_context(), writing():
        end_what_was_open(db.session.connection())
    assert as_(None).get(address).location.startswith("/sign-in")
    assert as_(None).get(mailed(app, cast.executive)).location.startswith("/sign-in")


def test_where_finance_decides_second_the_link_opens_nothing_yet(app, cast, as_, told, clock):
    """Planted: the link given to finance as well."""

    def put() -> int:
        set_rules(Rules(SECOND.finance, links=True, links_up_to=Decimal(50_000)), cast, clock())
        return requested(cast, clock(), at=Stage.piloting)

    id_ = told(put)
    address, tab = mailed(app, cast.executive), as_(None)
    assert press(tab, address).status_code == 303
    stood = stands(app, id_)
    assert (stood.state, stood.stage, stood.by_link) == (State.agreed, Stage.designing, True)
    theirs = mailed(app, cast.finance)
    assert theirs.startswith("/approve/")
    assert tab.get(theirs).location.startswith("/sign-in")
    assert as_(cast.finance).get(theirs).location == f"/approvals/{id_}"


def test_the_screen_reads_in_the_language_of_whom_it_is_for(app, cast, as_, asked):
    """Planted: `g.viewer` not set."""
    with app.app_context(), writing():
        db.session.get_one(Person, cast.executive.id).language = "fa"
    page = as_(None).get(mailed(app, cast.executive)).text
    assert '<html lang="fa" dir="rtl"' in page
    assert form_to(page, mailed(app, cast.executive)).keys() == {"link_key"}


def test_a_reminder_names_no_link_that_has_expired(app, cast, as_, asked, clock):
    """Planted: the day until which a link holds not asked for."""
    clock.forward(days=7)
    with app.app_context():
        sweeps["decisions that wait"](clock())
    address = mailed(app, cast.executive)
    answer = as_(None).get(address)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/approve/")


def test_what_is_decided_signed_in_after_a_link_was_taken_back_is_not_by_link(
    app, cast, as_, asked
):
    """Planted: the mark of the link left as the request waits again."""
    tab, address = as_(None), mailed(app, cast.executive)
    key = key_in(tab.get(address).text)
    tab.post(
        f"{address}/not-yet", data={"link_key": key, "decision": "sent_back", "words": "More."}
    )
    assert stands(app, asked).state == State.draft
    mine = as_(cast.executive)
    assert mine.submit(f"/approvals/{asked}/undo").status_code == 303
    assert (stands(app, asked).state, stands(app, asked).by_link) == (State.submitted, False)


def test_a_link_offers_no_stop(app, cast, as_, asked):
    """Planted: `stops` left as it usually is."""
    tab, address = as_(None), mailed(app, cast.executive)
    key = key_in(tab.get(address).text)
    assert 'value="stopped"' not in tab.get(f"{address}/not-yet").text
    sent = {"link_key": key, "decision": "stopped", "words": "Enough."}
    assert tab.post(f"{address}/not-yet", data=sent).status_code == 422
    assert stands(app, asked).state == State.submitted
