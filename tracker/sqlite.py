"""Which SQLite driver is used, and whether its library is safe to use.

SQLite 3.7.0 to 3.51.2 can damage a database in WAL mode when several connections write and
checkpoint at the same moment; 3.51.3 is the first release without that fault. Most Python builds
carry an older library, so the driver ``pysqlite3``, which brings its own, is preferred wherever a
wheel of it exists.
"""

from __future__ import annotations

import sqlite3
from types import ModuleType

from tracker.config import Misconfigured

try:
    import pysqlite3
except ImportError:
    pysqlite3 = None

FIRST_SAFE_VERSION = (3, 51, 3)


def dbapi() -> ModuleType:
    """The DB-API module to hand to SQLAlchemy as ``module=``: pysqlite3, else the standard one."""
    return sqlite3 if pysqlite3 is None else pysqlite3


def check_version(driver: ModuleType | None = None) -> None:
    """Raise ``Misconfigured`` when the library behind ``driver`` could damage a database.

    ``driver`` defaults to the one that ``dbapi()`` chooses.
    """
    driver = driver or dbapi()
    if driver.sqlite_version_info >= FIRST_SAFE_VERSION:
        return
    wanted = ".".join(str(part) for part in FIRST_SAFE_VERSION)
    raise Misconfigured(
        f"The SQLite library of this Python is {driver.sqlite_version}, which can damage a "
        f"database that several connections use at once; {wanted} or newer is needed. "
        "Install the package pysqlite3 where it offers a wheel for this machine, use a "
        "Python built with a newer SQLite, or set TRACKER_DATABASE_URL to a PostgreSQL database."
    )
