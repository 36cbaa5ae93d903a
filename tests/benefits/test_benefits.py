"""Money by quarter: entered by the lead, confirmed by finance and by nobody else, and only while the module is on.

Planted, each seen red: the module not asked; managers allowed to confirm; a confirmation that stays when the amount changes;
zero taken for nothing said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests.aims import kpi
from tests.conftest import counted
from tests.filled import form_to
from tracker.benefits.models import Benefit
from tracker.benefits.quarters import after, quarter_of, read, written
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.models import Notice
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation


@pytest.fixture
def home(app, cast, clock):
    """The address of the benefits of an initiative that the lead leads; the module is on."""
    with app.app_context(), writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules={"benefits"})
        one = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=clock(), lead=cast.lead
        )
    return f"/initiatives/{one.ref}/benefits"


@pytest.fixture
def finance(app, cast, clock, as_, home):
    """The tab of the head, who is named to confirm money."""
    with app.app_context():
        with writing():
            person = db.session.get(Person, cast.head.id)
            person.change(by=cast.admin, now=clock(), is_finance=True)
        return as_(person)


def row(app, quarter=date(2026, 1, 1)):
    with app.app_context():
        return db.session.scalars(select(Benefit).where(Benefit.quarter == quarter)).one_or_none()


def test_quarters_are_those_of_the_calendar():
    assert [quarter_of(date(2026, month, 28)).month for month in (1, 3, 4, 12)] == [1, 1, 4, 10]
    assert (after(date(2026, 10, 1)), after(date(2026, 1, 1), -1)) == (date(2027, 1, 1), date(2025, 10, 1))  # fmt: skip
    assert all(
        read(written(date(2026, month, 1))) == date(2026, month, 1) for month in (1, 4, 7, 10)
    )
    assert [read(text) for text in ("2026-Q5", "1999-Q1", "2026Q1", "", "２０２６-Q1")] == [
        None
    ] * 5


def test_the_lead_enters_a_quarter_and_finance_confirms_it(app, cast, as_, home, finance):
    lead = as_(cast.lead)
    assert lead.submit(f"{home}/2026-Q1", planned="12,000", forecast="9000", realised="").status_code == 303  # fmt: skip
    one = row(app)
    assert (one.planned, one.forecast, one.realised) == (Decimal(12000), Decimal(9000), None)
    assert finance.submit(f"{home}/2026-Q1/confirmation").status_code == 409
    lead.submit(f"{home}/2026-Q1", planned="12000", forecast="9000", realised="0")
    assert row(app).realised == 0
    assert f"{home}/2026-Q1/confirmation" in finance.get(home).text
    assert f"{home}/2026-Q1/confirmation" not in lead.get(home).text
    assert finance.submit(f"{home}/2026-Q1/confirmation").status_code == 303
    assert "Confirmed" in lead.get(home).text
    assert finance.submit(f"{home}/2026-Q1/confirmation").status_code == 409


def test_another_amount_has_to_be_confirmed_anew_and_another_plan_has_not(
    app, cast, as_, home, finance
):
    lead = as_(cast.lead)
    lead.submit(f"{home}/2026-Q1", planned="", forecast="", realised="500")
    finance.submit(f"{home}/2026-Q1/confirmation")
    lead.submit(f"{home}/2026-Q1", planned="700", forecast="", realised="500")
    assert row(app).confirmed_by_id == cast.head.id
    lead.submit(f"{home}/2026-Q1", planned="700", forecast="", realised="501")
    assert row(app).confirmed_by_id is None


def test_nobody_else_enters_or_confirms(cast, as_, home):
    as_(cast.lead).submit(f"{home}/2026-Q1", planned="", forecast="", realised="500")
    for who in (cast.member, cast.executive, cast.auditor):
        assert as_(who).get(f"{home}/2026-Q1").status_code == 403
    for who in (cast.lead, cast.manager, cast.executive, cast.admin, cast.auditor):
        assert as_(who).submit(f"{home}/2026-Q1/confirmation").status_code == 403
    for who in (cast.contact, None):
        assert as_(who).get(home).status_code in {302, 303, 404}


def test_what_is_no_amount_or_no_quarter_is_said_so(cast, as_, home):
    lead = as_(cast.lead)
    answer = lead.submit(f"{home}/2026-Q1", planned="a lot", forecast="3", realised="")
    assert (answer.status_code, "Type an amount in figures" in answer.text) == (422, True)
    assert 'value="3"' in answer.text
    for none in ("2026-Q7", "x", "2026-Q1%00"):
        assert lead.get(f"{home}/{none}").status_code == 404


def test_two_on_one_quarter_see_each_other(app, cast, as_, home):
    lead, manager = as_(cast.lead), as_(cast.manager)
    page = manager.get(f"{home}/2026-Q1")
    lead.submit(f"{home}/2026-Q1", planned="1", forecast="", realised="")
    shown = form_to(page.text, f"{home}/2026-Q1", f"{home}/2026-Q1")
    answer = manager.post(f"{home}/2026-Q1", data={**shown, "planned": "2"})
    assert answer.status_code == 409
    assert row(app).planned == 1


def test_while_the_module_is_off_there_is_no_money(app, cast, as_, home, clock):
    with app.app_context(), writing():
        Organisation.current().change(by=cast.admin, now=clock(), modules=set())
    tab = as_(cast.lead)
    for page in (home, f"{home}/2026-Q1", f"{home}/2026-Q1/confirmation"):
        assert tab.get(page).status_code == 404
    assert "Benefits" not in tab.get(home.removesuffix("/benefits")).text
    assert "Benefits by quarter" not in tab.get("/goals").text


def test_the_pages_add_up_and_ask_no_more_for_many_quarters(app, cast, as_, home, clock):
    tab = as_(cast.lead)
    asked = []
    for many in (1, 8):
        for n in range(many):
            tab.submit(f"{home}/{2024 + n // 4}-Q{n % 4 + 1}", planned="100", forecast="", realised="40")  # fmt: skip
        tab.get(home)
        with counted(app) as statements:
            page = tab.get(home).text
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 12
    assert "£800" in page
    assert "£320" in page
    with app.app_context(), writing():
        kpi("NPS")
    assert "Benefits by quarter" in tab.get("/goals").text


def test_what_somebody_entered_meanwhile_is_what_finance_looks_at(app, cast, as_, home):
    """Planted: the row that was read before the write taken for the one that stands."""
    as_(cast.lead).submit(f"{home}/2026-Q1", planned="", forecast="", realised="10")
    with app.app_context():
        one = db.session.scalars(select(Initiative)).one()
        seen = Benefit.of(one, date(2026, 1, 1))
        assert seen.realised == 10
        db.session.commit()
        with db.engine.begin() as connection:
            connection.execute(update(Benefit).values(realised=999))
        with writing():
            assert Benefit.of(one, date(2026, 1, 1)).realised == 999


def test_nothing_is_realised_in_a_quarter_that_lies_ahead(cast, as_, home):
    """Planted: the quarter not asked."""
    answer = as_(cast.lead).submit(f"{home}/2027-Q1", planned="5", forecast="6", realised="7")
    assert (answer.status_code, "That quarter lies ahead" in answer.text) == (409, True)
    assert as_(cast.lead).submit(f"{home}/2027-Q1", planned="5", forecast="6", realised="").status_code == 303  # fmt: skip


@pytest.mark.parametrize("typed", ["0.005", "1,234.567", "0,125", "1.234,567"])
def test_what_is_no_amount_of_money_is_not_made_one(cast, as_, home, typed):
    """Planted: groups of three with either mark between them, and such as begin with 0."""
    answer = as_(cast.lead).submit(f"{home}/2026-Q1", planned=typed, forecast="", realised="")
    assert answer.status_code == 422


def test_finance_hears_once_that_realised_money_waits(app, as_, cast, home, finance):
    """Not of a plan, nor of what was entered before. Planted: told of every amount; told to everybody."""
    lead = as_(cast.lead)
    assert lead.fill(f"{home}/2026-Q1", planned="5000").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Notice).filter_by(kind="benefit_waits")).all() == []
    for _turn in range(2):
        assert lead.fill(f"{home}/2026-Q1", planned="5000", realised="4000").status_code == 303
    with app.app_context():
        told = db.session.scalars(select(Notice).filter_by(kind="benefit_waits")).all()
        assert sorted(notice.person_id for notice in told) == sorted(
            [cast.finance.id, cast.head.id]
        )
    page = finance.get("/inbox").text
    assert "finance has to confirm it" in page
    assert f'href="{home}"' in page
