"""One sign may be compared as eighteen (NFKC makes a whole sentence of U+FDFA): whatever is named so is kept on both databases.

Planted, seen red: `normal` without its end, which PostgreSQL answered with "value too long".
"""

from __future__ import annotations

import pytest

from tests.bodies import LATER
from tests.initiatives.stories import idea
from tracker.blockers.models import Blocker
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.importing.fields import What
from tracker.importing.maps import Mapping
from tracker.importing.models import ImportMap
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal, slug
from tracker.organisation.partners import Partner
from tracker.organisation.units import Unit

WIDE = "\ufdfa"


@pytest.mark.both
def test_a_blocker_is_raised_in_the_widest_words(app, cast, as_, told, clock):
    one, words = told(lambda: idea(cast, clock())), WIDE * 200
    answer = as_(cast.lead).submit(
        f"/initiatives/{one.ref}/blockers/new", title=words, effect="We wait", category="data", root_cause="data", backstage="back",
        needed_by=LATER, blocked_unit_id=cast.care.id, holder=f"u{cast.it.id}", outside="",
    )  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.query(Blocker.title).scalar() == words


@pytest.mark.both
def test_everything_that_is_found_by_name_may_have_the_widest_one(inside, cast, clock):
    name, who = WIDE * 120, {"by": cast.admin, "now": clock()}
    with writing():
        unit = Unit.add(code="W", name=name, aliases=(WIDE * 119,), **who)
        partner = Partner.add(name=name, **who)
        initiative = Initiative.create(title=WIDE * 200, lead_unit_id=cast.it.id, **who)
        kept = ImportMap.save(WIDE * 80, Mapping(What.units, {}), **who)
        board = Board.save(name=WIDE * 60, filters=Filters(), lanes=Lanes.none, owner=None, **who)
        db.session.flush()
    assert (Unit.named(name), Partner.named(name)) == (unit, partner)
    assert {initiative.title, kept.name, board.name} == {WIDE * 200, WIDE * 80, WIDE * 60}


def test_a_usual_name_is_compared_whole():
    """However it is written: the end cuts no name that people give."""
    long = "Straße und Gebäude " * 8
    assert (
        normal(long)
        == normal(long.replace("ß", "ss"))
        == long.replace("ß", "ss").casefold().strip()
    )
    assert normal("x" * 500) == "x" * 500
    assert [len(normal(WIDE * count)) for count in (120, 200)] == [160, 500]
    assert len(slug(WIDE * 120)) == 120
