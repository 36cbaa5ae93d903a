"""What a lead brings in of actions: nothing that no form of theirs allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.cast import START
from tests.importing.test_actions import HEAD, initiative, stood  # noqa: F401
from tests.importing.test_blockers import outcomes
from tracker.actions.states import State
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import plan, write
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.partners.recounting import differences, recount
from tracker.partners.scores import PartnerScore


@pytest.fixture
def bring_as(inside, initiative):  # noqa: F811
    """Import a file as its page does, on the word of somebody; return the plan."""

    def brought(who, *rows, head=HEAD, what=What.actions, **chosen):
        table = read("\n".join((head, *rows)).encode(), "file.csv")
        mapping = guessed(what, table)[0]
        planned = plan(table, mapping, today=START.date(), importer=who, skip_bad=True, **chosen)
        if planned.alters:
            with writing():
                write(planned, by=who, now=START)
        return planned

    return brought


def test_own_work_with_criteria_comes_in_as_in_progress(bring_as, cast):
    """Canary: the look at the importer left out of `_new`."""
    rows = (
        "T1,CX-1,Own work,Lena Lead,,,2026-03-20,accepted,,,It works,",
        "T2,CX-1,Without criteria,Lena Lead,,,2026-03-20,accepted,,,,",
        "T3,CX-1,Of somebody else,Milo Member,,,2026-03-20,accepted,,,It works,",
    )
    found = bring_as(cast.lead, *rows)
    assert outcomes(found) == ["created"] * 3, [r.words for r in found.report.results]
    assert [one.state for one in stood()] == [State.in_progress, State.done, State.accepted]
    assert "nobody accepts their own work" in found.report.results[0].words


def test_a_partners_work_is_accepted_by_a_managers_file_alone(bring_as, cast):
    """Canary: the look at the importer left out of `may_say_accepted`."""
    row = "T1,CX-1,Theirs,Brightline,,,2026-03-20,accepted,,,,"
    found = bring_as(cast.lead, row)
    assert "the partner hands it in here" in found.report.results[0].words
    bring_as(cast.manager, row.replace("T1", "T2").replace("Theirs", "Long over"))
    assert [one.state for one in stood()] == [State.in_progress, State.accepted]


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("part", ["lead", "manager"])
def test_who_adds_no_partner_by_hand_makes_none_by_a_file_of_actions(bring_as, cast, part):
    """Canary: `made_by` giving everything to everybody."""
    before = count(Partner)
    rows = ("CX-1,Deliver it,Invented Ltd,2026-03-20",)
    found = bring_as(getattr(cast, part), *rows, head="initiative,task,partner,due", create_missing=True)  # fmt: skip
    assert outcomes(found) == ["rejected"]
    assert "only an administrator can add it" in found.report.results[0].words
    assert (found.partners, count(Partner)) == ([], before)


def test_who_brings_readings_makes_no_unit(bring_as, cast, csat):
    """Canary: the kinds that `makes` leaves out not asked for in `Directory.unit`."""
    before = count(Unit)
    head, row = "kpi,date,value,unit", "CSAT,2026-01-31,4,Invented unit"
    found = bring_as(cast.lead, row, head=head, what=What.readings, create_missing=True)
    assert (outcomes(found), found.units, count(Unit)) == (["rejected"], [], before)


def test_an_administrator_and_a_managers_portfolio_still_make_what_they_name(bring_as, cast):
    """Canary: `made_by` without its look at the portfolio, or at the policy."""
    with writing():
        Initiative.create(
            title="Other", lead_unit_id=cast.it.id, by=cast.manager, now=START, lead=cast.admin
        )
    before = count(Partner)
    for who, what, head, row in (
        (cast.admin, What.actions, "initiative,task,partner,due", "CX-2,Do it,Real Ltd,2026-03-20"),
        (cast.manager, What.initiatives, "name,unit,partners", "New one,CARE,Other Ltd"),
    ):
        found = bring_as(who, row, head=head, what=what, create_missing=True)
        assert outcomes(found) == ["created"], [r.words for r in found.report.results]
    assert count(Partner) == before + 2


def test_a_contact_that_a_file_names_takes_nothing_back(bring, cast, initiative):  # noqa: F811
    """Canary: `_AFRESH` whoever does it."""
    row = "T1,CX-1,Theirs,Brightline,,,2026-03-20,open,,,,"
    bring(What.actions, HEAD, row)
    with writing():
        stood()[0].submit("There", by=cast.contact, now=START)
    later = START + timedelta(days=7)
    with writing():
        stood()[0].return_("More", by=cast.lead, now=later)
    (was,) = [(one.assigned_at, one.returned, one.last_on, one.state, one.reply) for one in stood()]
    found = bring(What.actions, HEAD, row.replace("Brightline,", "Brightline,contact@example.org"), now=later)  # fmt: skip
    assert outcomes(found) == ["changed"]
    (one,) = stood()
    assert one.contact_id == cast.contact.id
    assert (one.assigned_at, one.returned, one.last_on, one.state, one.reply) == was
    last = db.session.scalars(select(Event).where(Event.subject_type == "action").order_by(Event.id.desc()).limit(1)).one()  # fmt: skip
    assert (last.kind, last.after["state"]) == ("action.assigned", "in_progress")


def test_a_partner_is_charged_with_no_day_that_has_passed(bring, initiative):  # noqa: F811
    """Canary: the due date of a new row not looked at in `_new`."""
    for status, outcome in (("open", "rejected"), ("in progress", "rejected"), ("closed", "created")):  # fmt: skip
        found = bring(What.actions, HEAD, f"{status},CX-1,It is {status},Brightline,,,2026-02-20,{status},,,,")  # fmt: skip
        (result,) = found.report.results
        assert (result.outcome, result.column) == (outcome, "due" if outcome == "rejected" else "")
        assert outcome == "created" or "no day that has passed" in result.words
    assert [one.state for one in stood()] == [State.accepted]


def test_who_had_it_has_the_date_change_that_comes_with_the_next(bring, cast, initiative):  # noqa: F811
    """Canaries: `follow_file` after the rows are written; whoever does it told with the first event."""
    row = "T1,CX-1,Theirs,Brightline,,,2026-03-20,open,,,,"
    bring(What.actions, HEAD, row)
    bring(What.actions, HEAD, row.replace("Brightline", "Otherwise").replace("03-20", "03-27"))
    assert stood()[0].partner_id == cast.other_vendor.id
    dated = {one.partner_id: one.dated_by_us for one in db.session.scalars(select(PartnerScore))}
    assert {id_: count for id_, count in dated.items() if count} == {cast.vendor.id: 1}
    assert differences(recount()) == []


def test_a_contact_whose_last_day_has_come_is_given_nothing_by_a_file(bring, cast, initiative):  # noqa: F811
    """Canary: `ends_on` not looked at in `Directory`."""
    with writing():
        db.session.get_one(Person, cast.contact.id).change(by=cast.admin, now=START, ends_on=START.date() + timedelta(days=1))  # fmt: skip
    row = "T1,CX-1,Theirs,Brightline,contact@example.org,,2026-03-20,open,,,,"
    found = bring(What.actions, HEAD, row, now=START + timedelta(days=1))
    assert (outcomes(found), "has ended" in found.report.results[0].words) == (["rejected"], True)
    assert outcomes(bring(What.actions, HEAD, row)) == ["created"]
