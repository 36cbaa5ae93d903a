"""Blockers wait for blockers: a circle is refused and printed, roots are named, and who waited is told (rule 27)."""

from __future__ import annotations

import contextlib
import random
import threading
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import html5lib
import networkx as nx
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.blockers.conftest import stored
from tests.blockers.test_negotiating import told
from tests.blockers.test_story import refused_for_all_but
from tests.organisation.test_races import at_once
from tracker.activity.models import Event
from tracker.blockers import chaining
from tracker.blockers.chaining import MOST_WAITS
from tracker.blockers.chains import chain_of
from tracker.blockers.models import Blocker
from tracker.blockers.waits import BlockerWait, shortest_way
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.models import Notice

MAY_CHAIN = ("member", "lead", "manager", "head")


@pytest.fixture
def chained(app: Flask, cast: SimpleNamespace, work: SimpleNamespace, clock: Any) -> Any:
    """Make blockers of these titles, oldest first, and let each wait for the one after it."""

    def make(*titles: str, **fields: Any) -> list[Blocker]:
        made = [work.make(title=title, **fields) for title in titles]
        with app.app_context(), writing():
            here = [db.session.get_one(Blocker, one.id) for one in made]
            for one, other in pairwise(here):
                one.wait_for(other, by=cast.member, now=clock())
        return [stored(app, one) for one in made]

    return make


@pytest.mark.both
def test_a_chain_is_noted_shown_and_taken_back(
    app: Flask, cast: SimpleNamespace, as_: Any, work: SimpleNamespace
) -> None:
    """Planted, one after another: the walk that stops after one step; what is over counted as holding up."""
    bill, meter, rule = (work.make(title=one) for one in ("The bill", "The meter", "The rule"))
    tab = as_(cast.member)
    for one, other in ((bill, meter), (meter, rule)):
        page = f"/blockers/{one.ref}/waits-for"
        assert other.title in tab.get(page).text
        refused_for_all_but(app, as_, cast, MAY_CHAIN, page, other=other.ref)
        assert tab.submit(page, other=other.ref).status_code == 303
    shown = tab.get(f"/blockers/{bill.ref}").text
    assert "It waits for" in shown
    assert "At the root of that" in shown
    assert f"/blockers/{rule.ref}" in shown
    assert "It holds up 2 other blockers" in tab.get(f"/blockers/{rule.ref}").text
    with app.app_context():
        chain = chain_of(stored(app, bill))
        assert [(link.title, link.root) for link in chain.waits_for] == [("The meter", False)]
        assert [link.title for link in chain.roots] == ["The rule"]
        assert (chain_of(rule).held_up, len(chain_of(rule).holds_up)) == (2, 1)
    roots = tab.get("/blockers?roots=1").text
    assert "The rule" in roots
    assert "The meter" not in roots
    end = f"/blockers/{meter.ref}/waits-for/end"
    refused_for_all_but(app, as_, cast, MAY_CHAIN, end, other=rule.ref)
    assert tab.submit(end, other=rule.ref).status_code == 303
    again = tab.submit(end, other=rule.ref)
    assert (again.status_code, "does not wait for “The rule” any more" in again.text) == (409, True)
    assert "The meter" in tab.get("/blockers?roots=1").text
    with app.app_context():
        kinds = select(Event.kind).where(Event.kind.like("blocker.%chained")).order_by(Event.id)
        assert [str(kind) for kind in db.session.scalars(kinds)] == [
            *["blocker.chained"] * 2,
            "blocker.unchained",
        ]
    trail = tab.get(f"/blockers/{meter.ref}").text
    assert "noted that The meter waits for The rule" in " ".join(trail_words(trail))
    assert "noted that The meter does not wait for The rule" in " ".join(trail_words(trail))


def trail_words(page: str) -> list[str]:
    """Return the words of a page, without its tags."""
    return "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split()


