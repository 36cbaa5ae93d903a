"""How one blocker comes to wait for another, and that no chain goes round in a circle (rule 27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select

from tracker.activity.gathering import note_gone
from tracker.activity.kinds import Kind
from tracker.blockers.waits import BlockerWait, edges_behind, shortest_way
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

MOST_WAITS = 20  # that one blocker waits for
MOST_PRINTED = 12  # steps of a circle that are written out


class Chained:
    """How a blocker waits for others."""

    if TYPE_CHECKING:
        id: Any
        title: Any
        version: Any
        is_open: Any
        record: Any
        refuse_if_over: Any

    def wait_for(self, other: Any, *, by: Person | None, now: datetime) -> None:
        """Note that it cannot be resolved before `other` is. Raises `NotNow` for what `objection_to` says."""
        # Locked, so that two who do this at once cannot close a circle together.
        db.session.execute(select(Organisation.id).with_for_update())
        objection = self.objection_to(other)
        if objection:
            raise NotNow(objection)
        db.session.add(BlockerWait(blocker_id=self.id, waits_for_id=other.id))
        self.version += 1
        self.record(Kind.blocker_chained, by=by, now=now, after={"waits_for_id": other.id})

    def wait_no_longer_for(self, other: Any, *, by: Person | None, now: datetime) -> None:
        """Take back that it waits for `other`. Raises `NotNow` once it is over, and where it does not wait for that."""
        self.refuse_if_over()
        pair = {"blocker_id": self.id, "waits_for_id": other.id}
        gone: Any = db.session.execute(delete(BlockerWait).filter_by(**pair))
        if not gone.rowcount:
            raise NotNow(_("It does not wait for “%(other)s” any more.", other=other.title))
        note_gone(db.session(), BlockerWait, pair)
        self.version += 1
        self.record(Kind.blocker_unchained, by=by, now=now, before={"waits_for_id": other.id})

    def objection_to(self, other: Any) -> str:
        """Return why it cannot wait for `other`: nothing where it can. A circle is written out, step by step."""
        if not self.is_open:
            return _("This blocker does not stand in the way any more, so it waits for nothing.")
        if other.id == self.id:
            return _("A blocker cannot wait for itself. Choose another one.")
        if not other.is_open:
            return _("“%(other)s” does not stand in the way any more.", other=other.title)
        its = select(BlockerWait.waits_for_id).where(BlockerWait.blocker_id == self.id)
        waits_for = set(db.session.scalars(its))
        if other.id in waits_for:
            return _("It waits for “%(other)s” already.", other=other.title)
        if len(waits_for) >= MOST_WAITS:
            return _(
                "It waits for %(most)s others already. Take one back, or raise what is missing on its own.",
                most=MOST_WAITS,
            )
        way = shortest_way(edges_behind(other.id), other.id, self.id)
        return self._circle(way) if way else ""

    def _circle(self, way: Sequence[int]) -> str:
        """Return the words that refuse a circle; `way` leads from the one that would be waited for back to this one."""
        model: Any = type(self)
        titles: dict[int, str] = dict(
            db.session.execute(select(model.id, model.title).where(model.id.in_(way))).all()
        )
        steps = [
            _("“%(one)s” waits for “%(other)s”", one=titles[one], other=titles[other])
            for one, other in pairwise(way)
        ]
        left = len(steps) - MOST_PRINTED
        if left > 0:
            steps[MOST_PRINTED:] = [
                ngettext("and %(num)s step more", "and %(num)s steps more", left)
            ]
        return _(
            "That would go round in a circle, and nothing in it could ever be resolved: %(steps)s.",
            steps="; ".join(steps),
        )
