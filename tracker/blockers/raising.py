"""How a blocker comes to be: on an initiative, or on one action of it (rules 20 and 24)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from flask_babel import gettext as _

from tracker.actions.models import Action
from tracker.activity.kinds import Kind
from tracker.blockers import holding
from tracker.blockers.heirs import owed_by_the_host_of
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.states import Category, State, WaitingOn
from tracker.db import db
from tracker.drawn import drawn
from tracker.errors import NotNow
from tracker.initiatives.friction import RootCause
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.units import Unit


class Raising:
    """How a blocker is raised."""

    @classmethod
    def raise_(
        cls,
        initiative: Initiative,
        *,
        title: str,
        by: Person | None,
        now: datetime,
        blocked_unit_id: int | None = None,
        blocked_partner_id: int | None = None,
        action: Action | None = None,
        answerer: Person | None = None,
        holder_unit_id: int | None = None,
        holder_partner_id: int | None = None,
        holder_outside: str | None = None,
        needed_by: date | None = None,
        effect: str = "",
        category: Category | None = None,
        root_cause: RootCause | None = None,
        backstage: bool | None = None,
        outside_id: str | None = None,
    ) -> Self:
        """Say what stops work on `initiative`, or on one `action` of it, which unit or partner waits, and who owes it.

        Raises `NotNow` for two holders or none, one that has ended, the waiting one itself, a stopped initiative, and an
        action that is over or of another one. The database refuses two that wait, and none.
        """
        still_blockable(initiative, action)
        holder = Holder(holder_unit_id, holder_partner_id, holder_outside).checked()
        waits = Holder(blocked_unit_id, blocked_partner_id)
        cls._not_oneself(holder, waits)
        on = day_of(now)
        fields: dict[str, Any] = dict(
            ref=drawn(),
            initiative_id=initiative.id,
            action_id=action.id if action else None,
            title=title.strip(),
            title_key=normal(title),
            effect=effect,
            category=category,
            root_cause=root_cause,
            backstage=backstage,
            blocked_unit_id=blocked_unit_id,
            blocked_partner_id=blocked_partner_id,
            needed_by=needed_by,
            needed_since=on if needed_by else None,
            clock_since=on,
            raised_by_id=by.id if by else None,
            raised_at=now,
            state=State.raised,
            waiting_on=WaitingOn.holder,
            open_since=on,
            resolution="",
            hand_overs=0,
            outside_id=outside_id,
            version=0,
            **holder.columns,
        )
        blocker: Any = cls(**fields)
        if answerer is not None:
            blocker._could_answer(answerer)
            blocker.answerer_id = answerer.id
        db.session.add(blocker)
        db.session.flush()
        calendars = Calendars()
        holding.begin(blocker.id, holder, waits, on, calendars)
        blocker._stand(State.raised, now, calendars, counts=1)
        blocker.record(
            Kind.blocker_raised, by=by, now=now,
            after={
                "ref": blocker.ref, "action_id": blocker.action_id, "blocked_unit_id": blocked_unit_id,
                "blocked_partner_id": blocked_partner_id, **blocker._held_by(), **blocker._kind(),
            },
            private={"title": blocker.title, "outside": holder.outside, "words": effect},
        )  # fmt: skip
        return blocker

    @classmethod
    def raise_on_us(
        cls,
        action: Action,
        *,
        title: str,
        by: Person,
        now: datetime,
        needed_by: date | None = None,
        effect: str = "",
        category: Category | None = None,
    ) -> Self:
        """Let a partner say what stops its work on `action` (rule 20): the host's unit owes it, and the host answers.

        Raises `NotNow` unless the action is open and a partner's.
        """
        cls.refuse_unless_theirs(action)
        initiative = db.session.get_one(Initiative, action.initiative_id)
        unit_id, host = owed_by_the_host_of(action, initiative)
        return cls.raise_(
            initiative,
            title=title,
            action=action,
            blocked_partner_id=action.partner_id,
            holder_unit_id=unit_id,
            answerer=host,
            needed_by=needed_by,
            effect=effect,
            category=category,
            by=by,
            now=now,
        )

    @staticmethod
    def refuse_unless_theirs(action: Action) -> None:
        """Raises `NotNow` unless it is a partner that has the next word on `action`: else nothing stops it there."""
        if not action.is_open or action.partner_id is None:
            raise NotNow(_("This action does not wait for you now, so nothing stops you there."))

    @staticmethod
    def _not_oneself(holder: Holder, waits: Holder) -> None:
        if holder.key != waits.key:
            return
        there = (
            db.session.get(Unit, waits.unit_id)
            if waits.unit_id
            else db.session.get(Partner, waits.partner_id)
        )
        raise NotNow(
            _(
                "%(unit)s cannot wait for itself. Name another holder, or the unit that waits.",
                unit=there.name if there else "",
            )
        )


def still_blockable(initiative: Initiative, action: Action | None) -> None:
    """Raises `NotNow` for a stopped initiative, and for an action that is over or of another one."""
    if initiative.stopped_at is not None:
        raise NotNow(_("%(ref)s was stopped; nothing waits for it any more.", ref=initiative.ref))
    if action is None:
        return
    if action.initiative_id != initiative.id:
        raise NotNow(_("This action is not one of %(ref)s.", ref=initiative.ref))
    if action.is_over:
        raise NotNow(_("This action is over; nothing waits for it any more."))