@pytest.mark.parametrize("length", [1, 2, 3, 20])
def test_a_circle_of_any_length_is_refused_and_printed(
    app: Flask, cast: SimpleNamespace, as_: Any, chained: Any, length: int
) -> None:
    """Planted: only what it waits for directly looked at; the steps left out."""
    made = chained(*(f"Step {n}" for n in range(length)))
    page = f"/blockers/{made[-1].ref}/waits-for"
    answer = as_(cast.member).submit(page, other=made[0].ref)
    assert answer.status_code == 422
    if length == 1:
        assert "cannot wait for itself" in answer.text
        return
    assert "round in a circle" in answer.text
    for n in range(min(length - 1, 12)):
        assert f"“Step {n}” waits for “Step {n + 1}”" in answer.text
    assert ("and 7 steps more" in answer.text) == (length == 20)
    with app.app_context():
        assert db.session.scalar(select(func.count(BlockerWait.id))) == length - 1


def test_circles_are_those_that_another_library_finds() -> None:
    """Planted: the first edge of each alone followed."""
    chance = random.Random(27)
    for size in (2, 3, 5, 8, 13):
        for _ in range(60):
            graph: Any = nx.DiGraph()
            graph.add_nodes_from(range(size))
            for _ in range(size * 3):
                one, other = chance.sample(range(size), 2)
                way = shortest_way(list(graph.edges), other, one)
                assert bool(way) == nx.has_path(graph, other, one)
                if way:
                    assert len(way) - 1 == nx.shortest_path_length(graph, other, one)
                    assert nx.is_path(graph, way)
                else:
                    graph.add_edge(one, other)
            assert nx.is_directed_acyclic_graph(graph)


@pytest.mark.both
def test_circles_in_the_tables_are_those_that_another_library_finds(
    app: Flask, cast: SimpleNamespace, work: SimpleNamespace, clock: Any
) -> None:
    """Planted: the walk in the database from the wrong end."""
    made = [work.make(title=f"Blocker {n}") for n in range(9)]
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(one.id for one in made)
    chance, refused = random.Random(8), 0
    with app.app_context():
        for _ in range(60):
            one, other = chance.sample([blocker.id for blocker in made], 2)
            circle, known = nx.has_path(graph, other, one), graph.has_edge(one, other)
            with writing():
                here = db.session.get_one(Blocker, one)
                there = db.session.get_one(Blocker, other)
                words = here.objection_to(there)
                assert bool(words) == (circle or known)
                assert ("circle" in words) == circle
                if words:
                    refused += 1
                    with pytest.raises(NotNow):
                        here.wait_for(there, by=cast.member, now=clock())
                else:
                    here.wait_for(there, by=cast.member, now=clock())
                    graph.add_edge(one, other)
    assert refused > 10
    assert nx.is_directed_acyclic_graph(graph)


