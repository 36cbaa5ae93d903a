"""Files that wait to be imported, and their reports: in the data folder, one folder for each.

A folder's name is a random token that only the database knows; the folders are for the owner of
the process alone. What has expired is taken away whenever somebody brings a new file.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.errors import Said
from tracker.importing.checked import Checked
from tracker.importing.models import ImportRun

_FILE, _CHECKED, _PROGRESS = "file", "checked.json.gz", "progress.json"
SILENCE = 30.0
"""Seconds without a sign after which work that was under way is taken for lost."""


class NoRoom(Said):
    """The disk takes no file: it is full, or fails (503)."""

    status = 503


def folder(token: str) -> Path:
    """The folder of one import."""
    return Path(current_app.config["DATA_DIR"]) / "imports" / token


def keep_file(token: str, body: bytes) -> None:
    """Keep an uploaded file, on the disk before anything refers to it. Raises `NoRoom`."""
    _write(folder(token) / _FILE, body)


def file_of(token: str) -> bytes | None:
    """The uploaded file, or None once it is gone."""
    try:
        return (folder(token) / _FILE).read_bytes()
    except FileNotFoundError:
        return None


def drop_file(token: str) -> None:
    """Take the uploaded file away; its report stays."""
    (folder(token) / _FILE).unlink(missing_ok=True)


def drop(token: str) -> None:
    """Take everything of an import away."""
    shutil.rmtree(folder(token), ignore_errors=True)


def keep_checked(token: str, checked: Checked) -> None:
    """Keep what a dry run found, complete or not at all. Raises `NoRoom`."""
    text = json.dumps(checked.as_json(), ensure_ascii=False)
    _write(folder(token) / _CHECKED, gzip.compress(text.encode("utf-8", "replace"), 1))


def checked_of(token: str) -> Checked | None:
    """What the last dry run found, or None."""
    try:
        kept = gzip.decompress((folder(token) / _CHECKED).read_bytes())
    except FileNotFoundError:
        return None
    return Checked.from_json(json.loads(kept))


def drop_checked(token: str) -> None:
    """Forget what the last dry run found."""
    (folder(token) / _CHECKED).unlink(missing_ok=True)


def keep_progress(token: str, done: int, total: int) -> None:
    """Say how far work that is under way has come. Raises `NoRoom`."""
    state = {"done": done, "total": total, "at": now().timestamp()}
    _write(folder(token) / _PROGRESS, json.dumps(state).encode())


def progress_of(token: str) -> dict[str, Any] | None:
    """How far it has come (`done` of `total` rows), or None when nothing is under way."""
    try:
        state = json.loads((folder(token) / _PROGRESS).read_text())
    except FileNotFoundError:
        return None
    return state if now().timestamp() - state["at"] < SILENCE else None


def end_progress(token: str) -> None:
    """Say that nothing is under way any more."""
    (folder(token) / _PROGRESS).unlink(missing_ok=True)


def expired(moment: datetime) -> list[ImportRun]:
    """The imports whose time is over, oldest first, some at a time."""
    query = select(ImportRun).where(ImportRun.expires_at < moment)
    return list(db.session.scalars(query.order_by(ImportRun.expires_at).limit(100)))


def _write(file: Path, body: bytes) -> None:
    # The folder may be gone, as after a restore without files: then the page says so.
    draft = file.with_name(f"{file.name}.{time.monotonic_ns()}")
    try:
        file.parent.parent.mkdir(mode=0o700, exist_ok=True)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with draft.open("wb") as handle:
            handle.write(body)
            handle.flush()
            os.fsync(handle.fileno())  # else a power cut may leave the name without the content
        draft.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise NoRoom(
            _("The disk is full, or does not take files at present. Nothing was imported.")
        ) from error
