"""Actions from files: a plan comes in once, again and changed, and what an export holds comes back as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from tests.cast import START
from tests.importing.test_blockers import outcomes
from tracker.actions.models import Action
from tracker.actions.states import State
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.importing.bulk import Moved
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import make_ready, plan, write
from tracker.importing.reading import read
from tracker.importing.shares import is_part_of_one, share
from tracker.importing.words import BadValue
from tracker.initiatives.models import Initiative
from tracker.notices.models import Notice
from tracker.partners.recounting import differences, recount
from tracker.partners.scores import PartnerScore

HEAD = "id,initiative,task,assignee,contact,host,due,status,progress,why,criteria,details"


@pytest.fixture
def initiative(inside, cast):
    with writing():
        return Initiative.create(
            title="Shorter waits", lead_unit_id=cast.care.id, by=cast.manager, now=START,
            outside_id="P1", lead=cast.lead,
        )  # fmt: skip


def stood():
    return list(db.session.scalars(select(Action).order_by(Action.id)))


def kinds():
    return list(db.session.scalars(select(Event.kind).where(Event.subject_type == "action").order_by(Event.id)))  # fmt: skip


@pytest.mark.both
def test_a_plan_comes_in_once_and_says_nothing_new_the_second_time(bring, initiative, cast):
    """Canary: `find` left out of `Stands`, so that every row was new again."""
    rows = (
        HEAD,
        "T1,CX-1,Record ten calls,Brightline,contact@example.org,lead@example.org,2026-03-20,open,,First calls decide,Ten calls,",
        "T2,P1,Read them,Milo Member,,,20/03/2026,in progress,40%,,,With two others",
        'T3,shorter WAITS,Long over,Brightline,,,2026-01-15,closed,,,"One\nTwo",',
        "T4,CX-1,Begun before,member@example.org,,,2026-02-13,review,70,,,",
    )
    found = bring(What.actions, *rows)
    assert outcomes(found) == ["created"] * 4, [r.words for r in found.report.results]
    ten, reading, over, begun = stood()
    assert (ten.partner_id, ten.contact_id, ten.host_id) == (cast.vendor.id, cast.contact.id, cast.lead.id)  # fmt: skip
    assert (ten.state, ten.last_on, ten.criteria, ten.outside_id) == (State.to_do, date(2026, 3, 20), "Ten calls", "T1")  # fmt: skip
    assert (reading.assignee_id, reading.state, reading.progress, reading.host_id) == (
        cast.member.id,
        State.in_progress,
        40,
        cast.lead.id,
    )
    assert (over.state, over.last_on, over.criteria, over.closed_at) == (State.accepted, None, "One\nTwo", START)  # fmt: skip
    assert (begun.state, begun.late(START.date())) == (State.in_progress, True)
    assert "hands it in here" in found.report.results[3].words
    assert kinds() == ["action.added"] * 4
    told = db.session.execute(select(Notice.person_id, Notice.others).order_by(Notice.person_id)).all()  # fmt: skip
    assert [tuple(row) for row in told] == [(cast.member.id, [begun.id]), (cast.contact.id, None)]
    again = bring(What.actions, *rows)
    assert outcomes(again) == ["unchanged"] * 4, [r.words for r in again.report.results]
    assert kinds() == ["action.added"] * 4


def test_what_a_host_may_change_is_changed_with_one_event_for_each_verb(bring, initiative, cast):
    bring(What.actions, HEAD, "T1,CX-1,Record ten calls,Brightline,,,2026-03-20,,,,,")
    found = bring(
        What.actions, HEAD, "T1,CX-1,Record twelve calls,Milo Member,,manager@example.org,2026-03-27,done,,,,"
    )  # fmt: skip
    assert outcomes(found) == ["changed"]
    assert "whoever does it says" in found.report.results[0].words
    (one,) = stood()
    assert (one.title, one.assignee_id, one.partner_id, one.host_id) == (
        "Record twelve calls",
        cast.member.id,
        None,
        cast.manager.id,
    )
    assert (one.due_on, one.due_changes, one.first_due_on, one.last_on) == (
        date(2026, 3, 27),
        1,
        date(2026, 3, 20),
        date(2026, 3, 27),
    )
    assert kinds() == ["action.added", "action.changed", "action.rescheduled", "action.assigned"]


def test_without_an_id_the_initiative_and_the_title_decide(bring, initiative):
    rows = ("initiative,task,assignee,due", "CX-1,Record ten calls,Milo Member,2026-03-20")
    bring(What.actions, *rows)
    found = bring(What.actions, rows[0], "P1,record  TEN calls,Milo Member,2026-03-23")
    assert outcomes(found) == ["changed"]
    assert "Matched by name." in found.report.results[0].words


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("T1,CX-9,W,Milo Member,,,2026-03-20,,,,,", "initiative", "No initiative"),
        ("T1,CX-1,,Milo Member,,,2026-03-20,,,,,", "task", "blank"),
        ("T1,CX-1,W,,,,2026-03-20,,,,,", "assignee", "Say who does it"),
        ("T1,CX-1,W,Nobody Known,,,2026-03-20,,,,,", "assignee", "Nobody here is called"),
        ("T1,CX-1,W,auditor@example.org,,,2026-03-20,,,,,", "assignee", "cannot"),
        ("T1,CX-1,W,ended.contact@example.org,,,2026-03-20,,,,,", "assignee", "has ended"),
        ("T1,CX-1,W,Brightline,other.contact@example.org,,2026-03-20,,,,,", "contact", "contact of another partner"),
        ("T1,CX-1,W,Brightline,member@example.org,,2026-03-20,,,,,", "contact", "nobody's contact"),
        ("T1,CX-1,W,Milo Member,contact@example.org,,2026-03-20,,,,,", "contact", "Only a partner's"),
        ("T1,CX-1,W,Milo Member,,contact@example.org,2026-03-20,,,,,", "host", "cannot"),
        ("T1,CX-1,W,Milo Member,,,,,,,,", "due", "by when"),
        ("T1,CX-1,W,Milo Member,,,0000-00-00,,,,,", "due", "not a day"),
        ("T1,CX-1,W,Milo Member,,,31.02.2026,,,,,", "due", "no day"),
        ("T1,CX-1,W,Milo Member,,,2026-03-20,,101,,,", "progress", "0 to 100"),
        ("T1,CX-1,W,Milo Member,,,2026-03-20,,-5,,,", "progress", "0 to 100"),
        ("T1,CX-1,W,Milo Member,,,2026-03-20,vanished,,,,", "status", "not known"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_row(bring, initiative, row, column, why):
    """Canary: the look at the contact's partner left out of `doer_of`: the database refused the whole file."""
    found = bring(What.actions, HEAD, row)
    (result,) = found.report.results
    assert (result.outcome, result.column) == ("rejected", column)
    assert why in result.words
    assert stood() == []