@pytest.mark.both
def test_two_at_once_close_no_circle(
    app: Flask, cast: SimpleNamespace, work: SimpleNamespace, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Each of another initiative, so that these do not keep them apart. Planted: nothing locked (PostgreSQL)."""
    one = work.make(title="One")
    with app.app_context(), writing():
        elsewhere = Initiative.create(
            title="Elsewhere", lead_unit_id=cast.care.id, by=cast.manager, now=clock()
        )
        other = Blocker.raise_(
            elsewhere, title="Other", blocked_unit_id=cast.care.id, holder_unit_id=cast.it.id,
            by=cast.manager, now=clock(),
        )  # fmt: skip
    both, usual = threading.Barrier(2), chaining.edges_behind

    def together(blocker_id: int) -> Any:
        """Look, and go on only when the other one has looked too, or cannot."""
        edges = usual(blocker_id)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return edges

    monkeypatch.setattr(chaining, "edges_behind", together)

    def wait(who: Blocker, what: Blocker) -> Any:
        def act() -> None:
            here = who.again(cast.manager)
            here.wait_for(db.session.get_one(Blocker, what.id), by=cast.manager, now=clock())

        return act

    ended = at_once(app, wait(one, other), wait(other, one))
    assert sorted(ended) == ["NotNow", "done"]
    with app.app_context():
        assert db.session.scalar(select(func.count(BlockerWait.id))) == 1


@pytest.mark.both
def test_whoever_answers_for_what_waited_is_told_when_the_other_is_out_of_the_way(
    app: Flask, cast: SimpleNamespace, as_: Any, chained: Any, work: SimpleNamespace, clock: Any
) -> None:
    """Planted, one after another: nobody told; the head told though somebody answers; those told whose blocker is over."""
    waiting, rule = chained("The bill", "The rule")
    with app.app_context(), writing():
        db.session.get_one(Blocker, waiting.id).acknowledge(by=cast.head, now=clock())
        db.session.get_one(Blocker, rule.id).resolve("Done", by=cast.head, now=clock())
    assert ("wait_over", None) not in told(app, cast.head), "nobody is told of their own act"
    first, second = chained("The meter", "The law")
    with app.app_context(), writing():
        db.session.get_one(Blocker, first.id).acknowledge(by=cast.head, now=clock())
        db.session.get_one(Blocker, second.id).withdraw(by=cast.member, now=clock())
    assert ("wait_over", None) in told(app, cast.head)
    assert "One blocker that The meter waited for is out of the way." in " ".join(
        trail_words(as_(cast.head).get("/inbox").text)
    )
    done, last = chained("The desk", "The chair")
    with app.app_context(), writing():
        assert [link.title for link in chain_of(last).holds_up] == ["The desk"]
        db.session.get_one(Blocker, done.id).withdraw(by=cast.member, now=clock())
        assert chain_of(last).holds_up == []
        db.session.get_one(Blocker, last.id).withdraw(by=cast.member, now=clock())
    with app.app_context():
        about = select(Notice.subject_id).where(Notice.kind == Tell.wait_over)
        assert list(db.session.scalars(about)) == [first.id], "what is over waits for nothing"


def test_what_cannot_be_waited_for_is_said_at_its_place(
    app: Flask, cast: SimpleNamespace, as_: Any, chained: Any, work: SimpleNamespace, clock: Any
) -> None:
    """Planted, one after another: each of them not looked at."""
    one, other = chained("The bill", "The rule")
    over = work.make(title="The desk")
    with app.app_context(), writing():
        db.session.get_one(Blocker, over.id).withdraw(by=cast.member, now=clock())
    tab, page = as_(cast.member), f"/blockers/{one.ref}/waits-for"
    for sent, words in (
        ({}, "Choose one of these blockers."),
        ({"other": "nosuchthing1"}, "Choose one of these blockers."),
        ({"other": over.ref}, "“The desk” does not stand in the way any more."),
        ({"other": other.ref}, "It waits for “The rule” already."),
    ):
        answer = tab.submit(page, **sent)
        assert answer.status_code == 422
        assert words in answer.text
    answer = tab.get(f"/blockers/{over.ref}/waits-for")
    assert answer.status_code == 409
    answer = tab.submit(f"/blockers/{over.ref}/waits-for", other=one.ref)
    assert "so it waits for nothing" in answer.text


def test_one_waits_for_a_handful_of_others(
    app: Flask, cast: SimpleNamespace, as_: Any, work: SimpleNamespace, clock: Any
) -> None:
    """Planted: any number."""
    many = [work.make(title=f"Blocker {n}") for n in range(MOST_WAITS + 2)]
    with app.app_context(), writing():
        first, *others = (db.session.get_one(Blocker, one.id) for one in many)
        for other in others[:MOST_WAITS]:
            first.wait_for(other, by=cast.member, now=clock())
    answer = as_(cast.member).submit(f"/blockers/{many[0].ref}/waits-for", other=many[-1].ref)
    assert answer.status_code == 422
    assert "It waits for 20 others already." in answer.text


@pytest.mark.both
def test_a_partner_is_told_of_its_own_and_reads_nothing_of_the_other(
    app: Flask, cast: SimpleNamespace, as_: Any, work: SimpleNamespace, clock: Any
) -> None:
    """Planted: the chain on the page of a contact; the other one named in the notice."""
    theirs = work.make(title="The feed", holder_partner_id=cast.vendor.id)
    ours = work.make(title="A secret rule")
    with app.app_context(), writing():
        here = db.session.get_one(Blocker, theirs.id)
        here.wait_for(db.session.get_one(Blocker, ours.id), by=cast.member, now=clock())
    contact = as_(cast.contact)
    page = f"/blockers/{theirs.ref}"
    assert "A secret rule" not in contact.get(page).text
    assert contact.get(f"{page}/waits-for").status_code == 404
    with app.app_context(), writing():
        db.session.get_one(Blocker, ours.id).resolve("Done", by=cast.head, now=clock())
    assert ("wait_over", None) in told(app, cast.contact)
    inbox = contact.get("/inbox").text
    assert "The feed" in inbox
    assert "A secret rule" not in inbox
    assert "A secret rule" not in contact.get(page).text
