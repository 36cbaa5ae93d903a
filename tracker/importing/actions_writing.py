"""Actions of an import are written in bulk; their last days are counted at the end, and whoever has to do them is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.actions.pausing import reckon_these
from tracker.actions.states import OVER, State
from tracker.actions.telling import doers_of
from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth, change
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.drawn import drawn
from tracker.importing.bulk import (
    Moved,
    among,
    event,
    hold,
    insert_many,
    table_of,
    typed,
    update_many,
)
from tracker.importing.directory import New
from tracker.importing.matching import Item, Work
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.notices.kinds import Tell
from tracker.notices.telling import Told, tell
from tracker.organisation.names import normal
from tracker.organisation.settings import day_of
from tracker.partners.scoring import follow_file

_TEXTS = {
    "ref": "outside_id",
    "title": "title",
    "why": "why",
    "description": "description",
    "criteria": "criteria",
}


def write(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if an action was changed since, or its initiative has ended."""
    changed = [item for item in work.items if item.found and item.changes]
    new = [item for item in work.items if item.found is None]
    for item in (*new, *changed):
        item.changes = {name: _settled(value, made) for name, value in item.changes.items()}
    _hold_initiatives(new, changed)
    hold(Action, {item.found.id: item.found.version for item in changed})
    rows = _placed([_new_row(item.changes, by=by, now=now) for item in new])
    ids = insert_many(Action, rows)
    events = [
        _added(id_, row, by=by, now=now) | {"tables": birth(Action, row | {"id": id_})}
        for id_, row in zip(ids, rows, strict=True)
    ]
    # a date is moved for whoever has it before it is given to another, as by hand
    follow_file([item.found.id for item in changed if "due" in item.changes], now)
    altered = [(_corrected(item, by, now), _given(item, now)) for item in changed]
    update_many(Action, [one | other for one, other in altered], bumps=("version",))
    for item, (corrected, given_to) in zip(changed, altered, strict=True):
        *told, last = _changed(item, by=by, now=now)
        if told:
            first, *rest = told
            events += [first | {"tables": change(Action, corrected)}, *rest]
            events.append(
                last | {"tables": change(Action, given_to)} if "assignee" in item.changes else last
            )
        else:
            events.append(last | {"tables": change(Action, corrected | given_to)})
    db.session.expire_all()
    given = [item.found.id for item in changed if "assignee" in item.changes]
    fresh = [id_ for id_, row in zip(ids, rows, strict=True) if row["state"] not in OVER]
    reckon_these(sorted([*ids, *(item.found.id for item in changed)]))
    _tell(sorted([*fresh, *given]), changed, by=by, now=now)
    bulk_events(db.session(), events)


def _settled(value: Any, made: dict[Any, int]) -> Any:
    """Put the id of a partner that was made where its name stood."""
    if isinstance(value, Assignee) and isinstance(value.partner_id, New):
        return Assignee(partner_id=made[value.partner_id])
    return made[value] if isinstance(value, New) else value


def _hold_initiatives(new: list[Item], changed: list[Item]) -> None:
    """Lock the initiatives first, as every verb of an action does. Raises `Moved` where one of the new ones' has ended."""
    wanted = {item.changes["initiative"] for item in new}
    table = table_of(Initiative).c
    ids = sorted(wanted | {item.found.state["initiative"] for item in changed if item.found})
    query = select(table.id, table.stopped_at, table.stage).where(among(table.id, ids))
    held = db.session.execute(query.order_by(table.id).with_for_update()).all()
    ended = {row.id for row in held if row.stopped_at is not None or row.stage == Stage.realised}
    if {row.id for row in held} != set(ids) or ended & wanted:
        raise Moved


