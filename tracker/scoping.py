"""Reading is scoping: the one way from an address to a row, for the person who asks.

The statements are built once for each kind of row: whoever asks, and what for, are parameters of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Self

from sqlalchemy import Column, Integer, Select, bindparam, inspect

from tracker.db import asked, db
from tracker.errors import Missing


class Asker:
    """Stands for whoever asks while a scope is built: a scope looks at no more of a person than this."""

    id = bindparam("asker_id", type_=Integer)
    partner_id = bindparam("asker_partner_id", type_=Integer)

    def __init__(self, *, is_internal: bool) -> None:
        self.is_internal = is_internal


class Scoped:
    """A model that is only ever reached through what a person may see."""

    address: ClassVar[str] = "id"  # the column that stands in addresses
    argument: ClassVar[str] = "key"  # the argument of a route that carries it

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Return the select of all rows that exist for `person`, who may be an `Asker`."""
        raise LookupError(f"{cls.__name__} declares no scope")

    @classmethod
    def find(cls, person: Any, value: Any) -> Self:
        """Return the row with this address. Raises `Missing` alike for foreign and absent ones."""
        given = _given(person, value)
        row = db.session.scalars(_found(cls, person.is_internal), given).one_or_none()
        if row is None:
            raise Missing
        return row

    def again(self, person: Any) -> Self:
        """Return this row as it stands now, locked for the present transaction. Raises `Missing` if it left the scope.

        What was read before is read into the object anew only where the database tells something else by now.
        """
        session, held = db.session(), inspect(self)
        given = _given(person, held.identity[0])
        row = asked(_locked(type(self), person.is_internal), given).first()
        if row is None:
            raise Missing
        if held.session is not session:
            return session.get_one(type(self), given["value"], populate_existing=True)
        if not stands_as(self, row):
            session.refresh(self)
        return self


def _given(person: Any, value: Any) -> dict[str, Any]:
    return {"value": value, "asker_id": person.id, "asker_partner_id": person.partner_id}


@cache
def _found(cls: Any, is_internal: bool) -> Select[Any]:
    """Return the statement of `find`."""
    column = getattr(cls, cls.address)
    return cls.visible_to(Asker(is_internal=is_internal)).where(column == _value(column))


@cache
def _locked(cls: Any, is_internal: bool) -> Select[Any]:
    """Return the statement of `again`: the columns of the row, in the order of its mapper.

    What others write that only refers to the row does not wait for it: no row is deleted here while it is referred to.
    """
    query = cls.visible_to(Asker(is_internal=is_internal)).where(cls.id == _value(cls.id))
    return query.with_only_columns(*columns_of(cls)).with_for_update(of=cls, key_share=True)


def _value(column: Any) -> Any:
    return bindparam("value", type_=column.type)


@cache
def columns_of(cls: Any) -> tuple[Any, ...]:
    """Return what the mapper of `cls` reads with a row, in its order.

    They are columns of the table wherever they can: by those a statement is found among the compiled ones far more quickly
    than by the attributes of the class.
    """
    kept = ((one.columns[0], one.key) for one in inspect(cls).column_attrs)
    return tuple(one if isinstance(one, Column) else getattr(cls, name) for one, name in kept)


@cache
def _names_of(cls: Any) -> tuple[str, ...]:
    return tuple(kept.key for kept in inspect(cls).column_attrs)


def stands_as(thing: Any, values: Sequence[Any]) -> bool:
    """Tell whether `thing` was loaded as the database tells it now: `values` are those of `columns_of`."""
    loaded = inspect(thing).dict
    return tuple(map(loaded.get, _names_of(type(thing)))) == tuple(values)
