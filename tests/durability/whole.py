"""Whether everything in a database is whole: no change without its event, no event without its change, every count right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, inspect, select, text

from tracker.activity import verify
from tracker.activity.chain import key
from tracker.activity.models import EVENTS
from tracker.approvals.models import Approval
from tracker.approvals.states import State
from tracker.blockers import silos
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.silos import SiloPair
from tracker.db import db
from tracker.initiatives.holds import Hold
from tracker.initiatives.models import Initiative
from tracker.initiatives.spells import StageSpell
from tracker.organisation.submissions import Submission

BEGINNINGS = {"initiative": ("initiative.created", "initiative.imported"), "blocker": ("blocker.raised",)}  # fmt: skip
KEPT = ("open_count", "open_starts", "oldest_on", "over_count", "over_days")


def faults() -> list[str]:
    """Return in words whatever is not whole; nothing for a good database. Needs an application context."""
    found = [*_chain(), *_engine()]
    events = [dict(row) for row in db.session.execute(select(EVENTS).order_by(EVENTS.c.id)).mappings()]  # fmt: skip
    found += [
        *_beginnings(events),
        *_last_words(events),
        *_decisions(events),
        *_kept(events),
        *_matrix(),
    ]
    unanswered = select(func.count()).select_from(Submission).where(Submission.location == "")
    if count := db.session.scalar(unanswered):
        found.append(f"{count} submits are kept without their answer")
    return found


def chain() -> verify.Report:
    """Compute the chain of the present database again, held against its head and its checkpoints."""
    with db.engine.connect() as connection:
        head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
        points = connection.execute(text("SELECT count, head, at, signature FROM checkpoint"))
        rows = connection.execute(text("SELECT * FROM event ORDER BY number IS NULL, number"))
        return verify.verify_rows(
            map(dict, rows.mappings()),
            key(),
            head=tuple(head) if head else (0, verify.GENESIS),
            checkpoints=[dict(point) for point in points.mappings()],
        )


def _chain() -> Iterator[str]:
    report = chain()
    if not report.whole:
        yield from report.lines()


def _engine() -> Iterator[str]:
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            if (said := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
                yield f"SQLite says: {said}"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
                yield f"row {row[1]} of {row[0]} points nowhere"


def _beginnings(events: list[dict[str, Any]]) -> Iterator[str]:
    """Every initiative and blocker began once on the trail, and whatever began is there."""
    for model in (Initiative, Blocker):
        name = model.subject_type
        begun = Counter(
            event["subject_id"] for event in events
            if event["subject_type"] == name and event["kind"] in BEGINNINGS[name] and not event["before"]
        )  # fmt: skip
        there = set(db.session.scalars(select(model.id)))
        for one in sorted(there - begun.keys()):
            yield f"{name} {one} is there without an event of its beginning"
        for one in sorted(begun.keys() - there):
            yield f"the trail tells of {name} {one}, which is not there"
        for one, times in begun.items():
            if times > 1:
                yield f"{name} {one} began {times} times"


def _last_words(events: list[dict[str, Any]]) -> Iterator[str]:
    """What the trail said last of a field is what stands in its row."""
    said: dict[tuple[str, int, str], Any] = {}
    for event in events:
        if event["kind"] in ("sponsor.proposed", "stage.asked"):
            continue  # these tell what somebody wants
        told = (event["after"] or {}) | ((event["private"] or {}).get("now") or {})
        for name in ("state", "promised_on", "on_hold", "stage", "theme", "title"):
            if name in told and not (event["subject_type"] == "blocker" and name == "title"):
                said[event["subject_type"], event["subject_id"], name] = told[name]
    rows = {("initiative", one.id): one for one in db.session.scalars(select(Initiative))}
    rows |= {("blocker", one.id): one for one in db.session.scalars(select(Blocker))}
    for (kind, id_, name), last in said.items():
        one = rows.get((kind, id_))
        if one is None or (kind == "initiative" and name in ("state", "promised_on")):
            continue
        there = one.held_at is not None if name == "on_hold" else getattr(one, name)
        if str(there) != str(last):
            yield f"{kind} {id_} has {name} {there!s}, the trail says {last!s}"


def _decisions(events: list[dict[str, Any]]) -> Iterator[str]:
    """Each request is decided once, in its row and on the trail, and each that was approved opened a stage in the same breath."""
    decided = [event for event in events if event["kind"] == "approval.decided"]
    approved = Counter(
        event["request_id"] for event in decided if event["after"]["decision"] == "approved"
    )
    opened = Counter(event["request_id"] for event in events if event["kind"] == "stage.opened")
    if approved != opened:
        yield f"{approved.total()} requests are approved, {opened.total()} stages are open by them"
    told = Counter(event["subject_id"] for event in decided)
    there = Counter(db.session.scalars(select(Approval.id).where(Approval.state == State.decided)))
    if told != there:
        yield f"the trail tells of {told.total()} decisions, {there.total()} stand"


def _kept(events: list[dict[str, Any]]) -> Iterator[str]:
    """Open blockers, holds and stays in a stage, against the rows that they are counted from."""
    waits = select(Blocker.initiative_id).where(Blocker.open_since.is_not(None))
    counted = Counter(db.session.scalars(waits))
    held = Counter(e["subject_id"] for e in events if e["kind"] == "stage.held")
    holds = list(db.session.scalars(select(Hold)))
    stays = list(db.session.scalars(select(StageSpell).where(StageSpell.left_at.is_(None))))
    for one in db.session.scalars(select(Initiative)):
        if one.open_blockers != counted[one.id]:
            yield f"initiative {one.id} counts {one.open_blockers} open blockers, {counted[one.id]} are there"  # fmt: skip
        own = [hold for hold in holds if hold.initiative_id == one.id]
        if len(own) != held[one.id] or sum(h.ended_at is None for h in own) != bool(one.held_at):
            yield f"initiative {one.id} was held {held[one.id]} times, {len(own)} holds are there"
        at = [stay.stage for stay in stays if stay.initiative_id == one.id]
        if at != ([] if one.stage == "idea" and not at else [one.stage]):
            yield f"initiative {one.id} is in {one.stage}, its stays that go on: {at}"
    turns = Counter(db.session.scalars(select(BlockerHolding.blocker_id).where(BlockerHolding.ends.is_(None))))  # fmt: skip
    for blocker in db.session.scalars(select(Blocker)):
        if turns[blocker.id] != (blocker.open_since is not None):
            yield f"blocker {blocker.id} ({blocker.state}) has {turns[blocker.id]} turns that go on"


def _matrix() -> Iterator[str]:
    calendars = Calendars(everyone=True)
    rows = {(row.holder_key, row.blocked_key): row for row in db.session.scalars(select(SiloPair))}  # fmt: skip
    there = {tuple(pair) for pair in db.session.execute(select(BlockerHolding.holder_key, BlockerHolding.blocked_key))}  # fmt: skip
    for pair in sorted(there - rows.keys()):
        yield f"the pair {pair} is missing in the matrix"
    for pair, turns in silos.turns_of(rows).items() if rows else ():
        holder = Holder.from_key(pair[0]) or Holder()
        right = silos.count(pair, turns, calendars.of_holder(holder))
        for name in KEPT:
            if getattr(rows[pair], name) != getattr(right, name):
                yield f"the pair {pair} keeps {name} {getattr(rows[pair], name)}, it is {getattr(right, name)}"  # fmt: skip


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the present database, in an order of their own, without asking the models."""
    with db.engine.connect() as connection:
        found = {}
        for table in sorted(inspect(connection).get_table_names()):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
            found[table] = sorted((tuple(sorted(row.items())) for row in rows), key=repr)
        return found
