"""The timeline shows everything one may see, and nothing else, at a constant number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app, render_template
from sqlalchemy import event as sa_event
from sqlalchemy import false, select, true

from tests.activity.conftest import DAY, change
from tracker.activity.batches import bulk_events
from tracker.activity.groups import chips
from tracker.activity.kinds import Kind
from tracker.activity.queries import scopes, since, timeline
from tracker.activity.sentences import namers
from tracker.db import db, writing
from tracker.organisation.people import Person
from tracker.organisation.units import Unit


@pytest.fixture
def blockers(crew, monkeypatch):
    """Two units stand in for two blockers: the partner is in the scope of the first alone."""
    mine, theirs = crew.it, crew.billing

    def scope(person):
        return select(Unit).where(true() if person.is_internal else Unit.id == mine.id)

    def names(ids):
        query = select(Person.id, Person.name).where(Person.id.in_(ids))
        return {row.id: row.name for row in db.session.execute(query)}

    def person_scope(person):
        return select(Person).where(true() if person.is_internal else Person.id == person.id)

    for kind in list(scopes):
        monkeypatch.delitem(scopes, kind)
    monkeypatch.setitem(scopes, "blocker", scope)
    monkeypatch.setitem(scopes, "person", person_scope)
    for kind in list(namers):
        monkeypatch.delitem(namers, kind)
    monkeypatch.setitem(namers, "person", names)
    monkeypatch.setitem(namers, "blocker", lambda ids: {i: f"Blocker {i}" for i in ids})
    return mine, theirs


def tell(kind: Kind, actor, subject, minute: int, **more):
    return {
        "kind": kind,
        "at": DAY + timedelta(days=1, minutes=minute),
        "actor_id": actor.id if actor else None,
        "subject_type": "blocker",
        "subject_id": subject.id,
    } | more


@pytest.fixture
def story(crew, blockers):
    mine, theirs = blockers
    with writing() as session:
        bulk_events(
            session,
            [
                tell(Kind.blocker_raised, crew.manager, mine, 0, after={"category": "data"}),
                tell(Kind.blocker_answerer_named, crew.manager, mine, 1, after={"answerer_id": 2}),
                tell(
                    Kind.blocker_committed,
                    crew.contact,
                    mine,
                    2,
                    after={"promised_on": "2026-04-01"},
                    private={"words": "We have people from Monday."},
                ),
                tell(Kind.blocker_raised, crew.manager, theirs, 3),
                tell(
                    Kind.blocker_disputed,
                    crew.executive,
                    mine,
                    4,
                    private={"words": "Between us: no."},
                ),
                tell(Kind.blocker_changed, crew.executive, mine, 5, before={"cause": "data"}),
            ],
        )
    return blockers


def shown(template: str, **context) -> str:
    with current_app.test_request_context():
        return render_template(f"activity/{template}", **context)


def kinds(feed):
    return [line.kind for line in feed]


def test_internal_people_see_it_all_newest_first(crew, story):
    """Canary: ordering by `at` ascending."""
    feed = timeline(crew.manager)
    assert kinds(feed)[:6] == [
        "blocker.changed",
        "blocker.disputed",
        "blocker.raised",
        "blocker.committed",
        "blocker.answerer_named",
        "blocker.raised",
    ]
    assert feed[1].words == "Between us: no."
    assert feed[1].actor == "Emil Executive"
    assert "person.added" in kinds(feed)


def test_a_partner_sees_allowed_kinds_of_what_is_in_its_scope_with_our_side_as_the_company(
    crew, story
):
    """Canaries, each seen: the allow-list left out showed `blocker.answerer_named`; the scope left
    out showed the other blocker; our person's name and words came through `line`."""
    feed = timeline(crew.contact)
    assert kinds(feed) == ["blocker.disputed", "blocker.committed", "blocker.raised"]
    told = [line.sentence.striptags() for line in feed]
    assert told == [
        "the company disputed this blocker",
        "Paul Partner promised 1 Apr 2026",
        "the company raised this blocker",
    ]
    assert [line.actor for line in feed] == ["the company", "Paul Partner", "the company"]
    assert [line.words for line in feed] == ["", "We have people from Monday.", ""]
    page = shown("_feed.html", feed=feed, older_url=None)
    for secret in ("Mona", "Emil", "Between us", "Billing"):
        assert secret not in page


def test_what_has_left_the_present_scope_is_gone_for_a_partner(crew, story, monkeypatch):
    """Canary: scoping by what was in scope when the event happened."""
    monkeypatch.setitem(scopes, "blocker", lambda _person: select(Unit).where(false()))
    assert timeline(crew.contact) == []


def test_a_type_without_a_scope_exists_for_nobody(crew, story, monkeypatch):
    """Canary: letting internal people through without a scope."""
    monkeypatch.delitem(scopes, "blocker")
    assert not [kind for kind in kinds(timeline(crew.manager)) if kind.startswith("blocker")]


def test_filters_narrow_and_combine(crew, story):
    """Canaries: each `where` of `timeline` taken out in turn."""
    mine, theirs = story
    assert len(timeline(crew.manager, subject=("blocker", theirs.id))) == 1
    raised = timeline(crew.manager, kinds={Kind.blocker_raised})
    assert kinds(raised) == ["blocker.raised"] * 2
    assert (
        len(timeline(crew.manager, kinds={Kind.blocker_raised}, subject=("blocker", mine.id))) == 1
    )
    assert kinds(timeline(crew.manager, actor=crew.contact.id)) == ["blocker.committed"]
    late = timeline(crew.manager, since=DAY + timedelta(days=1, minutes=4))
    assert kinds(late) == ["blocker.changed"]
    assert timeline(crew.manager, initiative_id=4711) == []


