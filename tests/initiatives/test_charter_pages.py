"""The pages of charters, signatures and priorities: who gets in, what a stale save shows, what a switched-off module hides.

Planted faults seen red: the text of a difference printed as markup; a module's page that answers 403 while it is off; a
form that forgets which version it showed.
"""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.aims import aim
from tests.bodies import REQUEST
from tests.conftest import counted
from tracker.db import db, writing
from tracker.initiatives.charter import CharterDraft, CharterVersion
from tracker.initiatives.models import Initiative
from tracker.initiatives.rating import Priority
from tracker.initiatives.signatures import Signature
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit


@pytest.fixture
def world(app, cast, clock):
    """`One bill` at framed, led by `it` with `billing`, sponsored by `executive`; one version; no module is on."""
    with app.app_context(), writing():
        one = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=clock(), lead=cast.lead
        )
        aim(one)
        one.revise_units({cast.billing.id}, by=cast.lead, now=clock())
        one.propose_sponsor(cast.executive, by=cast.manager, now=clock())
        one.accept_sponsorship(by=cast.executive, now=clock())
        draft = CharterDraft.of(one)
        draft.save(one, by=cast.lead, now=clock(), purpose="One bill <b>for all</b>")
        draft.publish(one, note="The beginning", wording_only=False, by=cast.lead, now=clock())
    return SimpleNamespace(
        home=f"/initiatives/{one.ref}", charter=f"/initiatives/{one.ref}/charter", ref=one.ref, id=one.id,
        priorities=f"/initiatives/{one.ref}/priorities",
    )  # fmt: skip


@pytest.fixture
def switch_on(app, cast, clock):
    def switched(*modules):
        with app.app_context(), writing():
            Organisation.current().change(by=cast.admin, now=clock(), modules=set(modules))

    return switched


def body(answer):
    """Return the page without the marks that keep a name's own direction."""
    return re.sub("[\u2068\u2069]", "", answer.get_data(as_text=True))


def version_in(page):
    return re.search(r'name="version" value="(\d+)"', body(page))[1]


def test_everybody_inside_reads_the_charter_and_partners_know_of_none(world, cast, as_):
    for person in (cast.member, cast.auditor, cast.head, cast.executive):
        page = as_(person).get(world.charter)
        assert page.status_code == 200
        assert "One bill &lt;b&gt;for all&lt;/b&gt;" in body(page)
        assert "charter/draft" not in body(page)
    for path in (
        "",
        "/differences",
        "/print",
        "/draft",
        "/publication",
        "/signature",
        "/override",
        "/unsigned",
    ):
        assert as_(cast.contact).get(world.charter + path).status_code == 404, path
    for path in ("", "/rating", "/settlement"):
        assert as_(cast.contact).get(world.priorities + path).status_code == 404, path


def test_the_lead_writes_and_publishes_and_others_do_not(app, world, cast, as_):
    tab = as_(cast.lead)
    page = tab.get(world.charter + "/draft")
    saved = tab.submit(
        world.charter + "/draft",
        version=version_in(page),
        purpose="One bill for everybody",
        risks="None",
    )
    assert (saved.status_code, saved.location) == (303, world.charter)
    page = tab.get(world.charter + "/publication")
    assert "<del>" in body(page)
    refused = tab.submit(world.charter + "/publication", version=version_in(page), note="")
    assert refused.status_code == 422
    assert "Say in short what changes." in body(refused)
    done = tab.submit(
        world.charter + "/publication", version=version_in(page), note="For all", wording_only="y"
    )
    assert done.status_code == 303
    with app.app_context():
        version = CharterVersion.current(db.session.get(Initiative, world.id))
        assert (version.number, version.binding, version.note) == (2, 1, "For all")
    for person in (cast.member, cast.head, cast.executive, cast.auditor, cast.admin):
        for act in ("/draft", "/publication"):
            assert as_(person).get(world.charter + act).status_code == 403
            assert (
                as_(person)
                .submit(world.charter + act, version="2", purpose="x", note="x")
                .status_code
                == 403
            )


def test_a_stale_draft_shows_both_texts_and_one_is_chosen(app, world, cast, as_):
    first, second = as_(cast.lead), as_(cast.manager)
    version = version_in(first.get(world.charter + "/draft"))
    assert (
        second.submit(
            world.charter + "/draft", version=version, purpose="Of the manager"
        ).status_code
        == 303
    )
    stale = first.submit(world.charter + "/draft", version=version, purpose="Of the lead")
    assert stale.status_code == 409
    assert "Of the manager" in body(stale)
    assert "Of the lead" in body(stale)
    with app.app_context():
        assert CharterDraft.of(db.session.get(Initiative, world.id)).purpose == "Of the manager"
    chosen = first.submit(
        world.charter + "/draft", version=version_in(stale), purpose="Of the lead"
    )
    assert chosen.status_code == 303


