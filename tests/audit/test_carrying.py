"""What an auditor takes away: checkpoints and the trail itself, checked with the standard library alone.

Planted faults seen red: `words` ignored in `jsonl`; an export fetched by somebody else; two exports sent at once; a
checkpoint kept each minute; a number left out where portions go on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select

from tests.audit.conftest import SECRET
from tests.conftest import Clock
from tracker.activity import portions, trail, verify
from tracker.activity.models import Checkpoint, Event
from tracker.audit import command
from tracker.db import db, writing


def alone(tmp_path: Path, file: Path, key: bytes, *more: str) -> tuple[int, str]:
    """Run verify.py, copied away from the application, on `file`."""
    place = tmp_path / "verify.py"
    place.write_bytes(Path(verify.__file__).read_bytes())
    (tmp_path / "audit.key").write_bytes(key)
    ran = subprocess.run(
        [sys.executable, "-I", str(place), str(file), "--key-file", str(tmp_path / "audit.key"), *more],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def taken(tab: Any, what: str, **fields: str) -> str:
    """Ask for a file, and return where the page that follows says it is. Planted: a redirect to the file itself, on which
    a browser that was asked for the password stays on that page."""
    answer = tab.submit(f"/settings/audit/{what}", **fields)
    assert answer.location == "/settings/audit"
    link = re.search(r'<a href="([^"]+)">Download it</a>', tab.get(answer.location).text)
    assert link is not None
    return link.group(1)


@pytest.mark.both
@pytest.mark.parametrize("words", ["yes", "no"])
def test_the_auditor_takes_the_trail_and_a_checkpoint_and_checks_them_alone(
    app: Flask, busy: SimpleNamespace, as_: Any, tmp_path: Path, words: str
) -> None:
    tab = as_(busy.auditor)
    sent = tab.get(taken(tab, "exports", words=words))
    assert sent.status_code == 200
    body = sent.get_data()
    assert (SECRET.encode() in body) is (words == "yes")
    point = tab.get(taken(tab, "checkpoint"))
    assert "attachment" in point.headers["Content-Disposition"]
    file, kept = tmp_path / "trail.jsonl", tmp_path / "checkpoint.json"
    file.write_bytes(body)
    kept.write_bytes(point.get_data())
    code, said = alone(tmp_path, file, app.config["AUDIT_KEY"], "--checkpoint", str(kept))
    assert code == 0, said
    assert ("words that are erased or not in this file" in said) is (words == "no")
    assert json.loads(body.splitlines()[-1])["kind"] == "trail.exported"  # it holds its own record
    file.write_bytes(b"\n".join(body.splitlines()[:-1]) + b"\n")
    code, said = alone(tmp_path, file, app.config["AUDIT_KEY"], "--checkpoint", str(kept))
    assert (code, "the tail was cut" in said) == (1, True)


def test_an_export_is_fetched_by_whoever_asked_within_the_hour(
    app: Flask, busy: SimpleNamespace, as_: Any, clock: Clock
) -> None:
    tab = as_(busy.auditor)
    place = taken(tab, "exports", words="yes")
    assert as_(busy.owner).get(place).status_code == 404
    assert as_(busy.admin).get(place).status_code == 403
    assert as_(busy.contact).get(place).status_code == 404
    first, again = (tab.get(place).get_data() for _ in range(2))
    assert first == again
    assert len(first.splitlines()) > 12
    clock.forward(minutes=61)
    assert tab.get(place).status_code == 409
    with app.app_context():
        last = db.session.scalars(select(Event).order_by(Event.number.desc()).limit(1)).one()
        assert (last.kind, last.actor_id) == ("trail.exported", busy.auditor.id)


def test_one_export_is_sent_at_a_time(app: Flask, busy: SimpleNamespace, as_: Any) -> None:
    tab = as_(busy.auditor)
    place = taken(tab, "exports", words="no")
    first = tab.get(place)  # not read to the end
    assert tab.get(place).status_code == 409
    first.close()
    assert tab.get(place).status_code == 200


@pytest.mark.both
def test_portions_leave_nothing_out_and_nothing_in_twice(app: Flask, busy: SimpleNamespace) -> None:
    with app.app_context():
        last = trail.sealed()
        for size in (1, 5, last, last + 1):
            found = [row["number"] for part in portions.portions(db.engine, last, at_once=size) for row in part]  # fmt: skip
            assert found == list(range(1, last + 1)), size


def test_a_checkpoint_is_kept_each_hour_that_the_trail_moved(
    app: Flask, busy: SimpleNamespace, clock: Clock, as_: Any, swept: Any
) -> None:
    with app.app_context(), writing() as session:
        session.execute(delete(Checkpoint))
    assert [swept()["checkpoints"] for _ in range(2)] == [1, 0]
    clock.forward(hours=2)
    assert swept()["checkpoints"] == 0  # nothing happened
    as_(busy.auditor).submit("/settings/audit/exports", words="no")
    assert [swept()["checkpoints"] for _ in range(2)] == [1, 0]
    as_(busy.auditor).submit("/settings/audit/exports", words="no")
    assert swept()["checkpoints"] == 0  # the last is not an hour old
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Checkpoint)) == 2


def test_the_command_writes_a_checkpoint_and_the_trail(
    app: Flask, busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "create_app", lambda: app)
    out, file = tmp_path / "point.json", tmp_path / "trail.jsonl"
    run = CliRunner().invoke
    assert run(command.export_command, [str(file)]).exit_code == 0
    assert run(command.checkpoint_command, ["--out", str(out)]).exit_code == 0
    assert run(command.checkpoint_command, ["--out", str(out)]).exit_code == 2  # it is there
    assert json.loads(run(command.checkpoint_command, []).output) == json.loads(out.read_text())
    assert SECRET not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    report = verify.verify_file(file, app.config["AUDIT_KEY"], json.loads(out.read_text()))
    assert report.whole