def _placed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each its place: behind the others where somebody arranged them, else none of its own."""
    table = table_of(Action).c
    ids = sorted({row["initiative_id"] for row in rows})
    query = select(table.initiative_id, func.max(table.position)).where(
        among(table.initiative_id, ids)
    )
    last = dict(db.session.execute(query.group_by(table.initiative_id)).all())  # fmt: skip
    for row in rows:
        place = last.get(row["initiative_id"]) or 0
        row["position"] = last[row["initiative_id"]] = place + 1 if place else 0
    return rows


def _new_row(changes: dict[str, Any], *, by: Any, now: datetime) -> dict[str, Any]:
    state: State = changes["state"]
    row = {column: changes.get(name) or "" for name, column in _TEXTS.items()}
    return row | {
        "outside_id": changes.get("ref"),
        "ref": drawn(),
        "initiative_id": changes["initiative"],
        "title_key": normal(row["title"]),
        "host_id": changes["host"],
        "due_on": changes["due"],
        "due_since": day_of(now),
        "first_due_on": changes["due"],
        "due_changes": 0,
        "proposed_words": "",
        "state": state,
        "progress": changes["progress"],
        "returned": 0,
        "submission": "",
        "reply": "",
        "assigned_at": now,
        "acknowledged_at": None if state in (State.to_do, State.cancelled) else now,
        "closed_at": now if state in OVER else None,
        "created_at": now,
        "created_by_id": by.id if by else None,
        "version": 0,
        **changes["assignee"].columns,
    }


def _corrected(item: Item, by: Any, now: datetime) -> dict[str, Any]:
    """The columns that an action which stands gets, as its verbs would set them; but for those of whoever does it."""
    assert item.found is not None  # noqa: S101 - only what stands is changed
    changes = item.changes
    row = {_TEXTS[name]: value for name, value in changes.items() if name in _TEXTS}
    if "title" in changes:
        row["title_key"] = normal(changes["title"])
    if "criteria" in changes:
        row["criteria_by_id"] = by.id if by else None
    if "host" in changes:
        row["host_id"] = changes["host"]
    if "due" in changes:
        more = item.found.state["due_changes"] + 1
        row |= {"due_on": changes["due"], "due_since": day_of(now), "due_changes": more, **_NO_DATE}
    return row | {"id": item.found.id}


def _given(item: Item, now: datetime) -> dict[str, Any]:
    """The columns that it gets where somebody else does it."""
    assert item.found is not None  # noqa: S101 - only what stands is changed
    row = {"id": item.found.id}
    if "assignee" in item.changes:
        row |= item.changes["assignee"].columns
        if not _stays(item):
            row |= {**_AFRESH, **_NO_DATE, "assigned_at": now}
    return row


def _stays(item: Item) -> bool:
    """Tell whether the partner that does it keeps it, and only the contact is another."""
    assert item.found is not None  # noqa: S101 - only what stands is changed
    return item.changes["assignee"].stays_with(item.found.state["assignee"].partner_id)


_NO_DATE: dict[str, Any] = {"proposed_on": None, "proposed_by_id": None, "proposed_words": ""}
_AFRESH: dict[str, Any] = {
    "state": State.to_do, "acknowledged_at": None, "progress": 0, "returned": 0, "submission": "", "reply": "",
}  # fmt: skip


def _added(id_: int, row: dict[str, Any], *, by: Any, now: datetime) -> dict[str, Any]:
    after = {name: row[name] for name in ("ref", "host_id", "assignee_id", "partner_id", "contact_id")}  # fmt: skip
    after |= {"due_on": row["due_on"].isoformat(), "state": row["state"].value}
    return event(
        Kind.action_added, "action", id_, by=by, now=now, after=after, initiative_id=row["initiative_id"],
        private={"title": row["title"], "words": row["description"] or row["why"]},
    )  # fmt: skip


def _changed(item: Item, *, by: Any, now: datetime) -> Iterator[dict[str, Any]]:
    """The events of one row, one for each verb it stands for."""
    assert item.found is not None  # noqa: S101 - only what stands is changed
    state, changes = item.found.state, item.changes

    def told(kind: Kind, **more: Any) -> dict[str, Any]:
        return event(kind, "action", item.found.id, by=by, now=now, initiative_id=state["initiative"], **more)  # type: ignore[union-attr]  # fmt: skip

    texts = sorted(_TEXTS[name] for name in changes if name in _TEXTS)
    if texts or "host" in changes:
        host = {"host_id": changes["host"]} if "host" in changes else {}
        before = {"host_id": state["host"]} if host else {}
        after = {"fields": texts, **host}
        yield told(Kind.action_changed, before=before, after=after, **typed(state, changes, _TEXTS))
    if "due" in changes:
        days = {"before": {"due_on": state["due"].isoformat()}, "after": {"due_on": changes["due"].isoformat()}}  # fmt: skip
        yield told(Kind.action_rescheduled, **days)
    if "assignee" in changes:
        was = {**state["assignee"].columns, "state": state["state"].value}
        now_is = state["state"] if _stays(item) else State.to_do
        after = {**changes["assignee"].columns, "state": now_is.value}
        yield told(Kind.action_assigned, before=was, after=after)


def _tell(ids: Iterable[int], changed: Iterable[Item], *, by: Any, now: datetime) -> None:
    """Tell whoever has to do something new, and whoever has it no more: each person once of all of it."""
    query = select(Action).where(among(Action.id, list(ids))).order_by(Action.id)
    rows = {one.id: one for one in db.session.scalars(query)}
    actor = by.id if by else None

    def told(kind: Tell, people: list[int | None], one: Any) -> Told:
        return Told(kind, people, "action", one.id, actor, one.initiative_id)

    had = {
        item.found.id: SimpleNamespace(**item.found.state["assignee"].columns)
        for item in changed
        if item.found is not None and "assignee" in item.changes
    }
    given = [told(Tell.action_assigned, doers_of(one), one) for one in rows.values()]
    taken = [told(Tell.action_given_on, doers_of(was), rows[id_]) for id_, was in had.items()]
    tell([*given, *taken], now=now)
