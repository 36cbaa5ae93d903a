"""What is promised waits for nobody at home until its promise has passed."""

from __future__ import annotations

from datetime import date

from tests.doing import work_of
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative


def test_a_blocker_leaves_home_once_it_is_promised_and_comes_back_when_it_is_late(
    app, cast, as_, clock
):
    """Planted: the condition on what is promised left out of `waiting_lines`; the act of what is late left as it was."""
    work = work_of(app, cast, clock)
    with app.app_context(), writing():
        blocker = Blocker.raise_(
            db.session.get_one(Initiative, work.initiative.id), title="No test data", by=cast.member, now=clock(),
            holder_unit_id=cast.it.id, blocked_unit_id=cast.care.id,
        )  # fmt: skip
        blocker.name_answerer(cast.manager, by=cast.head, now=clock())
        known = blocker.id

    def needs():
        home = as_(cast.manager).get("/").text.split('id="since"')[0]
        return "No test data" in home, "Promise a date" in home, "Past its clock" in home

    assert needs() == (True, True, False)
    with app.app_context(), writing():
        db.session.get_one(Blocker, known).commit(date(2026, 3, 6), by=cast.manager, now=clock())
    assert needs() == (False, False, False)
    clock.forward(days=7)
    assert needs() == (True, False, True)
