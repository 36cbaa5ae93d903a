"""Goals from a file by the page and by the command; what is locked stays, whichever way the file comes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from tests.aims import kpi
from tests.cast import START
from tests.conftest import Tab
from tests.filled import form_to
from tests.gates import opened
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.importing import command
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person

As = Callable[[Any], Tab]
HEAD = "Initiative,KPI,Baseline,Baseline date,Target,Target date\n"
BILL = "CX-1,NPS,30,2026-01-31,45,2026-12-31\n"
DOOR = "One door,NPS,20,2026-01-31,25,2026-12-31\n"
LOCKED = "Only the sponsor changes them, by a re-baseline"


@pytest.fixture
def two(app: Flask, cast: Any) -> None:
    """Two ideas: one that Lena leads, one that Milo leads."""
    with app.app_context(), writing():
        common: dict[str, Any] = {"lead_unit_id": cast.care.id, "by": None, "now": START}
        for title, lead in (("One bill", cast.lead), ("One door", cast.member)):
            Initiative.create(title=title, lead=db.session.get(Person, lead.id), **common)
        kpi("NPS")


def piloting(app: Flask, cast: Any) -> None:
    with app.app_context(), writing():
        one = db.session.scalars(select(Initiative).filter_by(ref="CX-1")).one()
        executive = db.session.get_one(Person, cast.executive.id)
        one.propose_sponsor(executive, by=db.session.get(Person, cast.lead.id), now=START)
        one.accept_sponsorship(by=executive, now=START)
        while one.stage != Stage.piloting:
            opened(one, one.next_stage, by=executive, now=START, words="Go on.")


def give(tab: Tab, text: str) -> str:
    file = (io.BytesIO(text.encode()), "goals.csv")
    answer = tab.submit("/import", what="goals", file=file)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def targets(app: Flask) -> list[float | None]:
    with app.app_context():
        return list(db.session.scalars(select(Goal.target).order_by(Goal.id)))


@pytest.mark.both
def test_a_lead_brings_the_goals_of_what_they_lead_and_no_others(
    app: Flask, cast: Any, as_: As, two: None
) -> None:
    """Planted: the page not telling the plan on whose word it is; the kind kept from members."""
    tab = as_(cast.lead)
    assert "Goals of initiatives" in tab.get("/import").text
    address = give(tab, HEAD + BILL + DOOR)
    page = tab.get(address).text
    assert "The goals of CX-2 are brought by Milo Member, who leads it, or by a manager." in page
    assert "Make the units" not in page
    shown = form_to(page, f"{address}/apply", address)
    tab.post(f"{address}/columns", data={**shown, "act": "check", "skip_bad": "y"})
    assert "Import 1 row" in tab.get(address).text
    assert tab.fill(f"{address}/apply", address).status_code == 303
    assert targets(app) == [45.0]
    with app.app_context():
        (told,) = db.session.scalars(select(Event).filter_by(kind="goal.set")).all()
        assert told.actor_id == cast.lead.id
    assert "From 30.0 on 31 Jan 2026 to 45.0 by 31 Dec 2026" in tab.get("/initiatives/CX-1").text
    assert "Everything in the file is already so." in tab.get(give(tab, HEAD + BILL)).text
    report = as_(cast.manager).get(give(as_(cast.manager), HEAD + BILL + DOOR)).text
    assert "Import 2 rows" in report


@pytest.mark.both
def test_no_file_changes_a_goal_that_is_locked_by_page_or_command(
    app: Flask, cast: Any, as_: As, two: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `found.locked` left out of the comparison; a manager's file, or one whose rows nobody is asked about, let through."""
    place = tmp_path / "goals.csv"
    place.write_text(HEAD + BILL + DOOR, "utf-8")
    result = typed(app, monkeypatch, "goals", place)
    assert (result.exit_code, last(result)["created"]) == (0, 2), result.output
    piloting(app, cast)
    other = HEAD + BILL.replace(",45,", ",40,") + DOOR.replace(",25,", ",26,")
    place.write_text(other, "utf-8")
    for more in ((), ("--by", "manager@example.org")):
        result = typed(app, monkeypatch, "goals", place, *more)
        assert (result.exit_code, last(result)["rejected"]) == (1, 1)
        assert f"line 2, Target: Its terms locked when piloting began. {LOCKED}" in result.stderr
        assert last(result)["written"] is False
    tab = as_(cast.manager)
    address = give(tab, other)
    page = tab.get(address).text
    assert LOCKED in page
    assert "Import 2 rows" not in page
    assert tab.fill(f"{address}/apply", address).status_code == 409
    assert targets(app) == [45.0, 25.0]
    result = typed(app, monkeypatch, "goals", place, "--skip-bad")
    assert (last(result)["changed"], last(result)["rejected"]) == (1, 1)
    assert targets(app) == [45.0, 26.0]
    place.write_text(HEAD + BILL + DOOR.replace(",25,", ",26,"), "utf-8")
    result = typed(app, monkeypatch, "goals", place)
    assert (result.exit_code, last(result)["unchanged"]) == (0, 2), result.output


