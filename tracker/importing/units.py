"""Units from a file: found by code, else by any name they go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.importing.directory import Directory
from tracker.importing.matching import Read, Rejected, Standing, Work, by_name, compare, resolved
from tracker.importing.tidy import key
from tracker.organisation.units import Unit, UnitAlias

Heading = Callable[[str], str]


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the units that stand."""
    standing = _standing()
    aliases = dict(db.session.execute(select(UnitAlias.key, UnitAlias.unit_id)).all())
    claims: dict[str, set[str]] = {}
    for row in rows:
        for text in names_in(row.values):
            claims.setdefault(key(text), set()).add(_identity(row))
    in_file = {key(text): key(row.values["name"]) for row in rows for text in names_in(row.values)}

    def find(row: Read) -> tuple[Standing | None, str]:
        code = key(row.values.get("code") or "")
        if code in aliases:
            return standing[aliases[code]], ""
        same = standing.get(aliases.get(key(row.values["name"]), 0))
        if same and code and key(same.state["name"]) != key(row.values["name"]):
            return None, ""
        return (same, by_name()) if same else (None, "")

    def wanted(row: Read, found: Standing | None) -> dict[str, Any]:
        for text in names_in(row.values):
            taken = aliases.get(key(text), found.id if found else None)
            if taken != (found.id if found else None) or len(claims[key(text)]) > 1:
                raise Rejected("name", _("“%(name)s” already stands for another unit.", name=text))
        known = found.state["keys"] if found else set()
        more = [text for text in row.values.get("aliases") or [] if key(text) not in known]
        head = resolved("head", lambda t: directory.colleague(t).id, row.values.get("head"))
        parent = row.values.get("parent")
        above = _parent(parent, aliases, in_file) if parent else None
        values = {**row.values, "aliases": more or None, "head": head, "parent": above}
        if found and not values.get("code") and key(found.state["name"]) != key(values["name"]):
            values["name"] = None  # it was found by another of its names; its own stays
        return values

    work = compare(
        rows,
        name_of=lambda row: row.values["name"],
        identity=_identity,
        find=find,
        wanted=wanted,
        heading=heading,
    )
    _keep_a_tree(work, standing, heading)
    return work


def names_in(values: dict[str, Any]) -> list[str]:
    """Everything a row lets a unit go by: code, name, short name, other names."""
    texts = (values.get("code"), values["name"], values.get("short_name"))
    return [text for text in (*texts, *(values.get("aliases") or [])) if text]


def place(item: Any) -> Any:
    """Where a row stands in the tree: the unit's id, or its key when it is new."""
    return item.found.id if item.found else key(item.row.values["name"])


def in_circle(parents: Mapping[Any, Any], unit: Any) -> bool:
    """Tell whether a unit stands below itself, given the parent of each."""
    above, seen = parents.get(unit), set()
    while above is not None and above not in seen:
        if above == unit:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _standing() -> dict[int, Standing]:
    keys: dict[int, set[str]] = {}
    for row in db.session.execute(select(UnitAlias.unit_id, UnitAlias.key)):
        keys.setdefault(row.unit_id, set()).add(row.key)
    columns = (Unit.id, Unit.version, Unit.code, Unit.name, Unit.short_name)
    return {
        row.id: Standing(
            row.id,
            row.version,
            {
                "code": row.code,
                "name": row.name,
                "short_name": row.short_name,
                "parent": row.parent_id,
                "head": row.head_id,
                "keys": keys.get(row.id, set()),
            },
        )
        for row in db.session.execute(select(*columns, Unit.parent_id, Unit.head_id))
    }


def _identity(row: Read) -> str:
    return key(row.values.get("code") or row.values["name"])


def _parent(text: str, aliases: dict[str, int], in_file: dict[str, str]) -> int | str:
    """The parent's id, or its key when it is new in this file. Raises `Rejected`."""
    found = aliases.get(key(text)) or in_file.get(key(text))
    if found is None:
        raise Rejected("parent", _("The unit “%(name)s” is not known.", name=text))
    return found


def _keep_a_tree(work: Work, standing: dict[int, Standing], heading: Heading) -> None:
    """Reject rows until what is left makes a tree: whoever is rejected stays where it stands, and that may close a circle."""
    while _reject_circles(work, standing, heading) or _reject_orphans(work, heading):
        pass


def _reject_circles(work: Work, standing: dict[int, Standing], heading: Heading) -> bool:
    """Reject what would make a unit its own ancestor; tell whether there was any."""
    parents: dict[Any, Any] = {id_: unit.state["parent"] for id_, unit in standing.items()}
    moved = [item for item in work.items if item.changes.get("parent") is not None]
    parents.update({place(item): item.changes["parent"] for item in moved})
    circles = [item for item in moved if in_circle(parents, place(item))]
    for item in circles:
        words = _("A unit cannot stand below itself: its parent is one of its own parts.")
        work.reject(item.row, item.row.values["name"], heading("parent"), words)
    return bool(circles)


def _reject_orphans(work: Work, heading: Heading) -> bool:
    """Reject units whose new parent is itself rejected; tell whether there was any."""
    made = {place(item) for item in work.items if item.found is None}
    orphans = [
        item
        for item in work.items
        if isinstance(item.changes.get("parent"), str) and item.changes["parent"] not in made
    ]
    for item in orphans:
        words = _("The unit above it is rejected in this file.")
        work.reject(item.row, item.row.values["name"], heading("parent"), words)
    return bool(orphans)
