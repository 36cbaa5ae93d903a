"""Figures as people type them: what is clear is understood, what can be read in two ways is asked about."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _

from tracker.wording import number

LARGEST = 1e15
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_TURNED = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_COMMA = re.compile(r"[+-]?(0|[1-9]\d*)?,\d+")  # no group of thousands begins with 0
_MARKS = {"−": "-", "–": "-", "٫": ".", "٬": ",", "٪": "%", "’": "'"}
_WITH_WORDS = re.compile(r"([^\d]*)([+-]?[\d.,]+)\s*([^\d]*)")


class BadFigure(ValueError):
    """What was typed is no figure here; `words` say why and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def figure(
    text: str | None, measure: str = "", low: float | None = None, high: float | None = None
) -> float | None:
    """Return the figure in `text`, or None where nothing stands there.

    `measure` is the unit of the KPI, `low` and `high` its scale. A decimal comma is understood where it can be nothing
    else, figures of every script are. Raises `BadFigure` for words, for "1,234", for a per cent sign or another unit
    than the KPI's, and for what lies outside the scale.
    """
    given = " ".join((text or "").split())
    if not given:
        return None
    found = _read(_plain(given), given, measure.strip())
    if abs(found) >= LARGEST:
        raise BadFigure(_("“%(value)s” is too large.", value=given[:40]))
    if (low is not None and found < low) or (high is not None and found > high):
        raise BadFigure(_off_the_scale(given, low, high))
    return found


def _plain(text: str) -> str:
    """Return `text` with digits, signs and separators of other scripts as those that are understood.

    A raised or circled digit is none: 5² is no 52.
    """
    out = []
    for one in text:
        if one.isdecimal():
            out.append(str(unicodedata.decimal(one)))
        elif unicodedata.decomposition(one).startswith("<wide>"):
            out.append(unicodedata.normalize("NFKC", one))
        else:
            out.append(_MARKS.get(one, one))
    return re.sub(r"(?<=\d)[\s'](?=\d{3}(?!\d))", "", "".join(out)).strip()


def _read(written: str, given: str, measure: str) -> float:
    if written.endswith("%"):
        if measure != "%":
            raise BadFigure(_percent(given, measure))
        written = written.removesuffix("%").strip()
    if _PLAIN.fullmatch(written):
        return float(written)
    if _EITHER.fullmatch(written):
        joined, pointed = written.replace(",", ""), written.replace(",", ".")
        raise BadFigure(
            _(
                "“%(value)s” can be read in two ways. Write %(first)s or %(second)s.",
                value=given[:40],
                first=joined,
                second=pointed,
            )
        )
    if _THOUSANDS.fullmatch(written):
        return float(written.replace(",", ""))
    if _COMMA.fullmatch(written):
        return float(written.replace(",", "."))
    if _TURNED.fullmatch(written):
        return float(written.replace(".", "").replace(",", "."))
    raise BadFigure(_no_figure(written, given, measure))


def _percent(given: str, measure: str) -> str:
    if not measure:
        return _("“%(value)s”: this KPI is not measured in per cent.", value=given[:40])
    return _(
        "“%(value)s”: this KPI is measured in %(measure)s, not in per cent.",
        value=given[:40],
        measure=measure,
    )


def _no_figure(written: str, given: str, measure: str) -> str:
    found = _WITH_WORDS.fullmatch(written)
    if found and (found[1] or found[3]).strip():
        if measure:
            return _(
                "“%(value)s”: this KPI is measured in %(measure)s. Write the figure alone, in that unit.",
                value=given[:40],
                measure=measure,
            )
        return _("“%(value)s”: write the figure alone, without a unit.", value=given[:40])
    return _("“%(value)s” is not a number. Write figures, such as 4.7.", value=given[:40])


def _off_the_scale(given: str, low: float | None, high: float | None) -> str:
    if high is None:
        return _("“%(value)s” is below the scale, which begins at %(low)s.", value=given[:40], low=number(low))  # fmt: skip
    if low is None:
        return _("“%(value)s” is above the scale, which ends at %(high)s.", value=given[:40], high=number(high))  # fmt: skip
    return _(
        "“%(value)s” is not on the scale, which goes from %(low)s to %(high)s.",
        value=given[:40],
        low=number(low),
        high=number(high),
    )
