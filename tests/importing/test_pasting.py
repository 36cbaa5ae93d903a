"""A column of readings that somebody copies from a spreadsheet. Each test names the fault that turned it red."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import START
from tests.conftest import Tab
from tracker.db import db, writing
from tracker.importing.models import ImportRun
from tracker.importing.pasting import as_pasted, pasted
from tracker.importing.table import UnreadableFile
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.organisation.people import Person

As = Callable[[Any], Tab]
ADDRESS = "/kpis/CSAT/readings/pasted"


def entered(app: Flask) -> list[tuple[date, float | None]]:
    with app.app_context():
        rows = db.session.execute(select(Reading.day, Reading.value).order_by(Reading.day))
        return [(day, value) for day, value in rows]


def months(text: str, first: str = "2025-11-30") -> list[str]:
    file = pasted(text, first=date.fromisoformat(first), cadence=Cadence.monthly, by_parts=False)
    return file.body.decode().split("\n")[1:-1]


@pytest.mark.both
def test_the_owner_pastes_a_column_and_sees_what_it_would_do(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Canaries: the KPI not given to the rows; the value left out of the row report."""
    tab = as_(cast.lead)
    for page in ("/kpis/CSAT", "/kpis/CSAT/readings/new"):
        assert f'href="{ADDRESS}"' in tab.get(page).text
    answer = tab.fill(ADDRESS, figures="Score\r\n4.5\r\n\r\n4.7\r\n", first="2025-11-03")
    assert answer.status_code == 303, answer.text
    page = tab.get(answer.headers["Location"]).text
    assert entered(app) == []
    assert "Import 3 rows" in page
    assert "Satisfaction · 30 Nov 2025" in re.sub(r"<[^>]+>", "", page)
    assert re.search(r">\s*4\.5\s*<", page)
    run = answer.headers["Location"]
    assert tab.fill(f"{run}/apply", run).status_code == 303
    assert entered(app) == [(date(2025, 11, 30), 4.5), (date(2026, 1, 31), 4.7)]
    again = tab.fill(ADDRESS, figures="4.5\n\n4.7", first="2025-11-30").headers["Location"]
    assert "Everything in the file is already so." in tab.get(again).text


def test_whose_figures_they_are_is_said_once(app: Flask, cast: Any, as_: As, csat: Kpi) -> None:
    """Canary: the unit of the form left out of what is the same in every row."""
    tab = as_(cast.lead)
    run = tab.fill(
        ADDRESS, figures="4.5", first="2025-11-30", unit_id=str(cast.care.id), segment="Phone"
    ).headers["Location"]
    assert tab.fill(f"{run}/apply", run).status_code == 303
    with app.app_context():
        reading = db.session.scalars(select(Reading)).one()
        assert (reading.unit_id, reading.segment) == (cast.care.id, "Phone")


def test_each_line_is_a_period_of_the_cadence_and_a_blank_one_has_no_figure() -> None:
    """Canaries: days counted in place of periods; blank lines left out, also the first; the heading taken for a figure; any
    words at the begin taken for a heading."""
    assert months("4.5\n4.6") == ["2025-11-30\t4.5", "2025-12-31\t4.6"]
    assert months("Score\n4.5\n\n4.6\n\n") == [
        "2025-11-30\t4.5", "2025-12-31\t", "2026-01-31\t4.6",
    ]  # fmt: skip
    assert months("\n4.5") == ["2025-11-30\t", "2025-12-31\t4.5"]
    assert months("Score\n\n4.5") == ["2025-11-30\t", "2025-12-31\t4.5"]
    assert months("lots\nfew") == ["2025-11-30\tlots", "2025-12-31\tfew"]
    assert months("No data\n4.5") == ["2025-11-30\tNo data", "2025-12-31\t4.5"]
    weekly = pasted("4\n5", first=date(2025, 12, 30), cadence=Cadence.weekly, by_parts=False)
    assert weekly.body.decode().split("\n")[1:-1] == ["2026-01-04\t4", "2026-01-11\t5"]


