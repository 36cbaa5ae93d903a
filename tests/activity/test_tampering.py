"""Every kind of tampering, tried at random many times: each is found, and the row that was touched is named.

Each trial happens in a transaction that is taken back, as somebody with the password of the database would act: no
trigger, no foreign key, no application.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import (
    Connection,
    Enum,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.exc import DBAPIError

from tests.activity.honest import Company
from tests.promises import full
from tracker.activity import chain
from tracker.activity.comparing import compare
from tracker.activity.declaring import declared_models, key_of
from tracker.activity.models import EVENTS, Canonical, ChainHead, Checkpoint
from tracker.activity.stocktaking import take_stock
from tracker.activity.verify import (
    COLUMNS,
    GENESIS,
    SEALED,
    Report,
    instant,
    seal_of,
    sign_checkpoint,
    verify_rows,
)
from tracker.db import db

TEXTS = {"before", "after", "private"}
HONEST = full(40, 120)  # events that are tampered with
TRIALS = full(8, 500)


@pytest.fixture
def worked(crew: Any, clock: Any) -> SimpleNamespace:
    """A company that worked honestly for a while, and the checkpoints somebody kept outside, one for every count."""
    take_stock(clock())
    Company(seed=3).work(HONEST)
    with db.engine.connect() as connection:
        rows = stored(connection)
    assert check(rows, None).whole
    points = {
        row["number"]: sign_checkpoint(chain.key(), row["number"], row["seal"], row["at"])
        for row in rows
    }
    db.session.remove()
    return SimpleNamespace(count=len(rows), points=points, rows=rows)


def stored(connection: Connection) -> list[dict[str, Any]]:
    columns = [
        type_coerce(EVENTS.c[name], Text).label(name) if name in TEXTS else EVENTS.c[name]
        for name in COLUMNS
    ]
    query = select(*columns).order_by(EVENTS.c.number.is_(None), EVENTS.c.number)
    return [{**row, "at": instant(row["at"])} for row in connection.execute(query).mappings()]


def check(rows: list[dict[str, Any]], head: Any, checkpoint: Any = None) -> Report:
    return verify_rows(rows, chain.key(), checkpoint, head=head)


@contextmanager
def at_the_database() -> Iterator[Connection]:
    """Somebody with all rights on the database; whatever they do is taken back."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        try:
            yield connection
        finally:
            connection.rollback()
            if db.engine.dialect.name == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")


def put(connection: Connection, which: int, **values: Any) -> None:
    connection.execute(update(EVENTS).where(EVENTS.c.number == which).values(values))


def move(connection: Connection, beginning: int, by: int) -> None:
    """Give the rows from `beginning` on other numbers, without meeting the unique ones on the way."""
    connection.execute(
        update(EVENTS).where(EVENTS.c.number >= beginning).values(number=EVENTS.c.number + 10**6)
    )
    connection.execute(
        update(EVENTS).where(EVENTS.c.number > 10**6).values(number=EVENTS.c.number - 10**6 + by)
    )


def other(value: Any, draw: random.Random) -> Any:
    """Another value of the same kind."""
    if isinstance(value, datetime):
        return value + timedelta(seconds=draw.randrange(1, 10**6))
    if isinstance(value, int):
        return value + draw.randrange(1, 50)
    if isinstance(value, dict):
        return {**value, "role": f"x{draw.randrange(10**6)}"}
    text = value or "x"
    return text[:-1] + draw.choice([letter for letter in "abcdef0123" if letter != text[-1]])


# The seven kinds: each does it to the stored trail, and says which row is the first that is not as it was.


def edited(connection: Connection, worked: Any, draw: random.Random) -> int:
    number = draw.randrange(1, worked.count + 1)
    name = draw.choice(
        [name for name in SEALED[1:] if name not in {"actor_id", "on_behalf_of_id"}]
        + ["seal", "actor_id"]
    )
    value = connection.execute(select(EVENTS.c[name]).where(EVENTS.c.number == number)).scalar_one()
    if value is None:
        value = (
            {}
            if name in {"before", "after"}
            else 0
            if name.endswith("_id") and name != "request_id"
            else ""
        )
    put(connection, number, **{name: other(value, draw)})
    return number


