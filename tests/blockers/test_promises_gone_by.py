"""A promise whose day has passed is told from one that stands, in the list and beside the matrix."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tracker.blockers.models import Blocker
from tracker.db import db, writing


def promised(app: Any, cast: Any, work: Any, clock: Any, title: str, day: date) -> Blocker:
    blocker = work.make(title=title, needed_by=date(2026, 3, 31))
    with app.app_context(), writing():
        there = db.session.get_one(Blocker, blocker.id)
        there.acknowledge(by=cast.head, now=clock())
        there.commit(day, by=cast.head, now=clock())
    return blocker


def answers(page: str) -> dict[str, str]:
    """Return by title what the list says of answerer and promise."""
    rows = re.findall(r'<a class="row"[^>]*><bdi>(.*?)</bdi>.*?data-l="Answerer">(.*?)</td>', page, re.DOTALL)  # fmt: skip
    return dict(rows)


def test_a_promise_whose_day_has_passed_says_so(app, as_, cast, clock, work):
    """Planted: `broken` left out of `answer`; the day itself counted as passed; what is late by another day marked as well."""
    promised(app, cast, work, clock, "Gone by", date(2026, 3, 4))
    promised(app, cast, work, clock, "For today", date(2026, 3, 5))
    needed = promised(app, cast, work, clock, "Needed before", date(2026, 3, 20))
    with app.app_context(), writing():
        db.session.get_one(Blocker, needed.id).needed_by = date(2026, 3, 4)
        db.session.get_one(Blocker, needed.id).due_on = date(2026, 3, 4)
    clock.forward(days=3)  # it is Thursday, the 5th
    tab = as_(cast.manager)
    said = answers(tab.get("/blockers").text)
    assert re.search(r'class="rag bad">.*promised 4 Mar, late', said["Gone by"], re.DOTALL)
    assert cast.head.name in said["Gone by"]
    for title in ("For today", "Needed before"):
        assert "late" not in said[title], title
        assert "promised " in said[title], title
    assert "promised 4 Mar, late" in tab.get("/blockers/matrix").text
    with app.app_context(), writing():
        row = db.session.scalars(db.select(Blocker).where(Blocker.title == "Gone by")).one()
        row.resolve("Done", by=cast.head, now=clock())
    assert "promised 4 Mar, late" not in tab.get("/blockers?state=all").text
