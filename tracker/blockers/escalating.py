"""A late blocker climbs by itself: each step once, told, and on the record (rule 25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.blockers.holders import Calendars
from tracker.blockers.rungs import Step, steps_left
from tracker.blockers.settling import settler_now
from tracker.blockers.states import State
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, day_of
from tracker.organisation.units import Unit


class Escalated:
    """How a blocker climbs."""

    if TYPE_CHECKING:
        id: Any
        state: Any
        initiative_id: Any
        holder_unit_id: Any
        holder_keeper_id: Any
        answerer_id: Any
        escalated_to: Any
        escalated_to_id: Any
        escalated_on: Any
        escalates_on: Any
        record: Any
        reckon: Any
        _stand: Any

    def escalate(self, *, now: datetime) -> None:
        """Climb to the next step that is somebody else than who is waited on already. Raises `NotNow` before it is time.

        Where nobody is left it climbs to the end all the same, and the record says that nobody was told.
        """
        if not self.is_overdue(now):
            raise NotNow(_("There is still time to answer."))
        today, calendars = day_of(now), Calendars()
        before = {"step": self.escalated_to.value if self.escalated_to else None}
        step, person_id = self._next_step()
        self.escalated_to, self.escalated_to_id, self.escalated_on = step, person_id, today
        self._stand(self.state, now, calendars)
        after = {"step": step.value, "person_id": person_id}
        self.record(Kind.blocker_escalated, by=None, now=now, before=before, after=after)

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it is time to climb, once the day for that is counted anew."""
        self.reckon(Calendars())
        return self.escalates_on is not None and self.escalates_on < day_of(now)

    def _next_step(self) -> tuple[Step, int | None]:
        left = steps_left(self)
        waited_on = {self.answerer_id, self.escalated_to_id}
        if self.state == State.disputed:
            settler = settler_now(type(self), self.id)
            waited_on.add(settler.id if settler else None)
        for step, person_id in self._people(left):
            person = db.session.get(Person, person_id) if person_id else None
            if person is not None and person.works_here and person.id not in waited_on:
                return step, person.id
        return left[-1], None

    def _people(self, steps: tuple[Step, ...]) -> Iterator[tuple[Step, int | None]]:
        for step in steps:
            match step:
                case Step.head:
                    head = select(Unit.acting_head_id).where(Unit.id == self.holder_unit_id)
                    yield step, db.session.scalar(head)
                case Step.keeper:
                    yield step, self.holder_keeper_id
                case Step.sponsor:
                    sponsor = select(Initiative.sponsor_id).where(
                        Initiative.id == self.initiative_id
                    )
                    yield step, db.session.scalar(sponsor)
                case Step.owner:
                    yield step, Organisation.current().programme_owner_id