def deleted(connection: Connection, worked: Any, draw: random.Random) -> int:
    number, how_many = draw.randrange(1, worked.count + 1), draw.choice((1, 1, 2, 5))
    gone = EVENTS.c.number.between(number, number + how_many - 1)
    connection.execute(delete(EVENTS).where(gone))
    if draw.random() < 0.5:
        move(connection, number, -how_many)
    return number


def swapped(connection: Connection, worked: Any, draw: random.Random) -> int:
    first, second = sorted(draw.sample(range(1, worked.count + 1), 2))
    if draw.random() < 0.5:
        for was, now in ((first, -1), (second, first), (-1, second)):
            put(connection, was, number=now)
        return first
    names = [name for name in COLUMNS if name not in {"id", "number", "seal"}]
    rows = {
        row.number: row._asdict()
        for row in connection.execute(select(EVENTS).where(EVENTS.c.number.in_((first, second))))
    }
    for place, content in ((first, second), (second, first)):
        put(connection, place, **{name: rows[content][name] for name in names})
    return first


def put_in(connection: Connection, worked: Any, draw: random.Random) -> int | None:
    like = connection.execute(
        select(EVENTS).where(EVENTS.c.number == draw.randrange(1, worked.count + 1))
    ).one()
    row = {**like._asdict(), "id": 10**6, "subject_id": like.subject_id + 1}
    number = draw.choice((None, draw.randrange(1, worked.count + 1), worked.count + 1))
    if number is not None and number <= worked.count:
        move(connection, number, 1)
    connection.execute(insert(EVENTS).values({**row, "number": number}))
    return number


def recomputed(connection: Connection, worked: Any, draw: random.Random) -> int:
    """Something is edited, and from there on everything is sealed again with a key of one's own."""
    number, key = draw.randrange(1, worked.count + 1), draw.randbytes(20)
    put(connection, number, subject_id=draw.randrange(1000, 2000))
    seal = worked.rows[number - 2]["seal"] if number > 1 else GENESIS
    seals = []
    for row in stored(connection)[number - 1 :]:
        seal = seal_of(key, seal, row)
        seals.append({"which": row["number"], "new": seal})
    connection.execute(
        update(EVENTS).where(EVENTS.c.number == bindparam("which")).values(seal=bindparam("new")),
        seals,
    )
    connection.execute(update(ChainHead).values(seal=seal))
    return number


def cut(connection: Connection, worked: Any, draw: random.Random) -> int:
    """The tail is cut, or an old backup put back: the stored head and checkpoints fit it."""
    left = draw.randrange(0, worked.count - 1)
    connection.execute(delete(EVENTS).where(EVENTS.c.number > left))
    connection.execute(delete(Checkpoint))
    seal = worked.rows[left - 1]["seal"] if left else GENESIS
    connection.execute(update(ChainHead).values(count=left, seal=seal))
    worked.kept = worked.points[draw.randrange(left + 1, worked.count + 1)]
    return left + 1


def reworded(connection: Connection, worked: Any, draw: random.Random) -> int:
    spoken = [row["number"] for row in worked.rows if row["private"] is not None]
    number = draw.choice(spoken)
    kind = draw.choice(("words", "salt"))
    if kind == "words":
        words = json.loads(worked.rows[number - 1]["private"])
        put(
            connection,
            number,
            private={**words, "words": f"I never said that {draw.randrange(10**6)}"},
        )
    else:
        put(connection, number, salt=draw.randbytes(16).hex())
    return number


KINDS = (edited, deleted, swapped, put_in, recomputed, cut, reworded)


@pytest.mark.both
def test_tampering_with_the_trail_is_found_and_the_row_named(worked, promise, database_kind):
    """Canaries: `_Walk.fits` answering True let edited, swapped, put in and recomputed rows pass; the missing rows not
    told, the deleted ones; the checkpoint not handed over, the cut tail; the words not looked at, the edited ones."""
    for kind in KINDS:
        draw = random.Random(f"{kind.__name__} {database_kind}")
        for _trial in range(TRIALS):
            worked.kept = None
            with at_the_database() as connection:
                number = kind(connection, worked, draw)
                head = connection.execute(select(ChainHead.count, ChainHead.seal)).one()
                report = check(stored(connection), tuple(head), worked.kept)
            first = report.ordered()[0][0] if report.faults else "nothing"
            assert first == number, (kind.__name__, number, list(report.lines()))
        promise(
            f"the trail, {kind.__name__}: the row is named",
            tried=TRIALS,
            database=database_kind,
            found=TRIALS,
        )
    with db.engine.connect() as connection:
        assert check(stored(connection), None).whole  # all of it was taken back


