"""What people typed never runs: payloads in every text column, every page opened in a real browser, every file looked into.

Planted, each seen red: `|safe` behind the titles of initiatives; `guarded` that gives back its text.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.conftest import Clock, Tab, settings
from tests.hands.payloads import FIRST, PAYLOADS
from tests.hands.sown import columns, sow
from tests.hands.watching import Watch
from tests.promises import LONG
from tests.walk import NOW, Walk, pages
from tracker import create_app
from tracker.db import db
from tracker.exporting.complete import export_to
from tracker.exporting.sheets import LEADS_A_FORMULA
from tracker.sqlite import dbapi

MAIN = frozenset(
    [
        "actions.show",
        "actions.index",
        "partners.home",
        "partners.action",
        "boards.show",
        "initiatives.show",
        "initiatives.index",
        "blockers.show",
        "blockers.index",
        "blockers.matrix",
        "overview.home",
        "overview.trail",
        "overview.search",
        "initiatives.charter",
        "initiatives.activity",
        "initiatives.team",
        "updates.index",
        "organisation.person",
        "organisation.units",
        "organisation.workspace",
        "organisation.partners",
        "importing.show",
        "initiatives.edit",
        "blockers.unit",
    ]
)
SEVERAL = ("manager", "auditor", "partner", "executive", "admin", "member")
ROUNDS = (
    31  # of two payloads each and as many more as fit: each was in each column that can hold it
)
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")


@pytest.fixture(scope="module")
def sown(walk: Walk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """A copy of the demo, to be sown over."""
    folder = tmp_path_factory.mktemp("sown") / "data"
    shutil.copytree(
        walk.app.config["DATA_DIR"], folder, ignore=shutil.ignore_patterns("tracker.db*")
    )
    source, copy = Path(walk.app.config["DATA_DIR"]) / "tracker.db", folder / "tracker.db"
    # By the driver that has it open already: a second SQLite in one process takes the locks of the first away.
    with closing(dbapi().connect(source)) as old, closing(dbapi().connect(copy)) as new:
        old.backup(new)
    app = create_app(settings(f"sqlite:///{copy}", folder))
    app.test_client_class = Tab
    app.config |= {"CLOCK": Clock(NOW), "PROPAGATE_EXCEPTIONS": True}
    yield Walk(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def stops(walk: Walk) -> list[tuple[str, str]]:
    """Return (actor, address) of the pages: all that open for each of SEVERAL, or in the short form one of each of MAIN."""
    if LONG:
        several = [stop for endpoint in pages() for stop in walk.stops(endpoint)]
        found = [(s.actor, s.address) for s in several if s.actor in {*SEVERAL, "nobody"}]
    else:
        found = [
            (actor, next(walk.addresses(endpoint, actor), ""))
            for endpoint in sorted(MAIN)
            for actor in SEVERAL[: 3 if "show" in endpoint else 1]
        ]
    return [pair for pair in dict.fromkeys(found) if pair[1]]


def test_the_columns_that_hold_words_are_found() -> None:
    """Planted: `String` compared by `is`, which leaves out Text."""
    found = {f"{table.name}.{column.name}" for table, column in columns()}
    assert found >= {
        "initiative.title",
        "friction.words",
        "person.name",
        "unit.name",
        "status_update.help_needed",
        "board.name",
    }


def test_no_text_ever_runs(sown: Walk, browser: Browser, promise: Callable[..., None]) -> None:
    payloads = PAYLOADS if LONG else [PAYLOADS[n] for n in FIRST]
    walked = stops(sown)
    held: dict[str, set[str]] = {}
    watches = {actor: Watch(browser, sown.tab(actor)) for actor in {actor for actor, _ in walked}}
    rounds = ROUNDS if LONG else 1  # the last one begins with the last payload
    for number in range(rounds):
        with sown.app.app_context():
            for column, there in sow(payloads, number * 2).items():
                held.setdefault(column, set()).update(there)
        for place, (actor, address) in enumerate(walked):
            if number and (place + number) % 12:
                continue  # the first round is everybody's; of the later ones each opens one in twelve
            asked = quote(payloads[(place + number) % len(payloads)])
            joined = "&" if "?" in address else "?"
            watches[actor].open(address if place % 3 else f"{address}{joined}q={asked}&theme={asked}&back={asked}")  # fmt: skip
    for watch in watches.values():
        watch.close()
    wrong = [words for watch in watches.values() for words in watch.wrong]
    assert not wrong, "\n".join(wrong[:40])
    opened = sum(watch.opened for watch in watches.values())
    assert opened >= (400 if LONG else 20)
    if LONG:
        most = {f"{t.name}.{c.name}": getattr(c.type, "length", None) or 700 for t, c in columns()}
        lacking = {c: {p for p in payloads if len(p) < 40 and most[c] >= 120} - there for c, there in held.items() if there}  # fmt: skip
        assert not {c: p for c, p in lacking.items() if p}
    promise("what people typed never runs in a browser", tried=opened, payloads=len(payloads), columns=len(held), ran=0)  # fmt: skip


def test_no_cell_of_a_file_is_a_formula(sown: Walk, tmp_path: Path) -> None:
    """Nor does the complete export hold anything but what was typed."""
    with sown.app.app_context():
        sow(FORMULAS)
    for actor, address in (
        ("manager", "/initiatives"), ("manager", "/blockers"), ("manager", "/blockers/matrix"), ("admin", "/admin/people"),
        ("admin", "/admin/partners"), ("admin", "/admin/units"),
    ):  # fmt: skip
        text = sown.tab(actor).get(f"{address}.csv").get_data().decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert any("SUM(A1)" in cell for cell in cells), address
        assert not [
            cell
            for cell in cells
            if cell.lstrip().startswith(LEADS_A_FORMULA)
            and not cell.lstrip("-+").replace(".", "").isdecimal()
        ]
        book = openpyxl.load_workbook(io.BytesIO(sown.tab(actor).get(f"{address}.xlsx").get_data()))
        kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
        assert "f" not in kinds, address
    with sown.app.app_context():
        export_to(tmp_path / "all.json")
    told = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert any(row["title"].startswith("@SUM(A1)") for row in told["initiative"])
