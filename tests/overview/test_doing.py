"""Actions on home: what is due within the week or late, and what a host is asked."""

from __future__ import annotations

from datetime import date

from tests.doing import change, work_of


def test_home_names_what_is_due_soon_and_what_a_host_is_asked(app, cast, as_, clock):
    """Planted: `pressing` left out, so that everything stands there."""
    work = work_of(app, cast, clock)
    soon = work.make(title="Call the ten", person_id=cast.member.id, due_on=date(2026, 3, 6))
    far = work.make(title="Far away", person_id=cast.member.id, due_on=date(2026, 5, 6))
    theirs = work.make(title="Their calls", due_on=date(2026, 5, 6))
    dated = work.make(title="Another day", due_on=date(2026, 5, 6))
    change(app, theirs, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, dated, lambda row: row.propose_date(date(2026, 6, 1), by=cast.contact, now=clock()))

    def told(page: str) -> list[str]:
        """What stands there with its page, but for the news."""
        every, page = (soon, far, theirs, dated), page.partition('class="feed"')[0]
        return [one.title for one in every if f'href="/actions/{one.ref}"' in page]

    assert told(as_(cast.member).get("/").text) == ["Call the ten"]
    host = as_(cast.lead).get("/").text
    assert told(host) == ["Their calls", "Another day"]
    assert "Accept or return" in host
    assert told(as_(cast.auditor).get("/").text) == []
    clock.forward(days=5)
    assert ">Late<" in as_(cast.member).get("/").text


def test_actions_are_found_by_their_words(app, cast, as_, clock):
    work_of(app, cast, clock).make(title="Call the ten")
    assert "Call the ten" in as_(cast.member).get("/search?q=ten+call").text
