"""Comments: who reads them, what is made of them, and whom they tell."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.doing import change
from tracker.actions.assignees import Assignee
from tracker.db import db
from tracker.discussion.mentions import named
from tracker.discussion.models import Comment
from tracker.discussion.rendering import rendered
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice


def comments(app):
    with app.app_context():
        return list(db.session.scalars(select(Comment).order_by(Comment.id)))


@pytest.mark.both
def test_what_is_internal_stays_among_ourselves(app, cast, as_, work):
    """Canary: `visible_to` by the action alone."""
    action = work.make()
    lane, ours = f"/partner/actions/{action.ref}", f"/actions/{action.ref}"
    vendor = as_(cast.contact)
    said = as_(cast.lead).submit(f"{ours}/comments", body="They are slow.", readers="internal")
    assert said.location == f"{ours}#comments"
    as_(cast.lead).submit(f"{ours}/comments", body="How many so far?", readers=str(cast.vendor.id))
    vendor.submit(f"{ours}/comments", body="Nine.", readers="internal")
    page = vendor.get(lane).text
    assert "They are slow." not in page
    assert "How many so far?" in page
    assert "Nine." in page
    whole = as_(cast.manager).get(ours).text
    assert all(words in whole for words in ("They are slow.", "How many so far?", "Nine."))
    assert whole.count('class="comment shared"') == 2
    assert [one.partner_id for one in comments(app)] == [None, cast.vendor.id, cast.vendor.id]
    assert as_(cast.other_contact).submit(f"{ours}/comments", body="Hello").status_code == 404
    assert as_(cast.auditor).submit(f"{ours}/comments", body="Hello").status_code == 403


def test_whoever_gets_it_next_reads_nothing_of_before(app, cast, as_, clock, work):
    """Planted: comments shared with whoever has the action; history from its beginning; `submission` kept."""
    action = work.make()
    ours = f"/actions/{action.ref}"
    as_(cast.lead).submit(
        f"{ours}/comments", body="For Brightline alone", readers=str(cast.vendor.id)
    )
    change(app, action, lambda row: row.submit("Brightline did this", by=cast.contact, now=clock()))
    clock.forward(hours=1)
    change(app, action, lambda row: row.return_("Brightline forgot that", by=cast.lead, now=clock()))  # fmt: skip
    clock.forward(hours=1)
    change(app, action, lambda row: row.assign(Assignee(partner_id=cast.other_vendor.id), by=cast.lead, now=clock()))  # fmt: skip
    page = as_(cast.other_contact).get(f"/partner/actions/{action.ref}").text
    assert "Brightline" not in page
    assert "handed this action in" not in page
    assert "1 time" not in page
    assert "gave you this action" in page
    assert as_(cast.contact).get(f"/partner/actions/{action.ref}").status_code == 404
    ref = comments(app)[0].ref
    assert as_(cast.contact).get(f"/comments/{ref}/edit").status_code == 404


def test_shared_needs_somebody_to_share_with(app, cast, as_, work):
    action = work.make(person_id=cast.member.id)
    wrong = as_(cast.lead).submit(
        f"/actions/{action.ref}/comments", body="Hello", readers=str(cast.vendor.id)
    )
    assert (wrong.status_code, "Hello" in wrong.text) == (422, True)
    assert comments(app) == []


def test_too_much_is_said_and_kept(app, cast, as_, work):
    action = work.make()
    for body, words in (("x" * 100_000, "it has 100,000"), (" \n ", "Say something.")):
        wrong = as_(cast.contact).submit(f"/actions/{action.ref}/comments", body=body)
        assert (wrong.status_code, words in wrong.text) == (422, True)
    assert comments(app) == []


def test_other_words_keep_what_was_said_before(app, cast, as_, work):
    here = f"/initiatives/{work.initiative.ref}/comments"
    assert as_(cast.member).submit(here, body="First words").status_code == 303
    (one,) = comments(app)
    address = f"/comments/{one.ref}/edit"
    mine = as_(cast.member)
    assert mine.submit(address, body="Second words", version=one.version).status_code == 303
    page = mine.get(address).text
    assert "First words" in page
    assert "edited" in mine.get(here).text
    assert as_(cast.lead).submit(address, body="Mine now", version=2).status_code == 403
    stale = mine.submit(address, body="Third words", version=1)
    assert (stale.status_code, "Second words" in stale.text) == (409, True)


def test_whoever_is_named_is_told_at_once_as_far_as_they_can_read_it(app, cast, as_, work):
    """Planted: contacts looked for in what is internal; `mention` told to nobody outside."""
    action = work.make()
    address = f"/actions/{action.ref}/comments"

    def told() -> set[str]:
        with app.app_context():
            rows = db.session.scalars(select(Notice.person_id).where(Notice.kind == Tell.mention))
            by_id = {one.id: part for part, one in vars(cast).items() if hasattr(one, "email")}
            return {by_id[id_] for id_ in rows}

    as_(cast.lead).submit(address, body="@Milo Member and @paul partner, look", readers="internal")
    assert told() == {"member"}
    as_(cast.lead).submit(
        address, body="@Paul Partner, @Petra Partner", readers=str(cast.vendor.id)
    )
    assert told() == {"member", "contact"}


def test_a_name_is_found_whole(app):
    people = [(1, "Ann"), (2, "Ann Lee"), (3, "Zoë Ünal")]
    with app.app_context():
        assert set(named("@Ann Lee, please", people)) == {2}
        assert set(named("@ann: and @zoë ünal", people)) == {1, 3}
        assert set(named("@Annabel", people)) == set()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,hi)", "<p>[x](data:text/html,hi)</p>"),
        ("![x](https://example.org/track.png)", None),
        ("[x](https://example.org)", '<p><a href="https://example.org" rel="noopener noreferrer nofollow">x</a></p>'),
        ("# Loud", "<p># Loud</p>"),
        ("- one\n- two", None),
        ('<img src=x onerror="alert(1)">', None),
        ("[x]: https://example.org 'a'\n\n[x]", None),
    ],
)  # fmt: skip
def test_markdown_becomes_nothing_that_runs(text, html):
    """Planted: `html` switched on and nh3 left out."""
    made = rendered(text).strip()
    if html is not None:
        assert made == html
    assert "<img" not in made
    assert "<script" not in made
    assert "onerror=" not in made.replace('onerror="', "") or "&lt;img" in made
