"""How often this process has committed: as long as the number is the same, nothing that it wrote itself is new."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import Engine

_numbers = itertools.count(1)
_newest = [0]


def number() -> int:
    """Return a number that is another one as soon as a commit of this process, on any database, is over."""
    return _newest[0]


def watch(engine: Engine) -> None:
    """Count the commits of `engine`; one that fails counts as well, since nobody knows what became of it."""
    dialect: Any = engine.dialect
    commit = dialect.do_commit

    def counted(connection: Any) -> None:
        try:
            commit(connection)
        finally:
            _newest[0] = next(_numbers)

    dialect.do_commit = counted
