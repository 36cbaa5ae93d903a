"""Runs the sweeps again and again, in a thread of the worker or as ``tracker jobs``."""

from __future__ import annotations

import contextlib
import threading

from flask import Flask

from tracker import sweeping

FIRST = 5  # seconds after the start, when the first requests are answered
EVERY = 60  # seconds between two rounds


def start(app: Flask) -> None:
    """Run the sweeps of ``app`` in a thread that ends with the process."""
    threading.Thread(target=run, args=(app,), name="clockwork", daemon=True).start()


def run(app: Flask) -> None:
    """Sweep for ever. A failure is logged by ``sweeping`` and tried again in the next round."""
    pause = threading.Event()
    pause.wait(FIRST)
    while True:
        with contextlib.suppress(Exception), app.app_context():
            sweeping.sweep()
        pause.wait(EVERY)
