"""The trail is checked at night and when somebody asks; a broken one is loud for those who watch over it.

Planted faults seen red: the night's check without its mark in `_ask_for_the_night` (checked again and again);
`whole=True` kept whatever was found; `free` in `_taken` without the time (what was left behind is never taken up).
"""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.audit.conftest import page, tampered
from tests.conftest import Clock
from tracker.activity import verify
from tracker.activity.models import EVENTS
from tracker.audit import checking, faults
from tracker.audit.checking import LOST
from tracker.audit.models import Verification
from tracker.db import db, writing

YES, NO = "Yes: every seal fits.", "No: the trail was changed"
EDIT = "UPDATE event SET kind = 'person.erased' WHERE number = 5"


@pytest.mark.both
def test_the_auditor_asks_and_reads_that_it_is_whole(
    app: Flask, busy: SimpleNamespace, as_: Any, swept: Any
) -> None:
    tab = as_(busy.auditor)
    assert "Nobody has checked it yet." in page(tab)
    assert tab.submit("/settings/audit/check").status_code == 303
    assert "The check begins within a minute" in page(tab)
    assert tab.submit("/settings/audit/check").status_code == 303  # asked twice, made once
    assert swept()["checks"] == 2  # and that of the night
    told = page(tab)
    assert YES in told
    assert busy.auditor.name in told
    with app.app_context():
        checks = db.session.scalars(select(Verification)).all()
        assert [check.whole for check in checks] == [True, True]
        assert {check.asked_by_id for check in checks} == {busy.auditor.id, None}


@pytest.mark.both
def test_a_changed_row_is_named_to_those_who_watch_and_to_nobody_else(
    app: Flask, busy: SimpleNamespace, as_: Any, swept: Any
) -> None:
    tampered(app, EDIT)
    swept()
    for who in (busy.auditor, busy.admin, busy.owner):
        told = page(as_(who))
        assert NO in told
        assert "Row 5." in told
        assert "The trail was changed" in page(as_(who), "/")
    for who in (busy.manager, busy.member):
        assert "The trail was changed" not in page(as_(who), "/")
        assert as_(who).get("/settings/audit").status_code == 403
    assert as_(busy.contact).get("/settings/audit").status_code == 404
    assert "trail" not in as_(None).get("/health/ready").get_data(as_text=True)  # the site goes on


def test_it_is_checked_once_a_night(
    app: Flask, busy: SimpleNamespace, clock: Clock, swept: Any
) -> None:
    clock.moment = clock.moment.replace(hour=1)
    assert swept()["checks"] == 0
    clock.forward(hours=1)
    assert [swept()["checks"] for _ in range(3)] == [1, 0, 0]
    clock.forward(days=1)
    assert swept()["checks"] == 1


def test_a_check_that_was_left_behind_is_taken_up(
    app: Flask, busy: SimpleNamespace, clock: Clock, swept: Any
) -> None:
    swept()
    with app.app_context(), writing() as session:
        moment = clock.moment
        session.add(Verification(asked_at=moment, started_at=moment, beat_at=moment))
    assert swept()["checks"] == 0  # somebody is at it
    clock.moment += LOST + timedelta(seconds=1)
    assert swept()["checks"] == 1


def test_it_rests_longer_than_it_works(
    app: Flask, busy: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, swept: Any
) -> None:
    """While it computes all pages of its process wait. Planted: rests as long as the work; thousands of events at once."""
    hand, rests = [0.0], []

    def working(key: bytes, previous: str, row: Any) -> str:
        hand[0] += 0.001
        return sealed(key, previous, row)

    def rest(seconds: float) -> None:
        hand[0] += seconds
        rests.append(seconds)

    sealed = verify.seal_of
    monkeypatch.setattr(verify, "seal_of", working)
    monkeypatch.setattr(checking, "time", SimpleNamespace(monotonic=lambda: hand[0], sleep=rest))
    monkeypatch.setattr(checking, "A_LITTLE", 10)
    swept()
    with app.app_context():
        events = db.session.scalars(select(func.max(EVENTS.c.number))).one()
    assert len(rests) == -(-events // 10)
    assert sum(rests) >= 3.9 * 0.001 * events


def test_events_that_come_while_it_is_checked_are_no_fault(
    app: Flask, busy: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, as_: Any, swept: Any
) -> None:
    """Planted: the rows up to the newest number at the end instead of the head at the beginning."""
    read = verify.verify_rows

    def meanwhile(rows: Any, *more: Any, **named: Any) -> Any:
        tab = as_(busy.auditor)
        assert tab.submit("/settings/audit/exports", words="no").status_code == 303
        return read(rows, *more, **named)

    monkeypatch.setattr("tracker.activity.trail.verify_rows", meanwhile)
    swept()
    assert YES in page(as_(busy.auditor))
    assert "1 event was added" in page(as_(busy.auditor))


def test_what_the_standalone_check_says_is_known_in_every_language() -> None:
    """Planted: the form of `swapped with row` left out of faults.py."""
    source = ast.parse(Path(verify.__file__).read_text("utf-8"))
    said = [*_sentences(source), "7 row(s) before it were deleted and the rest renumbered"]
    assert len(said) > 14
    unknown = [text for text in said if faults.told(text) is None]
    assert not unknown


def _sentences(source: ast.AST) -> list[str]:
    """Whatever `fault` is told and `diagnosis` returns, with 7 for every number."""
    texts = []
    for function in ast.walk(source):
        if not isinstance(function, ast.FunctionDef):
            continue
        inside = list(ast.walk(function))
        given = {
            target.id: node.value
            for node in inside
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        waiting = [
            node.args[1]
            for node in inside
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "fault"
        ]
        if function.name == "diagnosis":
            waiting += [
                node.value for node in inside if isinstance(node, ast.Return) and node.value
            ]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.IfExp):
                waiting += [node.body, node.orelse]
            elif isinstance(node, ast.Name) and node.id in given:
                waiting.append(given[node.id])
            elif isinstance(node, ast.Constant):
                texts.append(str(node.value))
            elif isinstance(node, ast.JoinedStr):
                texts.append("".join(map(_part, node.values)))
    return texts


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    words = {"name": "stored checkpoint", "more": "", "what": "were put in here"}
    return words.get(ast.unparse(part.value), "7") if isinstance(part, ast.FormattedValue) else "7"


def test_nothing_is_checked_before_anything_happened(app: Flask, swept: Any) -> None:
    assert swept() == {"checkpoints": 0, "checks": 0}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Verification)) == 0
