"""The list: what narrows it, in which order, in which files, and what it costs; the page of a unit."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import escape, unescape
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests.conftest import counted
from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.db import db, writing


@pytest.fixture
def several(app, cast, work, clock):
    """Five blockers of all kinds; `oldest` was raised first."""
    with app.app_context(), writing():
        work.raises(title="Oldest data", category=Category.data)
        work.raises(
            title="Café budget",
            now=clock.forward(days=1),
            category=Category.budget,
            holder_unit_id=cast.billing.id,
        )
        answered = work.raises(
            title="Answered", now=clock.forward(days=1), holder_partner_id=cast.vendor.id
        )
        answered.acknowledge(by=cast.contact, now=clock())
        answered.commit(date(2026, 3, 18), by=cast.contact, now=clock())
        work.raises(
            title="From outside",
            now=clock.forward(hours=1),
            holder_outside="=HYPERLINK(1)",
            blocked_unit_id=cast.it.id,
        )
        resolved = work.raises(title="Resolved", now=clock.forward(hours=1))
        resolved.resolve("Done", by=cast.head, now=clock())
        gone = work.raises(title="Gone", now=clock.forward(hours=1))
        gone.withdraw(by=cast.member, now=clock())
    clock.forward(days=2)


def titles(page):
    return re.findall(r'<a class="row"[^>]*><bdi>(.*?)</bdi>', page.text)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("", ["Oldest data", "Café budget", "Answered", "From outside"]),
        ("sort=age", ["From outside", "Answered", "Café budget", "Oldest data"]),
        ("sort=title", ["Answered", "Café budget", "From outside", "Oldest data"]),
        ("answerer=none", ["Oldest data", "Café budget", "From outside"]),
        ("late=1", ["Oldest data", "Café budget"]),
        ("promise=none", ["Oldest data", "Café budget", "From outside"]),
        ("promise=none&state=all", ["Oldest data", "Café budget", "From outside"]),
        ("stands=committed", ["Answered"]),
        ("stands=raised&state=all", ["Oldest data", "Café budget", "From outside"]),
        ("stands=withdrawn", ["Oldest data", "Café budget", "Answered", "From outside"]),
        ("category=budget", ["Café budget"]),
        ("q=CAFÉ", ["Café budget"]),
        ("q=100%", []),
        ("holder=o", ["From outside"]),
        ("holder=p{vendor}", ["Answered"]),
        ("holder=u{billing}", ["Café budget"]),
        ("unit={it}", ["Oldest data", "From outside"]),
        ("waiting={it}", ["From outside"]),
        ("state=resolved", ["Resolved"]),
        (
            "state=unsettled&sort=title",
            ["Answered", "Café budget", "From outside", "Oldest data", "Resolved"],
        ),
        ("state=over", ["Gone"]),
        ("state=all&unit={billing}", ["Café budget"]),
        (
            "state=nonsense&category=nonsense&holder=x1&unit=x&sort=x&page=x",
            ["Oldest data", "Café budget", "Answered", "From outside"],
        ),
    ],
)
def test_filters_and_order(as_, cast, question, wanted):
    ids = {"vendor": cast.vendor.id, "billing": cast.billing.id, "it": cast.it.id}
    assert titles(as_(cast.finance).get(f"/blockers?{question.format(**ids)}")) == wanted


@pytest.mark.usefixtures("several")
def test_what_waits_for_me_is_one_tick_away(as_, cast):
    assert titles(as_(cast.head).get("/blockers?mine=1")) == ["Oldest data"]
    assert titles(as_(cast.member).get("/blockers?mine=1&state=all")) == ["Resolved"]


@pytest.mark.usefixtures("several")
def test_the_files_hold_what_the_list_shows_and_no_formula(as_, cast):
    answer = as_(cast.finance).get("/blockers.csv?state=all&sort=title")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["Blocker"] for row in rows] == [
        "Answered",
        "Café budget",
        "From outside",
        "Gone",
        "Oldest data",
        "Resolved",
    ]
    outside = next(row for row in rows if row["Blocker"] == "From outside")
    assert outside["Blocking"] == "'=HYPERLINK(1)"
    assert rows[0]["Promised for"] == "2026-03-18"
    assert as_(cast.finance).get("/blockers.xlsx?late=1").data[:2] == b"PK"


@pytest.mark.usefixtures("several")
def test_the_total_is_the_number_of_rows(as_, cast):
    """The unfiltered total is a kept sum; it says the same as the rows."""
    for question in ("", "late=1", "state=all"):
        page = as_(cast.finance).get(f"/blockers?{question}")
        assert f"1 to {len(titles(page))} of {len(titles(page))}" in page.text


def test_the_list_costs_the_same_at_ten_and_at_two_hundred(app, as_, cast, work, clock):
    """Canary: a query for each row's holding periods turned this red."""
    tab = as_(cast.manager)

    def cost(address):
        tab.get(address)
        with counted(app) as seen:
            assert tab.get(address).status_code == 200
        return seen

    def grow(count):
        with app.app_context(), writing():
            for _number in range(count):
                blocker = work.raises(now=clock.forward(minutes=1))
                blocker.pass_on(
                    by=cast.head, now=clock(), words="x", holder_unit_id=cast.billing.id
                )

    grow(10)
    with app.app_context():
        ref = db.session.scalars(select(Blocker.ref).limit(1)).one()
    lists = ("/blockers", "/blockers?late=1", "/units/customer-care", "/units/billing")
    few = {address: cost(address) for address in (*lists, f"/blockers/{ref}")}
    grow(60)
    for address, seen in few.items():
        assert len(cost(address)) == len(seen), address
        assert len(seen) <= 12, "\n".join(seen)


