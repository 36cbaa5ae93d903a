"""The proof on two real files: a scorecard with a question that was reworded, and 274 organisations over 36 months."""

from __future__ import annotations

import csv
import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from tests.cast import START
from tests.conftest import counted
from tests.filled import form_to
from tracker.activity.comparing import compare
from tracker.activity.trail import verify_stored
from tracker.db import db, writing
from tracker.importing import command
from tracker.kpis.chart import drawing
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.series import measured, points_of
from tracker.kpis.standing import KpiStanding
from tracker.kpis.targets import Target
from tracker.kpis.xmr import stretches
from tracker.organisation.units import Unit

DATA = Path(__file__).parents[3] / "shared" / "data"
MOST = 12  # statements behind a page


def real(name: str) -> Path:
    place = DATA / name
    if not place.is_file():
        pytest.skip(f"The public file {name} is not beside the checkout (../shared/data).")
    return place


@pytest.fixture
def scores() -> Path:
    return real("us-hisp-cx-scores-va-2019-20.csv")


@pytest.fixture
def waits() -> Path:
    return real("nhs-ae-attendances-monthly-2016-19.csv")


@pytest.fixture
def type_(app: Flask, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(command, "create_app", lambda: app)

    def typed(*words: Any) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(command.import_command, [str(word) for word in words])
        return result.exit_code, json.loads(result.stdout.strip().splitlines()[-1])

    return typed


def totals(rows: int, **more: int) -> dict[str, Any]:
    none = dict.fromkeys(("created", "changed", "unchanged", "rejected"), 0)
    written = bool(more.get("created") or more.get("changed"))
    return {"rows": rows} | none | more | {"written": written}


@pytest.mark.both
def test_the_scorecard_makes_seven_kpis_with_two_gaps_and_one_break(
    app: Flask, type_: Callable[..., Any], scores: Path
) -> None:
    """The file counts by the fiscal year of its country: 2019 Q1 is October to December 2018, as whoever brings it says.

    Canaries: "No Data" as 0 draws two more points; the reason of a gap taken for a question breaks Satisfaction as well;
    what was said of the fiscal year not told to `span_of`.
    """
    words = ("readings", scores, "--create-missing", "--fiscal-year-begins", 10)
    assert type_(*words) == (0, totals(35, created=35))
    assert type_(*words) == (0, totals(35, unchanged=35))
    with app.app_context():
        kpis = {one.code: one for one in db.session.scalars(select(Kpi))}
        assert len(kpis) == 7
        assert {one.cadence for one in kpis.values()} == {Cadence.quarterly}
        series = measured({one.id: one.factor for one in kpis.values()})
        transparent = series[kpis["PROCESS-TRANSPARENCY"].id]
        assert [(one.day, bool(one.breaks)) for one in transparent] == [
            (date(2018, 12, 31), False), (date(2019, 3, 31), False), (date(2019, 6, 30), True), (date(2019, 9, 30), False),
            (date(2019, 12, 31), False),
        ]  # fmt: skip
        assert [len(stretch.points) for stretch in stretches(points_of(transparent))] == [2, 3]
        assert sum(bool(one.breaks) for each in series.values() for one in each) == 1
        gaps = [one for each in series.values() for one in each if one.value is None]
        assert [(one.day, one.note) for one in gaps] == [
            (day, "No Data: This survey question is currently fielded and expected in Q3")
            for day in (date(2018, 12, 31), date(2019, 3, 31))
        ]
        kept = db.session.get_one(KpiStanding, kpis["PROCESS-TRANSPARENCY"].id)
        assert (kept.value, kept.stretch_count) == (4.75, 3)
        drawn = drawing(transparent, stretches(points_of(transparent)), up_is_good=True)
        assert [why for _x, why in drawn.breaks] == ["The question was worded anew."]
        assert compare(db.session.connection()).whole


def test_12_765_rows_are_the_series_of_274_organisations_twice_by_command(
    app: Flask, cast: Any, type_: Callable[..., Any], waits: Path
) -> None:
    """Canary: breaches taken for the part that was met gives 14 per cent."""
    come_in(app, cast, type_, waits)


@pytest.mark.long
@pytest.mark.both
def test_so_they_are_on_either_database(
    app: Flask, cast: Any, type_: Callable[..., Any], waits: Path
) -> None:
    come_in(app, cast, type_, waits)


def come_in(app: Flask, cast: Any, type_: Callable[..., Any], waits: Path) -> None:
    """Import them twice; look at the series, the trail, the tables, and the pages."""
    with app.app_context(), writing():
        kpi = four_hours()
        Target.put(kpi, day=date(2026, 3, 31), value=95.0, by=None, now=START)
        kpi_id = kpi.id
    words = ("readings", waits, "--kpi", "AE4H", "--create-missing")
    assert type_(*words) == (0, totals(12_765, created=12_765))
    assert type_(*words) == (0, totals(12_765, unchanged=12_765))
    with app.app_context():
        units = db.session.scalars(
            select(Unit.id).join(Reading, Reading.unit_id == Unit.id).distinct()
        ).all()
        assert len(units) == 274
        series = measured({kpi_id: 100.0}, unit_ids=units)
        months = Counter(len(points_of(each)) for each in series.values())
        assert (months[36], sum(count for many, count in months.items() if many < 13)) == (190, 31)
        whole = measured({kpi_id: 100.0})[kpi_id]
        assert len(whole) == 36
        assert [one.value for one in whole] == pytest.approx(shares(waits), abs=1e-9)
        rf4 = db.session.scalars(select(Unit).filter_by(name="RF4")).one()
        its = [one.value for one in series[rf4.id]]
        assert its == pytest.approx(shares(waits, "RF4"), abs=1e-9)
        assert verify_stored().whole
        assert compare(db.session.connection()).whole
        place = rf4.slug
    for address in (
        "/goals",
        "/kpis/AE4H",
        f"/kpis/AE4H?unit={place}",
        f"/kpis/AE4H?unit={place}&segment=1",
        "/kpis/AE4H/units",
        "/kpis/AE4H/units?page=7",
    ):
        assert_quick(app, cast.manager, address)


@pytest.mark.long
def test_both_come_in_by_the_page(
    app: Flask, cast: Any, as_: Callable[[Any], Any], scores: Path, waits: Path
) -> None:
    """The long one in the background, as its page does it; the totals are those of the report that can be downloaded."""
    with app.app_context(), writing():
        four_hours()
    tab = as_(cast.manager)
    for place, kpi, rows in ((scores, None, 35), (waits, "AE4H", 12_765)):
        for outcome in ("created", "unchanged"):
            with place.open("rb") as file:
                answer = tab.submit("/import", what="readings", kpi=kpi, file=(file, place.name))
            address = answer.headers["Location"]
            waited(tab, address)
            shown = form_to(tab.get(address).text, f"{address}/apply", address)
            ticked = {**shown, "act": "check", "create_missing": "y"}
            assert tab.post(f"{address}/columns", data=ticked).status_code == 303
            waited(tab, address)
            if outcome == "created":
                assert tab.fill(f"{address}/apply", address).status_code == 303
                waited(tab, address)
            report = tab.get(f"{address}/report.csv").get_data(as_text=True).splitlines()
            told = Counter(line.split(",")[1] for line in report[1:])
            assert told == {outcome.capitalize(): rows}
            if outcome == "unchanged":
                assert "Everything in the file is already so." in tab.get(address).text


def shares(waits: Path, code: str = "") -> list[float]:
    """Return 1 - breaches / attendances in per cent, month by month, as the file itself has it; of one organisation or all."""
    sums: dict[str, list[float]] = {}
    with waits.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if code in {"", row["org_code"]}:
                month = sums.setdefault(row["period"], [0.0, 0.0])
                month[0] += float(row["breaches"])
                month[1] += float(row["attendances"])
    return [(1 - sums[month][0] / sums[month][1]) * 100 for month in sorted(sums)]


def waited(tab: Any, address: str) -> None:
    """Wait for what is under way, as the page does."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.startswith("import"):
            thread.join(300)
    assert "/progress" not in tab.get(address).text


def four_hours() -> Kpi:
    return Kpi.add(
        code="AE4H", name="Seen within four hours", measure="%", by_parts=True, factor=100.0, scale_low=0.0, scale_high=100.0, by=None,
        now=START,
    )  # fmt: skip


def assert_quick(app: Flask, person: Any, address: str) -> None:
    tab = app.test_client().sign_in(person)
    tab.get(address)
    with counted(app) as statements:
        assert tab.get(address).status_code == 200
    assert len(statements) <= MOST, "\n".join(statements)
