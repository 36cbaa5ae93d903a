"""The pages of imports: a file is looked at first, and nobody else sees it."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Clock, Tab
from tracker.activity.models import Event
from tracker.db import db
from tracker.importing import working
from tracker.importing.models import ImportMap, ImportRun
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

As = Callable[[Any], Tab]
ROWS = "id,name,unit,rag\nP1,Shorter waits,CARE,red\nP2,Better bills,Legal,green\n"


def give(tab: Tab, text: str | bytes = ROWS, what: str = "initiatives", **more: Any) -> Any:
    body = text.encode() if isinstance(text, str) else text
    return tab.submit("/import", what=what, file=(io.BytesIO(body), "list.csv"), **more)


def chosen(app: Flask, **changes: Any) -> dict[str, Any]:
    """The form of the only import as its page shows it, with some answers changed."""
    with app.app_context():
        run = db.session.scalars(select(ImportRun)).one()
        form = {f"column_{name}": heading for name, heading in run.mapping.columns.items()}
        ticks = {"create_missing": run.create_missing, "skip_bad": run.skip_bad}
    form |= {name: "y" for name, ticked in ticks.items() if ticked}
    return form | changes


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_looked_at_corrected_and_then_imported(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    assert tab.get("/import").status_code == 200
    assert give(tab).headers["Location"] == "/import/1"
    page = tab.get("/import/1").text
    assert "Nothing is written yet" in page
    assert "Legal" in page
    assert "Import 2 rows" not in page
    assert count(app, Initiative) == 0
    checked = tab.submit("/import/1/columns", act="check", **chosen(app, create_missing="y"))
    assert checked.status_code == 303
    assert "Import 2 rows" in tab.get("/import/1").text
    applied = tab.submit("/import/1/apply", **chosen(app))
    assert applied.headers["Location"] == "/import/1"
    page = tab.get("/import/1").text
    assert "Imported on" in page
    assert "Import 2 rows" not in page
    assert (count(app, Initiative), count(app, Unit)) == (2, 5)


def test_importing_twice_the_same_submit_happens_once(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab, ROWS.replace("Legal", "IT"))
    form = chosen(app)
    for _time in range(2):
        answer = tab.submit("/import/1/apply", once="the same", **form)
        assert answer.status_code == 303
    assert count(app, Initiative) == 2
    again = tab.submit("/import/1/apply", **form)
    assert again.status_code == 409
    assert count(app, Initiative) == 2


def test_choices_that_were_not_looked_at_are_looked_at_first(
    app: Flask, cast: Any, as_: As
) -> None:
    # Canary: _differs() answering False.
    tab = as_(cast.manager)
    give(tab)
    answer = tab.submit("/import/1/apply", **chosen(app, create_missing="y"))
    assert answer.status_code == 303
    assert count(app, Initiative) == 0
    assert "nothing was imported yet" in tab.get("/import/1").text


def test_rejected_rows_hold_the_file_back_unless_they_are_skipped(
    app: Flask, cast: Any, as_: As
) -> None:
    tab = as_(cast.manager)
    give(tab, "name,unit,rag\nA,CARE,red\nB,CARE,PURPLE\n")
    assert tab.submit("/import/1/apply", **chosen(app)).status_code == 409
    assert count(app, Initiative) == 0
    tab.submit("/import/1/columns", act="check", **chosen(app, skip_bad="y"))
    assert tab.submit("/import/1/apply", **chosen(app)).status_code == 303
    assert count(app, Initiative) == 1


def test_the_report_is_downloaded_with_column_and_reason(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab, "name,unit,rag\nA,CARE,red\n=B(),CARE,PURPLE\n")
    answer = tab.get("/import/1/report.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows[2][:4] == ["3", "Rejected", "'=B()", "rag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path", ["/import/1", "/import/1/report.csv", "/import/1/progress", "/import/9"]
)
def test_only_whoever_gave_the_file_sees_it(app: Flask, cast: Any, as_: As, path: str) -> None:
    # Canary: ImportRun.visible_to() giving every row.
    give(as_(cast.manager))
    with app.app_context():
        other = db.session.get_one(Person, cast.member.id)
        other.role = cast.manager.role
        db.session.commit()
    assert as_(cast.member).get(path).status_code == 404
    assert as_(cast.admin).get(path).status_code == 404
    for act in ("columns", "apply", "discard"):
        assert as_(cast.admin).submit(f"/import/1/{act}").status_code == 404
    assert count(app, ImportRun) == 1


@pytest.mark.parametrize("who", ["auditor", "contact", None])
def test_nobody_else_may_import(cast: Any, as_: As, who: str | None) -> None:
    tab = as_(getattr(cast, who) if who else None)
    assert tab.get("/import").status_code in {403, 404, 303}
    assert give(tab).status_code in {403, 404, 303}


@pytest.mark.parametrize("who", ["member", "executive"])
@pytest.mark.parametrize("what", ["initiatives", "people", "units", "partners", "blockers"])
def test_everybody_else_brings_readings_alone(
    app: Flask, cast: Any, as_: As, who: str, what: str
) -> None:
    """Canary: ALLOWS giving initiatives to whoever may import anything."""
    tab = as_(getattr(cast, who))
    page = tab.get("/import").text
    assert 'value="readings"' in page
    assert f'value="{what}"' not in page
    assert give(tab, what=what).status_code == 422
    assert count(app, ImportRun) == 0


def test_managers_import_work_and_administrators_the_directory(
    app: Flask, cast: Any, as_: As
) -> None:
    assert give(as_(cast.manager), "email,name\nx@example.org,X\n", "people").status_code == 422
    assert give(as_(cast.admin), ROWS).status_code == 422
    assert count(app, ImportRun) == 0
    assert give(as_(cast.admin), "email,name\nx@example.org,X\n", "people").status_code == 303


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"A,2024-25,5.0\nB,2024-25,6.0\n", "headings"),
        (b"name,name\na,b\n", "same heading"),
        (b'name,unit\n"a,b\n', "never closes"),
        (b"name,unit\n" + bytes(range(128, 256)), "encoding"),
        (b"%PDF-1.7", "another kind"),
    ],
)
def test_an_unreadable_file_is_refused_at_its_field(
    app: Flask, cast: Any, as_: As, tmp_path: Path, body: bytes, words: str
) -> None:
    answer = give(as_(cast.manager), body)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert count(app, ImportRun) == 0
    assert not (tmp_path / "imports").exists()


def test_without_a_file_or_kind_the_form_says_so(cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    assert "Choose a file." in tab.submit("/import", what="initiatives").text
    assert tab.submit("/import").status_code == 422


def test_maps_are_saved_and_used_again(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab, "Ampel,Titel,Wo\nred,A,CARE\n")
    form = chosen(app, column_name="Titel", column_unit="Wo", map_name="Ampelliste", act="save")
    assert tab.submit("/import/1/columns", **form).status_code == 303
    assert count(app, ImportMap) == 1
    give(tab, "Ampel,Titel,Wo\nred,B,CARE\n")
    page = tab.submit("/import/2/columns", act="use", saved="1", column_colour="Ampel")
    assert page.status_code == 303
    with app.app_context():
        used = db.session.get_one(ImportRun, 2).mapping.columns
    assert used == {"name": "Titel", "unit": "Wo", "colour": "Ampel"}
    assert tab.submit("/import/2/columns", **form | {"act": "use", "saved": ""}).status_code == 422


def test_another_encoding_or_delimiter_is_tried(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab, "name,unit\nCafé,CARE\n".encode("cp1252"))
    assert "Café" in tab.get("/import/1").text
    tab.submit("/import/1/columns", act="check", **chosen(app, encoding="utf-8"))
    assert "not written in UTF-8" in tab.get("/import/1").text
    tab.submit("/import/1/columns", act="check", **chosen(app, encoding="cp1252"))
    assert "Café" in tab.get("/import/1").text


def test_a_missing_column_is_told(app: Flask, cast: Any, as_: As) -> None:
    tab = as_(cast.manager)
    give(tab)
    tab.submit("/import/1/columns", act="check", column_unit="unit")
    assert "No column is chosen for: Name" in tab.get("/import/1").text
    answer = tab.submit("/import/1/columns", act="check", column_name="nonsense")
    assert answer.status_code == 422


def test_a_file_can_be_taken_away_and_all_expire(
    app: Flask, cast: Any, as_: As, clock: Clock, tmp_path: Path
) -> None:
    tab = as_(cast.manager)
    give(tab)
    assert len(list((tmp_path / "imports").iterdir())) == 1
    assert tab.submit("/import/1/discard").headers["Location"] == "/import"
    assert list((tmp_path / "imports").iterdir()) == []
    give(tab)
    clock.forward(hours=25)
    assert tab.get("/import/1").status_code == 404
    give(tab)
    assert count(app, ImportRun) == 1
    assert len(list((tmp_path / "imports").iterdir())) == 1


def test_kept_files_are_for_the_owner_of_the_process_alone(
    cast: Any, as_: As, tmp_path: Path
) -> None:
    give(as_(cast.manager))
    (folder,) = (tmp_path / "imports").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert "list.csv" not in {file.name for file in folder.iterdir()}


def test_an_import_is_on_the_trail_without_its_file_name_in_the_seal(
    app: Flask, cast: Any, as_: As
) -> None:
    tab = as_(cast.manager)
    give(tab, ROWS.replace("Legal", "IT"))
    tab.submit("/import/1/apply", **chosen(app))
    with app.app_context():
        told = db.session.scalars(select(Event).filter_by(kind="import.applied")).one()
        assert (told.actor_id, told.subject_id) == (cast.manager.id, 1)
        assert told.after is not None
        assert told.after["created"] == 2
        assert told.private == {"words": "list.csv"}


def test_a_long_file_shows_how_far_it_has_come(
    app: Flask, cast: Any, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SHORT", 1)
    go_on = threading.Event()
    planned = working.plan

    def slowly(*args: Any, **options: Any) -> Any:
        options["progress"](1, 2)
        assert go_on.wait(10)
        return planned(*args, **options)

    monkeypatch.setattr(working, "plan", slowly)
    tab = as_(cast.manager)
    give(tab, ROWS.replace("Legal", "IT"))
    (thread,) = [t for t in threading.enumerate() if t.name == "import-1"]
    while "1 of 2 rows" not in (page := tab.get("/import/1").text):
        assert thread.is_alive(), page
    assert "1 of 2 rows" in tab.get("/import/1/progress", headers={"HX-Request": "true"}).text
    go_on.set()
    thread.join(10)
    done = tab.get("/import/1/progress", headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == "/import/1"
    assert tab.submit("/import/1/apply", **chosen(app)).status_code == 303
    for worker in [t for t in threading.enumerate() if t.name == "import-1"]:
        worker.join(10)
    assert "Imported on" in tab.get("/import/1").text
    assert count(app, Initiative) == 2


def test_a_language_is_kept_in_the_background(
    app: Flask, cast: Any, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SHORT", 0)
    give(as_(cast.manager), "name,unit,rag\nA,CARE,PURPLE\n")
    for worker in [t for t in threading.enumerate() if t.name == "import-1"]:
        worker.join(10)
    assert "PURPLE" in as_(cast.manager).get("/import/1").text


@pytest.mark.parametrize(
    ("what", "text", "heading"),
    [
        ("initiatives", "name,unit\nA,CARE\n", "Import of initiatives"),
        ("readings", "kpi,period,value\nCSAT,2026-01,4\n", "Import of readings of KPIs"),
    ],
)
def test_the_page_is_headed_by_what_it_is(
    cast: Any, as_: As, what: str, text: str, heading: str
) -> None:
    """Planted: the heading "Initiatives" alone, as over the list of them."""
    tab = as_(cast.manager)
    tab.submit("/import", what=what, file=(io.BytesIO(text.encode()), "list.csv"))
    assert re.findall(r"<h1[^>]*>\s*([^<]+?)\s*</h1>", tab.get("/import/1").text) == [heading]


def test_what_was_noticed_about_headings_stands_on_the_page(app: Flask, cast: Any, as_: As) -> None:
    """Canary: Checked.take() leaving the notes of the plan behind."""
    tab = as_(cast.manager)
    give(tab, "Shorter waits,Shops,red\nBetter bills,Legal,green\n")
    assert "The first row looks like data, not like headings" in tab.get("/import/1").text
    give(tab, "name,title,unit\nShorter waits,Waiting,CARE\n")
    assert "“name” and “title” both look like Name" in tab.get("/import/2").text


def test_that_a_later_period_names_another_sponsor_stands_on_the_page_and_in_the_report(
    app: Flask, cast: Any, as_: As
) -> None:
    """Canary: _step() without _otherwise(): the later sponsor is taken without a word."""
    tab = as_(cast.manager)
    head = "id,name,unit,year,sponsor\n"
    one, other = cast.executive.email, cast.owner.email
    give(tab, f"{head}P1,A,CARE,2024,{one}\nP1,A,CARE,2025,{other}\n")
    words = "The sponsor differs from line 2; the latest period counts."
    assert words in tab.get("/import/1").text
    body = tab.get("/import/1/report.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert [row[1] for row in rows[1:]] == ["Created", "Changed"]
    assert (rows[1][4], rows[2][4]) == ("", words)
