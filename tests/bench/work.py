"""The work load: 2,000 initiatives, 20,000 milestones, 4,000 requests, 40,000 actions, 5,000 blockers, 4,320 readings and
200,000 events, or 10 or 100 times as many.

Written by Core SQL, row by row the same at every size, so that the board "Sixty" has the same 60 cards everywhere.
Units, people and partners do not grow: a company takes up more work, it does not become a hundred companies. Events
carry a number and the form of a seal but no valid one: the head of the chain continues after them, which is all that
writing needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.schema import CreateTable

from tests.bench import measures, milestones, obstacles, portfolio, scores, tasks
from tests.bench.company import MEMBERS, company
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS, ChainHead, start_chain
from tracker.blockers import counting
from tracker.blockers.holders import Calendars
from tracker.blockers.models import Blocker
from tracker.db import Model, db, writing
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.kpis.restanding import restand
from tracker.organisation.settings import Organisation

INITIATIVES, BLOCKERS, EVENTS_EACH = 2000, 5000, 100  # at 1x; 100 events for each initiative
CHUNK = 4000
TOLD = (
    (Kind.stage_opened, {"stage": "piloting"}),
    (Kind.member_joined, {"person_id": MEMBERS[0]}),
    (Kind.initiative_unit_joined, {"unit_id": 2}),
)


def build(scale: int, today: date) -> None:
    """Fill the present, empty database with `scale` times the work load, as it stands on `today`.

    Needs an application context. Same arguments, same rows.
    """
    clock = datetime(today.year, today.month, today.day, 6, tzinfo=UTC)
    with writing() as session:
        company(session, clock)
        connection = session.connection()
        for model, rows in portfolio.rows(INITIATIVES * scale, clock):
            _fill(connection, model.__table__, rows)
        for model, rows in measures.rows(INITIATIVES * scale, scale, clock):
            _fill(connection, model.__table__, rows)
        for kpi in session.scalars(select(Kpi)).all():
            restand([kpi])
        for model, rows in obstacles.rows(BLOCKERS * scale, clock):
            _fill(connection, model.__table__, rows)
        for model, rows in milestones.rows(INITIATIVES * milestones.EACH * scale, clock):
            _fill(connection, model.__table__, rows)
        for model, rows in milestones.requests(INITIATIVES * scale, clock):
            _fill(connection, model.__table__, rows)
        for model, rows in tasks.rows(INITIATIVES * tasks.EACH * scale, clock):
            _fill(connection, model.__table__, rows)
        for model, rows in scores.rows(INITIATIVES * tasks.EACH * scale, clock):
            _fill(connection, model.__table__, rows)
        organisation = Organisation.__table__
        connection.execute(update(organisation).values(next_number=INITIATIVES * scale + 1))
        session.expire_all()
        counting.recount_pairs(Calendars(everyone=True))
        connection.execute(update(Initiative).values(open_blockers=_still_open()))
    with writing() as session:
        _events(session.connection(), scale, clock)
        _continue_ids(session.connection())
    if db.engine.dialect.name == "postgresql":  # which does it by itself; nothing does on SQLite
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")  # it takes as long as it takes
            connection.exec_driver_sql("ANALYZE")
            connection.invalidate()  # the pool gets no connection without patience


def _fill(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    every = iter(rows)
    while chunk := list(islice(every, CHUNK)):
        connection.execute(insert(table), chunk)


def _still_open() -> Any:
    return (
        select(func.count())
        .where(Blocker.initiative_id == Initiative.id, Blocker.open_since.is_not(None))
        .scalar_subquery()
    )


def _events(connection: Connection, scale: int, clock: datetime) -> None:
    """Write the trail: some rows one by one, the rest copied from them in the order of their ids; its indexes are made afterwards."""
    indexes = list(EVENTS.indexes)
    for index in indexes:
        index.drop(connection)
    count = INITIATIVES * EVENTS_EACH
    pattern = EVENTS.to_metadata(MetaData(), name="pattern")
    pattern.indexes.clear()
    pattern.primary_key.name = "pk_pattern"  # PostgreSQL has one name for one index
    connection.execute(CreateTable(pattern, include_foreign_key_constraints=[]))
    copies = Table("copies", MetaData(), Column("n", Integer, primary_key=True))
    copies.create(connection)
    connection.execute(insert(copies), [{"n": n} for n in range(scale)])
    _fill(connection, pattern, _base_events(count, scale, clock))
    moved = {"id": 1, "number": 1, "subject_id": INITIATIVES, "initiative_id": INITIATIVES}
    values = ", ".join(
        f"pattern.{c.name} + copies.n * {moved[c.name]}" if c.name in moved else f"pattern.{c.name}"
        for c in EVENTS.columns
    )
    names = ", ".join(c.name for c in EVENTS.columns)
    connection.execute(  # SQLite keeps to the order of a CROSS JOIN, so rows are appended and not put between others
        text(f"INSERT INTO event ({names}) SELECT {values} FROM pattern CROSS JOIN copies")
    )
    for table in (pattern, copies):
        table.drop(connection)
    for index in indexes:
        index.create(connection)
    start_chain(connection)
    head = select(EVENTS.c.seal).where(EVENTS.c.number == count * scale).scalar_subquery()
    connection.execute(update(ChainHead).values(count=count * scale, seal=head))


def _base_events(count: int, scale: int, clock: datetime) -> Iterator[dict[str, Any]]:
    """Every `scale`-th event; the copies fill the numbers between, so that ids go on in the order of time."""
    step = timedelta(days=700) / count
    for n in range(count):
        initiative, number = n % INITIATIVES + 1, n * scale + 1
        kind, after = TOLD[n % len(TOLD)]
        yield {
            "id": number, "number": number, "at": clock - timedelta(days=700) + step * n, "actor_id": MEMBERS[n % len(MEMBERS)],
            "kind": kind.value, "subject_type": "initiative", "subject_id": initiative, "initiative_id": initiative,
            "after": after, "seal": f"{number:064x}",
        }  # fmt: skip


def _continue_ids(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were written with their ids."""
    if connection.dialect.name != "postgresql":
        return
    for table in Model.metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, Integer) and _numbered(table):
            of = f"pg_get_serial_sequence('{table.name}', 'id')"
            most = f"(SELECT coalesce(max(id), 1) FROM {table.name})"
            connection.execute(text(f"SELECT setval({of}, {most}) WHERE {of} IS NOT NULL"))


def _numbered(table: Table) -> bool:
    return table.autoincrement_column is not None
