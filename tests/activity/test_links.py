"""What a line of the trail is about leads to its page, for whoever may open it."""

from __future__ import annotations

from tests.doing import work_of


def feed_of(page: str) -> str:
    return page.partition('class="feed"')[2].partition("</ol>")[0]


def test_titles_in_a_timeline_lead_to_their_pages_but_for_the_page_they_stand_on(app, cast, as_, clock):  # fmt: skip
    """Canary: `Named` without `page`; `here` not handed to `names_of`."""
    work = work_of(app, cast, clock)
    action = work.make(title='Call <i>"ten"</i>')
    leads = f'<a class="named" href="/actions/{action.ref}"><bdi>Call &lt;i&gt;'
    for page in ("/", f"/initiatives/{work.initiative.ref}/activity", "/activity"):
        assert leads in feed_of(as_(cast.member).get(page).text), page
    own = feed_of(as_(cast.member).get(f"/actions/{action.ref}").text)
    assert "Call &lt;i&gt;" in own
    assert f'href="/actions/{action.ref}"' not in own
    theirs = feed_of(as_(cast.contact).get(f"/partner/actions/{action.ref}").text)
    assert "gave you this action" in theirs
    assert "<a " not in theirs
