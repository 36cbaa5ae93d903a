"""The shapes in which the measures of the demo are told. Readings stand in the order of their periods, the newest last."""

from __future__ import annotations

from dataclasses import dataclass, field

Figure = float | tuple[float, float] | None  # a value, a part and its whole, or none


@dataclass(frozen=True)
class SeriesPlan:
    """What was read for one unit or one segment. `breaks` and `notes` name readings by their place; `slips` what was
    first entered in place of a figure and corrected later; `ends` how many periods ago the last one was."""

    figures: tuple[Figure, ...]
    unit: str | None = None
    segment: str = ""
    breaks: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    slips: dict[int, Figure] = field(default_factory=dict)
    ends: int = 0


@dataclass(frozen=True)
class KpiPlan:
    """One KPI. `targets` are (days from today, value), `others` (days ago, value, whose word it is)."""

    code: str
    name: str
    definition: str
    layer: str
    owner: str
    series: tuple[SeriesPlan, ...]
    parent: str | None = None
    unit: str | None = None
    measure: str = "%"
    by_parts: bool = True
    factor: float = 100.0
    places: int = 1
    good: str = "up"
    scale: tuple[float | None, float | None] = (0.0, 100.0)
    alerts: tuple[float | None, float | None] = (None, None)
    cadence: str = "monthly"
    source: str = ""
    formula: str = ""
    origin: str = ""
    targets: tuple[tuple[int, float], ...] = ()
    others: tuple[tuple[int, float, str], ...] = ()
