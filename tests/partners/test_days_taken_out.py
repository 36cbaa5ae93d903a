"""Where days are taken out of an action, its contact reads until when it is in time, and why."""

from __future__ import annotations

from datetime import date

from tests.doing import change
from tests.partners.test_how_it_was_resolved import answered, raised
from tests.partners.test_the_lane_told import called


def test_days_that_we_blocked_are_said_beside_the_day_agreed(app, cast, as_, clock, work):
    """Canaries: `taken_out` without the times with us; the row without `why`; the page without it."""
    action = work.make(partner_id=cast.vendor.id, due_on=date(2026, 3, 4))
    plain = work.make(partner_id=cast.vendor.id, title="Nothing stops it")
    vendor, name = as_(cast.contact), called(app)
    pages = ("/partner", f"/partner/actions/{action.ref}")
    for page in pages:
        assert "not counted" not in vendor.get(page).text
    ref = raised(app, cast, clock, action)
    for page in pages:
        assert f"not counted now: blocked by {name}" in vendor.get(page).text
    clock.forward(days=3)  # Thursday, a day after it was due
    answered(app, ref, lambda row: row.resolve("It opens", by=cast.lead, now=clock()))
    for page in pages:
        there = vendor.get(page).text
        assert there.count(f"not counted: blocked by {name}") == 1, page
        assert "n time until" in there, page
        assert 'class="bad"' not in there, page
    assert "9 Mar 2026: due 4 Mar 2026" in vendor.get(pages[1]).text
    assert "not counted" not in vendor.get(f"/partner/actions/{plain.ref}").text


def test_days_with_us_to_be_looked_at_are_called_so(app, cast, as_, clock, work):
    """Canary: `taken_out` without the reviews."""
    action = work.make(partner_id=cast.vendor.id, due_on=date(2026, 3, 4))
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    clock.forward(days=2)
    change(app, action, lambda row: row.return_("One is missing", by=cast.lead, now=clock()))
    assert f"not counted: with {called(app)}" in as_(cast.contact).get("/partner").text
