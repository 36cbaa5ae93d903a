"""Readings of an import are written in bulk, each with its event; how their KPIs stand is worked out once, at the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.importing.bulk import event, hold, insert_many
from tracker.importing.matching import Item, Work
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading, Source, figure
from tracker.kpis.restanding import restand

_OWN = ("segment", "day", "value", "numerator", "denominator", "note", "wording", "breaks")


def write(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared, and make the KPIs that nobody knows. Raises `Moved` if a KPI was changed since.

    A reading that somebody else entered since breaks a rule of the database, which is told as `Moved` too.
    """
    meant = {item.changes["kpi"].id: item.changes["kpi"] for item in work.items}
    hold(Kpi, {id_: kpi.version for id_, kpi in meant.items() if isinstance(id_, int)})
    ids = {
        id_: id_ if isinstance(id_, int) else Kpi.add(by=by, now=now, **kpi.made).id
        for id_, kpi in meant.items()
    }
    rows = [_row(item, ids, made, by=by, now=now) for item in work.items]
    events = [
        _event(item, row | {"id": id_}, by=by, now=now)
        for item, row, id_ in zip(work.items, rows, insert_many(Reading, rows), strict=True)
    ]
    bulk_events(db.session(), events)
    restand(db.session.scalars(select(Kpi).where(Kpi.id.in_(list(ids.values())))).all())


def _row(
    item: Item, ids: dict[Any, int], made: dict[Any, int], *, by: Any, now: datetime
) -> dict[str, Any]:
    unit = item.changes["unit"]
    return {name: item.changes[name] for name in _OWN} | {
        "kpi_id": ids[item.changes["kpi"].id],
        "unit_id": made.get(unit, unit),
        "source": Source.imported,
        "added_by_id": by.id if by else None,
        "added_at": now,
        "corrects_id": item.found.id if item.found else None,
    }


def _event(item: Item, row: dict[str, Any], *, by: Any, now: datetime) -> dict[str, Any]:
    after = {"reading_id": row["id"], "figure": figure(row["value"]), "as_of": row["day"].isoformat()}  # fmt: skip
    after |= {name: row[name] for name in ("unit_id", "corrects_id") if row[name] is not None}
    words = row["breaks"] or row["note"]
    return event(
        Kind.reading_corrected if item.found else Kind.reading_imported, "kpi", row["kpi_id"], by=by, now=now,
        before={"figure": figure(item.found.state["value"])} if item.found else None, after=after,
        private={"words": words} if words else None, tables=birth(Reading, row),
    )  # fmt: skip
