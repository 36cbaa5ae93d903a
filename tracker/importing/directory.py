"""Who and what a file may name: units, partners and people, looked up by any name they go by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.importing.tidy import key
from tracker.importing.words import BadValue, shortened
from tracker.importing.years import CALENDAR, Years
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.roles import NO_DUTIES
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, UnitAlias

MADE = ("unit", "partner")  # what a file may make because it names it


class New(NamedTuple):
    """A unit, a partner or a KPI that does not exist yet; it is made only when somebody asks for it."""

    kind: str
    key: str
    name: str


class Known(NamedTuple):
    """A person as far as an import has to know."""

    id: int
    name: str
    email: str
    role: Role
    active: bool
    unit_id: int | None
    partner_id: int | None
    is_admin: bool


class Directory:
    """Everything a file may refer to, loaded once in four queries.

    With `create_missing`, unknown units and partners become `New`; without, they are told as
    problems. Either way `new_units` and `new_partners` list them, in the order of the file, and
    `new_kpis` the KPIs; but of the kinds that `makes` leaves out nothing new comes in. `importer` is
    on whose word it all comes, None for who runs the program;
    `columns` are the fields that have a column; `years` those by which the file counts.
    """

    def __init__(
        self,
        *,
        create_missing: bool,
        today: date,
        importer: Person | None = None,
        columns: Collection[str] = (),
        years: Years = CALENDAR,
        makes: Collection[str] = MADE,
    ) -> None:
        self.create_missing = create_missing
        self.makes = makes
        self.today = today
        self.importer = importer
        self.columns = frozenset(columns)
        self.years = years
        self.new_kpis: dict[str, New] = {}
        self.currency = Organisation.current().currency
        self.new_units: dict[str, New] = {}
        self.new_partners: dict[str, New] = {}
        self._units: dict[str, Any] = {
            row.key: row
            for row in db.session.execute(
                select(UnitAlias.key, Unit.id, Unit.name, Unit.ended_at).join(
                    Unit, Unit.id == UnitAlias.unit_id
                )
            )
        }
        self._partners: dict[str, Any] = {
            row.key: row
            for row in db.session.execute(
                select(Partner.key, Partner.id, Partner.name, Partner.ended_at)
            )
        }
        self.people = [
            Known(*row[:4], row.ended_at is None and (row.ends_on is None or row.ends_on > today), *row[5:8])
            for row in db.session.execute(
                select(
                    Person.id, Person.name, Person.email, Person.role, Person.ended_at,
                    Person.unit_id, Person.partner_id, Person.is_admin, Person.ends_on,
                ).order_by(Person.id)
            )
        ]  # fmt: skip
        self._by_email = {person.email.lower(): person for person in self.people}
        self._by_name: dict[str, list[Known]] = {}
        for person in self.people:
            self._by_name.setdefault(key(person.name), []).append(person)

    def has_unit(self, text: str) -> bool:
        """Whether a unit goes by this name already."""
        return key(text) in self._units

    def has_partner(self, text: str) -> bool:
        """Whether a partner of this name stands already."""
        return key(text) in self._partners

    def unit(self, text: str) -> int | New:
        """The unit that goes by this code, name or alias. Raises `BadValue`."""
        found = self._units.get(key(text))
        if found is None:
            if "unit" not in self.makes:
                raise BadValue(
                    _("The unit “%(name)s” is not known, and only an administrator can add it.", name=shortened(text))
                )  # fmt: skip
            new = self.new_units.setdefault(key(text), New("unit", key(text), text))
            if self.create_missing:
                return new
            raise BadValue(
                _(
                    "The unit “%(name)s” is not known. Ask for missing units to be made, or "
                    "correct the name.",
                    name=shortened(text),
                )
            )
        if found.ended_at is not None:
            raise BadValue(_("The unit %(name)s was closed.", name=found.name))
        return found.id

    def partner(self, text: str) -> int | New:
        """The partner of this name. Raises `BadValue`."""
        found = self._partners.get(key(text))
        if found is None:
            if "partner" not in self.makes:
                raise BadValue(
                    _("The partner “%(name)s” is not known, and only an administrator can add it.", name=shortened(text))
                )  # fmt: skip
            new = self.new_partners.setdefault(key(text), New("partner", key(text), text))
            if self.create_missing:
                return new
            raise BadValue(
                _(
                    "The partner “%(name)s” is not known. Ask for missing partners to be made, "
                    "or correct the name.",
                    name=shortened(text),
                )
            )
        if found.ended_at is not None:
            raise BadValue(_("The partner %(name)s was ended.", name=found.name))
        return found.id

    def by_email(self, email: str) -> Known | None:
        """The person with this address, active or not."""
        return self._by_email.get(email.strip().lower())

    def person(self, text: str) -> Known:
        """The person with this address or name. Raises `BadValue`, also for two of one name."""
        if "@" in text:
            found = self.by_email(text)
            if found is None:
                raise BadValue(_("Nobody here has the address “%(email)s”.", email=shortened(text)))
            return found
        named = self._by_name.get(key(text), [])
        active = [person for person in named if person.active] or named
        if not active:
            raise BadValue(
                _(
                    "Nobody here is called “%(name)s”. Use an e-mail address, or add the person "
                    "first.",
                    name=shortened(text),
                )
            )
        if len(active) > 1:
            raise BadValue(
                _(
                    "Several people are called “%(name)s”. Use the e-mail address.",
                    name=shortened(text),
                )
            )
        return active[0]

    def colleague(self, text: str) -> Known:
        """An active internal person who is no auditor: somebody who may lead or head.

        Raises `BadValue`.
        """
        found = self.person(text)
        if not found.active:
            raise BadValue(_("%(name)s has no access any more.", name=found.name))
        if found.role in NO_DUTIES:
            raise BadValue(
                _(
                    "%(name)s cannot: only internal people who are not auditors can.",
                    name=found.name,
                )
            )
        return found

    def executive(self, text: str) -> Known:
        """Somebody who may sponsor: an active internal executive (rule 2). Raises `BadValue`."""
        found = self.person(text)
        if found.role == Role.partner:
            raise BadValue(
                _(
                    "%(name)s belongs to a partner. Only our own executives can sponsor.",
                    name=found.name,
                )
            )
        if not found.active:
            raise BadValue(
                _("%(name)s has no access any more. Choose an active executive.", name=found.name)
            )
        if found.role != Role.executive:
            raise BadValue(
                _("%(name)s is not an executive. Only executives can sponsor.", name=found.name)
            )
        return found
