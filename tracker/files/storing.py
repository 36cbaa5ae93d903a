"""Where the files lie: one folder beside the database, behind four words. Another store answers the same four.

A file is on the disk, under its own random name, before a row names it; a backup reads the rows first and the files afterwards.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from flask import current_app
from flask_babel import gettext as _

from tracker.errors import Said

FOLDER = "evidence"


class NoRoom(Said):
    """The disk takes no file: it is full, or fails (503)."""

    status = 503


class Store(Protocol):
    """What keeps files by random names."""

    def keep(self, body: bytes) -> str:
        """Keep `body` and return the name it lies under. Raises `NoRoom`."""
        ...

    def read(self, token: str) -> bytes | None:
        """Return what lies under this name, or None."""
        ...

    def drop(self, token: str) -> None:
        """Take it away, if it is there."""
        ...


class Folder:
    """A store in a folder, which only the owner of the process can read."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def keep(self, body: bytes) -> str:
        """Keep `body`, on the disk when this returns."""
        token = secrets.token_hex(16)
        file = self._file(token)
        draft = self.place / f"{token}.part"
        try:
            self.place.mkdir(mode=0o700, exist_ok=True)
            file.parent.mkdir(mode=0o700, exist_ok=True)
            with draft.open("wb") as handle:
                handle.write(body)
                handle.flush()
                os.fsync(handle.fileno())
            draft.replace(file)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise NoRoom(
                _("The disk is full, or does not take files at present. Nothing was kept.")
            ) from error
        return token

    def read(self, token: str) -> bytes | None:
        """Return what lies under this name."""
        try:
            return self._file(token).read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, token: str) -> None:
        """Take it away."""
        self._file(token).unlink(missing_ok=True)

    def _file(self, token: str) -> Path:
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):
            raise ValueError(token)
        return self.place / token[:2] / token


def store() -> Store:
    """Return the store of this application."""
    return Folder(Path(current_app.config["DATA_DIR"]) / FOLDER)
