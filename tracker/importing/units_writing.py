"""Units of an import are written in bulk; the tree is settled once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth, change
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.importing.bulk import (
    Moved,
    event,
    hold,
    insert_many,
    same,
    table_of,
    typed,
    update_many,
)
from tracker.importing.directory import New
from tracker.importing.matching import Item, Work
from tracker.importing.tidy import key
from tracker.importing.units import in_circle, place
from tracker.organisation.names import slug
from tracker.organisation.settings import bump_epoch
from tracker.organisation.units import Unit, UnitAlias, settle_tree

LONGEST_CODE = 40
_TEXTS = ("code", "name", "short_name")
_TOLD = same(*_TEXTS, "aliases")


def write(work: Work, _made: dict[New, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if a unit was changed since, or another was moved so that a circle would close."""
    changed = [item for item in work.items if item.found and item.changes]
    if any("parent" in item.changes for item in changed):
        _refuse_circles(work)
    hold(Unit, {item.found.id: item.found.version for item in changed})
    new = [item for item in work.items if item.found is None]
    made = {
        place(item): row for item, row in zip(new, _insert([i.changes for i in new]), strict=True)
    }
    by_key = {where: row["id"] for where, row in made.items()}
    rows, aliases, events = [], [], []
    for item in (*new, *changed):
        id_ = item.found.id if item.found else by_key[place(item)]
        row = _row(item, by_key) | {"id": id_}
        rows.append(row)
        tables = change(Unit, row) if item.found else birth(Unit, made[place(item)] | row)
        events.append(_event(item, row, by=by, now=now) | {"tables": tables})
        if item.found:
            aliases += _aliases(id_, item.changes, known=item.found.state["keys"])
    update_many(Unit, [row for row in rows if len(row) > 1], bumps=("version",))
    if aliases:
        db.session.execute(insert(table_of(UnitAlias)), aliases)
    settle_tree()
    bulk_events(db.session(), events)
    bump_epoch()


def _refuse_circles(work: Work) -> None:
    # The whole tree is locked, as when a page moves a unit, so that two moves at once cannot close a circle together.
    tree = select(Unit.id, Unit.parent_id).order_by(Unit.id).with_for_update()
    parents: dict[Any, Any] = dict(db.session.execute(tree).all())
    moved = {place(i): i.changes["parent"] for i in work.items if "parent" in i.changes}
    if any(in_circle(parents | moved, unit) for unit in moved):
        raise Moved


def make_units(new: Mapping[New, int], *, by: Any, now: datetime) -> None:
    """Make the units that a file names and nobody knows, by these ids, each with an event."""
    if not new:
        return
    rows = _insert([{"name": unit.name} for unit in new], list(new.values()))
    settle_tree()
    told = {"by": by, "now": now, "after": {}}
    bulk_events(
        db.session(),
        [
            event(Kind.unit_added, "unit", row["id"], tables=birth(Unit, row), **told)
            for row in rows
        ],
    )
    bump_epoch()


def _insert(drafts: list[dict[str, Any]], ids: list[int] | None = None) -> list[dict[str, Any]]:
    """Insert units by their texts, with the names they go by, and these ids or the next; return the rows."""
    slugs = set(db.session.scalars(select(Unit.slug)))
    codes = set(db.session.scalars(select(Unit.code)))
    rows = [
        {
            "code": _free(fields.get("code") or _code(fields["name"]), codes),
            "name": fields["name"],
            "short_name": fields.get("short_name") or "",
            "slug": _free(slug(fields["name"]), slugs),
        }
        for fields in drafts
    ]
    ids = insert_many(Unit, rows, ids)
    aliases: list[dict[str, Any]] = []
    for id_, row, fields in zip(ids, rows, drafts, strict=True):
        aliases += _aliases(id_, {**fields, **row})
    if aliases:
        db.session.execute(insert(table_of(UnitAlias)), aliases)
    return [{**row, "id": id_} for row, id_ in zip(rows, ids, strict=True)]


def _aliases(id_: int, fields: dict[str, Any], known: Iterable[str] = ()) -> list[dict[str, Any]]:
    given = fields.get("aliases") or []
    by_key: dict[str, dict[str, Any]] = {}
    for text in (*given, *(fields.get(name) for name in ("short_name", "name", "code"))):
        if text and key(text) not in known:
            by_key[key(text)] = {
                "unit_id": id_, "key": key(text), "text": text, "given": text in given
            }  # fmt: skip
    return list(by_key.values())


def _row(item: Item, by_key: dict[Any, int]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if item.found:
        row = {name: item.changes[name] for name in _TEXTS if name in item.changes}
    if "head" in item.changes:
        row["head_id"] = item.changes["head"]
    if "parent" in item.changes:
        row["parent_id"] = by_key.get(item.changes["parent"], item.changes["parent"])
    return row


def _event(item: Item, row: dict[str, Any], *, by: Any, now: datetime) -> dict[str, Any]:
    ids = {name: row[name] for name in ("parent_id", "head_id") if name in row}
    if item.found is None:
        after = {"parent_id": None, "head_id": None} | ids
        return event(Kind.unit_added, "unit", row["id"], by=by, now=now, after=after)
    state = item.found.state
    texts = [name for name in _TOLD if name in item.changes]
    return event(
        Kind.unit_changed,
        "unit",
        row["id"],
        by=by,
        now=now,
        before={name: state[name.removesuffix("_id")] for name in ids},
        after=ids | ({"fields": texts} if texts else {}),
        **typed(state, item.changes, _TOLD),
    )


def _code(name: str) -> str:
    """A code for a unit that came without one: its name if that is short, else its slug."""
    return name if len(name) <= 12 else slug(name)[:LONGEST_CODE]


def _free(wanted: str, taken: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted[: LONGEST_CODE - 5]}-{number}"
    taken.add(candidate)
    return candidate
