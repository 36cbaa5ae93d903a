"""The whole trail in and out: exported, checked in place, and noted in checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from tracker.activity.chain import keep_checkpoint, key
from tracker.activity.models import EVENTS, ChainHead, Checkpoint
from tracker.activity.verify import COLUMNS, Report, instant, verify_rows
from tracker.db import db

_TEXTS = frozenset({"before", "after", "private"})
_WORDS: Mapping[str, None] = {"private": None, "salt": None}


def stored_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Every event as it is stored, by number, those without one last; read in portions."""
    columns = [
        type_coerce(EVENTS.c[name], Text).label(name) if name in _TEXTS else EVENTS.c[name]
        for name in COLUMNS
    ]
    query = select(*columns).order_by(EVENTS.c.number.is_(None), EVENTS.c.number)
    for row in session.execute(query.execution_options(yield_per=2000)).mappings():
        yield {**row, "at": instant(row["at"])}


def verify_stored(checkpoint: Mapping[str, Any] | None = None) -> Report:
    """Check the trail in the application's own database, on SQLite and PostgreSQL alike."""
    session = db.session()
    head = session.execute(select(ChainHead.count, ChainHead.seal)).one_or_none()
    columns = (Checkpoint.count, Checkpoint.head, Checkpoint.at, Checkpoint.signature)
    points = session.execute(select(*columns).order_by(Checkpoint.count)).mappings().all()
    return verify_rows(
        stored_rows(session),
        key(),
        checkpoint,
        head=(head[0], head[1]) if head else (0, "missing"),
        checkpoints=[dict(point) for point in points],
    )


def export_trail(path: Path, *, words: bool = False) -> int:
    """Write every sealed event to `path` as JSONL that `verify.py` reads, and return how many.

    What people typed is left out unless `words`; the chain can be checked without it.
    """
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in stored_rows(db.session()):
            told = row if words else {**row, **_WORDS}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
            count += 1
    return count


def checkpoint(path: Path) -> bool:
    """Write a signed checkpoint of the chain as it is to `path`, and keep it in the database.

    Call it inside `writing()`. False, and no file, when the chain is empty.
    """
    point = keep_checkpoint(db.session())
    if point is None:
        return False
    path.write_text(json.dumps(point) + "\n", encoding="utf-8")
    return True
