"""Blockers of an import are written in bulk; what is kept about them is counted again at the end."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth, change, note
from tracker.activity.kinds import Kind
from tracker.blockers.counting import recount
from tracker.blockers.holders import Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.blockers.states import WAITS_ON, State
from tracker.db import db
from tracker.drawn import drawn
from tracker.importing.bulk import (
    among,
    chunks,
    event,
    hold,
    insert_many,
    table_of,
    typed,
    update_many,
)
from tracker.importing.matching import Item, Work
from tracker.importing.tidy import key
from tracker.initiatives.models import Initiative
from tracker.organisation.settings import Organisation, day_of
from tracker.partners.scoring import follow_turns

_COLUMNS = {
    "ref": "outside_id",
    "what": "title",
    "effect": "effect",
    "category": "category",
    "cause": "root_cause",
    "needed_by": "needed_by",
}
_IDS = {"category": "category", "cause": "cause"}


def write(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if a blocker was changed since."""
    changed = [item for item in work.items if item.found and item.changes]
    new = [item for item in work.items if item.found is None]
    for item in (*new, *changed):
        item.changes = {name: made.get(value, value) for name, value in item.changes.items()}
    hold(Blocker, {item.found.id: item.found.version for item in changed})
    rows = [_new_row(item.changes, by=by, now=now) for item in new]
    ids = insert_many(Blocker, rows)
    turns = [_turn(id_, row) for id_, row in zip(ids, rows, strict=True)]
    turn_ids = insert_many(BlockerHolding, turns)
    events = []
    for item, id_, row, turn, turn_id in zip(new, ids, rows, turns, turn_ids, strict=True):
        told = _raised(item, id_, row, by=by, now=now)
        told[0]["tables"] = birth(Blocker, row | {"id": id_})
        told[0]["tables"] |= birth(BlockerHolding, turn | {"id": turn_id})
        events += told
    altered = [_row(item, day_of(now)) for item in changed]
    update_many(Blocker, altered, bumps=("version",))
    _wait_elsewhere(changed)
    events += [
        _changed(item, by=by, now=now) | {"tables": change(Blocker, row)}
        for item, row in zip(changed, altered, strict=True)
    ]
    owners = {row["initiative_id"] for row in rows}
    owners |= {item.found.state["initiative"] for item in changed}
    _touch(sorted(owners), now)
    db.session.expire_all()
    recount()
    follow_turns([*ids, *(item.found.id for item in changed)])
    bulk_events(db.session(), events)


def _new_row(changes: dict[str, Any], *, by: Any, now: datetime) -> dict[str, Any]:
    today = day_of(now)
    raised, resolved = changes.get("raised_on") or today, changes.get("resolved_on")
    promised = changes.get("promised_on")
    state = State.confirmed if resolved else State.committed if promised else State.raised
    row = {column: changes.get(name) for name, column in _COLUMNS.items()}
    return row | {
        "ref": drawn(),
        "initiative_id": changes["initiative"],
        "title_key": key(changes["what"]),
        "effect": changes.get("effect") or "",
        "needed_since": today if changes.get("needed_by") else None,
        "promised_on": promised,
        "promised_since": today if promised else None,
        "answerer_id": changes.get("answerer"),
        "clock_since": today,
        "state": state,
        "waiting_on": WAITS_ON[state],
        "open_since": None if resolved else raised,
        "raised_by_id": by.id if by else None,
        "raised_at": _noon(raised) if raised < today else now,
        "resolved_at": _noon(resolved) if resolved else None,
        "closed_at": _noon(resolved) if resolved else None,
        **changes["holder"].columns,
        **_waits(changes["blocked_unit"]),
    }


def _waits(waits: Holder) -> dict[str, int | None]:
    return {"blocked_unit_id": waits.unit_id, "blocked_partner_id": waits.partner_id}


def _turn(id_: int, row: dict[str, Any]) -> dict[str, Any]:
    """The one holding period of a blocker that came from a file."""
    columns = (
        "holder_unit_id",
        "holder_partner_id",
        "holder_outside",
        "blocked_unit_id",
        "blocked_partner_id",
    )
    told = {name: row[name] for name in columns}
    named = SimpleNamespace(**told)
    return told | {
        "blocker_id": id_,
        "holder_key": Holder.of(named).key,
        "blocked_key": Holder.waiting(named).key,
        "starts": day_of(row["raised_at"]),
        "ends": day_of(row["resolved_at"]) if row["resolved_at"] else None,
    }


