"""Whether the database still has the schema that this program knows: a migration may run under a running server.

It is looked at once a second at most. Until both fit again, every page says so (503); nobody has to start anything
again when the database comes back to the schema it had.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tracker import migrating
from tracker.db import glance
from tracker.errors import Unfit
from tracker.trouble import is_trouble

EVERY = 1.0  # seconds

_VERSION = text(f"SELECT version_num FROM {migrating.VERSION_TABLE}")  # noqa: S608


@dataclass
class Known:
    """What was found at the last look, and what this program wants since it was started."""

    newest: str
    found: str | None = None
    at: float | None = None

    @property
    def old(self) -> bool:
        """Whether it is time for another look."""
        return self.at is None or time.monotonic() - self.at >= EVERY


def check(*, anew: bool = False) -> None:
    """Raise `Unfit` while the database is at another revision; `anew` looks again at once.

    The database's own trouble is raised as it is.
    """
    known: Known | None = current_app.extensions.get("fitting")
    if known is None:
        return
    if anew or known.old:
        known.found = _revision()
        known.at = time.monotonic()
    if known.found != known.newest:
        raise Unfit(known.found, known.newest)


def fits(app: Flask) -> bool:
    """Tell whether `check` has nothing against a board that is shown by its short road; it is asked here when it is time.

    False also when the database cannot be asked: the long road says why.
    """
    known: Known | None = app.extensions.get("fitting")
    if known is None:
        return True
    if known.old:
        with app.app_context(), contextlib.suppress(Unfit, DBAPIError):
            check()
    return fitted(app)


def fitted(app: Flask) -> bool:
    """Tell whether both fitted when it was looked at last, and that is not too long ago; nothing is asked for it."""
    known: Known | None = app.extensions.get("fitting")
    return known is None or (known.found == known.newest and not known.old)


def _revision() -> str | None:
    try:
        with glance() as connection:
            return connection.execute(_VERSION).scalar()
    except DBAPIError as error:
        if is_trouble(error):
            raise
        return None  # there is no such table


def init_app(app: Flask) -> None:
    """Watch over the schema of `app`, unless its settings leave it out, as those of tests do."""
    if app.config.get("SCHEMA_WATCHED"):
        app.extensions["fitting"] = Known(migrating.newest())
