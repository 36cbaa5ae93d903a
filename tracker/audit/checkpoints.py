"""Checkpoints: one an hour while the trail moves, and whenever somebody wants one to take away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker.activity.chain import keep_checkpoint
from tracker.activity.models import ChainHead, Checkpoint
from tracker.activity.verify import instant
from tracker.db import db, writing

EVERY = timedelta(hours=1)
_TABLE = Checkpoint.__table__.c
COLUMNS = (_TABLE.count, _TABLE.head, _TABLE.at, _TABLE.signature)


def keep_hourly(now: datetime) -> int:
    """Keep a checkpoint if the last is an hour old and the trail moved since; return how many were kept."""
    count = db.session.scalar(select(ChainHead.count)) or 0
    last = stored(None)
    if last is not None:
        moved, age = count > last["count"], now - datetime.fromisoformat(last["at"])
        if not moved or age < EVERY:
            return 0
    if not count:
        return 0
    with writing() as session:
        return int(keep_checkpoint(session) is not None)


def newest(limit: int) -> Sequence[Any]:
    """Return the newest checkpoints."""
    return db.session.execute(select(*COLUMNS).order_by(Checkpoint.count.desc()).limit(limit)).all()


def stored(count: int | None) -> dict[str, Any] | None:
    """Return the checkpoint at `count` events, or the newest, as a file holds it; None if there is none."""
    query = select(*COLUMNS).order_by(Checkpoint.count.desc()).limit(1)
    if count is not None:
        query = query.where(Checkpoint.count == count)
    found = db.session.execute(query).mappings().one_or_none()
    return {**found, "at": instant(found["at"])} if found else None


def as_text(point: dict[str, Any]) -> str:
    """Return a checkpoint as the text of its file."""
    return json.dumps(point) + "\n"


def write(point: dict[str, Any], file: Path) -> None:
    """Write a checkpoint to `file`."""
    file.write_text(as_text(point), encoding="utf-8")
