"""Names by id, in bulk, for whatever shows them; and what the trail may ask of this room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Deputyship
from tracker.organisation.handing_over import duty_name
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit
from tracker.organisation.words import role_name


def _names(model: Any) -> Any:
    def by_id(ids: Collection[int]) -> dict[int, str]:
        """Return the names of these ids, and maybe of others: rows that are loaded cost nothing."""
        loaded: list[Any] = [
            row for row in db.session.identity_map.values() if isinstance(row, model)
        ]
        known: dict[int, str] = {row.id: row.name for row in loaded}
        missing = set(ids) - known.keys()
        if missing:
            named = select(model.id, model.name).where(model.id.in_(missing))
            known.update(db.session.execute(named).all())
        return known

    return by_id


namers = {
    "person": _names(Person),
    "unit": _names(Unit),
    "partner": _names(Partner),
    "calendar": _names(Calendar),
    "organisation": _names(Organisation),
}
scopes = {
    model.subject_type: model.visible_to
    for model in (Person, Unit, Partner, Calendar, Deputyship, Organisation)
}
wordings = {"duty": duty_name, "role": role_name}


def names_of_people(ids: Collection[int | None]) -> dict[int, str]:
    """Return the names of the people with these ids, in one query; None is left out."""
    known = {id_ for id_ in ids if id_ is not None}
    return namers["person"](known) if known else {}
