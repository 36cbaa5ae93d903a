"""Names by id that stand in one column: what is loaded costs nothing, the rest is one statement for all types of things."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, union_all

from tracker.db import db

Page = Callable[[str], str]


class Called(str):
    """A name that knows where its thing has a page, for our own people."""

    __slots__ = ("key", "page")

    def __new__(cls, name: str, page: Page, key: str) -> Called:
        called = super().__new__(cls, name)
        called.page, called.key = page, key
        return called

    @property
    def url(self) -> str:
        """The address of its page."""
        return self.page(self.key)


class Named:
    """A namer for the rows of a model, by its attribute `called`.

    Where every one of our own people may open its page, `page` gives the address by what stands in `keyed`.
    """

    def __init__(
        self, model: Any, called: str = "name", *, keyed: str = "", page: Page | None = None
    ) -> None:
        self.model, self.called, self.keyed, self.page = model, called, keyed, page

    def __call__(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of these ids, and maybe of others."""
        return named_together({self: ids})[self]

    def loaded(self) -> dict[int, str]:
        """Return the names of the rows that the session holds; a row without its name is not asked for it."""
        rows = [
            vars(row) for row in db.session.identity_map.values() if isinstance(row, self.model)
        ]
        needed = {"id", self.called, self.keyed} - {""}
        return {
            row["id"]: self.name(row[self.called], str(row.get(self.keyed) or ""))
            for row in rows
            if needed <= row.keys()
        }

    def name(self, name: str, key: str | None) -> str:
        """Return the name, with its page where there is one."""
        return Called(name, self.page, key) if self.page and key else name

    def query(self, place: int, ids: Collection[int]) -> Select[*tuple[Any, ...]]:
        """Return the select of `place`, id, name and key of these ids."""
        id_, name = self.model.id, getattr(self.model, self.called)
        # as text, whatever it is: PostgreSQL puts no numbers under words
        key = cast(getattr(self.model, self.keyed), String) if self.keyed else literal("")
        columns: tuple[Any, ...] = (
            literal(place).label("place"),
            id_.label("id"),
            name.label("name"),
            key.label("key"),
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
        namer = namers[row.place]
        known[namer][row.id] = namer.name(row.name, row.key)
    return known
