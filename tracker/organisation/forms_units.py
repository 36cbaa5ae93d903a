"""What is typed about units and partners."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField
from wtforms.validators import DataRequired, ValidationError

from tracker.db import db
from tracker.forms import Form, Line, Words
from tracker.organisation.choices import calendar_choices, people_choices, unit_choices
from tracker.organisation.fields import NameLine, OneOf
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.unit_names import taken_name
from tracker.organisation.units import Unit, line_above
from tracker.wording import lazy as _l

LONGEST_ALIAS = 120  # characters
MOST_ALIASES = 50


class UnitForm(Form):
    """A unit of the tree. Its names must lead to it alone."""

    name = NameLine()
    code = Line(_l("Code"), [DataRequired(_l("Type a code, such as IT."))], longest=40)
    short_name = Line(_l("Short name"), longest=40)
    aliases = Words(_l("Other names"), longest=MOST_ALIASES * LONGEST_ALIAS)
    parent_id = OneOf(_l("Part of"))
    head_id = OneOf(_l("Head"))
    calendar_id = OneOf(_l("Calendar"))

    def __init__(self, *args: Any, unit: Unit | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.unit = unit
        self.parent_id.offer(
            unit_choices(and_also=self.parent_id.object_data), nothing=_("Nothing: at the top")
        )
        self.head_id.offer(people_choices(and_also=self.head_id.object_data), nothing=_("Vacant"))
        self.calendar_id.offer(calendar_choices(), nothing=_("The one of the unit above"))

    @property
    def other_names(self) -> tuple[str, ...]:
        """The aliases, one per line, each once."""
        lines = (" ".join(line.split()) for line in (self.aliases.data or "").splitlines())
        return tuple({normal(line): line for line in lines if normal(line)}.values())

    @property
    def fields(self) -> dict[str, Any]:
        """What the verbs take."""
        return {**self.values, "aliases": self.other_names}

    def validate_name(self, field: Any) -> None:
        self._lead_here_alone(field.data)

    def validate_code(self, field: Any) -> None:
        self._lead_here_alone(field.data)

    def validate_short_name(self, field: Any) -> None:
        self._lead_here_alone(field.data)

    def validate_aliases(self, _field: Any) -> None:
        if len(self.other_names) > MOST_ALIASES:
            raise ValidationError(_("Keep it to %(most)s names.", most=MOST_ALIASES))
        for name in self.other_names:
            if len(name) > LONGEST_ALIAS:
                raise ValidationError(_("“%(name)s” is too long for a name.", name=name[:40]))
        self._lead_here_alone(*self.other_names)

    def validate_parent_id(self, field: Any) -> None:
        if self.unit is None or field.data is None:
            return
        parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).all())
        if self.unit.id in line_above(parents, field.data):
            raise ValidationError(
                _(
                    "%(unit)s cannot stand below itself. Choose a unit that is not one of its parts.",
                    unit=self.unit.name,
                )
            )

    def _lead_here_alone(self, *names: str | None) -> None:
        keys = {normal(name): name for name in names if name and normal(name)}
        found = taken_name(self.unit.id if self.unit else None, keys)
        if found:
            raise ValidationError(
                _("“%(name)s” already stands for %(unit)s.", name=found[0], unit=found[1])
            )


class PartnerForm(Form):
    """A vendor organisation and the terms agreed with it."""

    name = NameLine()
    serves = Line(_l("What it serves"), longest=200)
    terms = Words(_l("Agreed terms"))
    relationship_owner_id = OneOf(_l("Relationship owner"))
    calendar_id = OneOf(_l("Calendar"))
    contacts_share = BooleanField(
        _l("Contacts see all actions of their organisation"), default=True
    )
    needs_second_factor = BooleanField(_l("Contacts need a second factor"))

    def __init__(self, *args: Any, partner: Partner | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.partner = partner
        people = people_choices(and_also=self.relationship_owner_id.object_data)
        self.relationship_owner_id.offer(people, nothing=_("Nobody yet"))
        self.calendar_id.offer(calendar_choices(), nothing=_("Ours"))

    def validate_name(self, field: Any) -> None:
        other = Partner.named(field.data or "")
        if other is not None and (self.partner is None or other.id != self.partner.id):
            raise ValidationError(_("There is a partner called %(name)s already.", name=other.name))
