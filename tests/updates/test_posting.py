"""Updates (rule 28): posted by who answers for the work, corrected by a later one, refused in words; never edited.

Planted faults seen red: see each story.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.initiatives.stories import kinds, last_event, sponsored
from tests.updates.conftest import WHY
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.reporting import Colour, silent
from tracker.initiatives.stages import Stage
from tracker.updates.models import Update, standing


@pytest.fixture
def one(app, cast, clock):
    """For stories about the verb: an initiative in the session of the test, together with the cast."""
    with app.app_context():
        db.session.add_all(
            [cast.lead, cast.manager, cast.executive, cast.admin, cast.care, cast.company]
        )
        yield sponsored(cast, clock())


def post(one, cast, clock, colour=Colour.on_track, **more):
    with writing():
        return Update.post(
            one,
            **{"colour": colour, "day": clock().date(), "by": cast.lead, "now": clock(), **more},
        )


@pytest.mark.both
def test_an_update_shows_on_the_initiative_and_on_the_trail(one, cast, clock):
    """Planted: `keep_latest` left out."""
    before = one.touches
    update = post(one, cast, clock, Colour.at_risk, **WHY, what_next=" We ask again. ")
    assert (one.colour, one.colour_reason) == (Colour.at_risk, "The data is late")
    assert (one.reported_on, one.colour_on) == (clock().date(), clock().date())
    assert one.touches > before
    assert update.what_next == "We ask again."
    event = last_event()
    assert (event.kind, event.before) == ("update.posted", {"colour": None})
    assert event.facts == {
        "update_id": update.id, "colour": "at_risk", "as_of": clock().date().isoformat(),
    }  # fmt: skip
    assert event.private == {"words": "The data is late"}


@pytest.mark.parametrize("colour", [Colour.at_risk, Colour.off_track])
@pytest.mark.parametrize("said", [{}, {**WHY, "reason": "  "}, {**WHY, "help_needed": "\n"}])
def test_anything_but_on_track_needs_why_and_what_help(one, cast, clock, colour, said):
    """Planted: `and` become `or`."""
    with pytest.raises(NotNow, match="Say why, and what help is needed"):
        post(one, cast, clock, colour, **said)
    assert db.session.scalars(select(Update)).all() == []
    assert one.colour is None


def test_a_day_that_lies_ahead_is_refused_but_for_where_it_is_tomorrow_already(one, cast, clock):
    """Planted: the comparison turned to two days."""
    tomorrow = clock().date() + timedelta(days=1)
    with pytest.raises(NotNow, match="cannot be dated ahead"):
        post(one, cast, clock, day=tomorrow + timedelta(days=1))
    assert post(one, cast, clock, day=tomorrow).day == tomorrow


def test_an_older_report_that_comes_late_does_not_change_the_colour(one, cast, clock):
    """Planted: `standing` ordered by id alone."""
    post(one, cast, clock)
    post(one, cast, clock, Colour.off_track, **WHY, day=clock().date() - timedelta(days=9))
    assert (one.colour, one.reported_on) == (Colour.on_track, clock().date())


@pytest.mark.both
def test_a_correction_keeps_both_and_is_what_stands(one, cast, clock):
    """Planted: `standing` without the corrected ones left out."""
    first = post(one, cast, clock, Colour.off_track, **WHY)
    clock.forward(days=1)
    second = post(one, cast, clock, corrects=first, day=first.day)
    assert [row.id for row in db.session.scalars(standing(one.id))] == [second.id]
    assert (first.colour, first.reason) == (Colour.off_track, "The data is late")
    assert (one.colour, one.colour_reason) == (Colour.on_track, "")
    assert kinds(one)[-1] == "update.corrected"
    assert last_event().after["corrects_id"] == first.id


@pytest.mark.both
def test_an_update_is_corrected_once_and_the_correction_may_be_corrected(one, cast, clock):
    """Planted: the question about an earlier correction left out: the database refuses it, in its own words."""
    first = post(one, cast, clock, Colour.off_track, **WHY)
    second = post(one, cast, clock, corrects=first)
    with pytest.raises(NotNow, match="corrected already"):
        post(one, cast, clock, Colour.at_risk, **WHY, corrects=first)
    third = post(one, cast, clock, Colour.at_risk, **WHY, corrects=second)
    assert [row.id for row in db.session.scalars(standing(one.id))] == [third.id]


@pytest.mark.parametrize("end", ["stopped", "realised"])
def test_what_has_ended_takes_no_report_and_no_correction(one, cast, clock, end):
    """Planted: `post` without `refuse_if_ended`."""
    first = post(one, cast, clock)
    with writing():
        if end == "stopped":
            one.stop(by=cast.executive, now=clock(), words="Overtaken.")
        else:
            one.enter(Stage.realised, clock())
    before = kinds()
    for more in ({}, {"corrects": first}):
        with pytest.raises(NotNow, match="has ended; nothing more is reported on it"):
            post(one, cast, clock, **more)
    assert kinds() == before
    assert one.colour == Colour.on_track


def test_on_hold_a_report_is_not_owed_but_taken(one, cast, clock):
    """Planted: `silent` without its question about holds."""
    with writing():
        one.hold(by=cast.executive, now=clock(), words="Wait.")
    clock.forward(days=400)
    assert not silent(one, clock().date())
    assert post(one, cast, clock).id