def test_period_and_figure_stand_side_by_side_or_bring_their_headings() -> None:
    """Canary: three columns taken for part and whole though readings are single figures."""

    def table(text: str, *, by_parts: bool = False) -> tuple[list[str], dict[str, str]]:
        file = pasted(text, first=None, cadence=Cadence.monthly, by_parts=by_parts)
        return file.body.decode().split("\n")[:-1], file.columns

    rows, columns = table("2025-11\t4.5\n2025-12\t4.6")
    assert rows[1:] == ["2025-11\t4.5", "2025-12\t4.6"]
    assert list(columns) == ["day", "value"]
    assert list(table("2025-11\t45\t100", by_parts=True)[1]) == ["day", "numerator", "denominator"]
    assert table("Month\tScore\tRemark\n2025-11\t4.5\tfine") == (
        ["Month\tScore\tRemark", "2025-11\t4.5\tfine"], {},
    )  # fmt: skip
    with pytest.raises(UnreadableFile, match="headings"):
        table("2025-11\t45\t100")
    headed = pasted("Lost\n40", first=date(2025, 11, 1), cadence=Cadence.monthly, by_parts=False)
    assert headed.columns["value"] == "Lost", "so that one sees that it was taken for a heading"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"figures": "4.5", "first": ""}, "Say of which period the first figure is."),
        ({"figures": "", "first": "2025-11-30"}, "Paste the figures."),
        ({"figures": "4.5", "first": "2026-12-31"}, "The day lies ahead."),
        ({"figures": "1\t2\t3", "first": ""}, "Copy the headings as well"),
        ({"figures": "4\n" * 100_001, "first": "2025-11-30"}, "Keep it to 200,000 characters"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_place_and_nothing_is_lost(
    app: Flask, cast: Any, as_: As, csat: Kpi, fields: dict[str, str], said: str
) -> None:
    """Canary: the objection of the file raised past the page."""
    answer = as_(cast.lead).fill(ADDRESS, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert fields["figures"].strip() in answer.text
    wrong = re.findall(r'id="(\w+)"[^>]*aria-invalid="true"', answer.text) or re.findall(
        r'aria-invalid="true"[^>]*id="(\w+)"', answer.text
    )
    assert wrong == ["first" if "period" in said or "ahead" in said else "figures"]
    with app.app_context():
        assert db.session.scalars(select(ImportRun)).all() == []


def test_a_bad_figure_is_named_in_its_row(app: Flask, cast: Any, as_: As, csat: Kpi) -> None:
    """Canary: the scale of the KPI not looked at."""
    tab = as_(cast.lead)
    run = tab.fill(ADDRESS, figures="4.5\nninety\n7", first="2025-11-30").headers["Location"]
    page = tab.get(run).text
    assert "ninety" in page
    assert "between 1 and 5" in page or "from 1 to 5" in page
    assert tab.fill(f"{run}/apply", run).status_code == 409
    assert entered(app) == []


def test_what_was_pasted_is_changed_and_takes_the_place_of_what_waited(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Canaries: the unit of the form forgotten; the first paste left waiting; another's paste shown."""
    tab = as_(cast.lead)
    run = tab.fill(
        ADDRESS, figures="4.5\nninety", first="2025-11-30", unit_id=str(cast.care.id)
    ).headers["Location"]
    key = run.rsplit("/", 1)[1]
    back = f"{ADDRESS}?again={key}"
    assert back in tab.get(run).text
    page = tab.get(back).text
    assert "2025-11-30\t4.5\n2025-12-31\tninety" in page
    answer = tab.fill(ADDRESS, back, figures="2025-11-30\t4.5\n2025-12-31\t4.6")
    with app.app_context():
        assert [one.id for one in db.session.scalars(select(ImportRun))] != [int(key)]
        assert len(db.session.scalars(select(ImportRun)).all()) == 1
    again = answer.headers["Location"]
    assert tab.fill(f"{again}/apply", again).status_code == 303
    assert "See the chart of CSAT" in tab.get(again).text
    with app.app_context():
        assert {one.unit_id for one in db.session.scalars(select(Reading))} == {cast.care.id}
    foreign = tab.fill(ADDRESS, figures="4.5\nninety", first="2025-11-30").headers["Location"]
    with app.app_context(), writing():
        manager = db.session.get_one(Person, cast.manager.id)
        db.session.get_one(Kpi, csat.id).change(by=manager, now=START, owner_id=cast.member.id)
    page = as_(cast.member).get(f"{ADDRESS}?again={foreign.rsplit('/', 1)[1]}")
    assert page.status_code == 200
    assert "ninety" not in page.text


def test_months_may_have_their_persian_names(app: Flask, cast: Any, as_: As, csat: Kpi) -> None:
    """Canary: names of other scripts not looked at."""
    tab = as_(cast.lead)
    run = tab.fill(ADDRESS, figures="نوامبر ۲۰۲۵\t۴٫۵\nدسامبر ۲۰۲۵\t۴٫۶").headers["Location"]
    assert tab.fill(f"{run}/apply", run).status_code == 303
    assert entered(app) == [(date(2025, 11, 30), 4.5), (date(2025, 12, 31), 4.6)]


def test_another_kind_of_file_under_such_a_name_is_not_shown(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Somebody may call what they upload so. Planted: what cannot be read as rows raised."""
    tab = as_(cast.lead)
    for body in (b"day,value\n2025-11-30,\xff\n", b"day,value\n2025-11-30,4\n" + b"x" * 140_000):
        given = {"what": "readings", "kpi": "CSAT", "file": (io.BytesIO(body), "CSAT.pasted")}
        tab.submit("/import", **given)
        assert tab.get(f"{ADDRESS}?again=1").status_code == 200
    assert as_pasted(b"a\tb\n" + b"x" * 140_000) == as_pasted(b"a\n\xff") == ""
