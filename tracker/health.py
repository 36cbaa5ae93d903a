"""Whether the process lives and can work: for whatever watches over it. Says nothing about data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tracker import migrating, patience
from tracker.db import Busy, db, glance, try_writing
from tracker.gate import public
from tracker.trouble import is_locked

PATIENCE = 1.0  # seconds that the database has to answer
TURN = 0.3  # seconds to get SQLite's write lock
ROOM_NEEDED = 64 * 1024 * 1024  # bytes free on the disk of the data folder

pages = Blueprint("health", __name__, url_prefix="/health")


@pages.get("/live")
@public
def live() -> Response:
    """200 as long as the process answers at all."""
    return jsonify(process="fine")


@pages.get("/ready")
@public
def ready() -> tuple[Response, int]:
    """200 when a request can be served; else 503, naming what is missing."""
    found = {name: check() for name, check in CHECKS.items()}
    return jsonify(found), 200 if set(found.values()) == {"fine"} else 503


live.no_session = ready.no_session = True


def _database() -> str:
    patience.begin(PATIENCE)
    try:
        with db.engine.connect() as connection:
            at = migrating.applied(connection)
    except (SQLAlchemyError, Busy):
        return "does not answer"
    newest = migrating.newest()
    return "fine" if at == newest else f"is at revision {at or 'none'} and not at {newest}"


def _writing() -> str:
    try:
        if db.engine.dialect.name == "sqlite":
            return "is read-only" if _sqlite_is_read_only() else "fine"
        with glance() as connection:
            read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar()
        return "is read-only" if read_only == "on" else "fine"
    except Busy:
        return "is locked by another program"
    except DBAPIError as error:
        return "is locked by another program" if is_locked(error) else "does not answer"
    except SQLAlchemyError:
        return "does not answer"


def _sqlite_is_read_only() -> bool:
    if not os.access(
        db.engine.url.database or "", os.W_OK
    ):  # then it would not even ask for the lock
        return True
    try_writing(TURN)
    return False


def _disk() -> str:
    try:
        free = shutil.disk_usage(Path(current_app.config["DATA_DIR"])).free
    except OSError:
        return "cannot be read"
    return "fine" if free >= ROOM_NEEDED else "is almost full"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "writing": _writing,
    "disk": _disk,
}