@pytest.mark.both
def test_a_goal_that_locks_while_its_file_waits_is_not_changed(
    app: Flask, cast: Any, as_: As, two: None
) -> None:
    """Planted: the plan of the dry run written as it was found."""
    tab = as_(cast.lead)
    address = give(tab, HEAD + BILL)
    tab.fill(f"{address}/apply", address)
    address = give(tab, HEAD + BILL.replace(",45,", ",40,"))
    assert "Import 1 row" in tab.get(address).text
    piloting(app, cast)
    answer = tab.fill(f"{address}/apply", address)
    assert answer.status_code == 409
    assert LOCKED in answer.text
    assert targets(app) == [45.0]


def test_a_lead_who_hands_it_over_meanwhile_brings_nothing(
    app: Flask, cast: Any, as_: As, two: None
) -> None:
    """Planted: the plan that is made anew before it is written not told on whose word it is."""
    tab = as_(cast.lead)
    address = give(tab, HEAD + BILL)
    with app.app_context(), writing():
        one = db.session.scalars(select(Initiative).filter_by(ref="CX-1")).one()
        member, manager = (
            db.session.get_one(Person, who.id) for who in (cast.member, cast.manager)
        )
        one.set_lead(member, by=manager, now=START)
    assert tab.fill(f"{address}/apply", address).status_code == 409
    assert targets(app) == []


def typed(app: Flask, monkeypatch: pytest.MonkeyPatch, *words: Any) -> Result:
    monkeypatch.setattr(command, "create_app", lambda: app)
    return CliRunner().invoke(command.import_command, [str(word) for word in words])


def last(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_a_dry_run_sets_nothing_and_a_map_may_say_what_words_mean(
    app: Flask, two: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a meaning of the map not looked up before the cell is read."""
    (tmp_path / "goals.csv").write_text("wer;was;wie;ziel\nCX-1;NPS;Ende;45\n", "utf-8")
    (tmp_path / "map.toml").write_text(
        'kind = "goals"\n[columns]\ninitiative = "wer"\nkpi = "was"\nhorizon = "wie"\ntarget = "ziel"\n'
        '[defaults]\naim = "efficiency"\n[values.horizon]\nEnde = "leading"\n',
        "utf-8",
    )
    words = ("goals", tmp_path / "goals.csv", "--map", tmp_path / "map.toml")
    assert last(typed(app, monkeypatch, *words, "--dry-run"))["created"] == 1
    assert targets(app) == []
    assert typed(app, monkeypatch, *words).exit_code == 0
    with app.app_context():
        goal = db.session.scalars(select(Goal)).one()
        assert (goal.horizon, goal.aim, goal.target) == ("leading", "efficiency", 45.0)


def test_an_xlsx_file_is_read_like_any_other(
    app: Flask, two: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: days of a workbook taken for text."""
    from datetime import date

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    sheet.append(["CX-1", "NPS", 30, date(2026, 1, 31), 45.5, date(2026, 12, 31)])
    book.save(tmp_path / "goals.xlsx")
    result = typed(app, monkeypatch, "goals", tmp_path / "goals.xlsx")
    assert (result.exit_code, last(result)["created"]) == (0, 1), result.output
    with app.app_context():
        goal = db.session.scalars(select(Goal)).one()
        assert (goal.target, goal.target_on) == (45.5, date(2026, 12, 31))
