"""Seals events as their transaction commits: no gap in the numbers, each seal over the last.

Most events wait in the session until then and are written once. Where a flush or a savepoint wrote them before, or
many at once were written past the session, they are numbered and sealed where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    any_,
    bindparam,
    event,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session, object_session
from sqlalchemy.types import Text

from tracker import clock
from tracker.activity.models import EVENTS, ChainHead, Checkpoint, Event, start_chain
from tracker.activity.verify import SEALED, instant, seal_values, sign_checkpoint
from tracker.db import ONLY_READ, connection_of, db

CHECKPOINT_EVERY = 1000  # events

_key: list[bytes] = []


def use_key(key: bytes) -> None:
    """Seal with `key` from now on; `create_app` gives it, for pages, commands and jobs alike."""
    _key[:] = [key]


def key() -> bytes:
    """The key in use. Raises RuntimeError when none, or an empty one, was given."""
    if not _key or not _key[0]:
        raise RuntimeError("The trail has no key to seal with: call chain.use_key first.")
    return _key[0]


_PENDING = (
    select(
        Event.id,
        *(
            type_coerce(column, Text).label(column.name)
            if column.name in {"before", "after"}
            else column
            for column in (EVENTS.c[name] for name in SEALED)
        ),
    )
    .where(Event.number.is_(None))
    .order_by(Event.id)
)
_SEAL = (
    update(EVENTS)
    .where(EVENTS.c.id == bindparam("event"))
    .values(number=bindparam("number"), seal=bindparam("seal"))
)


_REFERS = tuple(column.name for column in EVENTS.c if column.foreign_keys)
_HEAD = select(ChainHead.count, ChainHead.seal).with_for_update()
_MOVE_ON = update(ChainHead)
_WRITE = insert(EVENTS)
_WRITTEN = "events written without a number"


@event.listens_for(Event, "after_insert")
def _note(_mapper: Any, _connection: Any, written: Event) -> None:
    session = object_session(written)
    if session is not None:
        wrote_unsealed(session)


def wrote_unsealed(session: Session) -> None:
    """Say that this transaction has written events without a number, which the commit has to look for."""
    session.info[_WRITTEN] = True


@event.listens_for(db.session, "before_commit")
def seal_pending(session: Session) -> None:
    """Number and seal what this transaction recorded. Runs at every commit; not in a savepoint.

    The head of the chain is the last row that is locked, so that two transactions never wait for
    each other in a circle; only the seals, a due checkpoint and the head are written after it.
    """
    if session.in_nested_transaction() or session.info.get(ONLY_READ):
        return
    waiting = [one for one in session.new if isinstance(one, Event)]
    for one in waiting:
        session.expunge(one)
    session.flush()
    connection = connection_of(session)
    pending: Sequence[Any] = ()
    if session.info.pop(_WRITTEN, False):
        pending = connection.execute(_PENDING).all()
    if not (pending or waiting):
        return
    count, seal = lock_head(session, waiting)
    start, secret, sealed = count, key(), []
    for row in pending:  # id, then as in SEALED: number (none yet), at, and the rest
        count += 1
        seal = seal_values(secret, seal, [count, instant(row[2]), *row[3:]])
        sealed.append({"event": row[0], "number": count, "seal": seal})
    if sealed:
        connection.execute(_SEAL, sealed)
    for one in waiting:
        count += 1
        columns = one.seal_as(count, seal, secret)
        made: Any = connection.execute(_WRITE, columns).inserted_primary_key
        one.id = made[0]
        seal = columns["seal"]
    advance(session, start, count, seal)


def advance(session: Session, start: int, count: int, seal: str) -> None:
    """Move the head from `start` to `count` sealed events, with a checkpoint where one is due."""
    connection = connection_of(session)
    if count // CHECKPOINT_EVERY > start // CHECKPOINT_EVERY:
        connection.execute(insert(Checkpoint), [_checkpoint(count, seal)])
    connection.execute(_MOVE_ON, {"count": count, "seal": seal})


@cache
def _head_after(names: tuple[str, ...]) -> Select[int, str]:
    """Return the statement that locks the head after the rows that events refer to in the columns of these `names`.

    PostgreSQL looks at those rows as it writes an event, and waits for whoever holds one; whoever holds one may wait for
    the head. So they are locked first, just enough that none of them goes. Their ids are the parameters.
    """
    return _HEAD.where(*(_locked(name) >= 0 for name in names))


def _locked(name: str) -> Any:
    """Return how many rows there are that this column of events refers to, once they are locked."""
    (refers,) = EVENTS.c[name].foreign_keys
    wanted = any_(bindparam(name, type_=ARRAY(Integer)))
    kept = select(refers.column).where(refers.column == wanted)
    locked = kept.with_for_update(read=True, key_share=True).cte(f"{name}_locked")
    return select(func.count()).select_from(locked).scalar_subquery()


def _referred(events: Iterable[Event]) -> dict[str, list[int]]:
    """Return the ids that these events refer to, in order, by the columns that hold any."""
    ids = {name: sorted({getattr(one, name) for one in events} - {None}) for name in _REFERS}
    return {name: found for name, found in ids.items() if found}


def lock_head(session: Session, waiting: Sequence[Event] = ()) -> tuple[int, str]:
    """Lock the head, after what the events that are `waiting` refer to, and return its count and seal.

    RuntimeError if only the head is gone.
    """
    connection = connection_of(session)
    alone = connection.dialect.name == "sqlite"  # one writer at a time waits for nobody
    refers = {} if alone else _referred(waiting)
    head = connection.execute(_head_after(tuple(refers)), refers).one_or_none()
    if head is None:
        begun = connection.scalar(select(func.max(Event.number))) is not None
        # Somebody may have begun the chain between the two questions, so the first is asked again.
        head = connection.execute(_HEAD).one_or_none()
        if head is None and begun:
            raise RuntimeError("The head of the audit chain is missing; run: tracker audit verify")
    if head is None:
        start_chain(connection)
        head = connection.execute(_HEAD).one()
    count, seal = head
    return count, seal


def _checkpoint(count: int, seal: str) -> dict[str, Any]:
    at = clock.now()
    return {**sign_checkpoint(key(), count, seal, at), "at": at}


def keep_checkpoint(session: Session) -> dict[str, Any] | None:
    """Store a checkpoint of the chain (hourly, and at a backup) and return it as a file holds it.

    None for an empty chain. Storing the same count twice keeps the first.
    """
    count, seal = lock_head(session)
    if not count:
        return None
    known = session.scalars(select(Checkpoint).where(Checkpoint.count == count)).one_or_none()
    if known is None:
        known = Checkpoint(**_checkpoint(count, seal))
        session.add(known)
    return sign_checkpoint(key(), known.count, known.head, known.at)