def test_two_who_begin_a_draft_at_once_do_not_overwrite_each_other(app, cast, clock, as_):
    with app.app_context(), writing():
        fresh = Initiative.create(
            title="Fresh", lead_unit_id=cast.it.id, by=cast.manager, now=clock(), lead=cast.lead
        )
    address = f"/initiatives/{fresh.ref}/charter/draft"
    version = version_in(as_(cast.lead).get(address))
    assert as_(cast.lead).submit(address, version=version, purpose="Mine").status_code == 303
    assert (
        as_(cast.manager).submit(address, version=version, purpose="Also mine").status_code == 409
    )


def test_the_first_version_is_published_from_its_page(app, cast, clock, as_):
    """A first version has no wording to keep: its page once asked for a field that was taken away, and broke (500)."""
    with app.app_context(), writing():
        fresh = Initiative.create(
            title="Fresh", lead_unit_id=cast.it.id, by=cast.manager, now=clock(), lead=cast.lead
        )
    tab, charter = as_(cast.lead), f"/initiatives/{fresh.ref}/charter"
    version = version_in(tab.get(charter + "/draft"))
    tab.submit(charter + "/draft", version=version, purpose="One bill")
    page = tab.get(charter + "/publication")
    assert page.status_code == 200
    assert "wording_only" not in body(page)
    answer = tab.submit(charter + "/publication", version=version_in(page), note="First")
    assert answer.status_code == 303


def test_what_is_published_is_the_draft_that_was_shown(app, world, cast, as_):
    tab = as_(cast.lead)
    version = version_in(tab.get(world.charter + "/draft"))
    tab.submit(world.charter + "/draft", version=version, purpose="Shown")
    shown = version_in(tab.get(world.charter + "/publication"))
    as_(cast.manager).submit(world.charter + "/draft", version=shown, purpose="Slipped in")
    answer = tab.submit(world.charter + "/publication", version=shown, note="As shown")
    assert answer.status_code == 409
    assert "The draft changed while you looked at it" in body(answer)
    with app.app_context():
        assert CharterVersion.current(db.session.get(Initiative, world.id)).number == 1


def test_differences_are_escaped_and_unknown_versions_are_not_there(world, cast, as_):
    tab = as_(cast.member)
    page = body(tab.get(world.charter + "/differences?from=&to=1"))
    assert "One bill &lt;b&gt;for all&lt;/b&gt;</ins>" in page
    assert "<b>for all" not in page
    assert "Both read the same." in body(tab.get(world.charter + "/differences?from=1&to=draft"))
    for question in (
        "?version=2",
        "?version=x",
        "/differences?from=9",
        "/differences?to=-1",
        "/print?version=7",
    ):
        assert tab.get(world.charter + question).status_code == 404, question


def test_the_printed_page_names_the_version_and_its_checksum(app, world, cast, as_):
    page = body(as_(cast.member).get(world.charter + "/print"))
    with app.app_context():
        version = CharterVersion.current(db.session.get(Initiative, world.id))
    assert version.sha256 in page
    assert "version 1" in page


def test_pages_of_a_module_that_is_off_do_not_exist(world, cast, as_, switch_on):
    for person in (cast.head, cast.executive, cast.manager, cast.auditor):
        tab = as_(person)
        for page in ("/charter/signature", "/charter/override", "/charter/unsigned"):
            assert tab.get(world.home + page).status_code == 404
            assert tab.submit(world.home + page, unit="it", words="x").status_code == 404
        for page in ("/priorities", "/priorities/rating", "/priorities/settlement"):
            assert tab.get(world.home + page).status_code == 404
    assert as_(cast.head).submit(world.home + "/priorities/rating", rating="3").status_code == 404
    for page in (world.home, world.charter):
        told = body(as_(cast.head).get(page))
        assert "Who has agreed" not in told
        assert "Priorities" not in told
    switch_on("signatures", "priorities")
    assert "Who has agreed" in body(as_(cast.head).get(world.charter))
    assert world.priorities in body(as_(cast.head).get(world.home))


def test_a_head_signs_and_the_sponsor_overrides_on_pages(app, world, cast, as_, switch_on):
    switch_on("signatures")
    head = as_(cast.head)
    page = head.get(world.charter + "/signature")
    assert "does IT platforms sign?" in body(page)
    missing = head.submit(world.charter + "/signature", number="1")
    assert missing.status_code == 422
    assert "Choose whether you sign or object." in body(missing)
    wordless = head.submit(world.charter + "/signature", number="1", stance="objected")
    assert wordless.status_code == 422
    assert "Say what you object to." in body(wordless)
    assert (
        head.submit(
            world.charter + "/signature", number="1", stance="objected", words="Dear"
        ).status_code
        == 303
    )
    sponsor = as_(cast.executive)
    override = f"{world.charter}/override?unit=it-platforms"
    assert "Dear" in body(sponsor.get(override))
    assert sponsor.submit(override).status_code == 422
    for person in (cast.manager, cast.lead, cast.head, cast.owner):
        assert as_(person).submit(override, words="Go on").status_code == 403
    assert sponsor.submit(override, words="Go on").status_code == 303
    told = body(head.get(world.charter))
    assert "Objection overridden" in told
    assert "Go on" in told


