"""Many events at once, as an import leaves them: their texts are made before the write begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import column, insert, table
from sqlalchemy.orm import Session

from tracker.activity.chain import advance, key, lock_head, seal_pending, wrote_unsealed
from tracker.activity.gathering import join, taken
from tracker.activity.models import EVENTS
from tracker.activity.recording import columns_of
from tracker.activity.verify import SEALED, canonical, instant, seal_text

_AS_TEXT = (*SEALED[1:], "private", "salt")
_TEXTS = table("event", *(column(name) for name in (*_AS_TEXT, "number", "seal")))


class Batch:
    """Events that only want their numbers and seals.

    Each row has `kind`, `at`, `actor_id`, `subject_type`, `subject_id` and, if wanted,
    `initiative_id`, `on_behalf_of_id`, `before`, `after`, `private`, as in `Recorded.record`, and
    `tables`, what it makes of declared columns.
    Raises ValueError for undeclared keys.
    """

    def __init__(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows = [columns_of(session, **row) for row in rows]
        self._insert, self._texts, self._tails = "", [], []
        dialect = session.get_bind().dialect
        if dialect.name != "sqlite":
            return
        stored: Any = EVENTS.c.at.type.dialect_impl(dialect).bind_processor(dialect)
        self._stored = lru_cache(maxsize=8)(stored)
        self._written = lru_cache(maxsize=8)(instant)
        self._insert = str(insert(_TEXTS).compile(dialect=dialect))
        for row in self.rows:
            texts, tail = self._ready(row)
            self._texts.append(texts)
            self._tails.append(tail)

    def _ready(self, row: dict[str, Any]) -> tuple[tuple[Any, ...], str]:
        """A row as the driver takes it, and what of it is sealed after its number."""
        before, after, private = (
            None if row[name] is None else canonical(row[name])
            for name in ("before", "after", "private")
        )
        texts = row | {"before": before, "after": after, "private": private}
        sealed = [texts[name] for name in SEALED[2:]]
        tail = canonical([self._written(row["at"]), *sealed])[1:]
        return (self._stored(row["at"]), *sealed, private, row["salt"]), tail

    def _take_along(self, session: Session) -> None:
        """Give the last of the events what was gathered, since none may come after it."""
        session.flush()
        rows = taken(session)
        if rows:
            join(self.rows[-1], rows)
            if self._insert:
                self._texts[-1], self._tails[-1] = self._ready(self.rows[-1])

    def write(self, session: Session) -> int:
        """Put the events on the trail of the present transaction and return how many they are.

        Whatever they refer to must have been written already. SQLite has one writer at a time, so
        there they are sealed as they go in; PostgreSQL looks at what they refer to and may wait for
        it, and the head must stay the last lock: there the commit seals them.
        """
        if not self.rows:
            return 0
        self._take_along(session)
        if not self._insert or session.in_nested_transaction():
            session.execute(insert(EVENTS), self.rows)
            wrote_unsealed(session)
            return len(self.rows)
        seal_pending(session)  # what was recorded before them keeps its place
        secret, (start, seal) = key(), lock_head(session)
        number, ready = start, []
        for texts, tail in zip(self._texts, self._tails, strict=True):
            number += 1
            seal = seal_text(secret, seal, f"[{number},{tail}")
            ready.append((*texts, number, seal))
        session.connection().exec_driver_sql(self._insert, ready)
        advance(session, start, number, seal)
        return len(self.rows)


def bulk_events(session: Session, rows: Iterable[Mapping[str, Any]]) -> int:
    """Put many events on the trail at once and return how many, where nothing was made ready before.

    The rows are those of `Batch`. Raises ValueError for undeclared keys, before anything is inserted.
    """
    return Batch(session, rows).write(session)
