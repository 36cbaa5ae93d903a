"""What names a colleague is not counted as one's own; its page says first of all whom it names."""

from __future__ import annotations

import re
from datetime import date

from tests.cast import HASH
from tracker.db import writing
from tracker.organisation.people import Person, Role


def test_an_action_that_names_a_colleague_is_counted_apart(app, cast, as_, clock, work):
    """Planted: `others` left at none; the tag on the page of an action."""
    with app.app_context(), writing():
        pola = Person.add(
            email="pola@example.org", name="Pola Partner", role=Role.partner, partner_id=cast.vendor.id,
            password_hash=HASH, by=cast.admin, now=clock(),
        )  # fmt: skip
    work.make(title="For all of us")
    work.make(title="For me", partner_id=cast.vendor.id, contact_id=cast.contact.id)
    hers = work.make(title="Hers", partner_id=cast.vendor.id, contact_id=pola.id, due_on=date(2026, 3, 3))  # fmt: skip
    clock.forward(days=7)
    page = as_(cast.contact).get("/partner").text
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]
    assert "2 actions for you" in heading
    assert "overdue" not in heading
    assert "1 more action names a colleague of yours." in page
    assert "for Pola Partner" in page
    head = as_(cast.contact).get(f"/partner/actions/{hers.ref}").text.split('class="with-side"')[0]
    assert "for Pola Partner" in head
    own = as_(pola).get("/partner").text
    assert "2 actions for you, 1 overdue" in re.sub(r"<[^>]+>", "", own)