def test_one_id_twice_and_a_contact_against_a_partner_column(bring, initiative):
    twice = bring(
        What.actions, HEAD,
        "T1,CX-1,One,Milo Member,,,2026-03-20,,,,,", "T1,CX-1,Another,Milo Member,,,2026-03-20,,,,,",
    )  # fmt: skip
    assert outcomes(twice) == ["rejected", "rejected"]
    assert "Line 3 is about the same" in twice.report.results[0].words
    against = bring(
        What.actions, "initiative,task,partner,assignee,due", "CX-1,W,Otherwise,Paul Partner,2026-03-20"
    )  # fmt: skip
    assert "contact of another partner" in against.report.results[0].words


def test_a_partner_that_is_not_known_is_made_where_that_is_asked(bring, initiative):
    rows = ("initiative,task,partner,due", "CX-1,Deliver it,New Vendor,2026-03-20")
    assert outcomes(bring(What.actions, *rows)) == ["rejected"]
    assert outcomes(bring(What.actions, *rows, create_missing=True)) == ["created"]
    assert stood()[0].partner_id is not None


def test_what_ended_takes_nothing_new_and_what_is_over_stays(bring, initiative, cast):
    rows = (HEAD, "T1,CX-1,W,Milo Member,,,2026-03-20,,,,,")
    bring(What.actions, *rows)
    with writing():
        db.session.get_one(Initiative, initiative.id).stop(by=cast.manager, now=START, words="No.")
    kept = bring(What.actions, HEAD, "T1,CX-1,Otherwise,Milo Member,,,2026-04-20,,,,,")
    assert (outcomes(kept), kept.report.results[0].words) == (["unchanged"], "It is over, and is kept as it was.")  # fmt: skip
    new = bring(What.actions, HEAD, "T2,CX-1,New,Milo Member,,,2026-03-20,,,,,")
    assert "has ended" in new.report.results[0].words


def test_what_is_handed_in_is_answered_by_people(bring, initiative, cast):
    bring(What.actions, HEAD, "T1,CX-1,W,Brightline,,,2026-03-20,,,,Ten,")
    with writing():
        stood()[0].submit(by=cast.contact, now=START)
    found = bring(What.actions, HEAD, "T1,CX-1,Other words,Milo Member,,,2026-04-20,,,,Twelve,")
    assert outcomes(found) == ["changed"]
    assert "handed in" in found.report.results[0].words
    (one,) = stood()
    assert (one.title, one.partner_id, one.due_on, one.criteria) == ("Other words", cast.vendor.id, date(2026, 3, 20), "Ten")  # fmt: skip


def test_who_corrects_criteria_by_a_file_is_kept_as_by_hand(bring, initiative, cast):
    """Canary: `criteria_by_id` left out of `_corrected`: nobody accepts their own work by a file either."""
    bring(What.actions, HEAD, "T1,CX-1,W,Milo Member,,,2026-03-20,,,,Ten calls,")
    assert stood()[0].criteria_by_id is None
    bring(What.actions, HEAD, "T1,CX-1,Other words,Milo Member,,,2026-03-20,,,,Ten calls,")
    assert stood()[0].criteria_by_id is None
    found = bring(What.actions, HEAD, "T1,CX-1,Other words,Milo Member,,,2026-03-20,,,,Two calls,")
    assert (outcomes(found), stood()[0].criteria_by_id) == (["changed"], cast.manager.id)


