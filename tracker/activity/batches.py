"""Many events at once, as an import leaves them: their texts are made before the write begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import column, insert, table
from sqlalchemy.orm import Session

from tracker.activity.chain import advance, key, lock_head, seal_pending, wrote_unsealed
from tracker.activity.models import EVENTS
from tracker.activity.recording import columns_of
from tracker.activity.verify import SEALED, canonical, instant, seal_text

_AS_TEXT = (*SEALED[1:], "private", "salt")
_TEXTS = table("event", *(column(name) for name in (*_AS_TEXT, "number", "seal")))


class Batch:
    """Events that only want their numbers and seals.

    Each row has `kind`, `at`, `actor_id`, `subject_type`, `subject_id` and, if wanted,
    `initiative_id`, `on_behalf_of_id`, `before`, `after`, `private`, as in `Recorded.record`.
    Raises ValueError for undeclared keys.
    """

    def __init__(self, session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
        self.rows = [columns_of(session, **row) for row in rows]
        self._insert, self._texts, self._tails = "", [], []
        dialect = session.get_bind().dialect
        if dialect.name != "sqlite":
            return
        stored: Any = EVENTS.c.at.type.dialect_impl(dialect).bind_processor(dialect)
        stored, written = lru_cache(maxsize=8)(stored), lru_cache(maxsize=8)(instant)
        self._insert = str(insert(_TEXTS).compile(dialect=dialect))
        for row in self.rows:
            before, after, private = (
                None if row[name] is None else canonical(row[name])
                for name in ("before", "after", "private")
            )
            texts = row | {"before": before, "after": after, "private": private}
            sealed = [texts[name] for name in SEALED[2:]]
            self._tails.append(canonical([written(row["at"]), *sealed])[1:])
            self._texts.append((stored(row["at"]), *sealed, private, row["salt"]))

    def write(self, session: Session) -> int:
        """Put the events on the trail of the present transaction and return how many they are.

        Whatever they refer to must have been written already. SQLite has one writer at a time, so
        there they are sealed as they go in; PostgreSQL looks at what they refer to and may wait for
        it, and the head must stay the last lock: there the commit seals them.
        """
        if not self.rows:
            return 0
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
