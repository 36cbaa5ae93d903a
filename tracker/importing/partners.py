"""Partners from a file: found by name, written in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth, change
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.importing.bulk import event, hold, insert_many, same, typed, update_many
from tracker.importing.directory import Directory, New
from tracker.importing.matching import Item, Read, Standing, Work, compare, resolved
from tracker.importing.tidy import key
from tracker.importing.units import Heading
from tracker.organisation.names import slug
from tracker.organisation.partners import Partner
from tracker.organisation.settings import bump_epoch

_TEXTS = ("name", "serves", "terms")


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the partners that stand."""
    standing = _standing()

    def wanted(row: Read, _found: Standing | None) -> dict[str, Any]:
        owner = row.values.get("relationship_owner")
        id_ = resolved("relationship_owner", lambda text: directory.colleague(text).id, owner)
        return {**row.values, "relationship_owner": id_}

    return compare(
        rows,
        name_of=lambda row: row.values["name"],
        identity=lambda row: key(row.values["name"]),
        find=lambda row: (standing.get(key(row.values["name"])), ""),
        wanted=wanted,
        heading=heading,
    )


def write(work: Work, _made: dict[New, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if a partner was changed since."""
    changed = [item for item in work.items if item.found and item.changes]
    new = [item for item in work.items if item.found is None]
    hold(Partner, {item.found.id: item.found.version for item in changed})
    rows = _insert([item.changes for item in new])
    update_many(Partner, [_row(item) for item in changed], bumps=("version",))
    events = [
        event(
            Kind.partner_added, "partner", row["id"], by=by, now=now,
            after={"relationship_owner_id": row["relationship_owner_id"]}, tables=birth(Partner, row),
        )
        for row in rows
    ]  # fmt: skip
    events += [_changed(item, by=by, now=now) for item in changed]
    bulk_events(db.session(), events)
    bump_epoch()


def make_partners(new: Mapping[New, int], *, by: Any, now: datetime) -> None:
    """Make the partners that a file names and nobody knows, by these ids, each with an event."""
    if not new:
        return
    rows = _insert([{"name": partner.name} for partner in new], list(new.values()))
    told = {"by": by, "now": now, "after": {}}
    bulk_events(
        db.session(),
        [
            event(Kind.partner_added, "partner", row["id"], tables=birth(Partner, row), **told)
            for row in rows
        ],
    )
    bump_epoch()


def _standing() -> dict[str, Standing]:
    columns = (Partner.id, Partner.version, Partner.key, Partner.name, Partner.serves)
    return {
        row.key: Standing(
            row.id,
            row.version,
            {
                "name": row.name,
                "serves": row.serves,
                "terms": row.terms,
                "relationship_owner": row.relationship_owner_id,
            },
        )
        for row in db.session.execute(
            select(*columns, Partner.terms, Partner.relationship_owner_id)
        )
    }


def _insert(drafts: list[dict[str, Any]], ids: list[int] | None = None) -> list[dict[str, Any]]:
    """Insert partners by their texts, with these ids or the next; return the rows."""
    slugs = set(db.session.scalars(select(Partner.slug)))
    rows = [
        {
            "name": fields["name"],
            "key": key(fields["name"]),
            "slug": _free_slug(fields["name"], slugs),
            "serves": fields.get("serves") or "",
            "terms": fields.get("terms") or "",
            "relationship_owner_id": fields.get("relationship_owner"),
        }
        for fields in drafts
    ]
    return [
        {**row, "id": id_} for row, id_ in zip(rows, insert_many(Partner, rows, ids), strict=True)
    ]


def _free_slug(name: str, taken: set[str]) -> str:
    candidate, number = slug(name), 1
    while candidate in taken:
        number += 1
        candidate = f"{slug(name)}-{number}"
    taken.add(candidate)
    return candidate


def _row(item: Item) -> dict[str, Any]:
    assert item.found is not None  # noqa: S101 - only what stands is updated
    row = {name: item.changes[name] for name in _TEXTS if name in item.changes}
    if "relationship_owner" in item.changes:
        row["relationship_owner_id"] = item.changes["relationship_owner"]
    return row | {"id": item.found.id}


def _changed(item: Item, *, by: Any, now: datetime) -> dict[str, Any]:
    assert item.found is not None  # noqa: S101 - only what stands is changed
    texts = [name for name in _TEXTS if name in item.changes]
    after: dict[str, Any] = {"fields": texts} if texts else {}
    before: dict[str, Any] = {}
    if "relationship_owner" in item.changes:
        before["relationship_owner_id"] = item.found.state["relationship_owner"]
        after["relationship_owner_id"] = item.changes["relationship_owner"]
    return event(
        Kind.partner_changed, "partner", item.found.id, by=by, now=now, before=before, after=after,
        tables=change(Partner, _row(item)),
        **typed(item.found.state, item.changes, same(*_TEXTS)),
    )  # fmt: skip