# The tables


def another(column: Any, value: Any, draw: random.Random) -> Any:
    """Another value that the column takes."""
    kind = column.type
    if isinstance(kind, Enum):
        return draw.choice([one for one in kind.enum_class if one != value])
    if isinstance(value, bool):
        return not value
    if isinstance(value, StrEnum | str):
        return f"{value[:-1]}{draw.choice('abcdefg')}!"
    if isinstance(value, datetime | date):
        return value + timedelta(days=draw.randrange(1, 99))
    if isinstance(value, Decimal):
        return value + draw.randrange(1, 9)
    if isinstance(value, int | float):
        return value + draw.randrange(1, 99)
    if isinstance(kind, Canonical):
        return [["2030-01-01", draw.randrange(1, 10**6)]]
    if kind.python_type is bool:
        return True
    return {int: 7, float: 7.5, str: "!", date: date(2030, 1, 1), Decimal: Decimal(3)}.get(
        kind.python_type, datetime.now().astimezone()
    )


def state_changed(connection: Connection, model: Any, row: Any, draw: random.Random) -> str:
    names = sorted(model.on_trail.fields - set(model.on_trail.key))
    if not names:
        return state_lost(connection, model, row, draw)
    table, name = model.__table__, draw.choice(names)
    primary = next(iter(table.primary_key))
    value = another(table.c[name], row[name], draw)
    connection.execute(update(table).where(primary == row[primary.name]).values({name: value}))
    return name


def state_lost(connection: Connection, model: Any, row: Any, _draw: random.Random) -> str:
    primary = next(iter(model.__table__.primary_key))
    connection.execute(delete(model.__table__).where(primary == row[primary.name]))
    return "lost it"


def state_put_in(connection: Connection, model: Any, row: Any, draw: random.Random) -> str:
    table = model.__table__
    new = {name: value for name, value in row.items() if name != "id"} | {"id": 10**6}
    for column in table.c:
        alone = column.unique or any(column.name in c.columns for c in table.indexes if c.unique)
        if column.name != "id" and (alone or column.name in model.on_trail.key):
            new[column.name] = another(column, row[column.name], draw)
    connection.execute(insert(table).values(new))
    row.update(new)
    return "put in past the application"


ACTS: tuple[Callable[..., str], ...] = (
    state_changed,
    state_changed,
    state_changed,
    state_lost,
    state_put_in,
)


@pytest.mark.both
def test_a_change_by_sql_is_found_and_row_and_field_are_named(worked, promise, database_kind):
    """Canary: `_field` answering that everything fits; `rest` never asked for; `stock_taken` staying False."""
    draw, found, refused = random.Random(f"state {database_kind}"), 0, 0
    tables = {}
    with db.engine.connect() as connection:
        for name, model in declared_models().items():
            rows = [dict(row) for row in connection.execute(select(model.__table__)).mappings()]
            if rows:
                tables[name] = model, rows
    assert {"initiative", "person", "unit", "organisation"} <= tables.keys()
    while found < TRIALS:
        model, rows = tables[draw.choice(sorted(tables))]
        row, act = dict(draw.choice(rows)), draw.choice(ACTS)
        with at_the_database() as connection:
            try:
                why = act(connection, model, row, draw)
            except DBAPIError:  # a constraint says no: that is no tampering
                refused += 1
                assert refused < 40 * TRIALS
                continue
            report = compare(connection)
        lines = [str(one) for one in report.differences]
        assert report.found == 1, (model.__name__, row, why, lines)
        told = report.differences[0]
        assert (told.table, told.key) == (model.__tablename__, key_of(model.on_trail, row)), lines
        assert told.column == why or told.why.endswith(why), lines
        found += 1
    with db.engine.connect() as connection:
        assert compare(connection).whole
    promise(
        "the tables, changed by SQL: row and field are named",
        tried=TRIALS,
        database=database_kind,
        found=found,
    )
