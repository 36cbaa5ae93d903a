"""One assignee, who is there: the verbs say it in words, and the database refuses the rest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.cast import START
from tests.doing import change, stored
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.states import State
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import end_access, end_partner
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({}, "has one assignee"),
        ({"person_id": "member", "partner_id": "vendor"}, "has one assignee"),
        ({"person_id": "contact"}, "Choose somebody of ours"),
        ({"person_id": "auditor"}, "Choose somebody of ours"),
        ({"person_id": "ended"}, "Choose somebody of ours"),
        ({"partner_id": "vendor", "contact_id": "other_contact"}, "Choose a contact of Brightline"),
        ({"partner_id": "vendor", "contact_id": "member"}, "Choose a contact of Brightline"),
        ({"partner_id": "vendor", "contact_id": "ended_contact"}, "has ended"),
    ],
)
def test_who_cannot_do_it_is_said(app, cast, who, words):
    ids = {key: getattr(cast, part).id for key, part in who.items()}
    with app.app_context(), pytest.raises(NotNow) as refused:
        Assignee(**ids).checked(START)
    assert words in refused.value.words


@pytest.mark.both
@pytest.mark.parametrize(
    "columns",
    [
        {"partner_id": None},
        {"assignee_id": "member"},
        {"contact_id": "other_contact"},
        {"contact_id": "member"},
        {"partner_id": None, "assignee_id": "member", "contact_id": "contact"},
        {"progress": 101},
        {"closed_at": "now"},
    ],
)
def test_the_database_refuses_what_cannot_be(app, cast, clock, work, columns):
    """Each is a constraint of its own; planted: each taken out of `one_assignee`."""
    action = work.make()
    values = {key: getattr(getattr(cast, str(v), None), "id", v) for key, v in columns.items()}
    if "closed_at" in values:
        values["closed_at"] = clock()
    with app.app_context(), pytest.raises(IntegrityError), writing():
        db.session.execute(update(Action).where(Action.id == action.id).values(values))
    assert stored(app, action).partner_id == cast.vendor.id


@pytest.mark.parametrize("key", ["", "x3", "i", "i1-2", "p", "c3", "c-3", "c3-", "p٣", "i99999999999", "c1-2-3"])  # fmt: skip
def test_what_is_no_choice_names_nobody(key):
    assert Assignee.from_key(key) is None


def test_a_choice_comes_back_as_it_went_out():
    for who in (Assignee(person_id=4), Assignee(partner_id=3), Assignee(partner_id=3, contact_id=7)):  # fmt: skip
        assert Assignee.from_key(who.key) == who


@pytest.mark.both
def test_whoever_leaves_leaves_nothing_undone(app, cast, clock, work):
    """Hosting passes to the lead, work to the host, a contact's to the partner, an ended partner's to the host (rules 2, 21)."""
    theirs = work.make(partner_id=cast.vendor.id, contact_id=cast.contact.id)
    ours = work.make(person_id=cast.member.id, by=cast.manager)
    with app.app_context(), writing():
        people = {part: db.session.get_one(Person, getattr(cast, part).id) for part in ("contact", "member", "manager")}  # fmt: skip
        assert end_access(people["contact"], by=cast.admin, now=clock()) == []
        handed = end_access(people["member"], by=cast.admin, now=clock())
        assert [(one.duty, one.heir_id) for one in handed] == [("assignee", cast.manager.id)]
        handed = end_access(people["manager"], by=cast.admin, now=clock())
        assert ("host", ours.title, cast.lead.id) in [(h.duty, h.about, h.heir_id) for h in handed]
    assert stored(app, theirs).contact_id is None
    mine = stored(app, ours)
    assert (mine.host_id, mine.assignee_id, mine.state) == (cast.lead.id, cast.lead.id, State.to_do)
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        handed = end_partner(vendor, by=cast.admin, now=clock())
        assert ("assignee", theirs.title, cast.lead.id) in [(h.duty, h.about, h.heir_id) for h in handed]  # fmt: skip
    back = stored(app, theirs)
    assert (back.partner_id, back.assignee_id) == (None, cast.lead.id)


def test_who_heads_the_unit_above_hosts_what_the_head_of_the_lead_unit_hosted(
    app, cast, clock, work
):
    """Hana heads the lead unit, and nobody leads. Planted: `above` in `head_above` that never climbs."""
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.lead_unit_id, initiative.lead_id = cast.it.id, None
        db.session.get_one(Unit, cast.company.id).head_id = cast.finance.id
    action = work.make(by=cast.head)
    with app.app_context(), writing():
        head = db.session.get_one(Person, cast.head.id)
        handed = end_access(head, by=cast.admin, now=clock())
        assert ("host", action.title, cast.finance.id) in [(h.duty, h.about, h.heir_id) for h in handed]  # fmt: skip


def test_what_an_ended_partner_handed_in_goes_to_the_host_when_it_is_returned(app, cast, clock, work):  # fmt: skip
    action = work.make()
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    with app.app_context(), writing():
        end_partner(db.session.get_one(Partner, cast.vendor.id), by=cast.admin, now=clock())
    assert stored(app, action).partner_id == cast.vendor.id
    back = change(app, action, lambda row: row.return_("More", by=cast.lead, now=clock()))
    assert (back.partner_id, back.assignee_id, back.state) == (None, cast.lead.id, State.to_do)


def test_a_stopped_initiative_cancels_what_is_open(app, cast, clock, work):
    first, second = work.make(), work.make()
    change(app, first, lambda row: row.submit(by=cast.contact, now=clock()))
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.stop(by=cast.manager, now=clock(), words="Nobody needs it")
    assert {stored(app, one).state for one in (first, second)} == {State.cancelled}
    with app.app_context(), pytest.raises(NotNow), writing():
        work.adds(due_on=date(2026, 5, 1))


def test_a_contact_whose_last_day_has_come_is_given_nothing(app, cast, as_, clock, work):
    """Canary: `is_active` asked in `checked`, which the sweep alone takes away."""
    action = work.make()
    with app.app_context(), writing():
        contact = db.session.get_one(Person, cast.contact.id)
        contact.change(by=cast.admin, now=clock(), ends_on=clock().date() + timedelta(days=1))
    clock.forward(days=1)
    refused = change_refused(app, action, cast, clock)
    assert "has ended" in str(refused.value)
    assert stored(app, action).contact_id is None


def change_refused(app, action, cast, clock):
    whom = Assignee(partner_id=cast.vendor.id, contact_id=cast.contact.id)
    with pytest.raises(NotNow) as refused:
        change(app, action, lambda row: row.assign(whom, by=cast.lead, now=clock()))
    return refused