def test_pages_join_without_overlap_or_hole(crew, story):
    """Canary: `<=` instead of `<` for `before_id` showed one line twice."""
    whole, paged, before = [line.id for line in timeline(crew.manager)], [], None
    while True:
        feed = timeline(crew.manager, limit=4, before_id=before)
        paged += [line.id for line in feed]
        if feed.older is None:
            break
        before = feed.older
    assert paged == whole


def test_quiet_kinds_show_only_when_asked_for(crew, blockers):
    """Canary: QUIET left out of the query."""
    with writing():
        crew.executive.record(Kind.person_password_changed, by=crew.executive, now=DAY)
    assert "person.password_changed" not in kinds(timeline(crew.manager))
    assert "person.password_changed" in kinds(
        timeline(crew.manager, subject=("person", crew.executive.id))
    )
    assert timeline(crew.manager, kinds={Kind.person_password_changed})


def test_what_others_prove_who_they_are_by_is_for_themselves_administrators_and_auditors(crew):
    """Canary: `PROOFS` shown to everybody stood on everybody's home page, and under the chip of the organisation."""
    proofs = ("app_", "passkey_", "recovery_", "second_factor_")
    told = {kind for kind in Kind if kind.removeprefix("person.").startswith(proofs)}
    assert len(told) == 8
    with writing():
        for kind in sorted(told):
            crew.executive.record(kind, by=crew.executive, now=DAY + timedelta(hours=1))

    def read(person):
        about = timeline(person, subject=("person", crew.executive.id))
        return {*kinds(about), *kinds(since(person, DAY)), *kinds(timeline(person, kinds=told))}

    for stranger in (crew.manager, crew.lead):
        assert read(stranger).isdisjoint(told)
    for reader in (crew.executive, crew.admin, crew.auditor):
        assert told <= read(reader)


def test_since_my_last_visit_leaves_out_what_i_did_myself(crew, story):
    """Canary: the condition on the actor taken out; and with `!=` alone events without one went."""
    with writing() as session:
        bulk_events(session, [tell(Kind.blocker_confirmed_by_silence, None, story[0], 6)])
    feed = since(crew.executive, DAY + timedelta(days=1, minutes=1))
    assert kinds(feed) == ["blocker.confirmed_by_silence", "blocker.raised", "blocker.committed"]
    assert len(since(crew.executive, DAY, limit=2)) == 2


def statements_of(act) -> list[tuple[str, tuple]]:
    """The statements that `act` sends, with their values."""
    seen = []

    def note(_connection, _cursor, text, values, *_more) -> None:
        seen.append((text, values))

    sa_event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa_event.remove(db.engine, "before_cursor_execute", note)
    return [one for one in seen if not one[0].startswith("BEGIN")]


def test_the_number_of_queries_does_not_grow_with_the_rows(crew, story):
    """Canary: names looked up line by line."""
    few = len(statements_of(lambda: timeline(crew.manager, limit=5)))
    with writing() as session:
        rows = [
            tell(
                Kind.blocker_answerer_named,
                crew.executive,
                story[n % 2],
                n,
                after={"answerer_id": 1},
            )
            for n in range(300)
        ]
        bulk_events(session, rows)
    many = len(statements_of(lambda: timeline(crew.manager, limit=200)))
    assert many <= few <= 8


def test_no_timeline_sorts_or_scans_the_whole_trail(crew, story):
    """Canary: comparing `Event.subject_type` itself made SQLite gather one index for each type and
    sort them all: 500 ms instead of 8 at 200,000 events."""
    readings = (
        lambda: timeline(crew.manager),
        lambda: timeline(crew.manager, initiative_id=1),
        lambda: timeline(crew.manager, subject=("person", 1)),
        lambda: timeline(crew.manager, actor=1),
        lambda: since(crew.executive, DAY),
    )
    for read in readings:
        seen = statements_of(read)
        text, values = next(one for one in seen if "FROM event" in one[0])
        rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        plan = "; ".join(row[3] for row in rows)
        assert "TEMP B-TREE" not in plan
        assert "MULTI-INDEX" not in plan


def test_the_fragment_shows_words_changes_and_escapes_them(crew, story):
    """Canary: `|safe` on the words."""
    with writing():
        change(crew.executive, crew.manager, words="<script>alert(1)</script>\nSecond line")
    feed = timeline(crew.manager, subject=("person", crew.executive.id), limit=1)
    page = shown("_feed.html", feed=feed, older_url="/older")
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Administrator: was no, now yes" in page
    assert 'href="/older"' in page
    assert "style=" not in page
    empty = shown("_feed.html", feed=[])
    assert "Nothing has happened here yet." in empty


def test_the_chips_mark_the_chosen_one(inside):
    """Canary: an unknown group in the address marked none as chosen."""
    groups = chips("team", lambda group: f"?group={group or ''}")
    assert [chip.label for chip in groups if chip.chosen] == ["Team"]
    page = shown("_filters.html", chips=groups)
    assert page.count("aria-current") == 1
    unknown = chips("x", lambda _group: "#")
    assert [chip.label for chip in unknown if chip.chosen] == ["Everything"]
