"""Whether the process lives and can work: for whatever watches over it. Says nothing about data."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from tracker import migrating
from tracker.db import db
from tracker.gate import public

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
    try:
        with db.engine.connect() as connection:
            at = migrating.applied(connection)
    except SQLAlchemyError:
        return "does not answer"
    newest = migrating.newest()
    return "fine" if at == newest else f"is at revision {at or 'none'} and not at {newest}"


def _disk() -> str:
    try:
        free = shutil.disk_usage(Path(current_app.config["DATA_DIR"])).free
    except OSError:
        return "cannot be read"
    return "fine" if free >= ROOM_NEEDED else "is almost full"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "disk": _disk}
