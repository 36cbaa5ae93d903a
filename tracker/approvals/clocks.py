"""What time does to a request: the sponsor is reminded, then the programme owner told (rule 17), each once, in working days.

The days are those of the sponsor, without those on hold; where finance decides second they begin anew for it. The programme
owner decides nothing: they appoint a deputy, or propose another sponsor. Whoever is waited for is not told on: then the
alternate is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, or_, select
from sqlalchemy.orm import joinedload

from tracker.activity.kinds import Kind
from tracker.approvals.deciders import waited_for
from tracker.approvals.states import ASKED, State
from tracker.db import db, writing
from tracker.initiatives.locking import lock_initiative
from tracker.initiatives.models import Initiative
from tracker.initiatives.pauses import pauses_of, waited
from tracker.initiatives.sponsorships import calendars_of
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, day_of

REMIND_AFTER = 3  # working days
ESCALATE_AFTER = 7  # working days
PORTION = 500  # requests looked at in one sweep; the next one takes the rest


class Waiting:
    """What a request knows of its waiting, and the verbs by which time is told of."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        initiative_id: Any
        state: Any
        waits_since: Any
        agreed_at: Any
        reminded_at: Any
        escalated_at: Any
        record: Any

    def waits_from(self, now: datetime) -> None:
        """Let the clocks begin anew: it was put to a sponsor, or to another one."""
        self.waits_since, self.reminded_at, self.escalated_at = now, None, None

    @property
    def turn_since(self) -> datetime | None:
        """Since when whoever has it now has had it: the sponsor, or finance once the sponsor approved."""
        return self.agreed_at if self.state == State.agreed else self.waits_since

    def days_waited(self, now: datetime) -> int:
        """Return the working days of the sponsor that it has waited by `now` for whoever has it, without those on hold."""
        return days_waited([self], now)[self.id]

    def remind(self, *, now: datetime) -> None:
        """Remind whoever decides, once."""
        self.reminded_at = now
        after = {"state": self.state.value, "waits_since": _told_since(self)}
        self.record(Kind.approval_reminded, by=None, now=now, after=after)

    def escalate(self, person_id: int, *, now: datetime) -> None:
        """Tell the programme owner, or who stands in, once."""
        self.escalated_at = now
        self.record(
            Kind.approval_escalated, by=None, now=now,
            after={"state": self.state.value, "waits_since": _told_since(self), "person_id": person_id},
        )  # fmt: skip

    def pass_to(self, person: Person, *, by: Person | None, now: datetime) -> None:
        """Let another sponsor be waited for, as the initiative has another one."""
        self.waits_from(now)
        self.record(Kind.approval_passed, by=by, now=now, after={"person_id": person.id})


def days_waited(approvals: Collection[Any], now: datetime) -> dict[int, int]:
    """Return by id the working days that requests have waited, in a constant number of statements.

    Each is counted by the calendar of the sponsor of its initiative; a time on hold does not count (rule 6).
    """
    calendars = calendars_of({one.initiative.sponsor_id for one in approvals})
    pauses = pauses_of({one.initiative_id for one in approvals})
    return {
        one.id: waited(
            day_of(one.turn_since), day_of(now), pauses[one.initiative_id], calendars[one.initiative.sponsor_id]
        )
        for one in approvals
    }  # fmt: skip


def told_on(approval: Any, now: datetime) -> int | None:
    """Return who is told that a decision waits for too long: the programme owner, or the alternate where the owner is waited
    for or has no access; None where nobody is left."""
    settings, awaited = Organisation.current(), waited_for(approval, now)
    for id_ in (settings.programme_owner_id, settings.alternate_id):
        if id_ is not None and id_ not in awaited:
            person = db.session.get(Person, id_)
            if person is not None and person.is_active:
                return id_
    return None


def tell_of_waiting(model: Any, now: datetime) -> int:
    """Remind and escalate what has waited for long enough, each request in a write transaction of its own; return how many
    were. What was decided, put anew or put on hold meanwhile is left alone."""
    done = 0
    for id_ in _due(model, now):
        with writing():
            done += _tell(model, id_, now)
    return done


def _due(model: Any, now: datetime) -> list[int]:
    waiting = (
        select(model.id, model.initiative_id, _since(model).label("since"), model.reminded_at, Initiative.sponsor_id)
        .join(Initiative, Initiative.id == model.initiative_id)
        .where(*_open(model), Initiative.held_at.is_(None), Initiative.stopped_at.is_(None))
        .order_by(model.waits_since, model.id)
        .limit(PORTION)
    )  # fmt: skip
    rows = db.session.execute(waiting).all()
    calendars = calendars_of({row.sponsor_id for row in rows}) if rows else {}
    pauses = pauses_of({row.initiative_id for row in rows}) if rows else {}
    return [
        row.id
        for row in rows
        if waited(day_of(row.since), day_of(now), pauses[row.initiative_id], calendars[row.sponsor_id])
        >= (ESCALATE_AFTER if _told_in_turn(row.reminded_at, row.since) else REMIND_AFTER)
    ]  # fmt: skip


def _open(model: Any) -> tuple[Any, ...]:
    return (
        model.closed_at.is_(None),
        model.state.in_(ASKED),
        or_(
            *(
                told.is_(None) | (told <= _since(model))
                for told in (model.reminded_at, model.escalated_at)
            )
        ),
    )


def _since(model: Any) -> Any:
    """The same as `turn_since`, in a statement."""
    return case((model.state == State.agreed, model.agreed_at), else_=model.waits_since)


def _told_in_turn(told_at: datetime | None, since: datetime) -> bool:
    """Tell whether something was told since whoever has it now has had it."""
    return told_at is not None and told_at > since


def _told_since(one: Any) -> str:
    return one.turn_since.isoformat()


def _tell(model: Any, id_: int, now: datetime) -> int:
    """Look at one request again under its lock, and tell what is due."""
    initiative_id = db.session.scalar(select(model.initiative_id).where(model.id == id_))
    if initiative_id is None:
        return 0
    lock_initiative(initiative_id)
    initiative = db.session.get_one(Initiative, initiative_id, populate_existing=True)
    query = select(model).where(model.id == id_, *_open(model)).with_for_update(of=model)
    query = query.options(joinedload(model.initiative))
    one = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if one is None or initiative.held_at is not None or initiative.ended:
        return 0
    days, since = days_waited([one], now)[id_], one.turn_since
    told = 0
    if not _told_in_turn(one.reminded_at, since) and days >= REMIND_AFTER:
        one.remind(now=now)
        told += 1
    if not _told_in_turn(one.escalated_at, since) and days >= ESCALATE_AFTER:
        person_id = told_on(one, now)
        if person_id is not None:
            one.escalate(person_id, now=now)
            told += 1
    return told