def _row(item: Item, today: date) -> dict[str, Any]:
    assert item.found is not None  # noqa: S101 - only what stands is changed
    row = {_COLUMNS[name]: value for name, value in item.changes.items() if name in _COLUMNS}
    if "what" in item.changes:
        row["title_key"] = key(item.changes["what"])
    if "needed_by" in item.changes:
        row["needed_since"] = today
    if "blocked_unit" in item.changes:
        row |= _waits(item.changes["blocked_unit"])
    return row | {"id": item.found.id}


def _wait_elsewhere(items: list[Item]) -> None:
    """Correct who waited, in every holding period."""
    moved = [
        {
            "blocker": item.found.id,
            "unit": waits.unit_id,
            "partner": waits.partner_id,
            "key": waits.key,
        }
        for item in items
        if item.found and (waits := item.changes.get("blocked_unit"))
    ]
    if moved:
        table = table_of(BlockerHolding)
        db.session.execute(
            update(table)
            .where(table.c.blocker_id == bindparam("blocker"))
            .values(
                blocked_unit_id=bindparam("unit"),
                blocked_partner_id=bindparam("partner"),
                blocked_key=bindparam("key"),
            ),
            moved,
        )
        whose = among(table.c.blocker_id, [one["blocker"] for one in moved])
        columns = (table.c.id, table.c.blocked_unit_id, table.c.blocked_partner_id)
        for turn in db.session.execute(select(*columns).where(whose)).mappings():
            note(db.session(), BlockerHolding, dict(turn))


def _touch(ids: list[int], now: datetime) -> None:
    """Say that the cards of these initiatives look different."""
    table = table_of(Initiative)
    for chunk in chunks(ids):
        db.session.execute(
            update(table)
            .where(table.c.id.in_(chunk))
            .values(changed=now, touches=table.c.touches + 1)
        )


def _raised(
    item: Item, id_: int, row: dict[str, Any], *, by: Any, now: datetime
) -> list[dict[str, Any]]:
    holder = item.changes["holder"]
    owner = row["initiative_id"]
    told = {"by": by, "now": now, "initiative_id": owner}
    after = {name: row[name] for name in ("holder_unit_id", "holder_partner_id", "answerer_id")}
    after |= {
        "ref": row["ref"],
        "blocked_unit_id": row["blocked_unit_id"],
        "blocked_partner_id": row["blocked_partner_id"],
        "holder_kind": holder.kind,
        "category": row["category"].value if row["category"] else None,
        "cause": row["root_cause"].value if row["root_cause"] else None,
        "needed_by": row["needed_by"].isoformat() if row["needed_by"] else None,
        "state": State.raised.value,
    }
    private = {"title": row["title"], "outside": holder.outside, "words": row["effect"]}
    events = [event(Kind.blocker_raised, "blocker", id_, after=after, private=private, **told)]
    if row["promised_on"]:
        after = {"state": State.committed.value, "promised_on": row["promised_on"].isoformat()}
        before = {"state": State.raised.value}
        events.append(
            event(Kind.blocker_committed, "blocker", id_, before=before, after=after, **told)
        )
    if row["resolved_at"]:
        after = {"state": row["state"].value}
        events.append(event(Kind.blocker_confirmed, "blocker", id_, after=after, **told))
    return events


def _changed(item: Item, *, by: Any, now: datetime) -> dict[str, Any]:
    assert item.found is not None  # noqa: S101 - only what stands is changed
    state, changes = item.found.state, item.changes
    before = {column: _plain(state[n]) for n, column in _IDS.items() if n in changes}
    after = {column: _plain(changes[n]) for n, column in _IDS.items() if n in changes}
    if "needed_by" in changes:
        before["needed_by"], after["needed_by"] = (
            _plain(state["needed_by"]),
            _plain(changes["needed_by"]),
        )
    if "blocked_unit" in changes:
        before |= _waits(state["blocked_unit"])
        after |= _waits(changes["blocked_unit"])
    fields = sorted(_COLUMNS.get(name, "blocked_unit_id") for name in changes)
    return event(
        Kind.blocker_changed, "blocker", item.found.id, by=by, now=now, before=before,
        after=after | {"fields": fields}, initiative_id=state["initiative"],
        **typed(state, changes, {"what": "title", "effect": "effect"}),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "value", value)


def _noon(day: date) -> datetime:
    """The middle of a day here, so that it is that day wherever the moment is looked at."""
    return datetime.combine(day, time(12), ZoneInfo(Organisation.current().time_zone))
