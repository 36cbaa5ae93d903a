"""The list of proposals says of each what must be there before it can be accepted, to whoever is asked and to whoever waits."""

from __future__ import annotations

import re

import pytest

from tests.aims import aim
from tests.initiatives.stories import idea
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage

LACKS = "Needs a goal first"


@pytest.fixture
def proposed(told, cast, clock):
    """Three ideas that the executive was asked to sponsor: whole, without a goal, and without one but adopted as it stands."""

    def begin():
        made = [idea(cast, clock(), "Whole")]
        with writing():
            for title in ("Bare", "Running"):
                values = {"lead_unit_id": cast.care.id, "lead": cast.lead, "by": cast.manager}
                made.append(Initiative.create(title=title, now=clock(), **values))
            for one in made:
                adopt = Stage.piloting if one.title == "Running" else None
                one.propose_sponsor(cast.executive, by=cast.manager, now=clock(), adopt_at=adopt)
        return made

    return told(begin)


def lacking(page):
    """Return of which rows the page says it."""
    rows = re.findall(r"<tr>.*?</tr>", page.split("<tbody>", 1)[1], re.DOTALL)
    return [re.search(r'class="row"[^>]*>([^<]+)<', row)[1] for row in rows if LACKS in row]


@pytest.mark.parametrize("who", ["executive", "manager"])
def test_what_cannot_be_accepted_yet_says_so_in_its_row(cast, as_, proposed, who):
    """Planted: `begins_with` left empty; a work that is adopted marked as well."""
    page = as_(getattr(cast, who)).get("/sponsorships").text
    assert lacking(page) == ["Bare"]
    assert ("Lena Lead, who leads it, sets it" in page) == (who == "executive")


def test_it_goes_once_there_is_a_goal(app, cast, as_, proposed):
    """Planted: the condition that there is a goal always false."""
    with app.app_context(), writing():
        aim(db.session.get_one(Initiative, proposed[1].id))
    assert lacking(as_(cast.executive).get("/sponsorships").text) == []
