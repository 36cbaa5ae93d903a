"""Names by id that stand in one column: what is loaded costs nothing, the rest is one statement for all types of things."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from tracker.db import db


class Named:
    """A namer for the rows of a model, by its attribute `called`."""

    def __init__(self, model: Any, called: str = "name") -> None:
        self.model, self.called = model, called

    def __call__(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of these ids, and maybe of others."""
        return named_together({self: ids})[self]

    def loaded(self) -> dict[int, str]:
        """Return the names of the rows that the session holds; a row without its name is not asked for it."""
        rows = [
            vars(row) for row in db.session.identity_map.values() if isinstance(row, self.model)
        ]
        return {row["id"]: row[self.called] for row in rows if {"id", self.called} <= row.keys()}

    def query(self, place: int, ids: Collection[int]) -> Select[*tuple[Any, ...]]:
        """Return the select of `place`, id and name of these ids."""
        id_, name = self.model.id, getattr(self.model, self.called)
        columns: tuple[Any, ...] = (
            literal(place).label("place"),
            id_.label("id"),
            name.label("name"),
        )
        return select(*columns).where(id_.in_(ids))


def named_together(wanted: Mapping[Named, Collection[int]]) -> dict[Named, dict[int, str]]:
    """Return the names that each namer gives for its ids, and maybe others, in one statement at most."""
    known = {namer: namer.loaded() for namer in wanted}
    namers, queries = list(wanted), []
    for place, namer in enumerate(namers):
        missing = set(wanted[namer]) - known[namer].keys()
        if missing:
            queries.append(namer.query(place, missing))
    for row in db.session.execute(union_all(*queries)) if queries else ():
        known[namers[row.place]][row.id] = row.name
    return known
