"""Everything leaves as one JSON file, without what proves who somebody is."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cast import HASH, START
from tracker.db import Model, db, writing
from tracker.exporting import complete
from tracker.exporting.complete import COLUMNS_LEFT_OUT, TABLES_LEFT_OUT, export_to
from tracker.initiatives.models import Initiative

SECRETS = ("hash", "salt", "token", "secret")


@pytest.fixture
def exported(inside: None, cast: Any, tmp_path: Path) -> dict[str, Any]:
    with writing():
        Initiative.create(
            title="Zwölf Tage 等待",
            lead_unit_id=cast.care.id,
            by=cast.manager,
            now=START,
            budget="1059.50",
        )
    export_to(tmp_path / "all.json")
    return json.loads((tmp_path / "all.json").read_text("utf-8"))


@pytest.mark.both
def test_every_table_is_there_with_every_row_in_the_order_of_its_key(exported: Any) -> None:
    assert list(exported) == sorted(set(Model.metadata.tables) - TABLES_LEFT_OUT)
    assert [row["id"] for row in exported["person"]] == sorted(r["id"] for r in exported["person"])
    assert len(exported["person"]) == 16
    initiative = exported["initiative"][0]
    assert initiative["title"] == "Zwölf Tage 等待"
    assert initiative["budget"] == "1059.50"
    assert initiative["stage"] == "idea"
    assert initiative["created_at"] == START.isoformat()
    assert exported["event"][0]["after"] is None or isinstance(exported["event"][0]["after"], dict)


def test_no_hash_salt_or_token_leaves(exported: Any, tmp_path: Path) -> None:
    # Canary: COLUMNS_LEFT_OUT without person.password_hash.
    assert HASH not in (tmp_path / "all.json").read_text("utf-8")
    named = {
        (table.name, column.name)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in SECRETS) and table.name not in TABLES_LEFT_OUT
    }
    seeds = {("approval_link", "seed")}  # a token is made of it and the key of the place
    assert named - {("import_run", "sha256")} | seeds == set(COLUMNS_LEFT_OUT)
    assert not any(column in row for table, column in COLUMNS_LEFT_OUT for row in exported[table])


def test_the_same_data_makes_the_same_file_for_its_owner_alone(
    exported: Any, tmp_path: Path
) -> None:
    first = tmp_path / "all.json"
    export_to(tmp_path / "again.json")
    assert first.read_bytes() == (tmp_path / "again.json").read_bytes()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_broken_export_leaves_no_file(
    inside: None, cast: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_any: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(complete, "_rows", broken)
    with pytest.raises(RuntimeError):
        export_to(tmp_path / "all.json")
    assert list(tmp_path.iterdir()) == []
    assert not db.session.dirty
