"""What a contact finds first: in each group what was returned, with a mark."""

from __future__ import annotations

from datetime import date

from tests.doing import change, work_of
from tracker.partners import lane as lane_module


def test_what_was_returned_stands_first_in_its_group_and_says_so(app, cast, as_, clock):
    """Canary: `given_back()` left out of the order of the lane."""
    work = work_of(app, cast, clock)
    work.make(title="Soon", due_on=date(2026, 3, 4))
    back = work.make(title="Was returned", due_on=date(2026, 3, 6))
    later = work.make(title="Later", due_on=date(2026, 5, 4))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    lane = as_(cast.contact).get("/partner").text
    places = [lane.index(f">{title}<") for title in ("Was returned", "Soon", "Later")]
    assert places == sorted(places)
    assert lane.count("Returned to you") == 1
    change(app, later, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    assert "Returned to you" not in as_(cast.contact).get("/partner").text


def test_a_lane_that_is_cut_says_so_and_keeps_what_was_returned(app, cast, as_, clock, monkeypatch):
    """Planted: the returned ones cut with the rest; one too few read to tell that there are more."""
    monkeypatch.setattr(lane_module, "MOST", 2)
    work = work_of(app, cast, clock)
    for day in (4, 5):
        work.make(title=f"Due {day}", due_on=date(2026, 3, day))
    assert "There is more." not in as_(cast.contact).get("/partner").text
    back = work.make(title="Was returned", due_on=date(2026, 5, 6))
    change(app, back, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, back, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    text = as_(cast.contact).get("/partner").text
    assert "There is more." in text
    assert [f">{title}<" in text for title in ("Was returned", "Due 4", "Due 5")] == [True, True, False]  # fmt: skip
