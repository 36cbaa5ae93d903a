"""How a blocker comes to be, and what its raiser corrects later (rules 24 and 26)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask_babel import gettext as _

from tracker.actions.models import Action
from tracker.activity.kinds import Kind
from tracker.blockers import holding
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.standing import day_of
from tracker.blockers.states import Category, State, WaitingOn
from tracker.db import db
from tracker.drawn import drawn
from tracker.errors import NotNow
from tracker.initiatives.friction import RootCause
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit


class Raising:
    """How a blocker is raised and edited."""

    if TYPE_CHECKING:
        id: Any
        title: Any
        title_key: Any
        effect: Any
        category: Any
        root_cause: Any
        backstage: Any
        blocked_unit_id: Any
        blocked_partner_id: Any
        waits: Any
        needed_by: Any
        needed_since: Any
        cost: Any
        state: Any
        holder: Any
        version: Any
        record: Any
        _going_on: Any
        _stand: Any

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *("title", "effect", "category", "root_cause", "backstage", "blocked_unit_id", "needed_by"),
    )

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
        if initiative.stopped_at is not None:
            raise NotNow(
                _("%(ref)s was stopped; nothing waits for it any more.", ref=initiative.ref)
            )
        holder = Holder(holder_unit_id, holder_partner_id, holder_outside).checked()
        waits = Holder(blocked_unit_id, blocked_partner_id)
        cls._not_oneself(holder, waits)
        if action is not None:
            _still_blockable(action, initiative)
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
        db.session.add(blocker)
        db.session.flush()
        calendars = Calendars()
        blocker._stand(State.raised, now, calendars, counts=1)
        holding.begin(blocker.id, holder, waits, on, calendars)
        blocker.record(
            Kind.blocker_raised, by=by, now=now,
            after={
                "ref": blocker.ref, "action_id": blocker.action_id, "blocked_unit_id": blocked_unit_id,
                "blocked_partner_id": blocked_partner_id, **blocker._held_by(), **blocker._kind(),
            },
            private={"title": blocker.title, "outside": holder.outside, "words": effect},
        )  # fmt: skip
        return blocker

    def edit(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change what it says, who waits, or by when it is needed. Raises `NotNow` once it is over."""
        self._going_on()
        changed = {
            key: value
            for key, value in fields.items()
            if key in self.EDITABLE and getattr(self, key) != value
        }
        if not changed:
            return
        before = {**self._kind(), "blocked_unit_id": self.blocked_unit_id}
        was = {key: getattr(self, key) for key in changed if key in ("title", "effect")}
        if "blocked_unit_id" in changed:
            if self.blocked_partner_id is not None:
                raise NotNow(_("A partner waits for this. Withdraw it, and raise it for the unit."))
            self._not_oneself(self.holder, Holder(changed["blocked_unit_id"]))
        for key, value in changed.items():
            setattr(self, key, value)
        self.title_key = normal(self.title)
        if "needed_by" in changed:
            self.needed_since = day_of(now) if self.needed_by else None
        calendars = Calendars()
        if "blocked_unit_id" in changed:
            holding.wait_in(self.id, self.waits, calendars)
        self._stand(self.state, now, calendars)
        after = {**self._kind(), "blocked_unit_id": self.blocked_unit_id}
        moved = [key for key in after if before[key] != after[key]]
        self.record(
            Kind.blocker_changed, by=by, now=now,
            before={key: before[key] for key in moved}, after={"fields": sorted(changed), **{key: after[key] for key in moved}},
            private={"was": was, "now": {key: changed[key] for key in was}} if was else None,
        )  # fmt: skip

    def enter_cost(self, cost: Decimal | None, *, by: Person, now: datetime) -> None:
        """Enter what it costs, in the organisation's currency; None takes it out. It is shown as an estimate (rule 26)."""
        if cost == self.cost:
            return
        was, self.cost = self.cost, cost
        self.version += 1
        self.record(
            Kind.blocker_cost_entered, by=by, now=now, before={"cost": _plain(was)},
            after={"cost": _plain(cost), "currency": Organisation.current().currency},
        )  # fmt: skip

    def _kind(self) -> dict[str, Any]:
        return {
            "category": self.category.value if self.category else None,
            "cause": self.root_cause.value if self.root_cause else None,
            "backstage": self.backstage,
            "needed_by": self.needed_by.isoformat() if self.needed_by else None,
        }

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


def _still_blockable(action: Action, initiative: Initiative) -> None:
    if action.initiative_id != initiative.id:
        raise NotNow(_("This action is not one of %(ref)s.", ref=initiative.ref))
    if action.is_over:
        raise NotNow(_("This action is over; nothing waits for it any more."))


def _plain(cost: Decimal | None) -> str | None:
    return None if cost is None else f"{cost:.2f}"
