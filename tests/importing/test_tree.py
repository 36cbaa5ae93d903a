"""Whatever a file says, and whoever is at it too, units stay a tree: a circle would have no end and hold the write lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.importing.test_races import meanwhile
from tracker.db import db
from tracker.importing.fields import What
from tracker.importing.planning import Plan
from tracker.importing.report import Outcome
from tracker.importing.units import in_circle
from tracker.organisation.units import Unit

Bring = Callable[..., Plan]
HEADINGS = "code,name,parent"


def parents() -> dict[Any, Any]:
    return dict(db.session.execute(select(Unit.id, Unit.parent_id)).all())


@pytest.mark.parametrize(
    ("rows", "rejected"),
    [
        (("IT,IT platforms,BILL", "BILL,Billing,IT", "CARE,Customer care,IT"), 3),
        (("IT,IT platforms,NEW", "NEW,New,Mars", "CARE,Customer care,IT"), 3),
        (("IT,IT platforms,BILL", "CARE,Customer care,IT", "LEG,Legal,CARE"), 0),
    ],
)
def test_a_unit_that_stays_where_it_stands_closes_no_circle(
    bring: Bring, rows: tuple[str, ...], rejected: int
) -> None:
    """IT stands below Care, and its own row is rejected. Canary: looking for circles only once, before rows are rejected."""
    bring(What.units, HEADINGS, "IT,IT platforms,CARE")
    plan = bring(What.units, HEADINGS, *rows, skip_bad=True)
    assert len(plan.report.of(Outcome.rejected)) == rejected
    tree = parents()
    assert not [id_ for id_ in tree if in_circle(tree, id_)]


@pytest.mark.both
def test_a_unit_that_is_moved_meanwhile_closes_no_circle_with_the_file(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By somebody whose commit comes after the file looked at the epoch. Canary: write() not looking at the tree."""

    def move() -> None:
        below = {"parent_id": cast.billing.id}
        db.session.execute(update(Unit).where(Unit.id == cast.it.id).values(below))

    done = meanwhile(monkeypatch, 1, move)
    plan = bring(What.units, HEADINGS, "BILL,Billing,IT", skip_bad=True)
    assert done == [1]
    assert plan.report.totals()["rejected"] == 1
    assert parents()[cast.billing.id] == cast.company.id
