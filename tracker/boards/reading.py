"""Asking for everything a board shows: one statement, prepared once, and one row however many cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.boards.asjson import Rows, apart
from tracker.boards.filters import Filters
from tracker.boards.prepared import Prepared, Reader, roomy
from tracker.boards.statement import content


@dataclass(frozen=True, slots=True)
class Content:
    """What was read: groups of (column, colour, how many, silent, blocked); cards; who blocks them; and of each card the
    partners, units and members; the KPIs that they aim at; what units and people are called; and of the KPIs, where lanes
    stand for them, how they are measured, with their targets."""

    groups: Rows
    cards: Rows
    blockers: Rows
    partners: Rows
    units: Rows
    members: Rows
    kpis: Rows
    unit_names: Rows
    names: Rows
    measures: Rows = field(default_factory=list)
    targets: Rows = field(default_factory=list)


def content_of(row: tuple[Any, ...], parsed: Mapping[str, Rows]) -> tuple[Content, dict[str, Rows]]:
    """Return what the one row of `content` says, and its parts by their text: those `parsed` before are taken as they are."""
    known = {part: parsed[part] if part in parsed else apart(part) for part in row}
    return Content(*(known[part] for part in row)), known


class Readings:
    """Asks for boards; statements are prepared once for all who look at the same."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._prepared: dict[Any, Prepared] = {}
        self._parsed: dict[Any, dict[str, Rows]] = {}

    def content(
        self, filters: Filters, columns: tuple[str, ...], day: date, *, measured: bool
    ) -> Content:
        """Return what everybody internal sees. Raises the reader's `error`."""
        key = (filters, columns, day, measured)
        prepared = self._prepared.get(key)
        if prepared is None:
            prepared = Prepared(
                content(filters, columns, day, measured=measured), self._reader.dialect
            )
            roomy(self._parsed)
            roomy(self._prepared)[key] = prepared
        row = self._reader.first(prepared, prepared.given())
        found, self._parsed[key] = content_of(
            self._reader.read(row or ()), self._parsed.get(key, {})
        )
        return found
