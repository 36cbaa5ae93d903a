"""A newcomer reads scorecards: on which quarter they open, why a row counts as it does, numbers to reckon with, the way to contacts.

Planted faults are named in each test.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from tests.aims import LONG_AGO, WHOLE, kpi
from tests.doing import change, work_of
from tests.partners.conftest import accept
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.initiatives.models import Initiative
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand
from tracker.organisation.partners import Partner

CARD, OWN = "/partners/brightline/scorecard", "/partner/scorecard"
CONTACTS = 'href="/admin/partners/brightline"'


def rows(answer: Any) -> list[dict[str, str]]:
    """Return the rows of a file by their headings."""
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_scorecards_open_on_the_last_quarter_that_says_something(app, as_, cast, clock, work):
    """Planted: the present quarter in `telling`; a quarter of four that tells."""
    accept(app, cast, clock, [work.make(title=f"Work {n}") for n in range(5)])
    clock.forward(days=40)  # it is April
    accept(app, cast, clock, [work.make(title=f"More {n}", due_on=date(2026, 4, 30)) for n in range(4)])  # fmt: skip
    contact, manager = as_(cast.contact), as_(cast.manager)
    for page in (contact.get(OWN), manager.get(CARD), contact.get("/partner")):
        assert "5 of 5 accepted actions" in page.text
        assert "Q1 2026" in page.text
    assert "5 of 5" in manager.get("/partners").text
    assert rows(manager.get("/partners.csv?q=bright"))[0]["Quarter"] == "2026-Q1"
    assert "4 of 4 accepted actions" in manager.get(f"{CARD}?quarter=2026-Q2").text
    assert "Scorecard, Q2 2026" in as_(cast.other_contact).get(OWN).text  # nothing to say yet
    accept(app, cast, clock, [work.make(title="The fifth", due_on=date(2026, 4, 30))])
    for page in (contact.get(OWN), manager.get(CARD), contact.get("/partner")):
        assert "5 of 5 accepted actions" in page.text
        assert "Q2 2026" in page.text


def test_that_something_came_in_time_can_be_checked_by_hand(app, as_, cast, clock, work):
    """Planted: the days taken out counted from the first due date; the submission returned taken for the one accepted."""
    action = work.make(title="Two days with us")  # due on Friday the 20th
    late = work.make(title="A day late")
    change(app, late, lambda row: row.reschedule(date(2026, 3, 23), by=cast.lead, now=clock()))
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=2)
    change(app, action, lambda row: row.return_("One is missing", by=cast.lead, now=clock()))
    clock.forward(days=20)  # Tuesday the 24th: two working days after it was due, and two were ours
    accept(app, cast, clock, [action])
    accept(app, cast, clock, [late])
    found = {row["What"]: row for row in rows(as_(cast.contact).get(f"{OWN}/on-time/rows.csv"))}
    told = ["Agreed due date", "Working days taken out", "Last day in time", "Handed in on", "How it counts"]  # fmt: skip
    assert [found["Two days with us"][name] for name in told] == ["2026-03-20", "2", "2026-03-24", "2026-03-24", "in time"]  # fmt: skip
    assert [found["A day late"][name] for name in told] == ["2026-03-23", "0", "2026-03-23", "2026-03-24", "late"]  # fmt: skip
    page = as_(cast.manager).get(f"{CARD}/on-time").text
    assert all(f">{name}<" in page for name in (*told, "Accepted on"))
    assert ">Returned on<" in as_(cast.manager).get(f"{CARD}/returned").text


def test_what_a_file_of_partners_holds_are_numbers(app, as_, cast, clock, work):
    """Planted: the words of a figure in its cell; a share of too few told all the same."""
    made = [work.make(title=f"Work {n}") for n in range(6)]
    accept(app, cast, clock, made[:4])
    manager, told = as_(cast.manager), ["On time, per cent", "On time: how many", "On time: of how many"]  # fmt: skip
    row = rows(manager.get("/partners.csv?q=bright"))[0]
    assert [row[name] for name in told] == ["", "4", "4"]
    clock.forward(days=22)
    row = rows(manager.get("/partners.csv?q=bright"))[0]
    assert row["Overdue now"] == "2"
    accept(app, cast, clock, made[4:])
    row = rows(manager.get("/partners.csv?q=bright"))[0]
    assert [row[name] for name in told] == ["66.7", "4", "6"]
    assert [row[f"Our review, {name}"] for name in ("working days",)] == ["0"]
    assert (row["Overdue now"], row["Returned"]) == ("0", "0")


@pytest.mark.both
def test_partners_are_sorted_by_what_is_overdue_and_by_our_days(app, as_, cast, clock, work):
    """Planted: `late_actions` left out of the order; review days ordered the wrong way round."""
    manager = as_(cast.manager)

    def first(sort: str) -> str:
        return rows(manager.get(f"/partners.csv?sort={sort}"))[0]["Partner"]

    theirs = work.make(title="Theirs", partner_id=cast.other_vendor.id)
    work.make(title="Not late", due_on=date(2026, 4, 30))
    work.make(title="Nor this one", due_on=date(2026, 4, 30))
    clock.forward(days=22)
    assert (first("-overdue"), first("overdue")) == ("Otherwise", "Brightline")
    change(app, theirs, lambda row: row.submit(by=cast.other_contact, now=clock()))
    clock.forward(days=3)
    change(app, theirs, lambda row: row.accept(by=cast.lead, now=clock()))
    assert (first("-our-review"), first("our-review")) == ("Otherwise", "Brightline")


def test_who_keeps_the_relationship_finds_the_contacts_and_the_way_back(app, as_, cast, clock):
    """Planted: the link without asking the policy; the way back for administrators alone."""
    with app.app_context(), writing():
        vendor = db.session.get_one(Partner, cast.vendor.id)
        vendor.change(by=cast.admin, now=clock(), relationship_owner_id=cast.lead.id)
    for part, finds in (("lead", True), ("admin", True), ("manager", False), ("auditor", False)):
        asking = as_(getattr(cast, part))
        for address in (CARD, "/partners"):
            assert (CONTACTS in asking.get(address).text) is finds, (part, address)
        if finds:
            page = asking.get("/admin/partners/brightline").text
            assert f'href="{CARD}"' in page
    assert "/admin/partners" not in as_(cast.contact).get(OWN).text


def test_a_kpi_of_two_initiatives_is_told_once_and_moved_by_what_is_shown(
    app, as_, cast, clock, work
):
    """Planted: a result for each goal; the movement of the values before they are rounded."""
    second = work_of(app, cast, clock)
    with app.app_context(), writing():
        nps = kpi()
        for day, value in ((date(2025, 12, 31), 85.56), (date(2026, 2, 28), 86.14)):
            Reading.add(nps, day=day, value=value, by=None, now=clock())
        restand([nps])
        for one in (work.initiative, second.initiative):
            initiative = db.session.get_one(Initiative, one.id)
            Goal.set(initiative, nps, terms=WHOLE, by=None, now=LONG_AGO)
    accept(app, cast, clock, [work.make(), second.make()])
    page = as_(cast.manager).get(CARD).text
    assert page.count("Net Promoter Score") == 1
    for one in (work.initiative, second.initiative):
        assert f"{one.ref} {one.title}" in page
    assert ("85.6 → 86.1" in page, "up by 0.5" in page, "up by 0.6" in page) == (True, True, False)
