"""The benchmark starts, whatever it reads of the rest having moved."""

from __future__ import annotations

import sys

import pytest

from tests.bench import __main__ as benchmark
from tests.bench import watchers


def test_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--quick", "--only", "boards,growth"])
    wish, databases = benchmark.wanted()
    assert wish.parts == {"boards", "growth"}
    assert databases == ["sqlite", "postgresql"]


def test_its_watchers_wait_as_long_as_a_browser_does() -> None:
    """Planted: the script that they are read from named as before, without the constants."""
    assert 1 <= watchers.EVERY <= 2
    assert 0 < watchers.SPREAD < 1
