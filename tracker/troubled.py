"""Trouble that is none of the application's own: the database, the disk, another schema. Each is said in words (503).

The page is drawn without the database, in the language that the browser asks for where nobody is known yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tracker import fitting
from tracker.db import Busy, db
from tracker.errors import Unfit, answer, broken, without_the_database
from tracker.metrics import counts
from tracker.trouble import DISK, is_trouble

log = logging.getLogger(__name__)


def _busy(_error: Busy | PoolTimeout) -> Any:
    counts.refusal("busy")
    db.session.rollback()
    without_the_database()
    words = _("So much is going on at this moment that this did not get its turn.")
    return answer(503, words, headers={"Retry-After": "2"})


def _database(error: DBAPIError) -> Any:
    db.session.rollback()
    if not is_trouble(error):
        return _fault(error)
    without_the_database()
    counts.refusal("database")
    log.warning("the database is in trouble: %s", error.orig)
    words = _("The database cannot be reached or written to at present.")
    return answer(503, words, headers={"Retry-After": "5"})


def _disk(error: OSError) -> Any:
    if error.errno not in DISK:
        return broken(error)
    without_the_database()
    counts.refusal("disk")
    log.warning("the disk is in trouble: %s", error.strerror)
    db.session.rollback()
    words = _("The disk of this application is full or cannot be written to at present.")
    return answer(503, words, headers={"Retry-After": "5"})


def _unfit(error: Unfit) -> Any:
    counts.refusal("schema")
    db.session.rollback()
    without_the_database()
    said = {"found": error.found, "newest": error.newest}
    if error.found > error.newest:
        words = _(
            "The database is at revision %(found)s, and this program knows it up to %(newest)s: the new version has to be started.",
            **said,
        )
    else:
        words = _(
            "The database is at revision %(found)s, and this program needs %(newest)s: “tracker migrate” has to be run.",
            **said,
        )
    return answer(503, words, headers={"Retry-After": "5"})


def _fault(error: DBAPIError) -> Any:
    """Answer what the database refused: a fault of ours, unless the schema was changed a moment ago."""
    try:
        fitting.check(anew=True)
    except Unfit as unfit:
        return _unfit(unfit)
    except (DBAPIError, PoolTimeout):
        log.info("the schema could not be looked at")
    return broken(error)


HANDLERS: dict[type[Exception], Callable[[Any], Any]] = {
    Busy: _busy,
    PoolTimeout: _busy,
    DBAPIError: _database,
    OSError: _disk,
    Unfit: _unfit,
}


def init_app(app: Flask) -> None:
    """Turn every trouble into an answer. Whatever was half done is rolled back first."""
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, handler)
