"""A notice of what left one's sight says nothing, so it is not counted as new either."""

from __future__ import annotations

import re

from tests.doing import change, work_of
from tracker.actions.assignees import Assignee


def new(page: str) -> tuple[int, int]:
    """What the head of the inbox and its line at the side count."""
    head = re.search(r"(\d+) (?:is|are) new\.", page)
    side = re.search(r'href="/inbox"[^>]*>.*?</a>', page, re.DOTALL)
    count = re.search(r'class="count[^"]*">\s*(\d+)', side[0] if side else "")
    return int(head[1]) if head else 0, int(count[1]) if count else 0


def test_what_is_no_longer_open_to_a_contact_is_not_counted(app, cast, as_, clock):
    """Canary: `unread_of` in place of `new_of`, at the side and in the head."""
    work = work_of(app, cast, clock)
    work.make(title="Kept")
    gone = work.make(title="Given on")
    vendor = as_(cast.contact)
    assert new(vendor.get("/inbox").text) == (2, 2)
    change(app, gone, lambda row: row.assign(Assignee(person_id=cast.lead.id), by=cast.lead, now=clock()))  # fmt: skip
    page = vendor.get("/inbox").text
    assert new(page) == (2, 2)  # what is kept, and that something was given to somebody else
    assert page.count("This is no longer open to you.") == 1
    assert page.count(">New:") == 2
    assert "Given on" not in page
    assert new(as_(cast.other_contact).get("/inbox").text) == (0, 0)
