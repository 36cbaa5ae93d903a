"""The years by which a file counts: those of the calendar, unless whoever brings it says in which month they begin."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from tests.cast import START
from tests.filled import form_to
from tracker.db import db, writing
from tracker.importing import command
from tracker.importing.columns import BadMap, Mapping, guessed
from tracker.importing.days import months_of, period
from tracker.importing.fields import What
from tracker.importing.maps import from_toml, to_toml
from tracker.importing.planning import Plan
from tracker.importing.reading import read
from tracker.importing.words import BadValue
from tracker.importing.years import Years
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading

Bring = Callable[..., Plan]
NOBODY = "If the file counts by a fiscal year that begins in another month, say in which."


@pytest.fixture
def csat(app: Flask) -> None:
    with app.app_context(), writing():
        Kpi.add(code="CSAT", name="Satisfaction", cadence=Cadence.quarterly, by=None, now=START)
        Kpi.add(code="YEARLY", name="Once a year", cadence=Cadence.yearly, by=None, now=START)


def days() -> list[date]:
    return list(db.session.scalars(select(Reading.day).order_by(Reading.id)))


def said(*lines: str, **options: str) -> dict[str, Any]:
    body = "\n".join(lines).encode()
    mapping, _sure = guessed(What.readings, read(body, "file.csv"))
    mapping.options |= options
    return {"body": body, "mapping": mapping}


@pytest.mark.parametrize(
    ("text", "years", "last", "months"),
    [
        ("2019 Q1", Years(), date(2019, 3, 31), 3),
        ("2019 Q1", Years(1), date(2019, 3, 31), 3),
        ("2019 Q1", Years(10), date(2018, 12, 31), 3),
        ("FY2019 Q1", Years(10), date(2018, 12, 31), 3),
        ("FY19Q4", Years(10), date(2019, 9, 30), 3),
        ("Q2 FY 2019", Years(10), date(2019, 3, 31), 3),
        ("fiscal year 2019 q3", Years(10), date(2019, 6, 30), 3),
        ("Fiscal quarter Q1 2019", Years(10), date(2018, 12, 31), 3),
        ("FQ1 2019", Years(10), date(2018, 12, 31), 3),
        ("财年2019 Q1", Years(10), date(2018, 12, 31), 3),
        ("FY2019", Years(10), date(2019, 9, 30), 12),
        ("2019", Years(10), date(2019, 9, 30), 12),
        ("2019", Years(7), date(2019, 6, 30), 12),
        ("2019", Years(4, "begin"), date(2020, 3, 31), 12),
        ("2019 Q4", Years(4, "begin"), date(2020, 3, 31), 3),
        ("2019 Q1", Years(2), date(2018, 4, 30), 3),
        ("FY2019", Years(1), date(2019, 12, 31), 12),
        ("2018-19", Years(), date(2019, 3, 31), 12),
        ("FY18/19", Years(), date(2019, 3, 31), 12),
        ("2018-19", Years(7), date(2019, 6, 30), 12),
        ("2018-19", Years(7, "begin"), date(2019, 6, 30), 12),
        ("2019-05", Years(10), date(2019, 5, 31), 1),
        ("May 2019", Years(10), date(2019, 5, 31), 1),
        ("2019-05-03", Years(10), date(2019, 5, 3), 0),
    ],
)  # fmt: skip
def test_a_label_ends_where_its_year_says(
    inside: None, text: str, years: Years, last: date, months: int
) -> None:
    """Planted: the year before not taken for a year that is called after its end; April for every year written as two."""
    assert period(text, years=years) == last
    assert months_of(text) == months


@pytest.mark.parametrize("text", ["FY2019 Q1", "FY19", "Q1 FY2019", "fiscal year 2019", "FQ1 2019"])
def test_a_label_that_says_it_is_fiscal_waits_until_somebody_says_when_that_begins(
    inside: None, text: str
) -> None:
    """Planted: `refusal` answering None reads October as January."""
    with pytest.raises(BadValue) as told:
        period(text)
    assert f"“{text}” counts by a fiscal year. Say in which month that begins" in told.value.words


def test_quarters_are_those_of_the_calendar_unless_it_is_said_and_the_report_tells(
    bring: Bring, csat: None
) -> None:
    """Planted: `how_read` left out of the plan; the month of the map not read."""
    rows = ("kpi,year,quarter,value", "CSAT,2019,1,4.5", "CSAT,2019,2,4.6")
    plan = bring(What.readings, *rows)
    assert days() == [date(2019, 3, 31), date(2019, 6, 30)]
    (note,) = map(str, plan.notes)
    assert (
        note == f"Periods are read so: “\u20682019 Q1\u2069” is 1 Jan 2019 to 31 Mar 2019. {NOBODY}"
    )
    plan = bring(What.readings, **said(*rows, fiscal_year_begins="10"))
    assert days()[2:] == [date(2018, 12, 31), date(2019, 3, 31)]
    assert [r.outcome.value for r in plan.report.results] == ["created", "changed"]
    (note,) = map(str, plan.notes)
    assert (
        "“\u20682019 Q1\u2069” is 1 Oct 2018 to 31 Dec 2018. Its fiscal year begins in October and"
        in note
    )
    assert note.endswith("is called after the calendar year in which it ends.")
    again = bring(What.readings, **said(*rows, fiscal_year_begins="10"))
    assert [r.outcome.value for r in again.report.results] == ["unchanged"] * 2


def test_a_heading_that_says_fiscal_waits_as_well(bring: Bring, csat: None) -> None:
    """Planted: headings not asked; the column not recognised as a year."""
    rows = ("kpi,fiscal_year,quarter,value", "CSAT,2019,1,4.5")
    plan = bring(What.readings, *rows)
    assert [(r.outcome.value, r.column) for r in plan.report.results] == [("rejected", "quarter")]
    assert "“2019 Q1” counts by a fiscal year" in plan.report.results[0].words
    assert plan.notes == []
    bring(What.readings, **said(*rows, fiscal_year_begins="7", fiscal_year_named="begin"))
    assert days() == [date(2019, 9, 30)]


def test_a_label_in_the_column_of_days_is_read_like_that_too(bring: Bring, csat: None) -> None:
    """Planted: the reader of cells not told of the years."""
    rows = ("kpi,period,value", "CSAT,FY2019 Q1,4.5", "CSAT,Q2 FY19,4.6")
    assert not bring(What.readings, *rows).applies
    bring(What.readings, **said(*rows, fiscal_year_begins="10"))
    assert days() == [date(2018, 12, 31), date(2019, 3, 31)]


def test_what_is_no_period_of_the_kpi_is_entered_for_the_one_in_which_it_ends_and_told(
    bring: Bring, csat: None
) -> None:
    """Planted: `_entered_elsewhere` left out."""
    plan = bring(
        What.readings, **said("kpi,year,value", "YEARLY,2019,4.5", fiscal_year_begins="10")
    )
    assert days() == [date(2019, 12, 31)]
    told = str(plan.notes[-1])
    assert told.endswith("are entered for that one: “2019”, to 30 Sep 2019, for 2019.")


def test_a_map_keeps_the_years_and_refuses_what_is_no_month(inside: None) -> None:
    """Planted: the options left out of `check_options`."""
    mapping = Mapping(
        What.readings, options={"fiscal_year_begins": "10", "fiscal_year_named": "begin"}
    )
    assert from_toml(to_toml(mapping), What.readings).options == mapping.options
    for option in ('fiscal_year_begins = "13"', 'fiscal_year_named = "middle"'):
        with pytest.raises(BadMap, match="may be"):
            from_toml(f"[options]\n{option}\n", What.readings)


def test_the_page_asks_in_which_month_the_years_begin(
    app: Flask, cast: Any, as_: Callable[[Any], Any], csat: None
) -> None:
    """Planted: the choice not kept in the map of the page; asked of kinds that hold no periods."""
    tab = as_(cast.manager)
    file = (io.BytesIO(b"kpi,year,quarter,value\nCSAT,2019,1,4.5\n"), "list.csv")
    address = tab.submit("/import", what="readings", file=file).headers["Location"]
    page = tab.get(address).text
    assert "“\u20682019 Q1\u2069” is 1 Jan 2019 to 31 Mar 2019" in page
    assert NOBODY in page
    shown = form_to(page, f"{address}/apply", address)
    data = {**shown, "act": "check", "fiscal_year_begins": "10"}
    assert tab.post(f"{address}/columns", data=data).status_code == 303
    assert "“\u20682019 Q1\u2069” is 1 Oct 2018 to 31 Dec 2018" in tab.get(address).text
    assert tab.fill(f"{address}/apply", address).status_code == 303
    with app.app_context():
        assert days() == [date(2018, 12, 31)]
    file = (io.BytesIO(b"name,serves\nAnother,Bills\n"), "list.csv")
    address = as_(cast.admin).submit("/import", what="partners", file=file).headers["Location"]
    assert "fiscal_year" not in as_(cast.admin).get(address).text


def typed(app: Flask, monkeypatch: pytest.MonkeyPatch, *words: Any) -> Result:
    monkeypatch.setattr(command, "create_app", lambda: app)
    return CliRunner().invoke(command.import_command, [str(word) for word in words])


def test_the_command_is_told_and_tells(
    app: Flask, csat: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `_set_years` left out of the command; a name without a month taken as it is."""
    place = tmp_path / "list.csv"
    place.write_text("kpi,period,value\nCSAT,FY2019 Q1,4.5\n", "utf-8")
    refused = typed(app, monkeypatch, "readings", place)
    assert refused.exit_code == 1
    assert "with --fiscal-year-begins" in refused.stderr
    made = typed(
        app,
        monkeypatch,
        "readings",
        place,
        "--fiscal-year-begins",
        4,
        "--fiscal-year-named",
        "begin",
    )
    assert (made.exit_code, json.loads(made.stdout.splitlines()[-1])["created"]) == (0, 1)
    assert "“\u2068FY2019 Q1\u2069” is 1 Apr 2019 to 30 Jun 2019" in made.stderr
    for words, told in (
        (("readings", place, "--fiscal-year-named", "end"), "Say also in which month it begins"),
        (("partners", place, "--fiscal-year-begins", 4), "for files that hold periods"),
        (("readings", place, "--fiscal-year-begins", 13), "not in the range"),
    ):
        wrong = typed(app, monkeypatch, *words)
        assert wrong.exit_code == 2
        assert told in wrong.stderr
