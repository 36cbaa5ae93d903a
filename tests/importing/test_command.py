"""`tracker import` and `tracker export`, as somebody types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from tracker.activity.models import Event
from tracker.db import db
from tracker.errors import NotNow
from tracker.exporting import command as exporting
from tracker.importing import command as importing
from tracker.importing.models import ImportRun
from tracker.initiatives.models import Initiative

ROWS = "id,name,unit,rag\nP1,A,CARE,red\nP2,B,Legal,green\n"


@pytest.fixture
def type_(app: Flask, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(importing, "create_app", lambda: app)
    monkeypatch.setattr(exporting, "create_app", lambda: app)

    def typed(command: Any, *words: Any) -> Result:
        return CliRunner().invoke(command, [str(word) for word in words])

    return typed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "list.csv"
    place.write_text(ROWS, "utf-8")
    return place


def last(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout.strip().splitlines()[-1])


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_ends_with_one_line_of_json_and_runs_twice(app: Flask, type_: Any, file: Path) -> None:
    command = (importing.import_command, "initiatives", file, "--create-missing")
    first = type_(*command, "--by", "manager@example.org")
    assert first.exit_code == 0, first.output
    assert "1 unit was made." in first.stderr
    assert last(first) == {
        "rows": 2,
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": 0,
        "written": True,
    }
    second = type_(*command)
    assert (second.exit_code, last(second)["unchanged"], last(second)["written"]) == (0, 2, False)
    with app.app_context():
        told = db.session.scalars(select(Event).filter_by(kind="import.applied")).one()
        assert told is not None
        assert told.after is not None
        assert told.after["rows"] == 2
    assert count(app, Initiative) == 2


def test_rejected_rows_are_printed_with_their_place(app: Flask, type_: Any, file: Path) -> None:
    result = type_(importing.import_command, "initiatives", file)
    assert result.exit_code == 1
    assert "line 3, unit: The unit “Legal” is not known" in result.stderr
    assert "--create-missing makes them): Legal" in result.stderr
    assert last(result)["rejected"] == 1
    assert last(result)["written"] is False
    assert count(app, Initiative) == 0
    assert count(app, ImportRun) == 0
    skipped = type_(importing.import_command, "initiatives", file, "--skip-bad")
    assert (skipped.exit_code, last(skipped)["created"]) == (0, 1)


def test_a_dry_run_writes_nothing_and_a_report_can_be_kept(
    app: Flask, type_: Any, file: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    words = ("initiatives", file, "--dry-run", "--create-missing", "--report", report)
    result = type_(importing.import_command, *words)
    assert (result.exit_code, last(result)["created"]) == (0, 2)
    assert count(app, Initiative) == 0
    assert report.read_bytes().startswith(b"\xef\xbb\xbfLine,Result")


def test_a_map_is_followed(type_: Any, tmp_path: Path, app: Flask) -> None:
    rows, plan = tmp_path / "list.csv", tmp_path / "map.toml"
    rows.write_text("x;y;z\nA;CARE;Gelb\n", "utf-8")
    plan.write_text(
        '[columns]\nname = "x"\nunit = "y"\ncolour = "z"\n[values.colour]\nGelb = "amber"\n',
        "utf-8",
    )
    result = type_(importing.import_command, "initiatives", rows, "--map", plan)
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert db.session.scalars(select(Initiative.colour)).one() == "at_risk"


@pytest.mark.parametrize(
    ("rows", "plan", "words"),
    [
        ("name,name\na,b\n", "", "same heading"),
        ("name,unit\nA,CARE\n", "[columns\n", "not valid TOML"),
        ("name,unit\nA,CARE\n", '[columns]\nname = "title"\n', "no column “title”"),
    ],
)
def test_what_cannot_be_read_is_told_and_json_still_comes_last(
    type_: Any, tmp_path: Path, rows: str, plan: str, words: str
) -> None:
    (tmp_path / "list.csv").write_text(rows, "utf-8")
    (tmp_path / "map.toml").write_text(plan, "utf-8")
    more = ("--map", tmp_path / "map.toml") if plan else ()
    result = type_(importing.import_command, "initiatives", tmp_path / "list.csv", *more)
    assert result.exit_code == 1
    assert words in result.stderr
    assert last(result)["rows"] == 0


def test_somebody_without_access_imports_nothing(app: Flask, type_: Any, file: Path) -> None:
    result = type_(importing.import_command, "initiatives", file, "--by", "ended@example.org")
    assert result.exit_code == 2
    assert count(app, Initiative) == 0


def test_export_does_not_replace_a_file_unasked(type_: Any, tmp_path: Path) -> None:
    place = tmp_path / "all.json"
    assert type_(exporting.export_command, place).exit_code == 0
    kept = json.loads(place.read_text("utf-8"))
    assert len(kept["unit"]) == 4
    assert type_(exporting.export_command, place).exit_code == 2
    assert type_(exporting.export_command, place, "--force").exit_code == 0
    assert type_(exporting.export_command, tmp_path / "nowhere" / "all.json").exit_code == 2


def test_which_column_is_taken_for_what_is_told_before_the_figures(
    type_: Any, tmp_path: Path
) -> None:
    """Canary: import_command() without _say_columns()."""
    place = tmp_path / "list.csv"
    place.write_text("Project,Owning department,Shoe size,Title\nAlpha,CARE,44,Beta\n", "utf-8")
    result = type_(importing.import_command, "initiatives", place)
    told = result.stderr.splitlines()
    assert told[:3] == [
        "name <- Title",
        "unit <- Owning department",
        "Columns not used: Project, Shoe size",
    ]
    assert "“Title” and “Project” both look like Name" in told[3]
    assert len(result.stdout.splitlines()) == 1
    assert (result.exit_code, last(result)["created"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("cats", "list.csv"), "'cats' is not one of"),
        (("initiatives", "nowhere.csv"), "does not exist"),
        (("initiatives", "."), "is a directory"),
        (("initiatives",), "Missing argument 'FILE'"),
        (("initiatives", "list.csv", "--map", "nowhere.toml"), "does not exist"),
        (("initiatives", "list.csv", "--nonsense"), "No such option"),
        (("initiatives", "list.csv", "--by", "ended@example.org"), "Nobody with access"),
    ],
)
def test_what_is_not_called_rightly_ends_in_json_too(
    type_: Any, file: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    """Canary: import_command() as a plain click.Command."""
    monkeypatch.chdir(file.parent)
    result = type_(importing.import_command, *words)
    assert result.exit_code == 2
    assert why in result.stderr
    zeros = dict.fromkeys(("rows", "created", "changed", "unchanged", "rejected"), 0)
    assert last(result) == zeros | {"written": False}
    assert len(result.stdout.splitlines()) == 1


def test_a_fault_ends_in_json_and_help_does_not(
    type_: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "rejected" in type_(importing.import_command, "--help").stdout
    assert not type_(importing.import_command, "--help").stdout.rstrip().endswith("}")

    def broken(*_any: Any, **_more: Any) -> None:
        raise NotNow("Others are changing the same things just now.")

    monkeypatch.setattr(importing, "run", broken)
    result = type_(importing.import_command, "initiatives", file)
    assert isinstance(result.exception, NotNow)
    assert last(result)["rows"] == 0


def test_a_report_that_cannot_be_kept_is_told_and_the_figures_stay_true(
    app: Flask, type_: Any, file: Path
) -> None:
    """Canary: _keep() letting the OSError through ends in zeros for what was written."""
    words = ("--create-missing", "--report", file.parent / "nowhere" / "report.csv")
    result = type_(importing.import_command, "initiatives", file, *words)
    assert result.exit_code == 1
    assert "The report could not be written" in result.stderr
    assert (last(result)["created"], last(result)["written"]) == (2, True)
    assert count(app, Initiative) == 2


def test_a_file_without_headings_is_told_what_to_do(type_: Any, tmp_path: Path) -> None:
    place = tmp_path / "list.csv"
    place.write_text("Shorter waits,Shops,red\nBetter bills,Legal,green\n", "utf-8")
    result = type_(importing.import_command, "initiatives", place)
    assert result.exit_code == 1
    assert "The first row looks like data, not like headings" in result.stderr
    assert "Put a row of headings above it" in result.stderr
    assert last(result)["rows"] == 0


def test_it_says_which_names_in_capitals_it_reads_otherwise(type_: Any, tmp_path: Path) -> None:
    """Planted: `how_calmed` left out of the plan; the acronyms of the file not known."""
    place = tmp_path / "list.csv"
    rows = (
        "CALLS OF THE ODA,CARE",
        "THE LETTER HUB,CARE",
        "THE LETTER HUB,CARE",
        "Repairs  by ODA,CARE",
        "KVK,CARE",
    )
    place.write_text("name,unit\n" + "\n".join(rows) + "\n", "utf-8")
    result = type_(importing.import_command, "initiatives", place, "--dry-run")
    told = "2 names in “name” are all in capitals and are not shouted here: “CALLS OF THE ODA” is read as “Calls of the ODA”."
    assert told in result.stderr
    quiet = tmp_path / "quiet.csv"
    quiet.write_text("name,unit\nThe letter  hub,CARE\nKVK,CARE\n", "utf-8")
    assert (
        "capitals" not in type_(importing.import_command, "initiatives", quiet, "--dry-run").stderr
    )


def test_other_rows_are_spoken_of_only_where_there_are_some(type_: Any, tmp_path: Path) -> None:
    """Planted: the words at every refusal."""
    place = tmp_path / "list.csv"
    place.write_text("name,unit\nA,Nobody knows\n", "utf-8")
    assert "--skip-bad" not in type_(importing.import_command, "initiatives", place).stderr
    place.write_text("name,unit\nA,Nobody knows\nB,CARE\n", "utf-8")
    assert (
        "--skip-bad imports the other rows."
        in type_(importing.import_command, "initiatives", place).stderr
    )


def test_it_says_by_what_amounts_are_multiplied(type_: Any, tmp_path: Path) -> None:
    """Planted: `how_scaled` left out of the plan."""
    place = tmp_path / "list.csv"
    place.write_text("name,unit,cost_m\nA,CARE,1029.78\n", "utf-8")
    result = type_(importing.import_command, "initiatives", place, "--dry-run")
    told = "The amounts in “cost_m” are multiplied by 1,000,000 and taken as GBP."
    assert told in result.stderr
