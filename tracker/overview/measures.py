"""The company's KPIs on home: its outcomes, then what drives them, with how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import case, select

from tracker.kpis.listing import COLUMNS, Line, line_of, row_from
from tracker.kpis.measures import Layer
from tracker.kpis.models import Kpi
from tracker.kpis.standing import KpiStanding
from tracker.kpis.targets import Target, target_on
from tracker.organisation.people import Person
from tracker.wording import sort_key

MOST = 6
SHOWN = (Layer.outcome, Layer.driver)


def measures(person: Person) -> tuple[Any, Any]:
    """Return the statements for the first KPIs that `person` sees, outcomes before drivers and the top of the tree before
    what stands below, and for their targets. No series is read."""
    rank = case({layer: place for place, layer in enumerate(SHOWN)}, value=Kpi.layer)
    seen = Kpi.visible_to(person).where(Kpi.layer.in_(SHOWN)).with_only_columns(Kpi.id)
    first = seen.order_by(rank, Kpi.parent_id.is_not(None), Kpi.id).limit(MOST)
    kpis = select(*COLUMNS).join_from(Kpi, KpiStanding, KpiStanding.kpi_id == Kpi.id, isouter=True)
    targets = select(Target.kpi_id, Target.day, Target.value)
    return kpis.where(Kpi.id.in_(first)), targets.where(Target.kpi_id.in_(first))


def tiles(kpis: Sequence[Any], targets: Sequence[Any], today: date) -> list[Line]:
    """Return the tiles from what the statements of `measures` gave as JSON, in the order in which they are read."""
    due: dict[int, list[Any]] = {}
    for kpi_id, day, value in sorted(targets):
        due.setdefault(kpi_id, []).append(SimpleNamespace(day=date.fromisoformat(day), value=value))
    found = [row_from(values) for values in kpis]
    found.sort(
        key=lambda row: (
            SHOWN.index(row.layer),
            row.parent_id is not None,
            sort_key(row.name),
            row.id,
        )
    )
    return [line_of(row, target_on(due.get(row.id, []), today), today) for row in found]
