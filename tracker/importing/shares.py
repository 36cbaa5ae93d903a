"""Cells that hold how far something is, to whole numbers of per cent: the column decides what 0.4 means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from flask_babel import gettext as _

from tracker.importing.tidy import key
from tracker.importing.words import BadValue, is_blank, shortened

_NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d+))?\s*[%٪]?")


def is_part_of_one(cells: Iterable[str]) -> bool:
    """Whether a column holds parts of one, as a workbook keeps its per cents: none above 1, and some that is not whole."""
    found = [match for cell in cells if not is_blank(cell) and (match := _read(cell))]
    parts = any(match[2] and int(match[2]) for match in found)
    return parts and all(int(match[1]) <= 1 and "%" not in match[0] for match in found)


def share(text: str, *, of_one: bool) -> int | None:
    """The whole per cent in a cell, from 0 to 100; None for a blank one. Raises `BadValue`."""
    if is_blank(text):
        return None
    match = _read(text)
    if match:
        number = float(f"{match[1]}.{match[2] or 0}") * (100 if of_one else 1)
        if number <= 100:
            return round(number)
    raise BadValue(_("“%(value)s” is not a share. Type a number from 0 to 100.", value=shortened(text)))  # fmt: skip


def _read(text: str) -> re.Match[str] | None:
    plain = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in key(text)
    )
    return _NUMBER.fullmatch(plain.replace("٫", "."))
