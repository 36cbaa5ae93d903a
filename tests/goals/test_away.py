"""A goal whose KPI moved the wrong way is told in words, and nothing of its claim as if it had moved by something."""

from __future__ import annotations

from datetime import date

from tests.aims import kpi
from tests.doing import work_of
from tracker.db import db, writing
from tracker.goals.models import Goal
from tracker.goals.terms import Terms
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.kpis.restanding import restand

TERMS = Terms(30.0, date(2026, 1, 31), 45.0, date(2026, 12, 31), 5.0)


def test_what_moved_away_from_its_target_says_that_it_did(app, cast, as_, clock):
    """Planted: `away` always false; `in_vain` always false."""
    made = work_of(app, cast, clock).initiative
    with app.app_context(), writing():
        nps = kpi("NPS")
        Goal.set(db.session.get_one(Initiative, made.id), nps, terms=TERMS, by=cast.lead, now=clock())  # fmt: skip
        Reading.add(nps, day=date(2026, 2, 28), value=24.0, by=None, now=clock())
        restand([db.session.query(Kpi).one()])
    page = as_(cast.lead).get(f"/initiatives/{made.ref}").text
    assert "It moved away from the target: from 30.0 to 24.0" in page
    assert "-40%" not in page
    assert "claim 5.0, and it has not moved for the better." in page
    page = as_(cast.lead).get("/kpis/NPS").text
    assert "moved away" in page
    assert "-40%" not in page
    assert "Together they claim 5.0, and it has not moved for the better since" in page
