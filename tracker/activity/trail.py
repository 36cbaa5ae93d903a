"""The whole trail in and out: exported, checked in place, and noted in checkpoints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from tracker.activity.chain import keep_checkpoint, key
from tracker.activity.models import EVENTS, ChainHead, Checkpoint
from tracker.activity.portions import AT_ONCE, Row, portions, unsealed
from tracker.activity.vanished import name_vanished
from tracker.activity.verify import Report, verify_rows
from tracker.db import db

Progress = Callable[[int, int], None]
_WORDS: Mapping[str, None] = {"private": None, "salt": None}


def verify_stored(
    checkpoint: Mapping[str, Any] | None = None, progress: Progress | None = None, *, at_once: int = AT_ONCE
) -> Report:  # fmt: skip
    """Check the trail in the application's own database, on SQLite and PostgreSQL alike.

    It may be written meanwhile: what was sealed when the check began is checked. `progress` is told after every `at_once`
    events how many were read, of how many.
    """
    engine = db.engine
    with engine.connect() as connection:  # the checkpoints first: a later one may count more
        columns = (Checkpoint.count, Checkpoint.head, Checkpoint.at, Checkpoint.signature)
        points = connection.execute(select(*columns).order_by(Checkpoint.count)).mappings().all()
        newest = select(func.max(EVENTS.c.number)).scalar_subquery()
        head = connection.execute(select(ChainHead.count, ChainHead.seal, newest)).one_or_none()
        last = head[2] if head else connection.scalar(select(newest))
    upto = max(last or 0, head[0] if head else 0)
    report = verify_rows(
        _rows(engine, upto, progress, at_once),
        key(),
        checkpoint,
        head=(head[0], head[1]) if head else (0, "missing"),
        checkpoints=[dict(point) for point in points],
    )
    with engine.connect() as connection:
        return name_vanished(report, connection)


def _rows(engine: Engine, upto: int, progress: Progress | None, at_once: int) -> Iterator[Row]:
    done = 0
    for rows in portions(engine, upto, at_once=at_once):
        yield from rows
        done += len(rows)
        if progress is not None:
            progress(done, upto)
    yield from unsealed(engine)


def jsonl(engine: Engine, upto: int, *, words: bool) -> Iterator[str]:
    """Yield the sealed events up to number `upto` as the lines that `verify.py` reads, many at a time.

    What people typed is left out unless `words`; the chain can be checked without it, and the check says so.
    """
    for rows in portions(engine, upto):
        told = rows if words else [{**row, **_WORDS} for row in rows]
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in told)


def export_trail(path: Path, *, words: bool = False, upto: int | None = None) -> int:
    """Write every sealed event, or those up to number `upto`, to `path`, and return the last number.

    The file is complete or not there, and readable by its owner alone. See `jsonl`.
    """
    last = sealed() if upto is None else upto
    draft = path.with_name(f"{path.name}.part")
    draft.touch(mode=0o600)
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(jsonl(db.engine, last, words=words))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return last


def sealed() -> int:
    """Return how many events are sealed."""
    return db.session.scalar(select(ChainHead.count)) or 0


def checkpoint(path: Path) -> bool:
    """Write a signed checkpoint of the chain as it is to `path`, and keep it in the database.

    Call it inside `writing()`. False, and no file, when the chain is empty.
    """
    point = keep_checkpoint(db.session())
    if point is None:
        return False
    path.write_text(json.dumps(point) + "\n", encoding="utf-8")
    return True
