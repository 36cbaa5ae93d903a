"""Fields that the forms of this room share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, RadioField, SelectField

from tracker.forms import ValidationError
from tracker.wording import lazy as _l
from tracker.wording import today

FAR = 3660  # days: about ten years
_NO_SUCH = {
    name: _l("Choose one from the list.")
    for name in ("invalid_value_message", "invalid_choice_message")
}


class One(SelectField):
    """One from a list that drops down."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, **_NO_SUCH, **more)


class OneChip(RadioField):
    """One from a list that is seen at once."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, **_NO_SUCH, **more)


class Day(DateField):
    """A day that is not ten years away; `future` refuses what has passed."""

    def __init__(
        self, label: Any, validators: Iterable[Any] = (), *, future: bool = False, **more: Any
    ) -> None:
        super().__init__(label, [*validators], **more)
        self.future = future

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(_("Type a day such as 2026-11-27.")) from error

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
