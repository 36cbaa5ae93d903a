"""The tree of KPIs: what stands above what, and that nothing stands above itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.errors import NotNow


def line_above(parents: Mapping[int, int | None], id_: int | None) -> list[int]:
    """Return a KPI and all those above it, given every KPI's parent."""
    line: list[int] = []
    while id_ is not None and id_ not in line:
        line.append(id_)
        id_ = parents.get(id_)
    return line


def refuse_circle(model: Any, kpi: Any, parent_id: int) -> None:
    """Raise `NotNow` where `kpi` would come to stand below itself.

    The whole tree is locked, so that two moves at once cannot close a circle together.
    """
    tree = select(model.id, model.parent_id).order_by(model.id).with_for_update()
    parents = {row.id: row.parent_id for row in db.session.execute(tree)}
    if kpi.id in line_above(parents, parent_id):
        raise NotNow(below_itself(kpi.name))


def below_itself(name: str) -> str:
    """Return what is said where a KPI would become its own ancestor."""
    return _(
        "%(kpi)s cannot stand below itself. Choose a KPI that is not one of those below it.",
        kpi=name,
    )


def in_order(rows: Iterable[Any]) -> list[tuple[int, Any]]:
    """Return (depth, row) of rows with `id` and `parent_id`: each below its parent, else in the order given."""
    rows = list(rows)
    known = {row.id for row in rows}
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    drawn: list[tuple[int, Any]] = []
    waiting = [(0, row) for row in reversed(below.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        drawn.append((depth, row))
        waiting += [(depth + 1, one) for one in reversed(below.get(row.id, []))]
    return drawn
