"""Gathers what a transaction makes of declared columns, so that its events can hold it.

The session tells of every row it writes. What a statement writes past the session is told by
`note`. All of it goes to the next event that is recorded, and what comes after the last one joins
that one as the transaction ends: {table: {key: {column: value}}}, None for a row that is gone.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement

from tracker.activity.declaring import BORN, declared_models, has_words, key_of, written
from tracker.activity.models import EVENTS, TABLES, Event
from tracker.db import ONLY_READ, db

log = logging.getLogger(__name__)

Rows = dict[str, dict[str, Any]]


def note(session: Session, model: Any, row: Mapping[str, Any], *, born: bool = False) -> None:
    """Say that a statement wrote `row`: its key, and the columns that changed, or all if it was `born`."""
    _keep(session, model, key_of(model.on_trail, row), row, born=born)


def note_gone(session: Session, model: Any, row: Mapping[str, Any]) -> None:
    """Say that a statement deleted the row with the key in `row`."""
    _of(session, model)[key_of(model.on_trail, row)] = None


def born(model: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """All declared fields of a new row; a column that it does not name has its plain default."""
    columns = model.__table__.columns
    given = {}
    for name in model.on_trail.fields:
        default = columns[name].default
        given[name] = row[name] if name in row else getattr(default, "arg", None)
    return {BORN: 1, **given}


def birth(model: Any, row: Mapping[str, Any]) -> Rows:
    """What an event holds of a new row that a statement writes past the session."""
    return {model.__tablename__: {key_of(model.on_trail, row): born(model, row)}}


def change(model: Any, row: Mapping[str, Any]) -> Rows:
    """What an event holds of a changed one; `row` has its key and the columns that changed."""
    fields = {name: value for name, value in row.items() if name in model.on_trail.fields}
    return {model.__tablename__: {key_of(model.on_trail, row): fields}} if fields else {}


def taken(session: Session) -> Rows | None:
    """Take what was gathered so far."""
    return session.info.pop(TABLES, None)


def add_rows(rows: Rows, more: Rows) -> Rows:
    """Add what came later, `more`, to `rows` and return them."""
    for table, keys in more.items():
        mine = rows.setdefault(table, {})
        for key, fields in keys.items():
            known = mine.get(key)
            mine[key] = fields if fields is None or known is None else {**known, **fields}
    return rows


def need_salt(rows: Rows) -> bool:
    """Whether there are words among them."""
    models = declared_models()
    return any(
        has_words(models[table], fields) for table, keys in rows.items() for fields in keys.values()
    )


def told(rows: Rows, salt: str | None) -> Rows:
    """The same as an event holds it."""
    models = declared_models()
    return {
        table: {key: written(models[table], key, fields, salt) for key, fields in keys.items()}
        for table, keys in rows.items()
    }


@event.listens_for(db.session, "after_flush")
def _gather(session: Session, _context: Any) -> None:
    for row in session.new:
        model: Any = type(row)
        if _declares(model):
            own = inspect(row).dict
            _keep(session, model, key_of(model.on_trail, own), born(model, own), born=True)
    for row in session.dirty:
        model = type(row)
        if not _declares(model):
            continue
        state = inspect(row)
        changed = {
            name: state.dict.get(name)
            for name, was in state.committed_state.items()
            if name in model.on_trail.fields and was != state.dict.get(name)
        }
        if changed:
            _keep(session, model, key_of(model.on_trail, state.dict), changed)
    for row in session.deleted:
        if _declares(type(row)):
            note_gone(session, type(row), inspect(row).dict)


@event.listens_for(db.session, "before_commit", insert=True)
def settle(session: Session) -> None:
    """Give what was gathered after the last event to that event, before the chain seals it."""
    if session.in_nested_transaction() or session.info.get(ONLY_READ):
        return
    waiting = write_rows(session)
    rows = taken(session)
    if not rows:
        return
    if waiting:
        last = {"after": waiting[-1].after, "salt": waiting[-1].salt}
        join(last, rows)
        waiting[-1].after, waiting[-1].salt = last["after"], last["salt"]
        return
    last = select(EVENTS.c.id, EVENTS.c.after, EVENTS.c.salt).where(EVENTS.c.number.is_(None))
    found = session.connection().execute(last.order_by(EVENTS.c.id.desc()).limit(1)).one_or_none()
    if found is None:
        log.warning("rows were changed without an event: %s", {t: list(k) for t, k in rows.items()})
        return
    row = {"after": found.after, "salt": found.salt}
    join(row, rows)
    session.connection().execute(update(EVENTS).where(EVENTS.c.id == found.id).values(row))


def write_rows(session: Session) -> list[Event]:
    """Write what changed but the events that wait for it, so that all of it is gathered; return those in their order."""
    waiting = [one for one in session.new if isinstance(one, Event)]
    if len(waiting) == len(session.new) and not session.dirty and not session.deleted:
        return waiting
    for one in waiting:
        session.expunge(one)
    session.flush()
    session.add_all(waiting)
    return waiting


def join(row: dict[str, Any], rows: Rows) -> None:
    """Add what was gathered to a row of the event table that is not sealed yet."""
    if row["salt"] is None and need_salt(rows):
        row["salt"] = secrets.token_hex(16)
    after = dict(row["after"] or {})
    row["after"] = after | {TABLES: add_rows(after.get(TABLES, {}), told(rows, row["salt"]))}


@event.listens_for(db.session, "after_transaction_create")
def _remember(session: Session, transaction: Any) -> None:
    if transaction.nested:
        rows = session.info.get(TABLES, {})
        kept = {table: dict(keys) for table, keys in rows.items()}
        session.info.setdefault(_NESTED, {})[transaction] = kept


@event.listens_for(db.session, "after_soft_rollback")
def _go_back(session: Session, transaction: Any) -> None:
    kept = session.info.get(_NESTED, {}).get(transaction)  # it has ended already
    if kept is not None:
        session.info[TABLES] = kept


@event.listens_for(db.session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(TABLES, None)
        session.info.pop(_NESTED, None)


_NESTED = "tables before savepoints"


def _declares(model: Any) -> bool:
    return model.__tablename__ in declared_models()


def _of(session: Session, model: Any) -> dict[str, Any]:
    return session.info.setdefault(TABLES, {}).setdefault(model.__tablename__, {})


def _keep(
    session: Session, model: Any, key: str, row: Mapping[str, Any], *, born: bool = False
) -> None:
    fields = {name: value for name, value in row.items() if name in model.on_trail.fields}
    if any(isinstance(value, ClauseElement) for value in fields.values()):
        raise RuntimeError(f"{model.__tablename__} {key}: give a value, not an expression.")
    if born:
        fields[BORN] = 1
    rows = _of(session, model)
    known = rows.get(key)
    rows[key] = fields if known is None else {**known, **fields}
