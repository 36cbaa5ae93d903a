"""Fields that the forms of several rooms share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms import DateField
from wtforms.widgets import DateInput

from tracker.days import read, written
from tracker.forms import ValidationError
from tracker.viewing import jalali
from tracker.wording import isolate, today

FAR = 3660  # days: about ten years
BARE = re.compile(
    r"[\w-]+(\.[\w-]+)*\.[a-zA-Z]{2,}(/\S*)?"
)  # an address as people say it, without https://


class DayInput(DateInput):
    """The browser's own calendar; a line to type in for whoever reads dates in the Jalali calendar, which no browser offers."""

    def __call__(self, field: Any, **more: Any) -> Any:
        if jalali():
            typed = {"type": "text", "inputmode": "numeric", "autocomplete": "off"}
            more = {**typed, "placeholder": written(today()), **more}
        return super().__call__(field, **more)


class Day(DateField):
    """A day that is not ten years away; `future` refuses what has passed. It is typed as its reader reads dates."""

    widget = DayInput()

    def __init__(
        self, label: Any, validators: Iterable[Any] = (), *, future: bool = False, **more: Any
    ) -> None:
        super().__init__(label, [*validators], **more)
        self.future = future
        if jalali() and not self.description:
            self.description = _(
                "Year, month and day, such as %(day)s.", day=isolate(written(today()))
            )

    def _value(self) -> str:
        if self.raw_data and (self.data is None or not jalali()):
            return " ".join(self.raw_data)  # as it was typed
        return written(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was typed. ValueError for what is no day."""
        if not valuelist or not jalali():
            super().process_formdata(valuelist)
            return
        try:
            self.data = read(str(valuelist[0]))
        except ValueError:
            self.data = None
            raise ValueError(
                _("Type a day such as %(day)s.", day=isolate(written(today())))
            ) from None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        if self.data is None:
            return
        if abs((self.data - today()).days) > FAR:
            raise ValidationError(_("Choose a day within ten years."))
        if self.future and self.data < today():
            raise ValidationError(_("Choose today or a later day."))


def member_of(kind: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    """Return what turns a choice into a member of `kind`; the empty choice is None."""
    return lambda value: kind(value) if value not in (None, "", "None") else None


def web_address(text: str | None) -> str:
    """Return a link as it was typed, whole; nothing for nothing. Raises ValidationError for what leads nowhere or runs something."""
    if not text:
        return ""
    if BARE.fullmatch(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        parts = parts if parts.port != 0 else urlsplit("")  # a port that is none raises
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or not all(one.isprintable() and not one.isspace() for one in text)
    ):
        raise ValidationError(_("Type a whole address that begins with https:// or http://."))
    return text
