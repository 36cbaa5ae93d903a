"""Runs the sweeps again and again, in threads of the worker or as ``tracker jobs``."""

from __future__ import annotations

import contextlib
import threading
import time

from flask import Flask

from tracker import sweeping

FIRST = 5  # seconds after the start, when the first requests are answered
EVERY = 60  # seconds between two rounds

_bell, _slow_bell = threading.Event(), threading.Event()


def start(app: Flask) -> None:
    """Run the sweeps of ``app`` in threads that end with the process."""
    threading.Thread(target=run, args=(app,), name="clockwork", daemon=True).start()


def call() -> None:
    """Have the urgent sweeps of this process run now. Where they run in another, its next round does it."""
    _bell.set()
    _slow_bell.set()


def run(app: Flask) -> None:
    """Sweep for ever. A failure is logged by ``sweeping`` and tried again in the next round.

    The slow sweeps have a thread of their own, so that a mail never waits for them.
    """
    apart = (app, _slow_bell, True)
    threading.Thread(target=_rounds, args=apart, name="slow clockwork", daemon=True).start()
    _rounds(app, _bell, slow=False)


def _rounds(app: Flask, bell: threading.Event, slow: bool) -> None:
    due = time.monotonic() + FIRST
    while True:
        called = bell.wait(max(0.0, due - time.monotonic()))
        bell.clear()
        with contextlib.suppress(Exception), app.app_context():
            sweeping.sweep(only=sweeping.named(are_slow=slow, only_urgent=called))
        if not called:
            due = time.monotonic() + EVERY
