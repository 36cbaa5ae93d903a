"""Scorecards are counted as things happen: read off each event, and added up just before its transaction commits.

The sums are locked in ascending order, after everything that verbs lock and before the head of the trail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, event, insert, select, tuple_, update
from sqlalchemy.orm import Session, SessionTransaction

from tracker.actions.models import Action
from tracker.actions.reviews import Review
from tracker.activity.gathering import write_rows
from tracker.activity.kinds import Kind
from tracker.activity.models import TABLES, Event
from tracker.activity.recording import watchers
from tracker.db import db
from tracker.dialects import insert_into
from tracker.partners import turns
from tracker.partners.facts import (
    ACKNOWLEDGING,
    ANSWERING,
    DATING,
    UNDONE,
    WATCHED,
    Days,
    Fact,
    acknowledged,
    answered,
    dated,
)
from tracker.partners.scores import BLANK, Measure, PartnerScore, ScoreRow, counted

SCORED = "scored"  # where a session keeps what counts: (event, the row; or a blocker whose turns changed; or `Undone`)
ROWS, SCORES = cast(Table, ScoreRow.__table__), cast(Table, PartnerScore.__table__)
AT_ONCE = 500  # ids
Key = tuple[int, int]  # partner, number of the quarter


@dataclass(frozen=True)
class Undone:
    """An action whose acceptance was taken back."""

    action_id: int


def watch() -> None:
    """Read what counts off the events as they are recorded; doing it twice changes nothing."""
    for kind in WATCHED:
        watchers[kind] = _of_action
    for kind in turns.WATCHED:
        watchers[kind] = _of_blocker


def _of_action(action: Any, recorded: Event) -> None:
    kind, session = Kind(recorded.kind), db.session()
    fact: Fact | Undone | None = Undone(action.id) if kind is UNDONE else None
    if kind in DATING and action.partner_id is not None:
        fact = dated(kind, action, recorded.at, Days())
    elif kind in ACKNOWLEDGING and action.partner_id is not None:
        if acknowledges(recorded.after, action.id):
            fact = acknowledged(action, recorded.at, Days())
    elif kind in ANSWERING and action.partner_id is not None:
        fact = _answered(kind, action, recorded)
    if fact is not None:
        session.info.setdefault(SCORED, []).append((recorded, fact))


def acknowledges(after: Mapping[str, Any] | None, action_id: int) -> bool:
    """Tell whether the event with this `after` is the one that acknowledged the action."""
    changed = (after or {}).get(TABLES, {}).get("action", {}).get(str(action_id)) or {}
    return bool(changed.get("acknowledged_at"))


def _answered(kind: Kind, action: Any, recorded: Event) -> Fact | None:
    mine = select(Review).where(Review.action_id == action.id, Review.answered_at.is_not(None))
    review = db.session.scalars(mine.order_by(Review.id.desc()).limit(1)).one()
    earlier = select(Review.id).where(
        Review.action_id == action.id,
        Review.partner_id == review.partner_id,
        Review.id < review.id,
    )
    first = db.session.scalar(earlier.limit(1)) is None
    return answered(ANSWERING[kind], action, review, recorded.at, Days(), first_time=first)


def _of_blocker(blocker: Any, recorded: Event) -> None:
    db.session().info.setdefault(SCORED, []).append((recorded, blocker.id))


@event.listens_for(db.session, "before_commit", insert=True)
def keep(session: Session) -> None:
    """Keep what this transaction made of scorecards; not in a savepoint."""
    if SCORED not in session.info or session.in_nested_transaction():
        return
    happened = [told for recorded, told in session.info.pop(SCORED) if recorded in session]
    write_rows(session)
    gone, came = turns.moved({told for told in happened if isinstance(told, int)})
    gone += _accepted([told.action_id for told in happened if isinstance(told, Undone)])
    add(session, [*(told for told in happened if isinstance(told, Fact)), *came], gone)


def _accepted(action_ids: Sequence[int]) -> list[Any]:
    """Return the rows by which these actions counted as accepted."""
    if not action_ids:
        return []
    query = select(ROWS).where(ROWS.c.action_id.in_(action_ids), ROWS.c.measure == Measure.accepted)
    return list(db.session().connection().execute(query))


def follow_file(ids: Sequence[int], now: datetime) -> None:
    """Count the due dates of actions that a file set, by statements that no event tells of one by one; inside a write."""
    days, theirs = (
        Days(),
        select(Action.id, Action.partner_id).where(Action.partner_id.is_not(None)),
    )
    for first in range(0, len(ids), AT_ONCE):
        some = theirs.where(Action.id.in_(ids[first : first + AT_ONCE])).order_by(Action.id)
        rows = db.session.execute(some).all()
        facts = [dated(Kind.action_rescheduled, row, now, days) for row in rows]
        add(db.session(), [fact for fact in facts if fact is not None])


def follow_turns(blocker_ids: Sequence[int]) -> None:
    """Count the turns of blockers that a file brought or changed; inside a write."""
    for first in range(0, len(blocker_ids), AT_ONCE):
        gone, came = turns.moved(blocker_ids[first : first + AT_ONCE])
        add(db.session(), came, gone)


def add(session: Session, facts: Sequence[Fact], gone: Sequence[Any] = ()) -> None:
    """Write rows, take out those that are `gone`, and keep the sums right; inside a write."""
    shifts: dict[Key, list[tuple[Any, int]]] = defaultdict(list)
    for one, sign in [*((fact, 1) for fact in facts), *((row, -1) for row in gone)]:
        shifts[one.partner_id, one.quarter].append((one, sign))
    if not shifts:
        return
    connection, kept = session.connection(), lock(session, shifts)
    if gone:
        connection.execute(delete(ROWS).where(ROWS.c.id.in_([row.id for row in gone])))
    if facts:
        connection.execute(insert(ROWS), [fact.columns for fact in facts])
    for key, moves in shifts.items():
        for one, sign in moves:
            counted(kept[key], one, sign)
    write(session, kept)


def lock(session: Session, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    """Return the sums of these partners and quarters, made where there were none and locked in ascending order."""
    wanted, connection = sorted(set(keys)), session.connection()
    blank = insert_into(SCORES, connection.dialect.name).on_conflict_do_nothing()
    for partner_id, quarter in wanted:
        connection.execute(blank.values(partner_id=partner_id, quarter=quarter, **BLANK))
    same = tuple_(SCORES.c.partner_id, SCORES.c.quarter).in_(wanted)
    query = select(*(SCORES.c[name] for name in ("partner_id", "quarter", *BLANK))).where(same)
    query = query.order_by(SCORES.c.partner_id, SCORES.c.quarter).with_for_update()
    return {
        (row.partner_id, row.quarter): {name: getattr(row, name) for name in BLANK}
        for row in connection.execute(query)
    }


def write(session: Session, kept: Mapping[Key, Mapping[str, Any]]) -> None:
    """Write sums that `lock` gave and somebody changed."""
    session.connection().execute(
        _WRITE,
        [{"partner": key[0], "of_quarter": key[1], **sums} for key, sums in sorted(kept.items())],
    )


_WRITE = (
    update(SCORES)
    .where(SCORES.c.partner_id == bindparam("partner"), SCORES.c.quarter == bindparam("of_quarter"))
    .values({name: bindparam(name) for name in BLANK})
)


@event.listens_for(db.session, "after_soft_rollback")
def _rolled_back(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(SCORED, None)
