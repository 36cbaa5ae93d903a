"""Backups that are made by themselves, and which of them are kept."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import DBAPIError

from tracker.activity import chain
from tracker.errors import Said
from tracker.keeping import places, sealing
from tracker.keeping.backing_up import backup
from tracker.trouble import is_trouble

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=15)  # after a failure
PAUSE = 0.004  # seconds left to who works, after every 500 rows


def back_up_when_due(now: datetime) -> int:
    """Make a backup when the newest is older than `BACKUP_HOURS`, and remove what need not be kept; return how many were made.

    A failure is logged and noted for `tracker check`, and tried again after `AGAIN`. Without `BACKUP_DIR` nothing is done.
    """
    folder: Path | None = current_app.config.get("BACKUP_DIR")
    if folder is None or not _is_due(folder, now):
        return 0
    note = failure_note()
    try:
        made = backup(folder, pause=PAUSE)
        retire(folder)
    except places.Occupied:
        return 0
    except (OSError, Said, DBAPIError) as error:
        if isinstance(error, DBAPIError) and not is_trouble(error):
            _note(note, now, "a fault of the program; the log says more")
            raise
        why = str(getattr(error, "orig", None) or error)
        log.error("the backup into %s failed: %s", folder, why)
        _note(note, now, why)
        return 0
    except Exception:
        _note(note, now, "a fault of the program; the log says more")
        raise
    note.unlink(missing_ok=True)
    log.info("backup made: %s", made.file)
    return 1


def failure_note() -> Path:
    """The file that says when and why the last scheduled backup failed; it is there only then."""
    return Path(current_app.config["DATA_DIR"]) / places.FAILED


def _is_due(folder: Path, now: datetime) -> bool:
    try:
        failed = json.loads(failure_note().read_text("utf-8"))
        if now - datetime.fromisoformat(failed["at"]) < AGAIN:
            return False
    except (OSError, ValueError, KeyError):
        pass
    try:
        made = places.archives(folder, sealing.fingerprint(chain.key()))
    except OSError:
        return True  # the backup itself will fail, and say why
    every = timedelta(hours=current_app.config["BACKUP_HOURS"])
    # One from the future (the clock was wrong once) does not keep new ones from being made.
    past = [at for at, _file in made if at <= now]
    return not past or now - past[0] >= every


def _note(note: Path, now: datetime, why: str) -> None:
    try:
        with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"at": now.isoformat(), "why": why}, file)
    except OSError:
        log.exception("the failure of the backup could not be noted in %s", note)


def retire(folder: Path) -> list[Path]:
    """Remove the archives of this installation that need not be kept, and return them. Call it after a new one was proved."""
    config = current_app.config
    made = places.archives(folder, sealing.fingerprint(chain.key()))
    keep = kept(made, newest=config["BACKUP_KEEP"], weeks=config["BACKUP_KEEP_WEEKS"])
    old = [file for _at, file in made if file not in keep]
    for file in old:
        file.unlink(missing_ok=True)
    return old


def kept(made: Iterable[tuple[datetime, Path]], *, newest: int, weeks: int) -> set[Path]:
    """Which archives stay: the `newest`, and the last one of each of the last `weeks` calendar weeks (ISO, UTC) that have one.

    `made` are moments and files, newest first.
    """
    ordered = list(made)
    keep = {file for _at, file in ordered[:newest]}
    of_week: dict[tuple[int, int], Path] = {}
    for at, file in ordered:
        year, week, _day = at.isocalendar()
        of_week.setdefault((year, week), file)
    return keep | set(list(of_week.values())[:weeks])
