"""Home: what waits for each kind of person, and nothing that does not."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask

from tests.aims import aim
from tests.cast import START
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation


@pytest.fixture
def initiative(app: Flask, cast: Any) -> Initiative:
    with app.app_context():
        with writing():
            made = Initiative.create(
                title="One bill",
                lead_unit_id=cast.it.id,
                by=cast.manager,
                now=START,
                lead=cast.lead,
            )
            made.propose_sponsor(cast.executive, by=cast.manager, now=START)
        db.session.expunge_all()
        return made


def home(tab: Any) -> str:
    return home_at(tab, "/")


def home_at(tab: Any, address: str) -> str:
    answer = tab.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_executive_who_was_asked_sees_the_proposal_and_nobody_else_does(
    initiative: Initiative, cast: Any, as_: Any
) -> None:
    """Canary: without the condition on the person, the other executive sees it as well."""
    assert "Sponsor “One bill”?" in home(as_(cast.executive))
    assert "Sponsor “One bill”?" not in home(as_(cast.other_executive))


def test_a_head_sees_what_waits_on_the_unit(
    app: Flask, initiative: Initiative, cast: Any, as_: Any
) -> None:
    with app.app_context(), writing():
        of_it = db.session.get(Initiative, initiative.id)
        Blocker.raise_(
            of_it,
            title="No data",
            blocked_unit_id=cast.care.id,
            holder_unit_id=cast.it.id,
            by=cast.lead,
            now=START,
        )
    assert "No data" in home(as_(cast.head))
    assert "No data" not in home(as_(cast.other_head)).split('id="since"')[0]


def test_a_sponsor_sees_who_asks_for_the_next_stage(
    app: Flask, initiative: Initiative, cast: Any, as_: Any
) -> None:
    with app.app_context(), writing():
        of_it = db.session.get(Initiative, initiative.id)
        aim(of_it)
        of_it.accept_sponsorship(by=cast.executive, now=START)
        of_it.ask_stage(by=cast.lead, now=START, words="Ready")
    assert "Open Designing for “One bill”?" in home(as_(cast.executive))


def waiting(page: str) -> int:
    """How many things the head of home says wait."""
    return int(re.search(r"(\d+) things? waits? for you", page).group(1))


def rest(page: str) -> dict[str, str]:
    """The links to what home cuts short, by their words."""
    needs = page.split('id="needs"', 1)[1].split("</section>", 1)[0].split("</table>", 1)[1]
    return {words: unescape(url) for url, words in re.findall(r'<a href="([^"]+)">([^<]+)<', needs)}


def listed(page: str) -> int:
    return len(re.findall(r'<a class="row" href="/(?:initiatives|blockers)/', page))


@pytest.mark.both
def test_home_counts_all_and_links_to_where_all_are_listed(
    app: Flask, cast: Any, as_: Any, clock: Any
) -> None:
    """Eleven of each kind. Planted: the rows that are shown counted, as before: "8 things wait"."""
    with app.app_context(), writing():
        for n in range(11):
            made = Initiative.create(
                title=f"Work {n}", lead_unit_id=cast.it.id, by=cast.manager, now=START
            )
            made.propose_sponsor(cast.executive, by=cast.manager, now=START)
            asked = Initiative.create(
                title=f"Ready {n}", lead_unit_id=cast.it.id, by=cast.manager, now=START
            )
            asked.propose_sponsor(cast.executive, by=cast.manager, now=START)
            aim(asked)
            asked.accept_sponsorship(by=cast.executive, now=START)
            asked.ask_stage(by=cast.manager, now=START, words="Ready")
            for holder in (cast.billing.id, cast.it.id):
                Blocker.raise_(
                    made,
                    title=f"Stop {n}",
                    blocked_unit_id=cast.care.id,
                    holder_unit_id=holder,
                    by=cast.manager,
                    now=START,
                )
    clock.forward(days=100)
    executive, manager, head = (as_(one) for one in (cast.executive, cast.manager, cast.head))
    page = home(executive)
    assert waiting(page) == 22
    links = rest(page)
    assert list(links) == ["All 11 proposals to you", "All 11 requests to open a stage"]
    assert executive.get(links["All 11 proposals to you"]).text.count("Work ") >= 11
    asks = home_at(executive, links["All 11 requests to open a stage"])
    assert asks.count("Open Designing for") >= 11
    assert "Sponsor “" not in asks
    assert waiting(asks) == 22, "the head counts everything, whatever is shown"
    assert rest(asks) == {"Show everything that waits for you": "/"}
    assert rest(home(head)) == {"All 11 blockers that wait for you": "/blockers?mine=1&state=all"}
    for tab, words in (
        (head, "All 11 blockers that wait for you"),
        (manager, "All 22 blockers that nobody answers for"),
        (manager, "All 11 overdue reports"),
    ):
        number = int(words.split()[1])
        assert listed(tab.get(rest(home(tab))[words]).text) == number, words
    assert rest(home(manager))["All 11 proposals that are not answered"] == "/sponsorships"
    assert waiting(home(manager)) == 22 + 11 + 11


@pytest.mark.both
def test_what_a_module_waits_for_is_counted_and_listed_as_well(
    app: Flask, cast: Any, as_: Any
) -> None:
    with app.app_context(), writing():
        Organisation.current().change(by=cast.admin, now=START, modules=["priorities"])
        for n in range(10):
            Initiative.create(title=f"N{n}", lead_unit_id=cast.it.id, by=cast.manager, now=START)
    page = home(as_(cast.head))
    assert waiting(page) == 10
    assert rest(page) == {"All 10 ratings you owe": "/?all=unrated"}
    assert home_at(as_(cast.head), "/?all=unrated").count("How urgent is") == 2 * 10
    assert home_at(as_(cast.head), "/?all=nonsense").count("How urgent is") == 2 * 8


def test_what_is_not_cut_short_has_no_link(initiative: Initiative, cast: Any, as_: Any) -> None:
    assert rest(home(as_(cast.executive))) == {}


def test_modules_say_nothing_until_they_are_switched_on(
    app: Flask, initiative: Initiative, cast: Any, as_: Any
) -> None:
    """Canary: without the switch the question stands there at once."""
    with app.app_context(), writing():
        aim(db.session.get(Initiative, initiative.id))
        db.session.get(Initiative, initiative.id).accept_sponsorship(by=cast.executive, now=START)
    assert "How urgent is" not in home(as_(cast.head))
    with app.app_context(), writing():
        Organisation.current().change(by=cast.admin, now=START, modules=["priorities"])
    assert "How urgent is “One bill” for you?" in home(as_(cast.head))


def test_a_partner_reads_of_its_own_blockers_and_of_nothing_else(
    app: Flask, initiative: Initiative, cast: Any, as_: Any
) -> None:
    with app.app_context(), writing():
        of_it = db.session.get(Initiative, initiative.id)
        Blocker.raise_(
            of_it,
            title="No meter",
            blocked_unit_id=cast.care.id,
            holder_partner_id=cast.vendor.id,
            by=cast.lead,
            now=START,
        )
    assert "No meter" in home_at(as_(cast.contact), "/partner")
    other = home_at(as_(cast.other_contact), "/partner")
    assert "No meter" not in other
    assert "One bill" not in other
    assert as_(cast.contact).get("/").location == "/partner"


def test_a_partner_reads_what_waits_for_it_apart_from_what_it_handed_over(
    app: Flask, initiative: Initiative, cast: Any, as_: Any
) -> None:
    """Canary: the condition `waits == 0` as a plain `NOT`, which loses what a unit of ours holds; all in one list, as before."""
    titles = {"Late meter": cast.vendor.id, "Done meter": cast.vendor.id, "Your meter": None}
    with app.app_context(), writing():
        of_it = db.session.get_one(Initiative, initiative.id)
        made = {
            title: Blocker.raise_(
                of_it,
                title=title,
                blocked_unit_id=cast.care.id if partner else None,
                blocked_partner_id=None if partner else cast.vendor.id,
                holder_partner_id=partner,
                holder_unit_id=None if partner else cast.it.id,
                by=cast.lead if partner else cast.contact,
                now=START,
            )
            for title, partner in titles.items()
        }
        made["Done meter"].acknowledge(by=cast.contact, now=START)
        made["Done meter"].resolve(by=cast.contact, now=START, words="Done.")
    page = home_at(as_(cast.contact), "/partner")
    theirs, handed = page.split('id="waiting"')
    assert "1 blocker waits for your answer as well." in theirs
    assert re.search(r'href="/blockers"[^>]*>.*?>1<', theirs.split("<main", 1)[0], re.DOTALL)
    assert "Late meter" in theirs
    assert "meter" not in theirs.replace("Late meter", "")
    assert handed.index("Your meter") < handed.index(" to answer")
    assert handed.index("Done meter") < handed.index(" to confirm")
    assert handed.index("Your meter") < handed.index("Done meter"), "what stands in the way first"


def interim(cast: Any, number: int) -> list[Initiative]:
    """Initiatives whose sponsor's access ended: the programme owner stands in."""
    made = []
    with writing():
        for n in range(number):
            one = Initiative.create(
                title=f"Orphan {n}", lead_unit_id=cast.it.id, by=cast.manager, now=START, lead=cast.lead
            )  # fmt: skip
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
            aim(one)
            one.accept_sponsorship(by=cast.executive, now=START)
            made.append(one)
        end_access(db.session.get_one(Person, cast.executive.id), by=cast.admin, now=START)
    return made


