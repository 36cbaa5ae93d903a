"""Words that are gone from the trail although nothing on it says that they were erased.

A seal holds a commitment to the words of an event and not the words, so that they can be erased and the chain stays whole. Each
erasure leaves an event: of the numbers whose words went, or of the person by and about whom they were. What is gone without
one was taken away behind the application's back, and what a row says can no longer be held against it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, and_, exists, or_, select

from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS
from tracker.activity.verify import Report

NAMED = 1000  # events that are named; more are no use to anybody
WHY = "its words are gone, and no erasure on the trail says so"
E = EVENTS.c
_ERASURE = EVENTS.alias("erasure").c


def name_vanished(report: Report, connection: Connection) -> Report:
    """Return `report` on the trail in the database of `connection`, with a fault for each event whose words went unsaid."""
    said = _said(connection)
    gone = connection.execute(_unsaid().limit(NAMED + len(said))).scalars()
    report.faults += [(number, WHY) for number in gone if number not in said][:NAMED]
    return report


def _said(connection: Connection) -> set[int]:
    """Return the numbers of the events of which an event says that their words were erased."""
    erasures = connection.execute(select(E.after).where(E.kind == Kind.trail_erased)).scalars()
    told: list[dict[str, Any]] = [
        json.loads(one) if isinstance(one, str) else one or {} for one in erasures
    ]
    return {number for one in told for number in one.get("numbers", ())}


def _unsaid() -> Any:
    """Return the select of the numbers of the events without their words, those aside by or about somebody who was erased later."""
    about = and_(E.subject_type == "person", _ERASURE.subject_id == E.subject_id)
    covered = exists().where(
        _ERASURE.kind == Kind.person_erased,
        _ERASURE.number > E.number,
        or_(_ERASURE.subject_id == E.actor_id, about),
    )
    gone = select(E.number).where(
        E.number.is_not(None), E.commitment.is_not(None), E.private.is_(None), ~covered
    )
    return gone.order_by(E.number)
