"""What the lane says of whose days count is true for each kind of row: handed in and blocked by our side, and not a proposed date."""

from __future__ import annotations

import re
from datetime import date

from tests.doing import change

OURS = re.compile("These days count for .*, not for you")


def rows_of(page):
    """Return what waits for our side, row by row."""
    part = page.split('id="waiting"', 1)[1].split("</section>", 1)[0]
    return part.split("<ul", 1)[0], re.findall(r'<li class="action">.*?</li>', part, re.DOTALL)


def test_only_what_was_handed_in_or_is_blocked_counts_as_ours(app, cast, as_, clock, work):
    """Planted: the sentence once above all rows; a proposed date that says it too."""
    handed, asked, stuck = (work.make(title=title) for title in ("Handed", "Asked", "Stuck"))
    change(app, handed, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, asked, lambda row: row.propose_date(date(2026, 3, 27), "Ill", by=cast.contact, now=clock()))  # fmt: skip
    raised = as_(cast.contact).submit(
        f"/partner/actions/{stuck.ref}/blockers/new",
        title="Nobody lets us in", category="tooling", needed_by="2026-03-13", effect="No call",
    )  # fmt: skip
    assert raised.status_code == 303
    above, rows = rows_of(as_(cast.contact).get("/partner").text)
    assert not OURS.search(above)
    told = {re.search(r"<bdi>(.*?)</bdi>", row)[1]: row for row in rows}
    assert [bool(OURS.search(told[name])) for name in ("Handed", "Asked", "Nobody lets us in")] == [True, False, True]  # fmt: skip
    assert "Until then 20 Mar stands as the date agreed, and your days go on." in told["Asked"]
