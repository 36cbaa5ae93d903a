"""What a partner's contact reads is what plain SQL says is theirs: no row less, no row more, and no word of anything else."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, String, text

from tests.cast import START
from tests.ended import end_one_of_each
from tests.midway import midway
from tests.test_permissions import arguments, rules
from tracker.blockers.holders import Holder
from tracker.blockers.models import Blocker
from tracker.db import Model, db, writing

CONTACTS = ("contact", "other_contact")
OPEN = "'raised', 'acknowledged', 'counter_proposed', 'committed', 'disputed'"
EVERY = f"{OPEN}, 'resolved', 'confirmed', 'withdrawn', 'closed'"
LISTS = {
    "/partner": f"{OPEN}, 'resolved'",
    "/blockers": OPEN,
    "/blockers?state=open": OPEN,
    "/blockers?state=unsettled": f"{OPEN}, 'resolved'",
    "/blockers?state=all": EVERY,
    "/blockers?state=resolved": "'resolved'",
    "/blockers?state=over": "'confirmed', 'withdrawn', 'closed'",
}
THEIRS = """SELECT ref FROM blocker WHERE state IN ({}) AND (
    holder_partner_id = :partner OR raised_by_id IN (SELECT id FROM person WHERE partner_id = :partner))"""
GIVEN = "SELECT ref FROM action WHERE partner_id = :partner"
TO_BE_DONE = f"{GIVEN} AND state <> 'cancelled'"
# Questions that narrow our own list; a partner's is the same whatever it asks.
ASKED = ("q=Another", "holder=u2", "mine=1", "unit=2", "late=1", "answerer=none", "sort=age", "waiting=3", "category=data",
         "page=2")  # fmt: skip


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    """The world midway, with what is over, a blocker that a partner raised, and one that was passed on from it."""
    made = midway(app, as_)
    end_one_of_each(app, made)
    with app.app_context(), writing():
        one = db.session.get_one(type(made.initiative), made.initiative.id)
        blocked: dict[str, Any] = {"blocked_unit_id": made.care.id, "now": START}
        theirs = {"blocked_partner_id": made.other_vendor.id, "by": made.other_contact}
        made.raised = Blocker.raise_(
            one, title="Raised outside", holder_unit_id=made.it.id, now=START, **theirs
        )
        for partner in (made.vendor, made.other_vendor):
            passed = Blocker.raise_(one, title="Passed on", holder_unit_id=made.it.id, by=made.lead, **blocked)  # fmt: skip
            passed.pass_on(holder_partner_id=partner.id, by=made.head, now=START, words="Theirs")
            passed.commit(
                START.date(),
                by=made.contact if partner.id == made.vendor.id else made.other_contact,
                now=START,
            )
            moved = Blocker.raise_(one, title="No longer theirs", holder_partner_id=partner.id, by=made.lead, **blocked)  # fmt: skip
            moved.change_hands(Holder(unit_id=made.it.id), by=made.admin, now=START)
    return made


def owned(app: Flask, contact: Any, states: str = EVERY) -> set[str]:
    """Return the refs of the blockers in these states that `contact` may read, as plain SQL says."""
    with app.app_context():
        asked = text(THEIRS.format(states))
        return {row.ref for row in db.session.execute(asked, {"partner": contact.partner_id})}


def given(app: Flask, contact: Any, query: str = GIVEN) -> set[str]:
    """Return the refs of the actions that `contact` may read, as plain SQL says."""
    with app.app_context():
        return set(db.session.scalars(text(query), {"partner": contact.partner_id}))


def shown_actions(page: str) -> set[str]:
    """Return the refs of the actions that a page links to."""
    return set(re.findall(r'href="/(?:partner/)?actions/([0-9a-z]+)["/]', page))


def shown(page: str) -> set[str]:
    """Return the refs of the blockers that a page links to."""
    return set(re.findall(r'href="/blockers/([0-9a-z]+)"', page)) - {"new", "matrix"}


@pytest.mark.parametrize("actor", CONTACTS)
def test_a_partner_lists_exactly_its_own(
    app: Flask, world: SimpleNamespace, as_: Any, actor: str
) -> None:
    """Planted: what a colleague raised left out of the scope, and a partner's list narrowed by what the address asks."""
    contact = getattr(world, actor)
    tab = as_(contact)
    for address, states in LISTS.items():
        theirs = owned(app, contact, states)
        page = tab.get(address).get_data(as_text=True)
        assert shown(page) == theirs, address
        if address == "/partner":
            assert shown_actions(page) == given(app, contact, TO_BE_DONE)
            asked = f"{GIVEN} AND proposed_on IS NOT NULL"  # stand twice: what is to be done, and what waits for us
            rows = len(theirs | given(app, contact, TO_BE_DONE)) + len(given(app, contact, asked))
            assert page.count('<li class="action">') == rows
        for question in ASKED:
            narrowed = f"{address}{'&' if '?' in address else '?'}{question}"
            assert shown(tab.get(narrowed).get_data(as_text=True)) == theirs, narrowed
    with app.app_context():
        every = set(db.session.scalars(text("SELECT ref FROM blocker")))
    mine = owned(app, contact)
    assert {ref for ref in every if tab.get(f"/blockers/{ref}").status_code == 200} == mine
    assert mine
    assert every > mine
    with app.app_context():
        every = set(db.session.scalars(text("SELECT ref FROM action")))
    read = {ref for ref in every if tab.get(f"/partner/actions/{ref}").status_code == 200}
    assert read == given(app, contact)
    assert read
    assert every > read
    assert all(tab.get(f"/actions/{ref}").status_code == 404 for ref in every)


