"""Runs the sweeps again and again, in a thread of the worker or as ``tracker jobs``."""

from __future__ import annotations

import contextlib
import threading
import time

from flask import Flask

from tracker import sweeping

FIRST = 5  # seconds after the start, when the first requests are answered
EVERY = 60  # seconds between two rounds

_bell = threading.Event()


def start(app: Flask) -> None:
    """Run the sweeps of ``app`` in a thread that ends with the process."""
    threading.Thread(target=run, args=(app,), name="clockwork", daemon=True).start()


def call() -> None:
    """Have the urgent sweeps of this process run now. Where they run in another, its next round does it."""
    _bell.set()


def run(app: Flask) -> None:
    """Sweep for ever. A failure is logged by ``sweeping`` and tried again in the next round."""
    due = time.monotonic() + FIRST
    while True:
        called = _bell.wait(max(0.0, due - time.monotonic()))
        _bell.clear()
        with contextlib.suppress(Exception), app.app_context():
            sweeping.sweep(only=sweeping.urgent if called else None)
        if not called:
            due = time.monotonic() + EVERY
