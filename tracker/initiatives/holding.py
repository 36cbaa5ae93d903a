"""On hold: a mark in the column, under which every clock of the initiative pauses (rule 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, insert, update

from tracker.activity.columns import set_columns
from tracker.activity.gathering import note
from tracker.activity.kinds import Kind
from tracker.db import asked, db
from tracker.errors import NotNow
from tracker.initiatives.holds import Hold
from tracker.initiatives.pauses import Clocks
from tracker.organisation.people import Person

when_held: list[Callable[[Any, Clocks], None]] = []
"""Rooms above pause and resume their clocks: (initiative, clocks), called after `held_at` was set or emptied."""


_BEGIN = insert(cast(Table, Hold.__table__))
_END = (
    update(cast(Table, Hold.__table__))
    .where(Hold.initiative_id == bindparam("initiative"), Hold.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


class Held:
    """How an initiative pauses and goes on."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        stage: Any
        held_at: Any
        held_words: Any
        record: Any
        _going_on: Any
        touches: Any
        version: Any

    def hold(
        self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> None:
        """Put it on hold: its clocks pause. Raises `NotNow` if it is on hold or has ended."""
        self._going_on()
        if self.held_at is not None:
            raise NotNow(_("%(ref)s is on hold already.", ref=self.ref))
        set_columns(self, held_at=now, held_words=words, **self._moves(now))
        begun = {"initiative_id": self.id, "begun_at": now}
        asked(_BEGIN, begun)
        note(db.session(), Hold, begun | {"ended_at": None}, born=True)
        self._tell_clocks()
        self.record(
            Kind.stage_held,
            by=by,
            now=now,
            before={"on_hold": False},
            after={"on_hold": True, "stage": self.stage.value},
            private={"words": words},
            on_behalf_of=for_sponsor,
        )

    def resume(
        self, *, by: Person, now: datetime, words: str = "", for_sponsor: Person | None = None
    ) -> None:
        """Take it off hold. Raises `NotNow` if it is not on hold."""
        if self.held_at is None:
            raise NotNow(_("%(ref)s is not on hold.", ref=self.ref))
        self._end_hold(now, **self._moves(now))
        self.record(
            Kind.stage_resumed,
            by=by,
            now=now,
            before={"on_hold": True},
            after={"on_hold": False, "stage": self.stage.value},
            private={"words": words} if words else None,
            on_behalf_of=for_sponsor,
        )

    def end_hold(self, now: datetime) -> None:
        """Let the clocks go on."""
        self._end_hold(now)

    def _end_hold(self, now: datetime, **moves: Any) -> None:
        ended = {"initiative_id": self.id, "begun_at": self.held_at, "ended_at": now}
        set_columns(self, held_at=None, held_words="", **moves)
        asked(_END, {"initiative": self.id, "now": now})
        note(db.session(), Hold, ended)
        self._tell_clocks()

    def _moves(self, now: datetime) -> dict[str, Any]:
        """Return the columns of a move: it is another version, and its card looks different (`touch`)."""
        return {"version": self.version + 1, "changed": now, "touches": (self.touches or 0) + 1}

    def _tell_clocks(self) -> None:
        clocks = Clocks(self.id)
        for tell in when_held:
            tell(self, clocks)