# Texts that say nothing of anybody, or that the application reads as something else than text.
NO_WORDS = {
    "organisation", "event", "chain_head", "checkpoint", "submission", "sign_in_attempt", "access_link", "silo_pair", "reset_ask",
    "approval_link",
}  # fmt: skip
NOT_TYPED = re.compile(
    r"(_json|_toml|hash|token|^ref|^slug|language|theme|time_zone|digits|shortcuts|day_calendar|weekend|measures|password)"
)
# What a contact may read, with whose it is.
READ = {
    ("person", "name"): "id = :contact OR partner_id = :partner OR id IN (SELECT host_id FROM action WHERE partner_id = :partner) "
    "OR id IN (SELECT relationship_owner_id FROM partner WHERE id = :partner)",
    ("person", "job_title"): "id = :contact",
    ("person", "email"): "id = :contact", ("partner", "name"): "id = :partner",
    ("blocker", "title"): f"ref IN ({THEIRS.format(EVERY)})",
    # Why another day is proposed, or why it is disputed: said by the side that holds it to the side that waits.
    ("blocker", "reason"): "holder_partner_id = :partner OR blocked_partner_id = :partner",
    # What it said stops it, and how we resolved that.
    **{("blocker", told): "blocked_partner_id = :partner" for told in ("effect", "resolution")},
    **{
        ("action", told): f"ref IN ({GIVEN})"
        for told in ("title", "why", "description", "criteria", "submission", "reply", "proposed_words")
    },
    ("comment", "body"): f"partner_id = :partner AND action_id IN (SELECT id FROM action WHERE ref IN ({GIVEN}))",
    **{
        ("evidence", told): f"partner_id = :partner AND action_id IN (SELECT id FROM action WHERE ref IN ({GIVEN}))"
        for told in ("name", "url", "media_type")
    },
    ("initiative", "title"): f"id IN (SELECT initiative_id FROM action WHERE ref IN ({GIVEN}))",
    # On its scorecard, beside its own figures (rule 22): what the initiatives aim at that it works for.
    ("kpi", "name"): "id IN (SELECT kpi_id FROM goal "
    "WHERE initiative_id IN (SELECT initiative_id FROM action WHERE partner_id = :partner))",
    ("milestone_criterion", "words"): "measure IS NOT NULL",  # these have none, and the table sees to that
    **{("sign_in", told): "person_id = :contact" for told in ("browser", "device", "network")},
}  # fmt: skip


