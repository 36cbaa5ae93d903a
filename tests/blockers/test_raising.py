"""Raising a blocker from its page: four fields are enough, and what is more stays folded until something of it is said."""

from __future__ import annotations

import html5lib
from sqlalchemy import select

from tests.blockers.conftest import NEEDED
from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.db import db

FOUR = {"title": "The meter data never arrives", "needed_by": NEEDED.isoformat()}


def four(cast):
    return {**FOUR, "holder": f"u{cast.it.id}", "blocked_unit_id": cast.care.id}


def more_is_open(page):
    (more,) = html5lib.parse(page, namespaceHTMLElements=False).iterfind(
        ".//details[@class='more']"
    )
    return "open" in more.attrib


def test_four_fields_alone_raise_it(app, cast, as_, work):
    """Planted: the empty choice left out of the categories (422)."""
    tab, address = as_(cast.lead), f"/initiatives/{work.initiative.ref}/blockers/new"
    page = tab.get(address).text
    assert not more_is_open(page)
    answer = tab.submit(address, **four(cast))
    assert answer.status_code == 303
    with app.app_context():
        raised = db.session.scalars(select(Blocker)).one()
        assert (raised.category, raised.root_cause, raised.backstage) == (None, None, None)
    shown = tab.get(answer.location)
    assert shown.status_code == 200
    assert "None" not in shown.text
    assert tab.get("/blockers").status_code == tab.get("/blockers.csv").status_code == 200


def test_what_is_said_beyond_them_is_kept_in_sight(app, cast, as_, work):
    """Planted: `open` of the fold without what is wrong; without what was said."""
    tab, address = as_(cast.lead), f"/initiatives/{work.initiative.ref}/blockers/new"
    wrong = tab.submit(address, **four(cast), category="weather")
    assert wrong.status_code == 422
    assert more_is_open(wrong.text)
    assert wrong.text.count("Choose one from the list.") == 2  # in the summary and at its field
    answer = tab.submit(address, **four(cast), category="data", effect="Bills are late")
    assert answer.status_code == 303
    assert more_is_open(tab.get(f"{answer.location}/edit").text)
    with app.app_context():
        assert db.session.scalars(select(Blocker.category)).one() == Category.data
