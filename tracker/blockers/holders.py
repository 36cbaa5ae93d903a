"""Who owes it: exactly one unit, partner or outside party, and whose working days that means (rules 23 and 25)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, literal, select, union_all

from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.calendars import EveryCalendar, WorkingDays
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit

OUTSIDE = "o"  # the key of all outside parties together
_ONE = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
    for column in ("holder_unit_id", "holder_partner_id", "holder_outside")
)


def one_holder() -> tuple[CheckConstraint, CheckConstraint]:
    """Return the constraints by which the database itself refuses two holders, none, and a blank one."""
    return (
        CheckConstraint(f"{_ONE} = 1", name="one_holder"),
        CheckConstraint("holder_outside IS NULL OR holder_outside <> ''", name="holder_said"),
    )


def one_waits() -> CheckConstraint:
    """Return the constraint by which the database itself refuses two that wait, and none."""
    return CheckConstraint(
        "(blocked_unit_id IS NULL) <> (blocked_partner_id IS NULL)", name="one_waits"
    )


@dataclass(frozen=True)
class Holder:
    """A unit, a partner, or an outside party in words."""

    unit_id: int | None = None
    partner_id: int | None = None
    outside: str | None = None

    @property
    def kind(self) -> str:
        return "unit" if self.unit_id else "partner" if self.partner_id else "outside"

    @property
    def key(self) -> str:
        """What stands in addresses and in the kept counts: `u12`, `p3`, or `o` for any outside party."""
        if self.unit_id:
            return f"u{self.unit_id}"
        return f"p{self.partner_id}" if self.partner_id else OUTSIDE

    @property
    def columns(self) -> dict[str, int | str | None]:
        """The three columns that name a holder."""
        return {
            "holder_unit_id": self.unit_id,
            "holder_partner_id": self.partner_id,
            "holder_outside": self.outside,
        }

    @classmethod
    def of(cls, row: Any) -> Holder:
        """Return the holder that the columns of `row` name."""
        return cls(row.holder_unit_id, row.holder_partner_id, row.holder_outside)

    @classmethod
    def waiting(cls, row: Any) -> Holder:
        """Return who waits by the columns of `row`: a unit or a partner, in the same words as a holder."""
        return cls(row.blocked_unit_id, row.blocked_partner_id)

    @classmethod
    def from_key(cls, key: str | None) -> Holder | None:
        """Return the holder with this key, as it came in an address; None for what is no key."""
        if key == OUTSIDE:
            return cls(outside="")
        kind, number = (key or "")[:1], (key or "")[1:]
        if (
            kind not in ("u", "p")
            or not number.isascii()
            or not number.isdecimal()
            or len(number) > 9
        ):
            return None
        return cls(unit_id=int(number)) if kind == "u" else cls(partner_id=int(number))

    @classmethod
    def from_waiting(cls, key: str | None) -> Holder | None:
        """Return who waits by this key; a bare number is a unit's, as addresses had it. None for what is no key."""
        return cls.from_key(f"u{key}") or cls.from_key(key if key != OUTSIDE else None)

    def checked(self) -> Holder:
        """Return this holder, its words tidied. Raises `NotNow` unless it is exactly one that is still there."""
        outside = " ".join((self.outside or "").split()) or None
        named = [one for one in (self.unit_id, self.partner_id, outside) if one is not None]
        if not named:
            raise NotNow(
                _("A blocker needs a holder: one unit, one partner, or an outside party in words.")
            )
        if len(named) > 1:
            raise NotNow(
                _(
                    "A blocker has one holder. Choose the one who owes it first, and raise another for the other."
                )
            )
        kept = Holder(self.unit_id, self.partner_id, outside)
        if outside is None:
            there = (
                db.session.get(Unit, self.unit_id)
                if self.unit_id
                else db.session.get(Partner, self.partner_id)
            )
            if there is None or there.ended_at is not None:
                raise NotNow(_("Who should hold this has ended by now. Choose another holder."))
        return kept


_WHOSE = union_all(
    select(literal("u"), Unit.id, Unit.acting_calendar_id),
    select(literal("p"), Partner.id, Partner.calendar_id),
)


class Calendars(EveryCalendar):
    """The working days of every holder; with `everyone`, whose calendar is whose is read at once."""

    def __init__(self, *, everyone: bool = False) -> None:
        super().__init__()
        self._known: dict[str, WorkingDays] = {OUTSIDE: self.of(None)}
        if everyone:
            for kind, id_, calendar_id in db.session.execute(_WHOSE):
                self._known[f"{kind}{id_}"] = self.of(calendar_id)

    def of_holder(self, holder: Holder) -> WorkingDays:
        """Return the days by which `holder` is counted: a partner by its own, else ours; outside parties by ours."""
        if holder.key not in self._known:
            column = Unit.acting_calendar_id if holder.unit_id else Partner.calendar_id
            owner = Unit.id if holder.unit_id else Partner.id
            its = select(column).where(owner == (holder.unit_id or holder.partner_id))
            self._known[holder.key] = self.of(db.session.scalar(its))
        return self._known[holder.key]


def stamp(days: WorkingDays) -> str:
    """Return a short mark of a calendar: sums kept under another mark were counted by other days."""
    text = ",".join([*map(str, sorted(days.weekend)), *(day.isoformat() for day in days.holidays)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
