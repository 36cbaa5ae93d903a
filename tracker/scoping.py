"""Reading is scoping: the one way from an address to a row, for the person who asks."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from sqlalchemy import Select

from tracker.db import db
from tracker.errors import Missing


class Scoped:
    """A model that is only ever reached through what a person may see."""

    address: ClassVar[str] = "id"  # the column that stands in addresses
    argument: ClassVar[str] = "key"  # the argument of a route that carries it

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Return the select of all rows that exist for `person`."""
        raise LookupError(f"{cls.__name__} declares no scope")

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the row with this address. Raises `Missing` alike for foreign and absent ones."""
        column = getattr(cls, cls.address)
        row = (
            db.session.scalars(cls.visible_to(person).where(column == value)).unique().one_or_none()
        )
        if row is None:
            raise Missing
        return row

    def again(self, person: Any) -> Self:
        """Return this row as it stands now, locked for the present transaction. Raises `Missing` if it left the scope."""
        cls: Any = type(self)
        held: Any = self
        query = (
            cls.visible_to(person)
            .where(cls.id == held.id)
            .with_for_update(of=cls)
            .execution_options(populate_existing=True)
        )
        row = db.session.scalars(query).unique().one_or_none()
        if row is None:
            raise Missing
        return row
