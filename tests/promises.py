"""Says, at the end of a run, which promises were held, how often they were tried, and with what figures (a pytest plugin).

A test that stands for a promise asks for the fixture `promise` and tells it what it saw, once, after its assertions:

    promise("killed while writing, nothing acknowledged is lost", tried=full(8, 200), database="sqlite", lost=0)
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest

LONG = os.environ.get("TEST_LONG") == "1"


def full(short: int, long: int) -> int:
    """Return how often something is tried: `short` in `make test`, `long` in `make test-long`."""
    return long if LONG else short


@pytest.fixture
def promise(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Give the function that notes a promise as held: its words, how often it was `tried`, and any figures."""

    def held(words: str, *, tried: int, **figures: Any) -> None:
        record_property("promise", json.dumps([words, tried, figures], ensure_ascii=False))

    return held


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Write one line for each promise that was held; what was broken stands among the failures above."""
    lines = []
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "promise":
                words, tried, figures = json.loads(value)
                seen = ", ".join(f"{key} {figure}" for key, figure in figures.items())
                lines.append(f"{words} | {tried} | {seen}")
    if lines:
        terminalreporter.section("promises held: what | tried | seen")
        for line in sorted(lines):
            terminalreporter.write_line(line)
