"""Backups make themselves when they are due, one at a time; the old go only after a new one was proved.

Planted, each seen red: due again at once after a failure; the note of a failure left lying after a success; retired before
the backup; archives of other installations retired; weeks counted by their first archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.cast import START
from tests.keeping.conftest import KEY
from tracker import sweeping
from tracker.checking.backups import of_backups
from tracker.checking.findings import Level
from tracker.keeping import places, scheduling, sealing
from tracker.keeping.scheduling import back_up_when_due, kept

OURS = sealing.fingerprint(KEY)


@pytest.fixture
def scheduled(
    stamped: Flask, tmp_path_factory: Any, monkeypatch: Any
) -> Iterator[tuple[Flask, Path]]:
    folder = tmp_path_factory.mktemp("elsewhere")
    more = {"BACKUP_DIR": folder, "BACKUP_HOURS": 24, "BACKUP_KEEP": 2, "BACKUP_KEEP_WEEKS": 2}
    for name, value in more.items():
        monkeypatch.setitem(stamped.config, name, value)
    monkeypatch.setattr(scheduling, "PAUSE", 0)
    with stamped.app_context():
        yield stamped, folder


def names(folder: Path) -> list[str]:
    return sorted(file.name[12:20] for file in folder.glob("*.tar.gz"))


def test_it_is_one_of_the_sweeps_and_does_nothing_without_a_folder(stamped: Flask) -> None:
    assert sweeping.sweeps["backup"] is back_up_when_due
    with stamped.app_context():
        assert back_up_when_due(START) == 0


def test_one_is_made_a_day_and_the_last_of_each_week_is_kept_longer(
    scheduled: tuple[Flask, Path], clock: Any
) -> None:
    """2 March 2026 is a Monday. The last two stay, and the last one of each of the last two weeks."""
    _app, folder = scheduled
    foreign = folder / places.archive_name(START - timedelta(days=90), "01234567")
    foreign.write_bytes(b"of another installation")
    (folder / "notes.txt").write_text("not ours")
    for day in range(16):
        clock.moment = START + timedelta(days=day)
        assert back_up_when_due(clock()) == 1
        assert back_up_when_due(clock.forward(hours=23)) == 0
    assert names(folder) == ["20251202", "20260315", "20260316", "20260317"]
    assert foreign.exists()
    assert (folder / "notes.txt").exists()


def test_which_are_kept() -> None:
    made = [(START - timedelta(days=n), Path(f"{n}")) for n in range(60)]
    keep = {int(file.name) for file in kept(made, newest=14, weeks=8)}
    assert keep == {*range(14), *(1 + 7 * week for week in range(7))}
    assert kept([], newest=1, weeks=1) == set()
    assert kept(made, newest=1, weeks=0) == {Path("0")}


def found(app: Flask, now: datetime) -> list[tuple[Level, str]]:
    return [(one.level, one.words) for one in of_backups(app.config, now)]


def test_a_failure_is_noted_for_the_check_tried_again_and_takes_nothing_away(
    scheduled: tuple[Flask, Path], clock: Any, monkeypatch: Any, caplog: Any
) -> None:
    app, folder = scheduled
    for _ in range(2):
        assert back_up_when_due(clock()) == 1
        clock.forward(hours=24)
    clock.moment = START + timedelta(hours=1)
    before = names(folder)
    assert len(before) == 2
    monkeypatch.setitem(app.config, "BACKUP_KEEP", 1)
    monkeypatch.setitem(app.config, "BACKUP_KEEP_WEEKS", 0)
    with monkeypatch.context() as broken:
        broken.setattr("tracker.keeping.backing_up.opened", _says_no)
        for hours in (48, 72, 96):
            clock.moment = START + timedelta(hours=hours + 1)
            assert back_up_when_due(clock()) == 0
        assert back_up_when_due(clock.forward(minutes=14)) == 0
        assert len([one for one in caplog.records if "failed" in one.message]) == 3
    assert names(folder) == before
    assert not list(folder.glob(".*.part"))
    note = scheduling.failure_note()
    assert json.loads(note.read_text())["why"] == "The disk lies."
    assert (Level.wrong, "The disk lies.") in [(a, b[-14:]) for a, b in found(app, clock())]
    assert back_up_when_due(clock.forward(minutes=2)) == 1
    assert not note.exists()
    assert len(names(folder)) == 1
    assert not any(level is Level.wrong for level, _words in found(app, clock()))


def _says_no(*_: Any) -> Any:
    raise sealing.Unusable("The disk lies.")


def test_a_folder_that_is_away_is_a_failure_and_one_that_is_held_is_not(
    scheduled: tuple[Flask, Path], clock: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    app, folder = scheduled
    with places.alone_in(folder):
        assert back_up_when_due(clock()) == 0
    assert not scheduling.failure_note().exists()
    (tmp_path / "a-file").write_text("")
    monkeypatch.setitem(app.config, "BACKUP_DIR", tmp_path / "a-file" / "folder")
    assert back_up_when_due(clock()) == 0
    assert any(level is Level.wrong for level, _words in found(app, clock()))


def test_a_backup_that_is_late_is_wrong_and_one_on_the_same_disk_is_looked_at(
    scheduled: tuple[Flask, Path], clock: Any
) -> None:
    app, _folder = scheduled
    assert back_up_when_due(clock()) == 1
    levels = [level for level, _words in found(app, clock())]
    assert levels == [Level.good, Level.look]  # in the tests both are on one disk
    assert found(app, clock.forward(hours=49))[0][0] is Level.wrong
