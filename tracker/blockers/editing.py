"""What the raiser of a blocker corrects later, and what it costs (rules 24 and 26)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.blockers import holding
from tracker.blockers.holders import Calendars, Holder
from tracker.errors import NotNow
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation, day_of


class Edited:
    """How a blocker is edited."""

    if TYPE_CHECKING:
        id: Any
        title: Any
        title_key: Any
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
        refuse_if_over: Any
        _stand: Any
        _not_oneself: Any

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *("title", "effect", "category", "root_cause", "backstage", "blocked_unit_id", "needed_by"),
    )

    def edit(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change what it says, who waits, or by when it is needed. Raises `NotNow` once it is over."""
        self.refuse_if_over()
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


def _plain(cost: Decimal | None) -> str | None:
    return None if cost is None else f"{cost:.2f}"
