"""Names by id, in bulk, for whatever shows them; and what the trail may ask of this room."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tracker.activity.naming import Named
from tracker.organisation.calendars import Calendar
from tracker.organisation.deputies import Deputyship
from tracker.organisation.handing_over import duty_name
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.settings_told import language_name, modules_told, stages_told
from tracker.organisation.units import Unit
from tracker.organisation.words import role_name

namers = {
    "person": Named(Person),
    "unit": Named(Unit),
    "partner": Named(Partner),
    "calendar": Named(Calendar),
    "organisation": Named(Organisation),
}
scopes = {
    model.subject_type: model.visible_to
    for model in (Person, Unit, Partner, Calendar, Deputyship, Organisation)
}
wordings = {"duty": duty_name, "role": role_name, "language": language_name}
unfolding = {"stage_names": stages_told, "modules": modules_told}


def names_of_people(ids: Collection[int | None]) -> Mapping[int, str]:
    """Return the names of the people with these ids, in one query; None is left out."""
    known = {id_ for id_ in ids if id_ is not None}
    return namers["person"](known) if known else {}
