"""Whoever had an action hears that somebody else has it now; a partner hears neither of whom, nor what it was."""

from __future__ import annotations

import re

from tests.cast import HASH
from tests.doing import change
from tracker.actions.assignees import Assignee
from tracker.db import writing
from tracker.organisation.people import Person, Role

GONE = "1 action that you had was given to somebody else. You do not see it any more."


def inbox(as_, person):
    """Return what stands in an inbox, line by line, without marks."""
    page = as_(person).get("/inbox").text.split('class="inbox"', 1)
    lines = re.findall(r"<p>(.*?)</p>", page[1].split("</ol>", 1)[0], re.DOTALL) if page[1:] else []
    return [" ".join(re.sub(r"<[^>]+>", "", line).replace("New:", "").split()) for line in lines]


def give(app, cast, clock, action, **who):
    change(app, action, lambda row: row.assign(Assignee(**who), by=cast.lead, now=clock()))


def test_one_of_ours_hears_what_and_by_whom(app, cast, as_, clock, work):
    """Planted: `_to_both` without its second half."""
    action = work.make(person_id=cast.member.id)
    give(app, cast, clock, action, partner_id=cast.vendor.id)
    said = "Lena Lead gave to somebody else what you had: Record ten welcome calls."
    assert inbox(as_, cast.member)[0] == said
    assert "Brightline" not in "".join(inbox(as_, cast.member))


def test_a_contact_hears_it_without_a_name_and_it_counts_as_new(app, cast, as_, clock, work):
    """Planted: `UNNAMED` left out of the lines; left out of what is new."""
    action = work.make(title="Secret from now on")
    give(app, cast, clock, action, partner_id=cast.other_vendor.id)
    assert inbox(as_, cast.contact) == [GONE, "This is no longer open to you."]
    page = as_(cast.contact).get("/inbox").text
    assert "1 is new." in page
    assert not [word for word in ("Secret", "Otherwise", "Lena") if word in page]
    assert inbox(as_, cast.other_contact) == [
        f"{company()} gave you the action Secret from now on."
    ]


def test_several_at_once_are_one_notice(app, cast, as_, work):
    """Planted: the count of one for all."""
    ids = [work.make(title=title).id for title in ("One", "Two", "Three")]
    form = f"/actions/bulk/assignee?{'&'.join(f'ids={id_}' for id_ in ids)}"
    sent = as_(cast.lead).fill("/actions/bulk/assignee", page=form, assignee=f"i{cast.member.id}")
    assert sent.status_code == 303
    assert inbox(as_, cast.contact)[0].startswith("3 actions that you had were given to somebody")


def test_a_colleague_who_still_sees_it_reads_its_title(app, cast, as_, clock, work):
    """And not whom else it went to. Whoever has it still is told that alone."""
    with app.app_context(), writing():
        other = Person.add(
            email="pola@example.org", name="Pola Partner", role=Role.partner, partner_id=cast.vendor.id,
            password_hash=HASH, by=cast.admin, now=clock(),
        )  # fmt: skip
    action = work.make(partner_id=cast.vendor.id, contact_id=cast.contact.id)
    give(app, cast, clock, action, partner_id=cast.vendor.id, contact_id=other.id)
    assert inbox(as_, cast.contact)[0] == (
        f"{company()} gave to somebody else what you had: Record ten welcome calls."
    )
    give(app, cast, clock, action, partner_id=cast.vendor.id)
    assert inbox(as_, other)[0] == f"{company()} gave you the action Record ten welcome calls."


def company():
    """Return how our side is called to partners."""
    return "Testing &amp; Daughters"
