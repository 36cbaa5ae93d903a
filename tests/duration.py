"""Says how long the whole of ``make test`` took, its set-up included (a pytest plugin)."""

from __future__ import annotations

import os
import time


def pytest_terminal_summary(terminalreporter):
    started = os.environ.get("MAKE_STARTED")
    if started is None:
        return
    whole = time.time() - int(started)
    # What came before pytest's own start is the set-up: the virtual environment and its packages.
    tests = terminalreporter._session_start.elapsed().seconds
    terminalreporter.write_line(
        f"Took {whole:.0f} s: {max(0.0, whole - tests):.0f} s of set-up and {tests:.0f} s of tests."
    )