@pytest.mark.both
def test_an_interim_sponsor_finds_at_home_what_needs_a_sponsor_for_good(
    app: Flask, cast: Any, as_: Any
) -> None:
    """Canary: without the condition on the open proposal the one that somebody is asked to take on is counted as well."""
    with app.app_context():
        made = interim(cast, 11)
        with writing():
            made[0].propose_sponsor(cast.other_executive, by=cast.owner, now=START)
    owner = as_(cast.owner)
    page = home(owner)
    assert waiting(page) == 10
    assert page.count("Find a sponsor for good: Orphan") == 2 * 8, (
        "the words and the name of the act"
    )
    assert "Orphan 0" not in page.split('id="needs"')[1].split("</section>")[0]
    assert f'href="/initiatives/{made[1].ref}/sponsorship"' in page
    words = "All 10 initiatives that need a sponsor for good"
    assert rest(page) == {words: f"/initiatives?sponsor={cast.owner.id}&interim=1"}
    assert listed(owner.get(rest(page)[words]).text) == 10
    assert "Find a sponsor for good" not in home(as_(cast.other_executive))


def test_who_cannot_propose_reads_who_does(app: Flask, cast: Any, as_: Any) -> None:
    """Canary: the act shown without asking the policy, so that a manager is told to act and is refused."""
    with app.app_context():
        ref = interim(cast, 1)[0].ref
    may, may_not = (as_(who).get(f"/initiatives/{ref}").text for who in (cast.owner, cast.manager))
    needed = may.split('id="waits"', 1)[1].split("</section>", 1)[0]
    assert "Propose a sponsor" in needed
    told = f"{cast.owner.name}, the interim sponsor, proposes who takes it on for good."
    mine, others = may_not.split('id="waits-besides"', 1)
    assert told in others
    assert told not in mine
    assert "Propose a sponsor" not in may_not
    assert "Somebody has to accept it" not in may_not


