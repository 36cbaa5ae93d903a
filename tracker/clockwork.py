"""Runs the sweeps again and again, in threads of the worker or as ``tracker jobs``."""

from __future__ import annotations

import contextlib
import threading
import time

from flask import Flask

from tracker import sweeping

FIRST = 5  # seconds after the start, when the first requests are answered
EVERY = {"quick": 60.0, "slow": 60.0, "steady": 2.0}  # seconds between two rounds, by lane

_bells = {lane: threading.Event() for lane in EVERY}


def start(app: Flask) -> None:
    """Run the sweeps of ``app`` in threads that end with the process."""
    threading.Thread(target=run, args=(app,), name="clockwork", daemon=True).start()


def call() -> None:
    """Have the urgent sweeps of this process run now. Where they run in another, its next round does it."""
    for bell in _bells.values():
        bell.set()


def call_jobs() -> None:
    """Have this process look for jobs now, before it would by itself."""
    _bells["steady"].set()


def run(app: Flask) -> None:
    """Sweep for ever. A failure is logged by ``sweeping`` and tried again in the next round.

    Each lane has a thread of its own, so that a mail never waits for a backup, nor a proposal for a mail.
    """
    for lane in ("slow", "steady"):
        name = f"{lane} clockwork"
        threading.Thread(target=_rounds, args=(app, lane), name=name, daemon=True).start()
    _rounds(app, "quick")


def _rounds(app: Flask, lane: str) -> None:
    due = time.monotonic() + FIRST
    while True:
        called = _bells[lane].wait(max(0.0, due - time.monotonic()))
        _bells[lane].clear()
        with contextlib.suppress(Exception), app.app_context():
            sweeping.sweep(only=sweeping.named(lane, only_urgent=called))
        if not called:
            due = time.monotonic() + EVERY[lane]
