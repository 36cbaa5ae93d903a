"""What is typed about calendars."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField
from wtforms.validators import ValidationError

from tracker.db import db
from tracker.forms import Form, Words
from tracker.organisation.calendars import Calendar
from tracker.organisation.fields import NameLine
from tracker.organisation.holidays import HolidayLines, holiday_lines
from tracker.organisation.words import weekday_names
from tracker.wording import lazy as _l

WEEK = range(1, 8)  # ISO weekdays


class CalendarForm(Form):
    """The days on which no work is expected: some of every week, and holidays, one per line."""

    name = NameLine()
    day_1 = BooleanField()
    day_2 = BooleanField()
    day_3 = BooleanField()
    day_4 = BooleanField()
    day_5 = BooleanField()
    day_6 = BooleanField()
    day_7 = BooleanField()
    holidays = Words(_l("Holidays"), longest=60_000)

    def __init__(self, *args: Any, calendar: Calendar | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.calendar = calendar
        self.read = HolidayLines({}, [])
        for day, name in weekday_names():
            self[f"day_{day}"].label.text = name

    @property
    def days(self) -> list[Any]:
        """The seven fields of the week, from Monday on."""
        return [self[f"day_{day}"] for day in WEEK]

    @property
    def weekend(self) -> list[int]:
        """The ISO weekdays that are ticked."""
        return [day for day in WEEK if self[f"day_{day}"].data]

    def validate_name(self, field: Any) -> None:
        other = db.session.scalar(select(Calendar.id).where(Calendar.name == field.data))
        if other is not None and (self.calendar is None or other != self.calendar.id):
            raise ValidationError(
                _("There is a calendar called %(name)s already.", name=field.data)
            )

    def validate_day_7(self, _field: Any) -> None:
        if len(self.weekend) == 7:
            raise ValidationError(_("Leave at least one weekday to work on."))

    def validate_holidays(self, field: Any) -> None:
        self.read = holiday_lines(field.data or "")
        if self.read.problems:
            raise ValidationError(" ".join(self.read.problems))
