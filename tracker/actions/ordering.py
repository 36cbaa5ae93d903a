"""The order in which the open actions of an initiative stand: by their days, until somebody arranges them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, select, update

from tracker.activity.kinds import Kind
from tracker.db import asked, db
from tracker.errors import NotNow
from tracker.organisation.people import Person


class Ordering:
    """Where an action stands among those of its initiative. Whoever moves one holds the lock of the initiative."""

    if TYPE_CHECKING:
        __table__: Any
        id: Any
        initiative_id: Any
        position: Any
        due_on: Any
        closed_at: Any
        record: Any

    @classmethod
    def order(cls) -> tuple[Any, ...]:
        """Return what the actions of one initiative are ordered by."""
        return cls.position, cls.due_on, cls.id

    @classmethod
    def next_place(cls, initiative_id: int) -> int:
        """Return the position of one that is added: the last where somebody arranged them, else none of its own."""
        last = select(func.max(cls.position)).where(cls.initiative_id == initiative_id)
        found = db.session.scalar(last) or 0
        return found + 1 if found else 0

    @classmethod
    def ordered(cls, initiative_id: int) -> list[int]:
        """Return the ids of the open actions of an initiative, in their order."""
        going = select(cls.id).where(cls.initiative_id == initiative_id, cls.closed_at.is_(None))
        return list(db.session.scalars(going.order_by(*cls.order())))

    @classmethod
    def order_shown(cls, initiative_id: int) -> str:
        """Return the same as one text: what a form shows of it. A list would be compared as a set."""
        return " ".join(map(str, cls.ordered(initiative_id)))

    def move(self, places: int, *, by: Person, now: datetime) -> int:
        """Move it down by so many places, up where they are negative; return the place where it stands then, from 1.

        Raises `NotNow` once it is over, and where it stands at that end already.
        """
        if self.closed_at is not None:
            raise NotNow(_("This action is over. Only open ones have a place."))
        ids = self.ordered(self.initiative_id)
        was = ids.index(self.id)
        place = min(max(was + places, 0), len(ids) - 1)
        if place == was:
            raise NotNow(_("It stands there already."))
        ids.insert(place, ids.pop(was))
        self._keep(ids)
        before, after = {"place": was + 1}, {"place": place + 1}
        self.record(Kind.action_moved, by=by, now=now, before=before, after=after)
        return place + 1

    def _keep(self, ids: Sequence[int]) -> None:
        """Number them as they stand; a second move of a long list changes only what lies between."""
        db.session.flush()
        table, numbered = self.__table__.c, dict(zip(ids, range(1, len(ids) + 1), strict=True))
        known = db.session.execute(
            select(table.id, table.position).where(table.initiative_id == self.initiative_id)
        )
        changed = [
            {"action": row.id, "place": numbered[row.id]}
            for row in sorted(known)
            if row.id in numbered and row.position != numbered[row.id]
        ]  # fmt: skip
        which = update(self.__table__).where(table.id == bindparam("action"))
        if changed:
            asked(which.values(position=bindparam("place")), changed)
        db.session.expire(self, ["position"])
