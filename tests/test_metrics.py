"""`/metrics`: only with the token, in the form that Prometheus reads, and true.

Planted, each seen red: the token not compared; an answer counted under its address; buckets that do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.conftest import Tab
from tests.initiatives.stories import sponsored
from tests.test_nowhere import told as without_its_own
from tracker import measured, metrics, sweeping
from tracker.metrics import Sample, counts, written

TOKEN = "metrics-token-that-nobody-knows"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LINE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?[0-9.e+-]+)')


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    counts.clear()
    yield
    counts.clear()


@pytest.fixture
def open_(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)
    return app


def figures(page: str) -> dict[str, float]:
    """Every sample of a page, which must be well formed, by name and labels."""
    found = {}
    for line in page.splitlines():
        if not line.startswith("#"):
            match = LINE.fullmatch(line)
            assert match, line
            found[f"{match[1]}{{{match[2] or ''}}}"] = float(match[3])
    return found


def test_without_a_token_in_the_settings_there_is_no_such_address(as_: Callable[..., Tab]) -> None:
    """However it is asked for. Planted: 404 from the view alone, so that POST was answered 405 and OPTIONS 200."""
    tab = as_(None)
    for method in ("GET", "HEAD", "POST", "PUT", "OPTIONS"):
        answer, never = (
            tab.open(path, method=method, headers=BEARER) for path in ("/metrics", "/nonsense")
        )
        assert answer.status_code == 404
        assert without_its_own(answer) == without_its_own(never)
    socket = {"Connection": "Upgrade", "Upgrade": "websocket"}
    assert tab.get("/metrics", headers=socket).status_code == 404


@pytest.mark.parametrize("brought", ["", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, f"Basic {TOKEN}"])  # fmt: skip
def test_without_the_right_token_nothing_is_told(
    open_: Flask, as_: Callable[..., Tab], brought: str
) -> None:
    answer = as_(None).get("/metrics", headers={"Authorization": brought})
    assert (answer.status_code, answer.text) == (401, "")


@pytest.mark.both
def test_it_tells_what_was_done(
    open_: Flask, as_: Callable[..., Tab], cast: SimpleNamespace, told: Any, clock: Any
) -> None:
    work = told(lambda: sponsored(cast, clock()))
    tab = as_(cast.lead)
    for _ in range(3):
        assert tab.get(f"/initiatives/{work.ref}").status_code == 200
    assert tab.get("/nothing").status_code == 404
    with open_.app_context():
        sweeping.sweep()
    answer = as_(None).get("/metrics", headers=BEARER)
    assert answer.content_type == metrics.TYPE
    found = figures(answer.text)
    seen = 'method="GET",route="/initiatives/<ref>",status="2xx"'
    assert found[f"tracker_requests_total{{{seen}}}"] == 3
    assert found['tracker_requests_total{method="GET",route="none",status="4xx"}'] == 1
    edges = [value for name, value in found.items() if name.startswith("tracker_request_seconds_bucket")]  # fmt: skip
    assert edges == sorted(edges)
    assert edges[-1] == found['tracker_request_seconds_count{method="GET"}'] == 4
    assert found["tracker_trail_head{}"] > 0
    assert found["tracker_database_up{}"] == 1
    assert found["tracker_disk_free_bytes{}"] > 0
    assert sum(name.startswith("tracker_sweep_success_seconds") for name in found) == len(
        sweeping.sweeps
    )
    assert work.ref not in answer.text


def test_refused_and_waiting_writes_are_counted(open_: Flask, as_: Callable[..., Tab]) -> None:
    counts.refusal("busy")
    counts.wait(0.25)
    counts.failed_sweep("mail")
    found = figures(as_(None).get("/metrics", headers=BEARER).text)
    assert found['tracker_refused_total{why="busy"}'] == 1
    assert found["tracker_writes_waited_seconds_total{}"] == 0.25
    assert found['tracker_sweep_failures_total{sweep="mail"}'] == 1


def test_a_database_that_is_away_is_told_too(
    open_: Flask, as_: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_connection: Any) -> None:
        raise OperationalError("SELECT", None, Exception("away"))

    monkeypatch.setattr(measured.migrating, "applied", away)
    found = figures(as_(None).get("/metrics", headers=BEARER).text)
    assert found["tracker_database_up{}"] == 0
    assert "tracker_trail_head{}" not in found


def test_several_workers_are_told_apart(
    open_: Flask, as_: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(open_.config, "WORKERS", 2)
    page = as_(None).get("/metrics", headers=BEARER).text
    assert re.search(r'tracker_writes_waited_total\{worker="\d+"\} 0', page)
    assert "tracker_database_up 1" in page


def test_labels_are_escaped() -> None:
    sample = Sample("x", "gauge", "X.").add(1, of='a"b\\c\nd')
    assert written([sample]).splitlines()[-1] == r'x{of="a\"b\\c\nd"} 1'
