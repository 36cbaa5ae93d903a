"""A partner's contact reads the blockers it holds or raised, in a few words, and nothing else exists (rules 20 and 21)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.blockers.conftest import stored
from tracker.activity.models import Event
from tracker.blockers.holders import Holder
from tracker.blockers.models import Blocker
from tracker.blockers.states import State
from tracker.db import db, writing

WORDS = (
    "",
    "/answerer",
    "/acknowledgement",
    "/promise",
    "/resolution",
    "/confirmation",
    "/reopening",
    "/withdrawal",
    "/pass-on",
    "/edit",
)
# What differs from answer to answer, and says nothing: tokens and the number of the request.
CHANGING = r"""(value|content)="[^"]*"|hx-headers='[^']*'|[0-9a-f]{16}"""
INTERNAL = (
    "/blockers/matrix",
    "/blockers/new",
    "/blockers.csv",
    "/blockers.xlsx",
    "/units/it-platforms",
)


@pytest.fixture
def held(app, cast, work):
    """A blocker that the vendor holds, with secrets around it."""
    with app.app_context(), writing():
        blocker = work.raises(
            title="The portal turns our agents away",
            effect="SECRET effect",
            holder_partner_id=cast.vendor.id,
        )
        blocker.name_answerer(cast.contact, by=cast.manager, now=blocker.raised_at)
    return blocker


def test_the_holder_reads_title_state_and_days_and_nothing_of_our_side(app, as_, cast, work, held):
    """Canary: `{{ blocker.effect }}` on partner.html turned this red."""
    page = as_(cast.contact).get(f"/blockers/{held.ref}")
    assert page.status_code == 200
    shown = re.sub(r"<[^>]+>", " ", page.text)
    for word in (
        "The portal turns our agents away",
        "Raised",
        "20 Mar 2026",
        "Testing &amp; Daughters",
    ):
        assert word in shown
    for secret in (
        "SECRET",
        "Milo",
        "Lena",
        "Customer care",
        "IT platforms",
        "One bill",
        work.initiative.ref,
    ):
        assert secret not in page.text
    for verb in ("acknowledgement", "promise", "resolution"):
        assert f'/blockers/{held.ref}/{verb}"' in page.text
    for verb in ("confirmation", "withdrawal", "pass-on", "edit"):
        assert f'/blockers/{held.ref}/{verb}"' not in page.text


def test_foreign_and_missing_answer_the_same_on_every_address(app, as_, cast, work, held):
    """Canary: `visible_to` without the condition on the holder turned this red."""
    ours = work.make()
    theirs = work.make(holder_partner_id=cast.other_vendor.id)
    tab = as_(cast.contact)
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Event))
    fields = {
        "words": "x",
        "promised_on": "2026-03-20",
        "answerer_id": cast.contact.id,
        "holder": f"u{cast.it.id}",
        "version": 1,
    }
    missing = {}
    for ref in ("nothingthere", ours.ref, theirs.ref):
        for word in WORDS:
            answers = [tab.get(f"/blockers/{ref}{word}")]
            if word:
                answers.append(tab.submit(f"/blockers/{ref}{word}", **fields))
            for number, answer in enumerate(answers):
                assert answer.status_code == 404, (ref, word)
                text = re.sub(CHANGING, "", answer.text)
                assert missing.setdefault((word, number), text) == text
    for address in INTERNAL:
        assert tab.get(address).status_code == 404
    assert (
        tab.submit(f"/initiatives/{work.initiative.ref}/blockers/new", title="x").status_code == 404
    )
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_the_list_is_exactly_what_the_partner_holds_or_raised(app, as_, cast, work, held):
    work.make(title="Ours alone")
    work.make(title="Of the others", holder_partner_id=cast.other_vendor.id)
    with app.app_context(), writing():
        raised = work.raises(
            title="Raised by the vendor",
            blocked_unit_id=None,
            blocked_partner_id=cast.vendor.id,
            by=cast.contact,
        )
    for question in (
        "",
        "?state=all",
        "?q=Ours",
        f"?unit={cast.care.id}",
        f"?holder=p{cast.other_vendor.id}",
    ):
        page = as_(cast.contact).get(f"/blockers{question}").text
        titles = set(re.findall(r"<bdi>((?:The|Ours|Of|Raised)[^<]*)</bdi>", page))
        assert titles == {"The portal turns our agents away", "Raised by the vendor"}
        assert "SECRET" not in page
    assert as_(cast.contact).get(f"/blockers/{raised.ref}").status_code == 200
    assert as_(cast.other_contact).get(f"/blockers/{raised.ref}").status_code == 404
    assert as_(cast.ended_contact).get(f"/blockers/{held.ref}").status_code == 303, (
        "signed out at once"
    )