def plant(app: Flask, contact: Any) -> None:
    """Put a word of its own into every text of every row, but for what `contact` may read."""
    with app.app_context(), db.engine.begin() as connection:
        for table in Model.metadata.sorted_tables:
            for column in table.columns if table.name not in NO_WORDS else ():
                if (
                    not isinstance(column.type, String)
                    or isinstance(column.type, Enum)
                    or NOT_TYPED.search(column.name)
                ):
                    continue
                where = READ.get((table.name, column.name))
                connection.execute(
                    text(
                        f"UPDATE {table.name} SET {column.name} = 'zq.{table.name}.{column.name}.' || rowid "
                        f"WHERE {column.name} IS NOT NULL AND NOT ({where or 'FALSE'})"
                    ),
                    {"contact": contact.id, "partner": contact.partner_id} if where else {},
                )


@pytest.mark.parametrize("actor", CONTACTS)
def test_no_answer_to_a_partner_says_a_word_of_anything_else(
    app: Flask, world: SimpleNamespace, as_: Any, actor: str, promise: Any
) -> None:
    """Planted: the unit that waits named in the place of our company."""
    contact = getattr(world, actor)
    tab = as_(contact)
    mine, actions = owned(app, contact), given(app, contact)
    with app.app_context():
        foreign = set(db.session.scalars(text("SELECT ref FROM blocker"))) - mine
        foreign |= set(db.session.scalars(text("SELECT ref FROM action"))) - actions
        work = text(
            f"SELECT ref FROM initiative WHERE id IN (SELECT initiative_id FROM action WHERE ref IN ({GIVEN}))"
        )
        ours = set(db.session.scalars(work, {"partner": contact.partner_id}))
    plant(app, contact)
    told, answered, cells = [], 0, 0
    for address, answer in _answers(app, world, tab, mine | actions | foreign):
        cells += 1
        page = answer.get_data(as_text=True) + str(answer.headers)
        assert answer.status_code < 500, address
        answered += answer.status_code == 200
        said = set(re.findall(r"zq\.[a-z_]+\.[a-z_]+", page)) | {
            ref for ref in foreign if ref in page.replace(address, "")
        }
        said |= set(re.findall(r"\bCX-\d+", page.replace(address, ""))) - ours
        said |= set(
            re.findall(
                r'"/(?:units|admin|boards|people|initiatives|import|sponsorships|activity|search|milestones|approvals)\b[^"]*',
                page,
            )
        )
        if said:
            told.append(f"{address}: {answer.status_code}, {sorted(said)}")
    assert not told, "\n".join(told)
    assert answered > len(mine) + len(LISTS)
    promise(
        "no answer to a partner says a word of anything else", tried=cells, actor=actor, leaks=0
    )


def _answers(app: Flask, world: SimpleNamespace, tab: Any, refs: set[str]) -> Any:
    """Ask for every address by every method, for every blocker and every list."""
    for rule in rules(app):
        if rule.endpoint in {
            "organisation.sign_out",
            "organisation.invitation",
            "organisation.reset",
        }:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found = [arguments(rule, world)]
            if rule.rule.startswith(
                ("/blockers/<ref>", "/actions/<ref>", "/partner/actions/<ref>")
            ):
                found = [{"ref": ref} for ref in sorted(refs)] if method == "GET" else found
            for values in found:
                with app.test_request_context():
                    address = app.url_map.bind("localhost").build(
                        rule.endpoint, values, method=method
                    )
                yield address, tab.get(address) if method == "GET" else tab.submit(address)
    for address in LISTS:
        yield address, tab.get(address)
        yield address, tab.get(address, headers={"HX-Request": "true"})
