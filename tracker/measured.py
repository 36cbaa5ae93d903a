"""`/metrics`: what Prometheus may ask, if it brings the token. Without one in the settings there is no such address."""

from __future__ import annotations

import hmac
import importlib.metadata
import os
import platform
import shutil
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tracker import migrating, patience, sqlite, sweeping
from tracker.activity.models import ChainHead
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import public
from tracker.metrics import TYPE, Sample, counts, written

PATH = "/metrics"
PATIENCE = 1.0  # seconds that the database has to answer

pages = Blueprint("measured", __name__)


@pages.before_app_request
def nowhere() -> None:
    """Without a token in the settings the address reads like one that never was, however it is asked for."""
    if request.path == PATH and not current_app.config.get("METRICS_TOKEN"):
        raise Missing


@pages.get(PATH)
@public
def metrics() -> Response:
    """What this process did, and how database and disk stand; 401 without the token."""
    token = current_app.config["METRICS_TOKEN"]
    brought = request.headers.get("Authorization", "")
    if not hmac.compare_digest(brought.encode(), f"Bearer {token}".encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"})
    worker = str(os.getpid()) if current_app.config.get("WORKERS", 1) > 1 else ""
    shared = written([*_build(), *_database(), _disk()])
    return Response(
        shared + written([*counts.samples(), *_pool(), _due()], worker), 200, content_type=TYPE
    )


metrics.no_session = True


def _build() -> Iterator[Sample]:
    told = {
        "version": importlib.metadata.version("throughline"),
        "python": platform.python_version(),
        "database": db.engine.dialect.name,
    }
    if db.engine.dialect.name == "sqlite":
        told["sqlite"] = str(sqlite.dbapi().sqlite_version)
    yield Sample("tracker_build_info", "gauge", "What is running.").add(1, **told)


def _database() -> Iterator[Sample]:
    patience.begin(PATIENCE)
    up = Sample("tracker_database_up", "gauge", "Whether the database answers.")
    try:
        with db.engine.connect() as connection:
            found = migrating.applied(connection)
            head = connection.execute(select(ChainHead.count)).scalar()
    except SQLAlchemyError:
        yield up.add(0)
        return
    yield up.add(1)
    told = {"found": found or "none", "wanted": migrating.newest()}
    yield Sample("tracker_schema_info", "gauge", "The revision of the schema.").add(1, **told)
    words = "Events that are sealed: the number of the newest."
    yield Sample("tracker_trail_head", "gauge", words).add(head or 0)


def _disk() -> Sample:
    free = Sample("tracker_disk_free_bytes", "gauge", "Room on the disk of the data folder.")
    try:
        return free.add(shutil.disk_usage(current_app.config["DATA_DIR"]).free)
    except OSError:
        return free


def _pool() -> Iterator[Sample]:
    pool: Any = db.engine.pool
    sample = Sample("tracker_database_connections", "gauge", "Connections of the pool by state.")
    for state, count in (("used", "checkedout"), ("resting", "checkedin")):
        if hasattr(pool, count):
            sample.add(getattr(pool, count)(), state=state)
    yield sample


def _due() -> Sample:
    words = "Sweeps that are registered."
    return Sample("tracker_sweeps", "gauge", words).add(len(sweeping.sweeps))