def test_the_partner_answers_what_it_holds_and_closes_what_it_raised(app, as_, cast, work, held):
    address = f"/blockers/{held.ref}"
    tab = as_(cast.contact)
    assert tab.submit(f"{address}/acknowledgement").status_code == 303
    assert (
        tab.submit(
            f"{address}/promise", promised_on="2026-03-12", version=stored(app, held).version
        ).status_code
        == 303
    )
    assert tab.submit(f"{address}/resolution", words="The portal opens again.").status_code == 303
    assert stored(app, held).state == State.resolved
    assert tab.submit(f"{address}/confirmation").status_code == 403, (
        "its own work is confirmed by the raiser"
    )
    assert as_(cast.other_contact).submit(f"{address}/reopening", words="x").status_code == 404

    with app.app_context(), writing():
        raised = work.raises(
            blocked_unit_id=None, blocked_partner_id=cast.vendor.id, by=cast.contact
        )
    page = tab.get(f"/blockers/{raised.ref}").text
    assert f'/blockers/{raised.ref}/withdrawal"' in page
    assert tab.submit(f"/blockers/{raised.ref}/acknowledgement").status_code == 403, "IT answers it"
    assert (
        as_(cast.head).submit(f"/blockers/{raised.ref}/resolution", words="Done").status_code == 303
    )
    assert tab.submit(f"/blockers/{raised.ref}/reopening", words="Not for us").status_code == 303
    assert (
        as_(cast.head).submit(f"/blockers/{raised.ref}/resolution", words="Now it is").status_code
        == 303
    )
    assert tab.submit(f"/blockers/{raised.ref}/confirmation").status_code == 303
    assert stored(app, raised).state == State.confirmed


def test_the_form_of_an_answer_shows_nothing_of_our_side_either(app, as_, cast, work, held):
    for verb in ("acknowledgement", "promise", "resolution"):
        page = as_(cast.contact).get(f"/blockers/{held.ref}/{verb}")
        assert page.status_code == 200
        for secret in (
            "SECRET",
            "Milo",
            "Lena",
            "Mona",
            "Customer care",
            "IT platforms",
            work.initiative.ref,
        ):
            assert secret not in page.text
    assert as_(cast.contact).get(f"/blockers/{held.ref}/answerer").status_code == 404, (
        "rule 20 does not list it"
    )


def test_what_passes_to_another_holder_is_gone_for_the_former(app, as_, cast, work):
    blocker = work.make(holder_partner_id=cast.vendor.id)
    with app.app_context(), writing():
        db.session.get_one(Blocker, blocker.id).change_hands(
            type(blocker.holder)(partner_id=cast.other_vendor.id),
            by=cast.manager,
            now=blocker.raised_at,
        )
    assert as_(cast.contact).get(f"/blockers/{blocker.ref}").status_code == 404
    assert as_(cast.other_contact).get(f"/blockers/{blocker.ref}").status_code == 200


def test_the_holder_reads_since_when_it_lies_with_them_and_whom_to_ask(app, as_, cast, clock, held):
    """Of days only their own, which stand on their scorecard too: not how old it is in all.

    Planted: the first turn's day for what was passed on; `days` for `held_days`; the page without `_keeper.html`.
    """
    clock.forward(days=7)
    page = re.sub(r"<[^>]+>", " ", as_(cast.contact).get(f"/blockers/{held.ref}").text)
    assert "With you since" in page
    assert "2 Mar 2026, 5 working days" in page
    assert "Mona Manager" in page  # keeps the relationship
    with app.app_context(), writing():
        blocker = db.session.get_one(Blocker, held.id)
        blocker.change_hands(Holder(unit_id=cast.it.id), by=cast.manager, now=clock())
    clock.forward(days=1)
    with app.app_context(), writing():
        blocker = db.session.get_one(Blocker, held.id)
        blocker.change_hands(Holder(partner_id=cast.vendor.id), by=cast.manager, now=clock())
    clock.forward(days=1)
    page = re.sub(r"<[^>]+>", " ", as_(cast.contact).get(f"/blockers/{held.ref}").text)
    assert "10 Mar 2026, 1 working day" in page
    assert "SECRET" not in page
