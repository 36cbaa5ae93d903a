"""What administrators set for everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel.numbers import is_currency
from flask_babel import gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, ValidationError

from tracker.forms import Form, Line
from tracker.languages import NAMES
from tracker.organisation.choices import calendar_choices, people_choices
from tracker.organisation.fields import NameLine, OneOf
from tracker.organisation.forms_profile import time_zones
from tracker.organisation.people import Role
from tracker.organisation.settings import MODULES
from tracker.wording import lazy as _l

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}\Z")


class WorkspaceForm(Form):
    """The organisation's own settings. `stage_form` adds a field for the name of each stage."""

    name = NameLine(_l("Name of the organisation"))
    product_name = NameLine(_l("Name of this site"), longest=60)
    prefix = Line(_l("Prefix of initiative numbers"), [DataRequired(_l("Type a prefix."))])
    language = SelectField(_l("Language"))
    time_zone = SelectField(_l("Time zone"))
    currency = Line(_l("Currency"), [DataRequired(_l("Type a currency, such as EUR."))])
    programme_owner_id = OneOf(_l("Programme owner"))
    alternate_id = OneOf(_l("Alternate"))
    calendar_id = OneOf(_l("Usual calendar"))
    signatures = BooleanField(_l("Signatures: each unit's head signs the charter"))
    priorities = BooleanField(_l("Priorities: each unit's head rates from 1 to 5"))
    benefits = BooleanField(_l("Benefits: money for each quarter, confirmed by finance"))
    designing = BooleanField(_l("There is a stage for designing, before piloting"))

    stages: Mapping[str, str] = {}  # by stage, what it is usually called

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        nobody = _("Nobody yet")
        executives = people_choices(role=Role.executive)
        self.programme_owner_id.offer(executives, nothing=nobody)
        self.alternate_id.offer(executives, nothing=nobody)
        self.calendar_id.offer(calendar_choices(), nothing=_("Monday to Friday, no holidays"))
        self.language.choices = list(NAMES.items())
        self.time_zone.choices = [(name, name.replace("_", " ")) for name in time_zones()]

    @property
    def stage_fields(self) -> list[Any]:
        """The fields for the names of stages, in the order of stages."""
        return [self[f"stage_{stage}"] for stage in self.stages]

    @property
    def fields(self) -> dict[str, Any]:
        """What the verb takes."""
        own = {
            name: value
            for name, value in self.values.items()
            if not name.startswith("stage_") and name not in MODULES
        }
        named = {stage: self[f"stage_{stage}"].data for stage in self.stages}
        return {
            **own,
            "modules": [module for module in MODULES if self[module].data],
            "stage_names": {stage: name for stage, name in named.items() if name},
        }

    def validate_prefix(self, field: Any) -> None:
        field.data = (field.data or "").upper()
        if not _PREFIX.match(field.data):
            raise ValidationError(
                _("A prefix is one to eight letters and digits from A to Z, such as CX.")
            )

    def validate_currency(self, field: Any) -> None:
        field.data = (field.data or "").upper()
        if not is_currency(field.data):
            raise ValidationError(_("Use the three letters of a currency, such as EUR."))

    def validate_alternate_id(self, field: Any) -> None:
        if field.data is not None and field.data == self.programme_owner_id.data:
            raise ValidationError(
                _("The alternate stands in for the programme owner: choose another executive.")
            )


def workspace_form(stages: Mapping[str, str]) -> type[WorkspaceForm]:
    """Return the form with a field for each of `stages` ({stage: usual name})."""

    def differs(form: WorkspaceForm, field: Any) -> None:
        mine = (field.data or "").casefold()
        others = [
            form[f"stage_{stage}"].data or usual
            for stage, usual in stages.items()
            if f"stage_{stage}" != field.name
        ]
        if mine and mine in {str(other).casefold() for other in others}:
            raise ValidationError(_("Another stage is called this."))

    fields = {
        f"stage_{stage}": Line(usual, [differs], longest=40) for stage, usual in stages.items()
    }
    return type("WorkspaceForm", (WorkspaceForm,), {**fields, "stages": dict(stages)})


class FinanceForm(Form):
    """Somebody who confirms money."""

    person_id = OneOf(_l("Add somebody"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person_id.offer(people_choices(), nothing=_("Choose somebody"))

    def validate_person_id(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Choose who confirms money."))
