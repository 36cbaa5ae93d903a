"""For stories about goals: inside an application context, with the cast in its session."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from tests.aims import kpi
from tracker.db import Model, db, writing
from tracker.goals.terms import Terms
from tracker.initiatives.models import Initiative
from tracker.kpis.measures import Good

WHOLE = Terms(30.0, date(2026, 1, 31), 45.0, date(2026, 12, 31), 5.0)


@pytest.fixture
def here(inside: None, cast: SimpleNamespace, clock: Any) -> SimpleNamespace:
    """The cast, an idea without a goal, and two KPIs: NPS, which is to rise, and CHURN, which is to fall."""
    db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
    with writing():
        made = Initiative.create(
            title="One bill",
            lead_unit_id=cast.care.id,
            lead=cast.lead,
            by=cast.manager,
            now=clock(),
        )
        nps = kpi("NPS")
        churn = kpi("CHURN", name="Customer churn", good=Good.down, measure="%")
    return SimpleNamespace(**vars(cast), one=made, nps=nps, churn=churn)
