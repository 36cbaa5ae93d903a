"""Names by id, in bulk, for whatever shows them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.organisation.calendars import Calendar
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


def _names(model: Any) -> Any:
    def by_id(ids: Collection[int]) -> dict[int, str]:
        return dict(
            db.session.execute(select(model.id, model.name).where(model.id.in_(list(ids)))).tuples()
        )

    return by_id


namers = {
    "person": _names(Person),
    "unit": _names(Unit),
    "partner": _names(Partner),
    "calendar": _names(Calendar),
}
