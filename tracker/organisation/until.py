"""Access that ends by itself: on a day that is known before, at its start in the organisation's time zone.

The gate asks for the day at every request, so nobody waits for the sweep (`running_out`) that hands on what is held.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from tracker.errors import NotNow
from tracker.organisation.settings import day_of


class Until:
    """Somebody whose access may have a last day; `ends_on` is the day after it, None where it has none."""

    if TYPE_CHECKING:
        is_active: Any

    ends_on: Mapped[date | None] = mapped_column()

    def is_out(self, today: date) -> bool:
        """Tell whether the day has come. `today` is the organisation's."""
        return self.ends_on is not None and self.ends_on <= today

    def may_enter(self, now: datetime) -> bool:
        """Tell whether this person has access at `now`: it was not ended, and did not end by itself."""
        return self.is_active and not self.is_out(day_of(now))


def refuse_day(fields: Mapping[str, Any], stands: Any, now: datetime) -> None:
    """Raise `NotNow` for a day that is no future one, and for an administrator's: somebody always has to administer.

    `stands` is the person who is changed; None for somebody new.
    """
    present = stands.ends_on if stands is not None else None
    day = fields.get("ends_on", present)
    is_admin = fields.get("is_admin", stands is not None and stands.is_admin)
    if day is not None and is_admin:
        raise NotNow(_("The access of an administrator does not end by itself."))
    if day not in (None, present) and day <= day_of(now):
        raise NotNow(_("Access that ends by itself ends tomorrow or later. To end it now, end it."))