def test_on_the_page_a_lead_brings_in_their_own_and_nobody_elses(bring, initiative, cast):
    """Canary: `check_importer` without a look at the policy."""
    table = read(f"{HEAD}\nT1,CX-1,W,Milo Member,,,2026-03-20,,,,,".encode(), "file.csv")
    mapping, _sure = guessed(What.actions, table)
    for who, outcome in ((cast.lead, "created"), (cast.manager, "created"), (cast.member, "rejected")):  # fmt: skip
        planned = plan(table, mapping, today=START.date(), importer=who)
        assert outcomes(planned) == [outcome], who.name
    assert "The lead of CX-1 or a manager" in planned.report.results[0].words


def test_what_moved_since_the_plan_is_planned_again(bring, initiative, cast):
    """Canary: `hold(Action, ...)` left out of `write`."""
    bring(What.actions, HEAD, "T1,CX-1,W,Milo Member,,,2026-03-20,,,,,")
    table = read(f"{HEAD}\nT1,CX-1,W,Milo Member,,,2026-03-27,,,,,".encode(), "file.csv")
    planned = plan(table, guessed(What.actions, table)[0], today=START.date())
    make_ready(planned, by=cast.manager, now=START)
    with writing():
        stood()[0].reschedule(date(2026, 5, 1), by=cast.manager, now=START)
    with pytest.raises(Moved), writing():
        write(planned, by=cast.manager, now=START)
    assert stood()[0].due_on == date(2026, 5, 1)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "fa", "zh_Hans"])
def test_an_export_comes_back_unchanged(bring, initiative, cast, as_, form, language):
    """Canary: criteria left out of the export, or the heading of the reference out of headings.toml."""
    bring(
        What.actions, HEAD,
        "T1,CX-1,Record ten calls,Brightline,contact@example.org,lead@example.org,2026-03-20,open,,Why,Ten calls,=Words",
        "T2,P1,Read them,Milo Member,,,20/03/2026,in progress,40%,,,With two others",
        'T3,CX-1,Long over,Brightline,,,2026-01-15,closed,,,"One\nTwo",',
    )  # fmt: skip
    with force_locale(language):
        body = as_(cast.manager).get(f"/actions.{form}?whose=all&state=all").data
    table = read(body, f"file.{form}")
    assert ("Who does it" in table.headers) == (language == "en")
    with force_locale("en"):
        mapping, _sure = guessed(What.actions, table)
        planned = plan(table, mapping, today=START.date())
    assert outcomes(planned) == ["unchanged"] * 3, [r.words for r in planned.report.results]


def test_thousands_of_rows_are_few_statements(bring, initiative, cast):
    rows = [f"T{n},CX-1,Task {n},Milo Member,,,2026-03-20,,,,," for n in range(2_000)]
    found = bring(What.actions, HEAD, *rows)
    assert found.report.totals()["created"] == 2_000
    assert db.session.scalar(select(func.count()).select_from(Action).where(Action.last_on.is_not(None))) == 2_000  # fmt: skip
    later = [row.replace("2026-03-20", "2026-03-23") for row in rows]
    moment = START + timedelta(hours=1)
    assert bring(What.actions, HEAD, *later, now=moment).report.totals()["changed"] == 2_000
    assert len(kinds()) == 4_000


def test_a_share_is_read_as_its_column_says():
    assert not is_part_of_one(["40", "0", "100%"])
    assert is_part_of_one(["0.4", "1", "0"])
    assert [share(text, of_one=False) for text in ("40", "40 %", "۴۰٪", "", "n/a")] == [40, 40, 40, None, None]  # fmt: skip
    assert share("0.4", of_one=True) == 40
    with pytest.raises(BadValue, match="0 to 100"):
        share("101", of_one=False)


def test_a_due_date_that_a_file_moves_counts_on_the_partners_scorecard(bring, initiative, cast):
    """Canary: `follow_file` left out, so that what is kept was another than the trail says."""
    rows = [HEAD, "T1,CX-1,Record ten calls,Brightline,,,2026-03-20,open,,,,"]
    bring(What.actions, *rows)
    bring(What.actions, HEAD, rows[1].replace("03-20", "03-27"))
    assert db.session.scalars(select(PartnerScore.dated_by_us)).one() == 1
    assert differences(recount()) == []


def test_whoever_a_file_takes_an_action_from_hears_of_it(bring, initiative, cast):
    """Planted: `_tell` without those who had it."""
    head = "id,initiative,task,assignee,due"
    bring(What.actions, head, "T1,CX-1,Record,Milo Member,2026-03-20", "T2,CX-1,Read,Milo Member,2026-03-20")  # fmt: skip
    bring(What.actions, head, "T1,CX-1,Record,Brightline,2026-03-20", "T2,CX-1,Read,Brightline,2026-03-20")  # fmt: skip
    told = select(Notice.kind, Notice.others).where(Notice.person_id == cast.member.id)
    found = [tuple(row) for row in db.session.execute(told.order_by(Notice.id))]
    second = stood()[1].id
    assert found == [("action_assigned", [second]), ("action_given_on", [second])]
