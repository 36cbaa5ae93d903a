"""What people choose for themselves, and who stands in for them."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, ValidationError

from tracker.clock import now
from tracker.fields import Day
from tracker.forms import Form
from tracker.languages import NAMES
from tracker.organisation.choices import people_choices
from tracker.organisation.deputies import LONGEST, Capacity
from tracker.organisation.fields import NameLine, OneOf
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation, day_of
from tracker.organisation.tastes import TASTES
from tracker.viewing import digits
from tracker.wording import lazy as _l

NEVER = "never"  # beside the hours of the digest


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones that places go by, and UTC."""
    regions = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia")
    places = (*regions, "Europe", "Indian", "Pacific")
    return ("UTC", *sorted(z for z in available_timezones() if z.split("/")[0] in places))


def _hour(value: Any) -> int | str:
    """Return an hour as the form holds it: None, for never, has a word."""
    return NEVER if value in (None, NEVER) else int(value)


class ProfileForm(Form):
    """How the pages read for one person."""

    name = NameLine()
    language = SelectField(_l("Language"), default="")
    theme = SelectField(_l("Light or dark"))
    time_zone = SelectField(_l("Time zone"), default="")
    day_calendar = SelectField(_l("Calendar of dates"))
    digits = SelectField(_l("Digits"))
    shortcuts = BooleanField(_l("Single keys act as shortcuts"))
    digest_hour = SelectField(_l("Daily mail with what is new"), coerce=_hour)
    mails_at_once = BooleanField(
        _l("Mail at once when somebody waits for me: a decision, an assignment, a mention")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        zone = Organisation.current().time_zone
        self.language.choices = [("", _("As the browser asks")), *NAMES.items()]
        self.theme.choices = [
            ("auto", _("As the device asks")),
            ("light", _("Light")),
            ("dark", _("Dark")),
        ]
        self.time_zone.choices = [
            ("", _("The organisation's: %(zone)s", zone=zone)),
            *((name, name.replace("_", " ")) for name in time_zones()),
        ]
        self.day_calendar.choices = [
            ("auto", _("Usual for the language")),
            ("gregorian", _("Gregorian")),
            ("jalali", _("Jalali")),
        ]
        self.digits.choices = [
            ("auto", _("Usual for the language")),
            ("latin", _("Latin: 123")),
            ("persian", _("Persian: ۱۲۳")),
        ]
        self.digest_hour.choices = [
            *((hour, digits(f"{hour:02}:00")) for hour in range(24)),
            (NEVER, _("Never")),
        ]
        if self.digest_hour.data is None:
            self.digest_hour.data = NEVER

    @property
    def tastes(self) -> dict[str, Any]:
        """What `Person.prefer` takes."""
        chosen = {name: self[name].data for name in TASTES}
        return {name: None if value in ("", NEVER) else value for name, value in chosen.items()}


class DeputyForm(Form):
    """Who stands in for `person` in one capacity, and when."""

    deputy_id = OneOf(_l("Deputy"))
    starts = Day(_l("From"), [InputRequired(_l("Choose the first day."))])
    ends = Day(_l("Until, included"), [InputRequired(_l("Choose the last day."))])

    def __init__(self, person: Person, capacity: Capacity, **more: Any) -> None:
        super().__init__(prefix=f"{capacity}-", **more)
        self.capacity = capacity
        role = Role.executive if capacity == Capacity.sponsor else None
        others = [choice for choice in people_choices(role=role) if choice[0] != person.id]
        self.deputy_id.offer(others, nothing=_("Choose somebody"))

    def validate_deputy_id(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Choose who stands in."))

    def validate_ends(self, field: Any) -> None:
        if not field.data or not self.starts.data:
            return
        if field.data < self.starts.data:
            raise ValidationError(_("The last day lies before the first."))
        if field.data < day_of(now()):
            raise ValidationError(_("That time is over."))
        if field.data - self.starts.data > LONGEST:
            raise ValidationError(_("A deputy stands in for at most a year at a time."))
