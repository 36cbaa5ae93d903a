"""What the page of an import says first, and where it leads to once the file is imported."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock, Tab
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.errors import Missing
from tracker.importing.brought import origin
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person

As = Callable[[Any], Tab]
ROWS = "name,unit,rag\nShorter waits,CARE,red\nBetter bills,Legal,green\nNew till,Shops,green\n"


def give(tab: Tab, text: str = ROWS) -> str:
    """Bring a file; return the address of its page."""
    body = (io.BytesIO(text.encode()), "list.csv")
    return tab.submit("/import", what="initiatives", file=body).headers["Location"]


def ticked(tab: Tab, place: str, **ticks: str) -> None:
    columns = {"column_name": "name", "column_unit": "unit", "column_colour": "rag"}
    assert tab.submit(f"{place}/columns", act="check", **columns, **ticks).status_code == 303


def applied(tab: Tab, place: str, **ticks: str) -> None:
    ticked(tab, place, **ticks)
    columns = {"column_name": "name", "column_unit": "unit", "column_colour": "rag"}
    assert tab.submit(f"{place}/apply", **columns, **ticks).status_code == 303


def said(page: str) -> str:
    """What the page reads as, from its title on."""
    words = re.sub(r"<[^>]+>", " ", page.split("<h1", 1)[1])
    return " ".join(unescape(words).split())


def refs(page: str) -> set[str]:
    return set(re.findall(r'<a class="row" href="/initiatives/(CX-\d+)"', page))


def test_the_page_begins_with_the_tick_that_cures_unknown_units(cast: Any, as_: As) -> None:
    """Planted: the figures first; the tick below the names; no second dry run."""
    tab = as_(cast.manager)
    page = tab.get(give(tab, ROWS + "Odd one,Shops,PURPLE\n")).text
    first = said(page)
    tick = "Make the units and partners that are not known"
    sentence = f"2 units are not known yet. Tick “{tick}” and check again to let 2 rows in."
    assert f"{sentence} 1 row would still be rejected." in first
    assert first.index(sentence) < first.index("Rejected")
    assert page.index('name="create_missing"') < page.index("Legal</bdi>")
    assert page.count('name="create_missing"') == 1
    assert "Some rows are rejected" not in first


def test_once_ticked_the_page_asks_for_it_no_more(cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    place = give(tab)
    assert "No row would be rejected then." in said(tab.get(place).text)
    ticked(tab, place, create_missing="y")
    page = said(tab.get(place).text)
    assert "not known yet" not in page
    assert "Import 3 rows" in page


def test_where_making_names_cures_nothing_the_page_does_not_say_so(cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    page = said(tab.get(give(tab, "name,unit,rag\nA,Shops,PURPLE\nB,CARE,red\n")).text)
    assert "to let" not in page
    assert "Some rows are rejected" in page


def test_after_an_import_one_sees_what_it_made_or_changed_and_nothing_else(
    app: Flask, cast: Any, as_: As, clock: Clock
) -> None:
    """Planted: the link to the whole list; the moment of the import alone, without who did it."""
    with app.app_context(), writing():
        Initiative.create(title="Older", lead_unit_id=cast.it.id, by=cast.manager, now=clock())
        other = Initiative.create(title="Same", lead_unit_id=cast.it.id, by=cast.lead, now=clock())
        ref = other.ref
    clock.forward(minutes=5)
    tab = as_(cast.manager)
    place = give(tab)
    with app.app_context(), writing():
        db.session.get_one(Initiative, other.id).edit(
            by=cast.lead, now=clock(), theme="At the same moment"
        )
    applied(tab, place, create_missing="y")
    clock.forward(minutes=5)
    page = tab.get(place).text
    assert "See the 3 initiatives that it made or changed" in said(page)
    listed = tab.get("/initiatives?imported=1").text
    assert 'href="/initiatives?imported=1"' in page
    assert len(refs(listed)) == 3
    assert ref not in refs(listed)
    chip = re.search(r'<a class="chip" href="([^"]*)" aria-current="true">.*?</a>', listed)
    assert chip is not None
    assert "Imported from \u2068list.csv\u2069" in chip.group()
    assert len(refs(tab.get(chip.group(1)).text)) == 5
    assert len(tab.get("/initiatives.csv?imported=1").text.splitlines()) == 4
    second = give(tab, ROWS.replace("waits,CARE,red", "waits,CARE,green"))
    applied(tab, second)
    assert "See the initiative that it made or changed" in said(tab.get(second).text)
    assert len(refs(tab.get("/initiatives?imported=2").text)) == 1


def test_the_report_says_how_many_units_and_partners_it_made(cast: Any, as_: As) -> None:
    """Planted: no note of what was made; one in the dry run; partners counted among the units."""
    tab = as_(cast.manager)
    place = give(tab)
    ticked(tab, place, create_missing="y")
    assert "made." not in said(tab.get(place).text)
    applied(tab, place, create_missing="y")
    page = said(tab.get(place).text)
    assert "2 units were made." in page
    assert "made. " not in page.replace("2 units were made.", "")
    again = give(tab, ROWS.replace("CARE,red", "CARE,amber"))
    applied(tab, again)
    assert "made." not in said(tab.get(again).text)


def test_the_page_says_where_the_new_ones_stand_and_opens_that_column(
    app: Flask, cast: Any, as_: As, clock: Clock
) -> None:
    tab = as_(cast.manager)
    place = give(tab)
    applied(tab, place, create_missing="y")
    page = tab.get(place).text
    assert "3 of them stand in Idea" in said(page)
    assert 'href="/initiatives?imported=1&amp;stage=idea"' in page
    assert "Open that column" not in page, "there is no board yet"
    with app.app_context(), writing():
        for name, filters in (("Only red", Filters(colour="off_track")), ("All", Filters())):
            Board.save(
                name=name,
                filters=filters,
                lanes=Lanes.none,
                owner=None,
                by=cast.manager,
                now=clock(),
            )
    page = tab.get(place).text
    assert "Open that column on the board “All”" in said(page)
    (address,) = re.findall(r'href="(/boards/[^"]*open=idea[^"]*)"', page)
    assert "Shorter waits" in tab.get(unescape(address)).text
    assert "Shorter waits" not in tab.get("/boards/all").text


@pytest.mark.parametrize("who", ["executive", "admin", "auditor", "member"])
def test_everybody_inside_follows_the_link_to_what_an_import_brought(
    cast: Any, as_: As, who: str
) -> None:
    """Planted: the run looked for among one's own; its file named to others."""
    tab = as_(cast.manager)
    place = give(tab)
    applied(tab, place, create_missing="y")
    page = as_(getattr(cast, who)).get("/initiatives?imported=1&stage=idea")
    assert page.status_code == 200
    assert len(refs(page.text)) == 3
    assert "Imported on 2 Mar 2026" in page.text
    assert "list.csv" not in page.text
    for private in (place, f"{place}/report.csv"):
        assert as_(getattr(cast, who)).get(private).status_code in {403, 404}


@pytest.mark.parametrize("asked", ["1", "99", "0", "x", "99999999999"])
def test_an_address_narrows_by_an_import_that_was_and_for_nobody_outside(
    cast: Any, as_: As, asked: str
) -> None:
    """Planted: the run read by its id alone, whoever asks."""
    tab = as_(cast.manager)
    applied(tab, give(tab), create_missing="y")
    answer = as_(cast.lead).get(f"/initiatives?imported={asked}")
    assert answer.status_code == (404 if asked == "99" else 200)
    assert as_(cast.contact).get(f"/initiatives?imported={asked}").status_code == 404


def test_for_a_partner_no_import_is_there(app: Flask, cast: Any, as_: As) -> None:
    """Planted: `origin` asking nothing of who reads."""
    tab = as_(cast.manager)
    applied(tab, give(tab), create_missing="y")
    with app.test_request_context():
        assert origin(db.session.get_one(Person, cast.lead.id), 1).ids is not None
        with pytest.raises(Missing):
            origin(db.session.get_one(Person, cast.contact.id), 1)


def test_a_file_that_waits_narrows_nothing(cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab)
    assert tab.get("/initiatives?imported=1").status_code == 404
