"""The names a unit goes by: code, name, short name and aliases all lead to it, and to it alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Model, db
from tracker.errors import NotNow


class UnitAlias(Model):
    """A name that leads to a unit, compared by `normal`; `given` marks those that were typed."""

    __tablename__ = "unit_alias"

    on_trail: ClassVar[Declared] = left_out(
        "words by which a unit is found: nothing is decided by them"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    text: Mapped[str] = mapped_column(String(160))
    given: Mapped[bool] = mapped_column(default=True)


def taken_name(unit_id: int | None, keys: Collection[str]) -> tuple[str, str] | None:
    """Return (the name, whose it is) for the first of `keys` that leads to another unit."""
    unit = Model.metadata.tables["unit"].c
    taken = (
        select(UnitAlias.text, unit.name)
        .join(unit.id.table, unit.id == UnitAlias.unit_id)
        .where(UnitAlias.key.in_(list(keys)))
        .order_by(UnitAlias.text)
    )
    if unit_id is not None:
        taken = taken.where(UnitAlias.unit_id != unit_id)
    found = db.session.execute(taken.limit(1)).first()
    return (found.text, found.name) if found else None


def refuse_taken(unit_id: int | None, keys: Collection[str]) -> None:
    """Raise `NotNow` when one of `keys` leads to another unit than this (None: a new one)."""
    found = taken_name(unit_id, keys)
    if found:
        raise NotNow(_("“%(name)s” already stands for %(unit)s.", name=found[0], unit=found[1]))