def test_nobody_signs_a_version_they_did_not_see_nor_for_another_unit(
    app, world, cast, as_, switch_on
):
    switch_on("signatures")
    head = as_(cast.head)
    assert head.submit(world.charter + "/signature", stance="signed").status_code == 409
    assert head.submit(world.charter + "/signature", stance="signed", number="2").status_code == 409
    other = head.submit(world.charter + "/signature?unit=billing", stance="signed", number="1")
    assert other.status_code == 403
    assert (
        as_(cast.manager)
        .submit(world.charter + "/signature", stance="signed", number="1")
        .status_code
        == 403
    )
    assert head.get(world.charter + "/signature?unit=customer-care").status_code == 404
    with app.app_context():
        assert db.session.query(Signature.id).first() is None


def test_the_sponsor_goes_on_unsigned_and_then_the_stage_opens(
    app, world, cast, clock, as_, switch_on
):
    switch_on("signatures")
    as_(cast.head).submit(world.charter + "/signature", stance="signed", number="1")
    sponsor, lead = as_(cast.executive), as_(cast.lead)
    request = {**REQUEST, "to": "designing"}
    blocked = lead.submit(world.home + "/stage/request", **request)
    assert blocked.status_code == 409
    assert "Billing has not signed version 1 of the charter; it has until 16 Mar 2026." in body(
        blocked
    )
    unsigned = f"{world.charter}/unsigned?unit=billing"
    assert sponsor.submit(unsigned).status_code == 409
    clock.forward(days=15)
    assert as_(cast.manager).submit(unsigned).status_code == 403
    assert sponsor.submit(unsigned).status_code == 303
    assert lead.submit(world.home + "/stage/request", **request).status_code == 303
    assert sponsor.submit("/approvals/1/approval").status_code == 303


def test_heads_rate_and_the_sponsor_settles_on_pages(app, world, cast, as_, switch_on):
    switch_on("priorities")
    assert as_(cast.head).submit(world.priorities + "/rating", rating="9").status_code == 422
    assert as_(cast.head).submit(world.priorities + "/rating").status_code == 422
    assert (
        as_(cast.manager).submit(world.priorities + "/rating?unit=billing", rating="1").status_code
        == 403
    )
    assert (
        as_(cast.head).submit(world.priorities + "/rating?unit=billing", rating="1").status_code
        == 403
    )
    assert as_(cast.head).submit(world.priorities + "/rating", rating="1").status_code == 303
    assert (
        as_(cast.other_head)
        .submit(world.priorities + "/rating", rating="5", words="Now")
        .status_code
        == 303
    )
    assert "Priority conflict" in body(as_(cast.member).get(world.home))
    settlement = world.priorities + "/settlement"
    assert as_(cast.manager).submit(settlement, words="IT first").status_code == 403
    assert as_(cast.executive).submit(settlement).status_code == 422
    assert as_(cast.executive).submit(settlement, words="IT first").status_code == 303
    page = body(as_(cast.member).get(world.priorities))
    assert "IT first" in page
    assert "Priority conflict" not in page
    assert as_(cast.executive).submit(settlement, words="IT first").status_code == 409
    with app.app_context():
        assert not Priority(db.session.get(Initiative, world.id)).conflict


def test_the_charter_page_asks_as_much_for_two_units_as_for_twelve(
    app, world, cast, clock, as_, switch_on
):
    switch_on("signatures", "priorities")
    tab = as_(cast.head)
    tab.get(world.charter)
    found = []
    for page in (world.charter, world.priorities):
        with counted(app) as few:
            assert tab.get(page).status_code == 200
        found.append(len(few))
    with app.app_context(), writing():
        more = {
            Unit.add(code=f"U{n}", name=f"Unit {n}", by=cast.admin, now=clock()).id
            for n in range(10)
        }
        one = db.session.get(Initiative, world.id)
        one.revise_units(more | {cast.billing.id}, by=cast.lead, now=clock())
    for page, few in zip((world.charter, world.priorities), found, strict=True):
        with counted(app) as many:
            assert tab.get(page).status_code == 200
        assert len(many) == few, page


def test_what_keeps_a_stage_from_opening_is_said_before_the_words_are_typed(
    as_, cast, world, switch_on
):
    """The sponsor finds no form that could only fail; whoever asks is told, and may ask. Planted: the question left out."""
    address = f"{world.home}/stage?to=designing"
    sponsor, lead = as_(cast.executive), as_(cast.lead)
    assert "cannot be opened yet" not in body(lead.get(address))
    lead.submit(f"{world.home}/stage/request", **REQUEST, to="designing")
    assert "Approve and open Designing" in body(sponsor.get("/approvals/1"))
    switch_on("signatures")
    page = body(sponsor.get("/approvals/1"))
    assert "Designing cannot be opened yet." in page
    assert "Billing has not signed version 1 of the charter" in page
    assert "Approve and open Designing" not in page
    assert "Not yet" in page
    lead.submit("/approvals/1/withdrawal")
    page = body(lead.get(address))
    assert "Billing has not signed version 1 of the charter" in page
    assert "<textarea" in page
