"""What a KPI would be made as that a file names and nobody knows: how often it is read and what it is in, by its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.importing.directory import New
from tracker.importing.kpis import Kpis, Meant
from tracker.importing.readings_figures import PARTS
from tracker.importing.spans import Span, cadence_of
from tracker.importing.words import says_none
from tracker.kpis.figures import BadFigure, figure

Rows = Iterable[tuple[New, Span, dict[str, Any]]]


def drafts(rows: Rows, kpis: Kpis) -> dict[New, Meant]:
    """Return the KPI that each new name would be made as.

    Parts that never exceed their whole are shares in per cent; whether higher is better nobody can read from a file, so
    it is as for any new KPI, and whoever owns it sets it right.
    """
    spans: dict[New, list[Span]] = {}
    cells: dict[New, list[dict[str, Any]]] = {}
    for new, span, values in rows:
        spans.setdefault(new, []).append(span)
        cells.setdefault(new, []).append(values)
    codes = kpis.free_codes(spans)
    return {new: _draft(new, codes[new], spans[new], cells[new]) for new in spans}


def _draft(new: New, code: str, spans: list[Span], rows: list[dict[str, Any]]) -> Meant:
    by_parts = any(row.get(name) is not None for row in rows for name in PARTS)
    texts = [text for row in rows if (text := row.get("value")) and not says_none(text)]
    shares = by_parts and all(_is_share(row) for row in rows)
    percent = shares or (bool(texts) and all(text.rstrip().endswith("%") for text in texts))
    return Meant(
        id=new, version=0, code=code, name=new.name, cadence=cadence_of(spans), measure="%" if percent else "", by_parts=by_parts,
        factor=100.0 if shares else 1.0, scale_low=0.0 if shares else None, scale_high=100.0 if shares else None,
        places=1 if percent else min(2, max((len(text.partition(".")[2]) for text in texts), default=1)),
        owner_id=None, owner=None,
    )  # fmt: skip


def _is_share(row: dict[str, Any]) -> bool:
    """Whether a part of this row is no more than its whole; what cannot be read says nothing against it."""
    whole, *parts = (_read(row.get(name)) for name in ("denominator", "numerator", "failed"))
    return whole is None or all(part is None or 0 <= part <= whole for part in parts)


def _read(text: str | None) -> float | None:
    try:
        return figure(text)
    except BadFigure:
        return None
