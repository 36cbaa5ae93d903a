"""The figures of a row: a value, or a part and its whole, or words that say there is none."""

from __future__ import annotations

from decimal import Decimal
from math import isclose
from typing import Any, NamedTuple

from flask_babel import gettext as _

from tracker.importing.kpis import Meant
from tracker.importing.matching import Rejected
from tracker.importing.words import says_none, shortened
from tracker.kpis.figures import LARGEST, BadFigure, figure
from tracker.kpis.readings import figure as written
from tracker.wording import number

NAMES = ("value", "numerator", "failed", "denominator")
PARTS = NAMES[1:]


class Figures(NamedTuple):
    """What was measured. Without a value there is none for the period, and `gap` is what the file says instead."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    gap: str = ""


def figures_in(values: dict[str, Any], kpi: Meant) -> Figures | None:
    """Return the figures of a row, or None where it has neither figures nor words in their place. Raises `Rejected`.

    "No Data", "n/a" or a dash is a gap with that as its reason, never a zero; so is a whole of 0.
    """
    given = {name: text for name in NAMES if (text := values.get(name)) is not None}
    words = next((text for text in given.values() if says_none(text)), "")
    if words and (all(says_none(text) for text in given.values()) or set(given) & set(PARTS)):
        return Figures(None, gap=shortened(words))
    if not given:
        return Figures(None) if values.get("note") else None
    measured = {name: _read(name, text, kpi) for name, text in given.items()}
    if not set(measured) & set(PARTS):
        return Figures(measured["value"])
    return _of_parts(measured, given.get("value"), kpi)


def _read(name: str, text: str, kpi: Meant) -> float:
    try:
        if name == "value":
            found = figure(text, kpi.measure, kpi.scale_low, kpi.scale_high)
        else:
            found = figure(text)
    except BadFigure as error:
        raise Rejected(name, error.words) from None
    if found is None:
        raise Rejected(
            name,
            _("“%(value)s” is not a number. Write figures, such as 4.7.", value=shortened(text)),
        )
    return found


def _of_parts(measured: dict[str, float], told: str | None, kpi: Meant) -> Figures:
    whole = measured.get("denominator")
    name = next(one for one in PARTS if one in measured)
    if not kpi.by_parts:
        raise Rejected(
            name,
            _(
                "Readings of %(kpi)s are single figures. Leave part and whole out, or say at the KPI that its readings "
                "are a part of a whole.",
                kpi=kpi.name,
            ),
        )
    if whole is None or not measured.keys() & {"numerator", "failed"}:
        raise Rejected(name, _("A part needs its whole, and a whole its part."))
    if whole < 0:
        raise Rejected("denominator", _("A whole cannot be below 0."))
    part = _part(measured, whole)
    name = "failed" if "failed" in measured else "numerator"
    if not whole:
        if part:
            raise Rejected(name, _("The whole is 0, so nothing can be a part of it."))
        return Figures(None, part, whole)
    value = part / whole * kpi.factor
    if abs(value) >= LARGEST:
        raise Rejected(name, _("Part and whole give a value that is too large."))
    if _off(value, kpi):
        raise Rejected(
            name,
            _(
                "Part and whole give a value that is not on the scale of this KPI. Is one in the other's place?"
            ),
        )
    if told is not None and not _agrees(measured["value"], told, value):
        raise Rejected(
            "value",
            _("It says %(told)s here, but part and whole give %(value)s.", told=shortened(told), value=number(round(value, 4))),
        )  # fmt: skip
    return Figures(value, part, whole)


def _part(measured: dict[str, float], whole: float) -> float:
    """The part, given by itself or by what failed."""
    part = measured.get("numerator")
    if "failed" not in measured:
        assert part is not None  # noqa: S101 - the caller looked
        return part
    implied = float(Decimal(written(whole) or "0") - Decimal(written(measured["failed"]) or "0"))
    if part is not None and not isclose(part, implied, abs_tol=1e-9):
        raise Rejected("failed", _("The part and the part that failed do not add up to the whole."))
    return implied


def _off(value: float, kpi: Meant) -> bool:
    low, high = kpi.scale_low, kpi.scale_high
    return (low is not None and value < low) or (high is not None and value > high)


def _agrees(told: float, text: str, value: float) -> bool:
    """Whether a value that stands beside its parts is theirs, rounded as it is written."""
    places = len(text.partition(".")[2].rstrip("% "))
    return abs(told - value) <= 0.500001 * 10.0**-places
