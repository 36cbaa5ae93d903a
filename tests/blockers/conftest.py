"""One initiative that waits, and short ways to raise what stops it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from tests.aims import aim
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

NEEDED = date(2026, 3, 20)


@pytest.fixture
def work(app, cast, clock):
    """An initiative of customer care that Lena leads and Milo works on, and `raises(**who)` for its blockers."""
    with app.app_context(), writing():
        initiative = Initiative.create(
            title="One bill that anybody can read",
            lead_unit_id=cast.care.id,
            by=cast.manager,
            now=clock(),
            lead=cast.lead,
        )
        initiative.add_member(cast.member, by=cast.manager, now=clock())

    def raises(by=None, now=None, **fields):
        return Blocker.raise_(
            db.session.get_one(Initiative, initiative.id),
            **{
                "title": "The meter data never arrives",
                "blocked_unit_id": cast.care.id,
                "needed_by": NEEDED,
                **(
                    {}
                    if any(key.startswith("holder") for key in fields)
                    else {"holder_unit_id": cast.it.id}
                ),
                **fields,
            },
            by=by or cast.member,
            now=now or clock(),
        )

    def make(**fields):
        with app.app_context(), writing():
            return raises(**fields)

    return SimpleNamespace(initiative=initiative, raises=raises, make=make)


@pytest.fixture
def sponsored(app, cast, work, clock):
    """The initiative of `work`, sponsored by Eva."""
    with app.app_context(), writing():
        initiative = db.session.get_one(Initiative, work.initiative.id)
        initiative.propose_sponsor(cast.executive, by=cast.lead, now=clock())
        aim(initiative)
        initiative.accept_sponsorship(by=cast.executive, now=clock())
    return work


def stored(app, blocker):
    """Return a blocker as it stands in the database."""
    with app.app_context():
        return db.session.get_one(Blocker, blocker.id)
