"""Everything that is kept about blockers, counted again from the rows themselves.

For whoever writes many at once, or changes the days on which work is done.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select, update

from tracker.blockers import silos
from tracker.blockers.holders import Calendars, Holder, stamp
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.silos import SiloPair
from tracker.blockers.states import UNSETTLED
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import pauses_of

BATCH = 500


def recount() -> None:
    """Keep the matrix, the open blockers of each initiative and every last day right; inside a write.

    It reads all blockers that wait on somebody and all holding periods.
    """
    calendars = Calendars(everyone=True)
    reckon_all(calendars)
    recount_pairs(calendars)
    recount_open()


def follow_days() -> None:
    """Count again if any holder works on other days than its pairs were counted by; inside a write."""
    if days_changed():
        recount()


def days_changed() -> bool:
    """Tell whether any holder works on other days than its pairs were counted by: four short queries."""
    calendars = Calendars(everyone=True)
    for pair in db.session.execute(select(SiloPair.holder_key, SiloPair.stamp)):
        holder = Holder.from_key(pair.holder_key) or Holder()
        if pair.stamp != stamp(calendars.of_holder(holder)):
            return True
    return False


def reckon_all(calendars: Calendars) -> None:
    """Keep until when each blocker that waits on somebody is in time."""
    last = 0
    while True:
        waits = select(Blocker).where(Blocker.state.in_(UNSETTLED), Blocker.id > last)
        batch = list(db.session.scalars(waits.order_by(Blocker.id).limit(BATCH)))
        if not batch:
            return
        pauses = pauses_of(sorted({blocker.initiative_id for blocker in batch}))
        for blocker in batch:
            blocker.reckon(calendars, pauses[blocker.initiative_id])
        last = batch[-1].id
        db.session.flush()


def recount_pairs(calendars: Calendars) -> None:
    """Keep the matrix: every pair that there is or was, counted from its holding periods."""
    there = select(BlockerHolding.holder_key, BlockerHolding.blocked_key).distinct()
    kept = select(SiloPair.holder_key, SiloPair.blocked_key)
    pairs = {
        (row.holder_key, row.blocked_key)
        for query in (there, kept)
        for row in db.session.execute(query)
    }
    for pair in silos.lock(pairs) if pairs else ():
        holder = Holder.from_key(pair.holder_key) or Holder()
        silos.recount(pair, calendars.of_holder(holder))
    db.session.flush()


def recount_open() -> None:
    """Keep how many open blockers each initiative has; cards that do not change are left alone."""
    rows = db.session.execute(
        select(Blocker.initiative_id, func.count())
        .where(Blocker.open_since.is_not(None))
        .group_by(Blocker.initiative_id)
    )
    counted: Counter[int] = Counter(dict(rows.all()))
    kept = db.session.execute(select(Initiative.id, Initiative.open_blockers)).all()
    for initiative_id, count in kept:
        if count != counted[initiative_id]:
            db.session.execute(
                update(Initiative)
                .where(Initiative.id == initiative_id)
                .values(open_blockers=counted[initiative_id], touches=Initiative.touches + 1)
                .execution_options(synchronize_session="fetch")
            )
