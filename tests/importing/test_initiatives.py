"""Initiatives from files: what is created, what changes, what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.aims import aim
from tests.cast import START
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.importing.columns import Mapping
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.importing.report import Result
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import Answer, Sponsorship
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Participation
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit
from tracker.updates.models import Update

Bring = Callable[..., Plan]


@pytest.fixture
def import_(bring: Bring) -> Bring:
    return lambda *lines, **options: bring(What.initiatives, *lines, **options)


def only() -> Initiative:
    return db.session.scalars(select(Initiative)).one()


def outcomes(plan: Plan) -> list[str]:
    return [result.outcome.value for result in plan.report.results]


def the_refusal(plan: Plan) -> Result:
    (result,) = [r for r in plan.report.results if r.outcome == "rejected"]
    return result


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.both
def test_a_row_becomes_an_initiative_with_all_it_says(import_: Bring, cast: Any) -> None:
    plan = import_(
        "id,name,unit,units,partners,lead,sponsor,stage,theme,period,rag,reason,help needed,problem,"
        "touchpoint,channel,root cause,cost (£k)",
        "P1,WAITING TIMES,CARE,IT;Billing,Brightline,lead@example.org,Emil Executive,piloting,First"
        " 90 days,2026-02,Amber,Test system late,A test window,I wait too long,Phone,Voice,people,12",
    )
    assert outcomes(plan) == ["created"]
    made = only()
    assert (made.ref, made.outside_id, made.title) == ("CX-1", "P1", "Waiting Times")
    assert (made.lead_unit_id, made.lead_id) == (cast.care.id, cast.lead.id)
    assert (made.stage, made.adopt_stage) == (Stage.idea, Stage.piloting)
    assert made.budget == Decimal(12_000)
    assert made.unit_count == 3
    assert (made.colour, made.colour_reason) == ("at_risk", "Test system late")
    assert made.proposed_sponsor_id == cast.executive.id
    assert set(db.session.scalars(select(Participation.unit_id))) == {cast.it.id, cast.billing.id}
    assert list(db.session.scalars(select(Involvement.partner_id))) == [cast.vendor.id]
    friction = db.session.scalars(select(Friction)).one()
    assert (friction.words, friction.root_cause) == ("I wait too long", "people")
    proposal = db.session.scalars(select(Sponsorship)).one()
    assert (proposal.answer, proposal.adopts) == (Answer.proposed, Stage.piloting)
    report = db.session.scalars(select(Update)).one()
    assert (report.day, report.period) == (date(2026, 2, 28), "2026-02")


def test_the_sponsor_adopts_what_was_imported_at_its_stage(import_: Bring, cast: Any) -> None:
    import_("name,unit,sponsor,stage", "A,CARE,executive@example.org,Rolling out")
    with writing():
        aim(only())
        only().accept_sponsorship(by=cast.executive, now=START + timedelta(hours=1))
    assert (only().stage, only().adopted) == (Stage.rolling_out, True)
    plan = import_("name,unit,sponsor,stage", "A,CARE,executive@example.org,Piloting")
    assert outcomes(plan) == ["unchanged"]
    assert "only its sponsor moves it" in plan.report.results[0].words


@pytest.mark.parametrize(
    ("sponsor", "why"),
    [
        ("contact@example.org", "belongs to a partner"),
        ("member@example.org", "not an executive"),
        ("ended@example.org", "no access"),
        ("nobody@example.org", "Nobody here"),
        ("Somebody Else", "Nobody here"),
    ],
)
def test_a_sponsor_who_cannot_sponsor_is_refused(import_: Bring, sponsor: str, why: str) -> None:
    # Canary: Directory.executive() without its checks.
    refusal = the_refusal(import_("name,unit,sponsor", f"A,CARE,{sponsor}"))
    assert refusal.column == "sponsor"
    assert why in refusal.words
    assert count(Initiative) == 0


def test_the_sponsor_cannot_be_the_lead(import_: Bring) -> None:
    refusal = the_refusal(
        import_("name,unit,lead,sponsor", "A,CARE,executive@example.org,executive@example.org")
    )
    assert refusal.column == "sponsor"
    assert "never leads" in refusal.words


def test_one_id_twice_with_different_sponsors_is_refused_in_both_rows(import_: Bring) -> None:
    # Canary: check_alike() doing nothing.
    plan = import_(
        "id,name,unit,sponsor",
        "P1,A,CARE,executive@example.org",
        "P1,A,CARE,other.executive@example.org",
    )
    assert outcomes(plan) == ["rejected", "rejected"]
    assert {r.column for r in plan.report.results} == {"sponsor"}
    assert "Line 3" in plan.report.results[0].words
    assert "Line 2" in plan.report.results[1].words
    assert count(Initiative) == 0


def test_the_same_row_twice_is_one_initiative(import_: Bring) -> None:
    plan = import_("id,name,unit", "P1,A,CARE", "P1,A,CARE")
    assert outcomes(plan) == ["created", "unchanged"]
    assert plan.report.results[1].words == "The same as line 2."
    assert count(Initiative) == 1


def test_bad_cells_are_told_with_their_column_and_nothing_is_written(import_: Bring) -> None:
    plan = import_(
        "name,unit,period,colour,budget,stage",
        "Good,CARE,2026-01,green,5,idea",
        "Day,CARE,0000-00-00,red,,",
        "Colour,CARE,2026-01,PURPLE,,",
        "Money,CARE,2026-01,,lots,",
        "Stage,CARE,,,,realised",
        "Minus,CARE,2026-01,,-5,",
        "Dollars,CARE,2026-01,,$5,",
        ",CARE,2026-01,,,",
        "No unit,,2026-01,,,",
        "Ragged,CARE",
    )
    told = [(r.line, r.column) for r in plan.report.results if r.outcome == "rejected"]
    assert told == [
        (3, "period"),
        (4, "colour"),
        (5, "budget"),
        (6, "stage"),
        (7, "budget"),
        (8, "budget"),
        (9, "name"),
        (10, "unit"),
        (11, ""),
    ]
    assert not plan.applies
    assert count(Initiative) == 0


def test_bad_rows_may_be_skipped(import_: Bring) -> None:
    plan = import_("name,unit,colour", "A,CARE,red", "B,CARE,PURPLE", skip_bad=True)
    assert outcomes(plan) == ["created", "rejected"]
    assert only().title == "A"


def test_unknown_units_and_partners_are_made_only_when_asked(import_: Bring) -> None:
    rows = ("name,unit,partners", "A,Legal & Privacy,Brightline|New Vendor", "B,legal & privacy,")
    plan = import_(*rows)
    assert outcomes(plan) == ["rejected", "rejected"]
    assert [new.name for new in plan.units] == ["Legal & Privacy"]
    assert count(Unit) == 4
    plan = import_(*rows, create_missing=True)
    assert outcomes(plan) == ["created", "created"]
    assert (count(Unit), count(Partner)) == (5, 3)
    made = Unit.named("LEGAL & PRIVACY")
    assert made is not None
    assert {i.lead_unit_id for i in db.session.scalars(select(Initiative))} == {made.id}
    assert outcomes(import_(*rows, create_missing=True)) == ["unchanged", "unchanged"]


def test_units_that_only_rejected_rows_name_are_not_made(import_: Bring) -> None:
    import_("name,unit,colour", "A,Mars,PURPLE", "B,CARE,red", create_missing=True, skip_bad=True)
    assert count(Unit) == 4


def test_without_an_id_name_and_unit_decide_and_the_report_says_so(import_: Bring) -> None:
    import_("name,unit,theme", "Shorter Waits,CARE,One")
    plan = import_("name,unit,theme", "shorter  waits,care,Two", "Shorter Waits,IT,Three")
    assert outcomes(plan) == ["changed", "created"]
    assert plan.report.results[0].words == "Matched by name."
    assert plan.report.results[0].fields == ("name", "theme")


def test_an_id_is_learnt_by_an_initiative_that_had_none(import_: Bring) -> None:
    import_("name,unit", "Shorter waits,CARE")
    plan = import_("id,name,unit", "P1,Shorter waits,CARE")
    assert outcomes(plan) == ["changed"]
    assert only().outside_id == "P1"
    plan = import_("id,name,unit", "P2,Shorter waits,CARE")
    assert outcomes(plan) == ["created"]


def test_two_initiatives_of_one_name_need_ids(import_: Bring) -> None:
    import_("id,name,unit", "P1,A,CARE", "P2,A,CARE")
    refusal = the_refusal(import_("name,unit", "A,CARE"))
    assert "CX-1, CX-2" in refusal.words


def test_blank_cells_change_nothing(import_: Bring) -> None:
    import_("id,name,unit,theme,cost", "P1,A,CARE,One,5")
    plan = import_("id,name,unit,theme,cost", "P1,A,,,")
    assert outcomes(plan) == ["unchanged"]
    assert (only().theme, only().budget) == ("One", Decimal(5))


@pytest.mark.both
def test_changes_leave_events_with_what_was_and_is(import_: Bring, cast: Any) -> None:
    import_("id,name,unit,lead", "P1,A,CARE,lead@example.org")
    import_("id,name,unit,lead", "P1,B,IT,member@example.org", now=START + timedelta(days=1))
    kinds = dict(
        db.session.execute(
            select(Event.kind, Event.after).filter_by(
                subject_type="initiative", subject_id=only().id
            )
        ).all()
    )
    assert kinds["initiative.imported"]["row"] == 2
    assert kinds["initiative.changed"]["fields"] == ["title"]
    assert kinds["initiative.lead_set"] == {"lead_id": cast.member.id}
    assert kinds["initiative.lead_unit_changed"] == {"lead_unit_id": cast.it.id}
    assert only().version == 2
    assert only().changed == START + timedelta(days=1)
    assert only().unit_count == 2


def test_every_event_of_an_import_is_sealed(import_: Bring) -> None:
    import_("id,name,unit,rag", "P1,A,CARE,red")
    assert db.session.scalar(select(func.count(Event.id)).filter(Event.number.is_(None))) == 0


def test_a_corrected_rating_corrects_the_report_and_keeps_both(import_: Bring) -> None:
    import_("id,name,unit,year,rag", "P1,A,CARE,2024-25,RED")
    plan = import_("id,name,unit,year,rag", "P1,A,CARE,2024-25,GREEN")
    assert plan.report.results[0].fields == ("colour",)
    first, second = db.session.scalars(select(Update).order_by(Update.id)).all()
    assert (first.colour, second.colour, second.corrects_id) == ("off_track", "on_track", first.id)
    assert only().colour == "on_track"
    assert outcomes(import_("id,name,unit,year,rag", "P1,A,CARE,2024-25,GREEN")) == ["unchanged"]


def test_a_colour_without_a_period_is_of_today_and_repeats_nothing(import_: Bring) -> None:
    import_("id,name,unit,rag", "P1,A,CARE,RED")
    assert db.session.scalars(select(Update.day)).one() == START.date()
    plan = import_("id,name,unit,rag", "P1,A,CARE,RED", now=START + timedelta(days=3))
    assert outcomes(plan) == ["unchanged"]


def test_a_long_reason_is_kept_whole(import_: Bring) -> None:
    import_("id,name,unit,rag,commentary", f"P1,A,CARE,RED,{'word ' * 100}")
    report = db.session.scalars(select(Update)).one()
    assert len(report.reason) <= 200
    assert report.reason.endswith("…")
    assert report.what_changed == ("word " * 100).strip()


def test_what_was_stopped_is_kept_as_it_was(import_: Bring, cast: Any) -> None:
    import_("id,name,unit", "P1,A,CARE")
    with writing():
        only().stop(by=cast.manager, now=START, words="No money.")
    plan = import_("id,name,unit,rag", "P1,B,IT,red")
    assert outcomes(plan) == ["unchanged"]
    assert "stopped" in plan.report.results[0].words


def test_a_sponsor_who_declined_is_not_asked_again(import_: Bring, cast: Any) -> None:
    rows = ("name,unit,sponsor", "A,CARE,executive@example.org")
    import_(*rows)
    with writing():
        only().decline_sponsorship(by=cast.executive, now=START, words="No time.")
    plan = import_(*rows)
    assert outcomes(plan) == ["unchanged"]
    assert "did not accept" in plan.report.results[0].words
    assert count(Sponsorship) == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(import_: Bring) -> None:
    rows = ("name,unit,rag", "A,CARE,red", "B,Mars,green")
    dry = import_(*rows, create_missing=True, dry_run=True)
    assert count(Initiative) == 0
    assert outcomes(dry) == outcomes(import_(*rows, create_missing=True))


def test_a_default_and_a_meaning_come_from_the_map(import_: Bring) -> None:
    mapping = Mapping(
        What.initiatives,
        {"name": "Title", "colour": "RAG"},
        {"unit": "CARE", "stage": "framed"},
        {"colour": {"Amber/Red": "off track"}},
    )
    import_("Title,RAG", "A,Amber/Red", mapping=mapping)
    assert (only().colour, only().adopt_stage) == ("off_track", Stage.framed)
