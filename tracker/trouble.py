"""The database's own trouble, told apart from faults of ours: only it is answered with 503."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, OperationalError

SIGNS = (  # what SQLite says, and a driver that reaches no server
    *(
        "disk is full",
        "disk i/o",
        "unable to open",
        "readonly database",
        "read-only",
        "no space left",
    ),
    *(
        "connection refused",
        "server closed the connection",
        "could not connect",
        "connection is closed",
    ),
    *("connection failed", "timeout expired"),
)
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})  # what the disk says itself
TROUBLE = frozenset({"08", "53", "57", "58"})  # PostgreSQL: connection, room, operator, system


def is_locked(error: DBAPIError) -> bool:
    """Tell whether others held what was to be written for longer than one waits (55P03 is PostgreSQL's lock_timeout)."""
    return (
        getattr(error.orig, "sqlstate", None) == "55P03"
        or "database is locked" in str(error.orig).lower()
    )


def is_trouble(error: DBAPIError) -> bool:
    """Tell the database's own trouble (locked, full, stopped, read-only) from a fault of ours."""
    kind = (getattr(error.orig, "sqlstate", None) or "")[:2]
    if error.connection_invalidated or is_locked(error) or kind in TROUBLE:
        return True
    if isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", "") is None:
        return True  # PostgreSQL gives every answer a state: without one no server was reached
    words = str(error.orig).lower()
    return any(sign in words for sign in SIGNS)


def is_deadlock(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL chose this transaction as the victim; trying once more is safe."""
    return getattr(error.orig, "sqlstate", None) in {"40P01", "40001"}
