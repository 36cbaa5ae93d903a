"""Fields that the forms of several rooms share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField

from tracker.forms import ValidationError
from tracker.wording import today

FAR = 3660  # days: about ten years


class Day(DateField):
    """A day that is not ten years away; `future` refuses what has passed."""

    def __init__(
        self, label: Any, validators: Iterable[Any] = (), *, future: bool = False, **more: Any
    ) -> None:
        super().__init__(label, [*validators], **more)
        self.future = future

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
