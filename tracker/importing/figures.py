"""Cells to figures and amounts of money. Every error names the value in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from flask_babel import gettext as _

from tracker.importing.notes import Note, sentence
from tracker.importing.tidy import key
from tracker.importing.words import BadValue, is_blank, multiple, shortened
from tracker.wording import number as shown

_LARGEST = Decimal(10) ** 15
_CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "CNY", "￥": "CNY", "元": "CNY"}
_CURRENCIES |= {"ریال": "IRR", "﷼": "IRR", "تومان": "IRT"}

_FIGURE = re.compile(r"[+-]?[\d.,'’٬٫\s]*\d[\d.,'’٬٫\s]*")


_COMMA = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d*,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3}){2,}")
_POINT = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d*\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3}){2,}")
_NUMERAL = re.compile(r"\d[\d.,]*")


class Money(NamedTuple):
    """An amount in whole units of `currency` (ISO code), or in the organisation's where None."""

    amount: Decimal
    currency: str | None


def number(text: str, decimal: str = ".") -> Decimal | None:
    """The figure in a cell, or None for a blank one. `decimal` says what 1,059 means.

    A percentage stays as it is written: 5 % is 5. Raises `BadValue`.
    """
    if is_blank(text):
        return None
    written = key(text).replace("−", "-").removesuffix("%").strip()
    negative = written.startswith("(") and written.endswith(")")
    figure = _figure(written.strip("()"), decimal)
    if figure is None:
        raise BadValue(_("“%(value)s” is not a number.", value=shortened(text)))
    if abs(figure) >= _LARGEST:
        raise BadValue(_("“%(value)s” is too large.", value=shortened(text)))
    return -figure if negative else figure


def money(text: str, scale: int = 1, decimal: str = ".") -> Money | None:
    """The amount in a cell, or None for a blank one: "£1,059.0", "12.5m", "(5)", "1.059,50 €".

    `scale` is the unit of the column (`words.scale_of`); a word behind the figure goes before it.
    Raises `BadValue`.
    """
    if is_blank(text):
        return None
    written = key(text).replace("−", "-")
    currency = next((code for mark, code in _CURRENCIES.items() if mark in text), None)
    code = re.search(r"\b(gbp|usd|eur|cny|irr|chf|jpy)\b", written)
    currency = code[1].upper() if code else currency
    bare = re.sub(r"[£$€¥元﷼]|ریال|تومان|\b(gbp|usd|eur|cny|irr|chf|jpy)\b", " ", written).strip()
    negative = bare.startswith("(") and bare.endswith(")")
    match = re.fullmatch(r"(.*\d)\s*([^\W\d]*)", bare.strip("()").strip())
    figure = _figure(match[1], decimal) if match else None
    times = multiple(match[2]) if match and match[2] else scale
    if figure is None or times is None:
        raise BadValue(_("“%(value)s” is not an amount of money.", value=shortened(text)))
    amount = figure * times * (-1 if negative else 1)
    if abs(amount) >= _LARGEST:
        raise BadValue(_("“%(value)s” is too large.", value=shortened(text)))
    return Money(amount.quantize(Decimal("0.01")), currency)


def how_scaled(scales: dict[str, int], currency: str) -> list[Note]:
    """Return a note of each column (by its heading) whose amounts are read in a unit other than one, with that unit."""
    return [
        Note("scaled", {"column": shortened(column), "factor": scale, "currency": currency})
        for column, scale in scales.items()
    ]


@sentence("scaled")
def _scaled(column: str, factor: int, currency: str) -> str:
    return _(
        "The amounts in “%(column)s” are multiplied by %(factor)s and taken as %(currency)s.",
        column=column,
        factor=shown(factor),
        currency=currency,
    )


def told_mark(cells: Iterable[str]) -> str | None:
    """The decimal mark that a column of figures shows, or None where no cell tells a comma from thousands."""
    commas = points = 0
    for cell in cells:
        numeral = _NUMERAL.search(cell)
        commas += bool(numeral and _COMMA.fullmatch(numeral[0]))
        points += bool(numeral and _POINT.fullmatch(numeral[0]))
    if not commas + points:
        return None
    return "," if commas > points else "."


def as_written(text: str | None, mark: str | None) -> str | None:
    """The text of a figure with a decimal point and without thousands, where `mark`, the decimal mark of its column,
    says which is which; else as it is."""
    numeral = _NUMERAL.search(text) if text else None
    if not text or not numeral or mark is None:
        return text
    thousands = "." if mark == "," else ","
    written = rf"\d{{1,3}}(\{thousands}\d{{3}})+(\{mark}\d+)?|\d+\{mark}\d+"
    if not re.fullmatch(written, numeral[0]):
        return text
    plain = numeral[0].replace(thousands, "").replace(mark, ".")
    return text[: numeral.start()] + plain + text[numeral.end() :]


def _figure(written: str, decimal: str) -> Decimal | None:
    if re.fullmatch(r"[+-]?\d+(\.\d+)?e[+-]?\d{1,3}", written):
        return _decimal(written)
    if not _FIGURE.fullmatch(written):
        return None
    bare = re.sub(r"[\s'’٬]", "", written).replace("٫", ".")
    commas, points = bare.count(","), bare.count(".")
    if commas and points:
        decimal = "," if bare.rfind(",") > bare.rfind(".") else "."
    elif commas + points > 1:
        decimal = "." if commas else ","
    elif commas + points == 1 and not re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3}", bare):
        decimal = "," if commas else "."
    thousands = "." if decimal == "," else ","
    whole, _mark, fraction = bare.partition(decimal)
    if thousands in whole and not re.fullmatch(rf"[+-]?\d{{1,3}}(\{thousands}\d{{2,3}})+", whole):
        return None
    return _decimal(f"{whole.replace(thousands, '')}.{fraction or '0'}")


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
