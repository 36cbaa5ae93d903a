"""KPIs in lists: the rows of the tree and of what stands below one, with how each stands; and the choice of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select

from tracker.db import db
from tracker.kpis.measures import stale
from tracker.kpis.models import Kpi
from tracker.kpis.saying import MARKS, assurance_name, value_told, variation_name
from tracker.kpis.standing import KpiStanding, limits_from, points_from
from tracker.kpis.targets import Target, target_on
from tracker.kpis.xmr import Assurance, Limits, Stretch, Variation, assurance
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.wording import sort_key

_OWN = (
    Kpi.id, Kpi.parent_id, Kpi.code, Kpi.name, Kpi.layer, Kpi.cadence, Kpi.measure, Kpi.places, Kpi.good, Kpi.scale_low, Kpi.scale_high,
    Kpi.alert_low, Kpi.alert_high, Kpi.owner_id, Kpi.unit_id, Kpi.factor,
)  # fmt: skip
_KEPT = (
    KpiStanding.day, KpiStanding.value, KpiStanding.points_json, KpiStanding.stretch_count, KpiStanding.mean,
    KpiStanding.range_mean, KpiStanding.variation,
)  # fmt: skip
COLUMNS = (*_OWN, *_KEPT)  # what a line is made from, of `Kpi` and `KpiStanding` beside it
_NAMES = tuple(column.key for column in COLUMNS)


@dataclass(frozen=True)
class Line:
    """One KPI in a list: its row, the values of its sparkline, and its state in words and as a mark.

    `of` is the address of the unit whose readings these are; "" for those of the whole company.
    """

    row: Any
    values: list[float]
    band: tuple[float, float] | None
    mark: str
    state: str
    told: str
    stale: bool
    target: Any
    target_told: str
    assured: str
    over: bool
    of: str = ""

    @property
    def id(self) -> int:
        """The KPI's."""
        return self.row.id

    @property
    def parent_id(self) -> int | None:
        """That of the KPI above."""
        return self.row.parent_id


def lines(
    person: Any, today: date, *where: ColumnElement[bool], targets: Mapping[int, list[Any]] | None = None
) -> list[Line]:  # fmt: skip
    """Return the KPIs that `person` sees, by name, in two statements however many they are.

    Where the `targets` of all of them are known already it is one.
    """
    seen = Kpi.visible_to(person).with_only_columns(Kpi.id)
    rows = db.session.execute(
        select(*COLUMNS, Person.name.label("owner"), Unit.name.label("unit"))
        .join_from(Kpi, KpiStanding, KpiStanding.kpi_id == Kpi.id, isouter=True)
        .join(Person, Person.id == Kpi.owner_id, isouter=True)
        .join(Unit, Unit.id == Kpi.unit_id, isouter=True)
        .where(Kpi.id.in_(seen), *where)
    ).all()
    if targets is None:
        targets = targets_of([row.id for row in rows]) if where else targets_of(None)
    ordered = sorted(rows, key=_by_name)
    return [line_of(row, target_on(targets.get(row.id, []), today), today) for row in ordered]


def _by_name(row: Any) -> tuple[str, int]:
    return sort_key(row.name), row.id


def targets_of(ids: Collection[int] | Select[Any] | None) -> dict[int, list[Any]]:
    """Return the targets of these KPIs, or of all, in the order of their days."""
    query = select(Target.kpi_id, Target.day, Target.value).order_by(Target.kpi_id, Target.day)
    if ids is not None:
        query = query.where(Target.kpi_id.in_(ids))
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.kpi_id, []).append(row)
    return found


def row_from(values: Sequence[Any]) -> SimpleNamespace:
    """Return the row of a line from its `COLUMNS` as JSON gives them, without names of others."""
    row = SimpleNamespace(**dict(zip(_NAMES, values, strict=True)), owner=None, unit=None)
    row.day = date.fromisoformat(row.day) if row.day else None
    return row


def line_of(row: Any, target: Any, today: date, *, of: str = "") -> Line:
    """Return the line of a `row` with what is kept of its series, beside the `target` that counts."""
    limits = limits_from(row)
    said = _assured(limits, target, row)
    band = drawn_band(limits, row) if limits and not limits.flat else None
    return Line(
        row=row,
        values=[point.value for point in points_from(row.points_json or "[]")],
        band=band,
        mark=MARKS[Variation(row.variation)] if row.variation else "none",
        state=variation_name(row.variation, row.stretch_count or 0),
        told=value_told(row.value, row),
        stale=stale(row.day, row.cadence, today),
        target=target,
        target_told=value_told(target.value, row) if target else "",
        assured=assurance_name(said) if said else "",
        over=crossed(row.value, row),
        of=of,
    )


def _assured(limits: Limits | None, target: Any, row: Any) -> Assurance | None:
    if limits is None or target is None:
        return None
    return assurance(Stretch((), limits, ()), target.value, up_is_good=row.good == "up")


def drawn_band(limits: Limits, row: Any) -> tuple[float, float]:
    """Return the limits as a sparkline shows them: cut to the scale."""
    low, high = row.scale_low, row.scale_high
    return (
        limits.lower if low is None else max(limits.lower, low),
        limits.upper if high is None else min(limits.upper, high),
    )


def crossed(value: float | None, row: Any) -> bool:
    """Tell whether a value lies beyond an alert bound of its KPI."""
    if value is None:
        return False
    return (row.alert_low is not None and value < row.alert_low) or (
        row.alert_high is not None and value > row.alert_high
    )


def kpi_choices(*, but: int | None = None) -> list[tuple[int, str]]:
    """Return the KPIs by name, for a list to choose from, without the one given."""
    rows = db.session.execute(select(Kpi.id, Kpi.name, Kpi.code).where(Kpi.id != (but or 0)))
    return [(row.id, f"{row.name} · {row.code}") for row in sorted(rows, key=_by_name)]


def kpi_choices_told() -> list[tuple[int, str]]:
    """Return the KPIs by name, each with its newest value in its unit: what a goal on it begins from."""
    columns = (Kpi.id, Kpi.name, Kpi.code, Kpi.measure, Kpi.places, KpiStanding.value)
    beside = KpiStanding.kpi_id == Kpi.id
    rows = db.session.execute(select(*columns).join_from(Kpi, KpiStanding, beside, isouter=True))
    return [
        (row.id, f"{row.name} · {row.code} · {_newest(row)}") for row in sorted(rows, key=_by_name)
    ]


def _newest(row: Any) -> str:
    return _("no reading yet") if row.value is None else value_told(row.value, row)