def test_a_page_of_the_list_and_the_next(app, as_, cast, work):
    with app.app_context(), writing():
        for number in range(53):
            work.raises(title=f"Number {number:02}")
    first, second = (titles(as_(cast.manager).get(f"/blockers?page={page}")) for page in (1, 2))
    assert [*first, *second] == [f"Number {number:02}" for number in range(53)]
    assert as_(cast.manager).get("/blockers?page=9").status_code == 200


@pytest.mark.usefixtures("several")
def test_a_unit_reads_what_it_blocks_and_what_it_waits_for(as_, cast):
    page = as_(cast.head).get("/units/it-platforms").text
    blocks, waits = page.split('id="waits"', 1)
    assert "You block others" in blocks
    assert "Oldest data" in blocks
    assert "Café budget" not in page
    assert "From outside" in waits
    assert "Hana Head" in waits
    assert "It blocks others" in as_(cast.finance).get("/units/it-platforms").text
    assert as_(cast.finance).get("/units/nowhere").status_code == 404


def test_raising_begins_with_the_initiative(app, as_, cast, work):
    ref = work.initiative.ref
    assert ref in as_(cast.member).get("/blockers/new").text
    assert ref not in as_(cast.finance).get("/blockers/new").text
    assert ref not in as_(cast.auditor).get("/blockers/new").text
    assert ref in as_(cast.manager).get("/blockers/new?q=anybody can").text
    assert (
        as_(cast.member).get(f"/blockers/new?initiative={ref}").location
        == f"/initiatives/{ref}/blockers/new"
    )
    assert as_(cast.member).get("/blockers/new?initiative=CX-999").status_code == 404


def test_raising_from_a_board_leads_back_to_it_and_names_what_was_raised(as_, cast, work):
    """Canary: the form posting to its path alone loses where it came from."""
    tab, board = as_(cast.member), "/boards/all?lanes=unit"
    here = f"/initiatives/{work.initiative.ref}/blockers/new?back={quote(board)}"
    page = tab.get(here).text
    action = unescape(re.findall(r'action="([^"]*/blockers/new[^"]*)"', page)[0])
    assert f'href="{escape(board)}"' in page, "the way out leads back as well"
    fields = {"title": "No <paper>", "needed_by": "2026-03-20", "category": "data"}
    fields |= {"blocked_unit_id": cast.care.id, "holder": f"u{cast.it.id}"}
    assert tab.submit(action, **fields | {"title": ""}).status_code == 422
    assert tab.submit(action, **fields).location == board
    said = tab.get("/initiatives").text.split('id="toast"', 1)[1].split("</p>", 1)[0]
    assert re.search(r'“<a href="/blockers/\w+"><bdi>No &lt;paper&gt;</bdi></a>” is raised', said)
    for elsewhere in ("", "//evil.example", "https://evil.example/"):
        there = f"/initiatives/{work.initiative.ref}/blockers/new?back={quote(elsewhere)}"
        assert tab.submit(there, **fields).location.startswith("/blockers/")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Say in one sentence"),
        ("needed_by", "", "Say by when"),
        ("needed_by", "0000-00-00", "Type a day"),
        ("needed_by", "2026-02-27", "today or a later day"),
        ("needed_by", "2999-01-01", "within ten years"),
        ("blocked_unit_id", "x", "Choose"),
        ("blocked_unit_id", "999999", "Choose one from the list"),
        ("category", "nonsense", "Choose one from the list"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(as_, cast, work, field, value, words):
    fields = {
        "title": "No paper",
        "needed_by": "2026-03-20",
        "category": "data",
        "holder": f"u{cast.it.id}",
    }
    fields |= {"blocked_unit_id": cast.care.id, field: value}
    answer = as_(cast.member).submit(f"/initiatives/{work.initiative.ref}/blockers/new", **fields)
    assert answer.status_code == 422
    assert words in answer.text.split(f'id="{field}-error"', 1)[1][:400]


def test_what_people_type_is_shown_and_never_run(app, as_, cast, work):
    blocker = work.make(
        title="<script>alert(1)</script>",
        effect="<img src=x onerror=alert(1)>",
        holder_outside="<b>Bold</b>",
    )
    for address in (
        "/blockers",
        f"/blockers/{blocker.ref}",
        "/blockers/matrix",
        "/units/customer-care",
    ):
        page = as_(cast.manager).get(address).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Bold" not in page
