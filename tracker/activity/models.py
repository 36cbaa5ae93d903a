"""The tables of the trail: events, the head of their chain, and its checkpoints."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.activity.verify import GENESIS, SEALED, canonical, instant, seal_values
from tracker.db import Instant, Model
from tracker.dialects import insert_into

TABLES = "tables"  # among the keys of `after`, beside those that the kind declares


class Canonical(TypeDecorator[Any]):
    """A JSON value, stored as the one text of it that the chain seals."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:  # noqa: ARG002
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)


class Event(Model):
    """One line of the trail. Verbs insert it without a number; `chain.py` numbers and seals it.

    `before` and `after` are sealed. `private` (what people typed) is not: its salted commitment is,
    so that the words can be erased and the chain stays whole.
    """

    __tablename__ = "event"

    on_trail: ClassVar[Declared] = left_out("the trail itself: its chain shows what was changed")

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(Canonical)
    after: Mapped[dict[str, Any] | None] = mapped_column(Canonical)
    private: Mapped[dict[str, Any] | None] = mapped_column(Canonical)
    salt: Mapped[str | None] = mapped_column(String(32))
    commitment: Mapped[str | None] = mapped_column(String(64))
    request_id: Mapped[str | None] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(64))

    def seal_as(self, number: int, previous: str, key: bytes) -> dict[str, Any]:
        """Number and seal this event, which is not written yet, after one sealed `previous`; return its columns."""
        told = {name: getattr(self, name) for name in _TOLD}
        told["number"] = self.number = number
        texts = [
            None if told[name] is None else canonical(told[name]) for name in ("before", "after")
        ]
        sealed = told | {"at": instant(self.at), "before": texts[0], "after": texts[1]}
        self.seal = seal_values(key, previous, [sealed[name] for name in SEALED])
        return told | {"seal": self.seal}

    @property
    def facts(self) -> dict[str, Any]:
        """What its kind declares of `after`, without what it made of the tables (gathering.py)."""
        return {key: value for key, value in (self.after or {}).items() if key != TABLES}

    def erase_words(self) -> None:
        """Forget what was typed, and the salt with it, so that nobody can test a guess against the
        commitment. The sealed part, and so the chain, stays as it is."""
        self.private = None
        self.salt = None


_TOLD = (*SEALED[1:], "private", "salt")
EVENTS = cast(Table, Event.__table__)
Index(
    "ix_event_unsealed",
    Event.id,
    sqlite_where=Event.number.is_(None),
    postgresql_where=Event.number.is_(None),
)
Index("ix_event_initiative", Event.initiative_id, Event.id)
Index("ix_event_subject", Event.subject_type, Event.subject_id, Event.id)
Index("ix_event_actor", Event.actor_id, Event.id)
Index("ix_event_at", Event.at)
Index("ix_event_kind", Event.kind, Event.id)
Index(
    "ix_event_request",
    Event.request_id,
    sqlite_where=Event.request_id.is_not(None),
    postgresql_where=Event.request_id.is_not(None),
)


class ChainHead(Model):
    """One row: how many events are sealed, and the last seal. The last lock of a transaction."""

    __tablename__ = "chain_head"

    on_trail: ClassVar[Declared] = left_out("the trail itself: its chain shows what was changed")

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))


class Checkpoint(Model):
    """A signed note of where the chain stood; a copy kept outside the data proves the tail."""

    __tablename__ = "checkpoint"

    on_trail: ClassVar[Declared] = left_out("signed itself")

    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(unique=True)
    head: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[str] = mapped_column(String(64))


def start_chain(connection: Connection) -> None:
    """Insert the head of an empty chain; of two that come together one does, and the other waits."""
    begun = insert_into(ChainHead, connection.dialect.name).values(id=1, count=0, seal=GENESIS)
    connection.execute(begun.on_conflict_do_nothing())


@event.listens_for(ChainHead.__table__, "after_create")
def _begin(_table: Table, connection: Connection, **_options: Any) -> None:
    start_chain(connection)
