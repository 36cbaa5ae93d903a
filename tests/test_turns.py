"""Whether the database can be written is said right even while one of our own writers waits for it."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tracker import turns
from tracker.db import Busy, try_writing, writing
from tracker.sqlite import dbapi


def test_a_writer_of_ours_that_waits_in_vain_is_no_sign_of_health(
    app: Flask, as_: Any, cast: Any
) -> None:
    """Planted: the turn that is taken looked at alone, so that readiness said "fine" while nothing could be written."""
    file = Path(app.config["DATA_DIR"]) / "tracker.db"
    if not file.exists():
        file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))

    def write() -> None:
        with app.app_context(), contextlib.suppress(Busy), writing():
            pass

    with contextlib.closing(dbapi().connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ours = threading.Thread(target=write)
        ours.start()
        while not turns._turn.locked() and ours.is_alive():  # until it is its turn
            ours.join(0.01)
        with app.app_context(), pytest.raises(Busy):
            try_writing(0.3)
        other.execute("ROLLBACK")
        ours.join()
    with app.app_context():
        try_writing(0.3)


def test_writers_of_ours_that_give_up_one_after_the_other_are_no_sign_of_health(
    app: Flask, as_: Any, cast: Any
) -> None:
    """Planted: the wait of the one whose turn it is looked at alone; the next one's had only just begun."""
    with turns._turn, app.app_context(), pytest.raises(Busy):  # as between one and the next
        try_writing(0.1)
    with app.app_context():
        try_writing(0.1)


def test_a_writer_of_ours_that_works_is_no_trouble(app: Flask, cast: Any) -> None:
    entered, leave = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context(), writing():
            entered.set()
            leave.wait(5)

    ours = threading.Thread(target=write)
    ours.start()
    assert entered.wait(5)
    with app.app_context():
        try_writing(0.1)
    leave.set()
    ours.join()
