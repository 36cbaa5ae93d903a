"""Fields that the forms of this room share."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from tracker.db import db
from tracker.forms import optional_id
from tracker.organisation.fields import OneOf
from tracker.organisation.people import Person

LARGEST = Decimal(10) ** 13  # SQLite keeps an amount below it to the cent
LONGEST_FIGURE = 25  # characters, marks included
CENT = Decimal("0.01")
# Groups of three with one mark between them, then cents behind the other one; no group begins with 0.
_FIGURE = re.compile(
    r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
)


class Someone(OneOf):
    """A person, looked up as they stand now; `person` is who was chosen, `objection` says why they cannot be.

    The list offers who usually fits. Somebody else may come by an address or from a page that has grown old: then the
    words say what is wrong with this person, not with the list.
    """

    person: Person | None = None

    def objection(self, person: Person) -> str:  # noqa: ARG002 - the forms replace it
        """Return why `person` cannot be chosen, or nothing."""
        return ""

    def again(self) -> Any:
        """Return who was chosen (a `Person`) as they stand now, locked until the transaction ends; None for nobody."""
        if self.data is None:
            return None
        return db.session.scalars(
            select(Person)
            .where(Person.id == self.data)
            .with_for_update(read=True, of=Person)
            .execution_options(populate_existing=True)
        ).one()

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        self.person = known_person(self.data)
        if self.data is not None and self.person is None:
            raise ValidationError(_("Choose one from the list."))
        words = self.objection(self.person) if self.person else ""
        if words:
            raise ValidationError(words)


class Several(SelectMultipleField):
    """Any number of rows of a list, chosen by id."""

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, coerce=optional_id, choices=[], **more)
        self.type = "SelectMultipleField"  # templates know it by this name

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        offered: Any = self.choices
        known = {choice[0] for choice in offered}
        if not set(self.data or ()) <= known:
            raise ValidationError(_("Choose from the list."))


class Pick(SelectField):
    """One value of a short list of words; the empty choice is None."""

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        more.setdefault("choices", [])
        super().__init__(label, validators, coerce=_text, **more)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        offered: Any = self.choices() if callable(self.choices) else self.choices
        if self.data not in {_text(choice[0]) for choice in offered}:
            raise ValidationError(_("Choose one from the list."))


class Amount(Field):
    """Money in whole units or with cents, in any usual way of writing it; a blank is None."""

    widget = TextInput()
    typed = ""

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return "" if self.data is None else f"{self.data:f}".removesuffix(".00")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        written = unicodedata.normalize("NFKC", self.typed).replace("٫", ".").replace("٬", ",")
        plain = "".join(_plain(c) for c in written if not c.isspace() and c not in "'’")
        if not _FIGURE.fullmatch(plain):
            raise ValueError(_("Type an amount in figures, such as 128,000."))
        amount = _amount(plain) if len(plain) <= LONGEST_FIGURE else LARGEST
        if amount >= LARGEST:
            raise ValueError(_("This amount is too large."))
        self.data = amount


class Share(Field):
    """A share of working time in percent, 0 to 100; a blank is None."""

    widget = TextInput()
    typed = ""

    def _value(self) -> str:
        if self.typed:
            return self.typed
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        plain = "".join(map(_plain, self.typed.rstrip("%٪ ")))
        if not (plain.isascii() and plain.isdecimal() and len(plain) <= 3 and int(plain) <= 100):
            raise ValueError(_("Type a share between 0 and 100."))
        self.data = int(plain)


def known_person(id_: int | None) -> Person | None:
    """Return the person with this id as they stand now, or None."""
    if id_ is None:
        return None
    query = select(Person).where(Person.id == id_).execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def _text(value: Any) -> str | None:
    return str(value) if value not in {None, "", "None"} else None


def _plain(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _amount(plain: str) -> Decimal:
    """Read figures in groups, with cents: the last mark is the decimal one if one or two figures follow it."""
    whole, mark, rest = max(
        (plain.rpartition(mark) for mark in ".,"), key=lambda parts: len(parts[0])
    )
    if mark and len(rest) <= 2:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{rest}").quantize(CENT)
    return Decimal(re.sub("[.,]", "", plain)).quantize(CENT)