def test_a_partner_sees_that_its_promise_has_passed(
    app: Flask, initiative: Initiative, cast: Any, as_: Any, clock: Any
) -> None:
    """Canary: the day printed alone, as before; a promise of today is not late."""
    with app.app_context(), writing():
        of_it = db.session.get(Initiative, initiative.id)
        raised = Blocker.raise_(
            of_it,
            title="No meter",
            blocked_unit_id=cast.care.id,
            holder_partner_id=cast.vendor.id,
            by=cast.lead,
            now=START,
        )
        raised.acknowledge(by=cast.contact, now=START)
        raised.commit(date(2026, 3, 4), by=cast.contact, now=START)
    for hours, late in ((0, False), (48, False), (24, True)):
        clock.forward(hours=hours)
        page = home_at(as_(cast.contact), "/partner")
        due = page.split('<span class="due">', 1)[1].split("</li>", 1)[0]
        assert ("promised 4 Mar, late" in due) is late
        assert ('class="rag bad"' in due and "#i-bad" in due) is late
        for address in ("/blockers", f"/blockers/{raised.ref}"):
            assert ("Promised, late" in as_(cast.contact).get(address).text) is late


def test_search_finds_by_every_word_and_only_for_internal_people(
    initiative: Initiative, cast: Any, as_: Any
) -> None:
    assert "One bill" in as_(cast.member).get("/search?q=bill+one").get_data(as_text=True)
    assert "One bill" not in as_(cast.member).get("/search?q=bill+two").get_data(as_text=True)
    assert as_(cast.contact).get("/search?q=bill").status_code == 404
