"""kill -9 in the middle of a backup or of a restore leaves nothing that looks finished, and the next attempt succeeds.

Planted, each seen red: the archive written under its own name; what was moved not taken away by the next attempt.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.keeping.conftest import KEY, files, found_in, put_back
from tests.promises import full
from tracker.config import RESTORING
from tracker.keeping.backing_up import Made
from tracker.keeping.opening import opened
from tracker.keeping.sealing import Unusable

Die = Callable[..., int]
LATE = 40  # the last steps, where things get their names


@pytest.fixture(scope="module")
def die() -> Iterator[Die]:
    """Have a backup or restore killed at a step; returns -1, or how many steps it took when it was not."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.keeping.dying"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdin
    assert program.stdout

    def ask(what: str, where: dict[str, Any], archive: Path, step: int = 0) -> int:
        folder, url = str(where["DATA_DIR"]), where["SQLALCHEMY_DATABASE_URI"]
        watched = str(archive if what == "backup" else folder)
        task = {"what": what, "folder": folder, "url": url, "archive": str(archive), "step": step, "watched": watched}  # fmt: skip
        program.stdin.write(json.dumps(task) + "\n")  # type: ignore[union-attr]
        program.stdin.flush()  # type: ignore[union-attr]
        return int(program.stdout.readline())  # type: ignore[union-attr]

    yield ask
    program.stdin.close()
    program.wait(20)
    program.stdout.close()


def chosen(steps: int, tries: int) -> list[int]:
    """The steps to die at: half of them among the last, where things get their names, and half anywhere before."""
    chance, late = random.Random(steps), min(LATE, steps // 2)
    before = chance.sample(range(1, steps - late), tries // 2)
    return sorted(before + chance.sample(range(steps - late, steps + 1), tries - tries // 2))


@pytest.fixture
def lettered(stamped: Flask) -> dict[str, Any]:
    """The settings of a place with a few files in it."""
    folder = Path(stamped.config["DATA_DIR"])
    for name in ("mail/1.eml", "uploads/a/b", "uploads/c"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * 1000)
    return {name: stamped.config[name] for name in ("DATA_DIR", "SQLALCHEMY_DATABASE_URI")}


@pytest.mark.both
def test_a_backup_that_is_killed_leaves_no_archive(
    lettered: Any, die: Die, tmp_path_factory: Any, database_kind: str, promise: Any
) -> None:
    folder = tmp_path_factory.mktemp("archives")
    die("backup", lettered, folder)  # it keeps a checkpoint, and those that follow find it
    steps = die("backup", lettered, folder)
    for archive in folder.glob("*.tar.gz"):
        archive.unlink()
    tries = full(4, 60)
    for step in chosen(steps, tries):
        assert die("backup", lettered, folder, step) == -1
        for archive in folder.glob("*.tar.gz"):
            with opened(archive, KEY):
                archive.unlink()
    assert die("backup", lettered, folder) > 0
    assert [file.suffix for file in sorted(folder.iterdir())] == [".lock", ".gz"]
    promise("kill -9 while backing up leaves no archive that is not whole", tried=tries, database=database_kind, half=0)  # fmt: skip


@pytest.mark.both
def test_a_restore_that_is_killed_leaves_nothing_that_looks_finished(
    lettered: Any, keep: Callable[..., Made], die: Die, places: Any, database_kind: str, promise: Any
) -> None:  # fmt: skip
    made, where = keep(), places(database_kind)
    steps = die("restore", where, made.file)
    whole = found_in(where), files(where["DATA_DIR"])
    tries, finished = full(4, 60), 0
    for step in chosen(steps, tries):
        where = places(database_kind)
        folder = where["DATA_DIR"]
        assert die("restore", where, made.file, step) == -1
        if (folder / RESTORING).exists() or not begun(where):
            put_back(made.file, where)
        else:  # it was killed after its last step
            finished += 1
            with pytest.raises(Unusable, match="not empty"):
                put_back(made.file, where)
        assert (found_in(where), files(folder)) == whole, step
        assert sorted(entry.name for entry in folder.iterdir() if RESTORING in entry.name) in ([], [f"{RESTORING}.part"])  # fmt: skip
    promise("kill -9 while restoring leaves nothing that looks finished", tried=tries, database=database_kind, half=0,
            finished_already=finished)  # fmt: skip


@pytest.mark.both
def test_what_was_moved_before_a_kill_is_taken_away_or_found_finished(
    lettered: Any, keep: Callable[..., Made], places: Any, database_kind: str
) -> None:
    """Everything has its name already, and only the mark is left: SQLite begins anew, PostgreSQL sees that it had committed."""
    made, where = keep(), places(database_kind)
    put_back(made.file, where)
    whole = found_in(where), files(where["DATA_DIR"])
    mark = where["DATA_DIR"] / RESTORING
    (mark / "files").mkdir(parents=True)
    final = str(where["DATA_DIR"] / "tracker.db") if database_kind == "sqlite" else ""
    (mark / "moving.json").write_text(json.dumps({"names": ["mail", "uploads"], "database": final}))
    put_back(made.file, where)
    assert (found_in(where), files(where["DATA_DIR"])) == whole
    assert not mark.exists()


def begun(where: dict[str, Any]) -> bool:
    """Tell whether anything that the application would read lies in a place."""
    return bool(files(where["DATA_DIR"])) or (where["DATA_DIR"] / "tracker.db").exists()
