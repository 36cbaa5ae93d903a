"""Readings from a file by the page and by the command, as their people do it."""

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
from sqlalchemy import func, select

from tests.cast import START
from tests.conftest import Tab
from tests.filled import form_to
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.importing import command
from tracker.importing.models import ImportRun
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.organisation.people import Person

As = Callable[[Any], Tab]
ROWS = "month,score,remark\n2025-11,4.5,\n2025-12,n/a,Closed\n2026-01,4.7,\n"


def give(tab: Tab, text: str = ROWS, **more: Any) -> str:
    answer = tab.submit(
        "/import", what="readings", file=(io.BytesIO(text.encode()), "list.csv"), **more
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def again(tab: Tab, address: str, **changes: Any) -> Any:
    """Check once more with some answers changed."""
    shown = form_to(tab.get(address).text, f"{address}/apply", address)
    return tab.post(f"{address}/columns", data={**shown, "act": "check", **changes})


def entered(app: Flask) -> list[float | None]:
    with app.app_context():
        return list(db.session.scalars(select(Reading.value).order_by(Reading.day, Reading.id)))


def test_the_owner_of_a_kpi_brings_its_readings_from_its_page(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Canaries: the KPI of the address lost on the way to the map; the import page closed to members."""
    tab = as_(cast.lead)
    link = "/import?what=readings&amp;kpi=CSAT"
    assert link in tab.get("/kpis/CSAT").text
    page = tab.get("/import?what=readings&kpi=CSAT").text
    assert 'value="CSAT"' in page
    address = give(tab, kpi="CSAT")
    page = tab.get(address).text
    assert "Import 3 rows" in page
    assert "Satisfaction</bdi> · <bdi>" in page
    assert tab.fill(f"{address}/apply", address).status_code == 303
    assert entered(app) == [4.5, None, 4.7]
    assert "4.7" in tab.get("/kpis/CSAT").text
    assert tab.get("/goals").status_code == 200
    with app.app_context():
        told = db.session.scalars(select(Event).filter_by(kind="reading.imported")).all()
        assert {event.actor_id for event in told} == {cast.lead.id}
    assert "Everything in the file is already so." in tab.get(give(tab, kpi="CSAT")).text


def test_whoever_does_not_own_it_finds_no_link_and_is_told_who_does(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Canary: `_planned` not telling the plan on whose word it is."""
    tab = as_(cast.manager)
    assert "/import?what=readings" not in tab.get("/kpis/CSAT").text
    page = tab.get(give(tab, kpi="CSAT")).text
    assert "brought by Lena Lead, who owns it" in page
    assert "Import 3 rows" not in page
    assert entered(app) == []


def test_an_owner_who_hands_it_over_meanwhile_imports_nothing(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Canary: the plan that is made anew before it is written not told on whose word it is."""
    tab = as_(cast.lead)
    address = give(tab, kpi="CSAT")
    with app.app_context(), writing():
        db.session.get_one(Kpi, csat.id).change(
            by=db.session.get_one(Person, cast.manager.id), now=START, owner_id=cast.member.id
        )
    assert tab.fill(f"{address}/apply", address).status_code == 409
    assert entered(app) == []


def test_the_page_asks_which_kpi_and_offers_to_make_those_that_a_column_names(
    app: Flask, cast: Any, as_: As
) -> None:
    """Canaries: the tick shown for units and partners alone; `checked.kpis` not kept."""
    tab = as_(cast.manager)
    page = tab.get(give(tab)).text
    assert "No column is chosen for: KPI (code or name)." in page
    assert "give its code instead" in page
    address = give(tab, "kpi,date,value\nEase,2026-01-31,4\nEase,2025-12-31,5\n")
    page = tab.get(address).text
    assert "KPIs that are not known" in page
    assert "1 KPI is not known yet." in page
    assert "Make the units and KPIs that are not known" in page
    assert again(tab, address, create_missing="y").status_code == 303
    assert tab.fill(f"{address}/apply", address).status_code == 303
    assert entered(app) == [5.0, 4.0]
    assert "Ease" in tab.get("/goals").text


def test_a_constant_is_typed_on_the_page(app: Flask, cast: Any, as_: As, csat: Kpi) -> None:
    tab = as_(cast.lead)
    address = give(tab)
    assert again(tab, address, default_kpi="CSAT").status_code == 303
    assert "Import 3 rows" in tab.get(address).text


def typed(app: Flask, monkeypatch: pytest.MonkeyPatch, *words: Any) -> Result:
    monkeypatch.setattr(command, "create_app", lambda: app)
    return CliRunner().invoke(command.import_command, [str(word) for word in words])


def last(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_the_command_takes_the_kpi_of_the_whole_file_and_asks_nobody(
    app: Flask, csat: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canary: --kpi leaving the map as it was guessed."""
    place = tmp_path / "list.csv"
    place.write_text(ROWS, "utf-8")
    result = typed(
        app, monkeypatch, "readings", place, "--kpi", "CSAT", "--by", "manager@example.org"
    )
    assert (result.exit_code, last(result)["created"]) == (0, 3), result.output
    assert "kpi = CSAT" in result.stderr
    assert entered(app) == [4.5, None, 4.7]
    again_ = typed(app, monkeypatch, "readings", place, "--kpi", "CSAT")
    assert (last(again_)["unchanged"], last(again_)["written"]) == (3, False)
    wrong = typed(app, monkeypatch, "readings", place, "--kpi", "NOPE", "--create-missing")
    assert (wrong.exit_code, last(wrong)["rejected"]) == (1, 3)
    assert "line 2, KPI (code or name): The KPI “NOPE” is not known." in wrong.stderr
    other = typed(app, monkeypatch, "initiatives", place, "--kpi", "CSAT")
    assert (other.exit_code, last(other)["rows"]) == (2, 0)
    assert "--kpi is for readings only." in other.stderr


def test_a_map_may_hold_the_kpi(
    app: Flask, csat: Kpi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.csv").write_text("m;s\n2025-11;4,5\n", "utf-8")
    (tmp_path / "map.toml").write_text(
        'kind = "readings"\n[columns]\nday = "m"\nvalue = "s"\n[defaults]\nkpi = "CSAT"\n', "utf-8"
    )
    result = typed(
        app, monkeypatch, "readings", tmp_path / "list.csv", "--map", tmp_path / "map.toml"
    )
    assert (result.exit_code, last(result)["created"]) == (0, 1), result.output
    assert entered(app) == [4.5]


def test_a_dry_run_makes_neither_kpis_nor_units(
    app: Flask, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list.csv").write_text("kpi,unit,date,value\nEase,Legal,2026-01-31,4\n", "utf-8")
    words = ("readings", tmp_path / "list.csv", "--create-missing", "--dry-run")
    assert last(typed(app, monkeypatch, *words))["created"] == 1
    told = typed(app, monkeypatch, "readings", tmp_path / "list.csv")
    assert "Unknown KPIs (--create-missing makes them): Ease" in told.stderr
    with app.app_context():
        assert [
            db.session.scalar(select(func.count()).select_from(model)) for model in (Kpi, ImportRun)
        ] == [0, 0]


@pytest.mark.both
def test_nothing_is_written_over_that_the_page_did_not_show(
    app: Flask, cast: Any, as_: As, csat: Kpi
) -> None:
    """Somebody corrects a reading while the page says what the file would do to the one before.

    Planted: what the rows change now not held against what was shown.
    """
    tab = as_(cast.lead)

    def correct(value: float) -> None:
        with app.app_context(), writing():
            there = db.session.scalars(select(Reading).order_by(Reading.id.desc())).first()
            db.session.get_one(Kpi, csat.id)
            assert there is not None
            there.correct(
                db.session.get_one(Kpi, csat.id),
                value=value,
                by=db.session.get_one(Person, cast.lead.id),
                now=START,
            )

    with app.app_context(), writing():
        Reading.add(
            db.session.get_one(Kpi, csat.id), day=date(2025, 11, 30), value=2.0, by=None, now=START
        )
    address = give(tab, "month,score\n2025-11,4.5\n", kpi="CSAT")
    assert "Corrected from 2.0 to 4.5." in tab.get(address).text
    correct(3.0)
    answer = tab.fill(f"{address}/apply", address)
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert entered(app) == [2.0, 3.0]
    assert "Corrected from 3.0 to 4.5." in tab.get(address).text
    assert tab.fill(f"{address}/apply", address).status_code == 303
    assert entered(app) == [2.0, 3.0, 4.5]
