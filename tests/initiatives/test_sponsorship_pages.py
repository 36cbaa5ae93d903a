"""Sponsorship in a browser: proposed, answered on a phone in two presses, many at once.

Planted faults seen red: the acceptance open to managers; a refused row that keeps the others from being accepted.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.initiatives.stories import business, idea, kinds
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.initiatives.stages import Stage


@pytest.fixture
def proposed(told, cast, clock):
    """Three ideas that the executive was asked to sponsor; the third stands at piloting already."""

    def begin():
        made = [idea(cast, clock(), f"Bill {n}") for n in (1, 2, 3)]
        with writing():
            for one in made:
                adopt = Stage.piloting if one.title == "Bill 3" else None
                one.propose_sponsor(cast.executive, by=cast.manager, now=clock(), adopt_at=adopt)
        return made

    return told(begin)


def test_proposed_accepted_and_framed(app, cast, as_, an_idea, now_is):
    address = f"/initiatives/{an_idea.ref}/sponsorship"
    page = as_(cast.lead).get(f"{address}?person={cast.executive.id}").text
    assert f'<option selected value="{cast.executive.id}">' in page
    assert 'name="adopt_at"' not in page  # only managers take work over as it stands
    answer = as_(cast.lead).submit(address, person=cast.executive.id, words="You know the floor.")
    assert answer.status_code == 303
    page = as_(cast.executive).get(f"/initiatives/{an_idea.ref}").text
    assert "Lena Lead asks you to sponsor this" in page
    page = as_(cast.executive).get(address).text
    assert "You know the floor." in page
    assert "Accept the sponsorship" in page
    answer = as_(cast.executive).submit(f"{address}/acceptance")
    assert answer.status_code == 303
    assert (now_is(an_idea).sponsor_id, now_is(an_idea).stage) == (cast.executive.id, Stage.framed)


def test_a_lead_cannot_smuggle_in_an_adoption(app, cast, as_, an_idea):
    as_(cast.lead).submit(
        f"/initiatives/{an_idea.ref}/sponsorship", person=cast.executive.id, adopt_at="piloting"
    )
    with app.app_context():
        assert db.session.scalars(select(Sponsorship.adopts)).all() == [None]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("contact", "belongs to a partner"),
        ("member", "is not an executive"),
        ("ended", "has no access any more"),
        ("lead", "is not an executive"),
    ],
)
def test_who_cannot_sponsor_is_said_at_the_field(app, cast, as_, an_idea, who, words):
    answer = as_(cast.manager).submit(
        f"/initiatives/{an_idea.ref}/sponsorship", person=getattr(cast, who).id, words="Please."
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert "Please.</textarea>" in answer.text
    with app.app_context():
        assert kinds(an_idea) == ["initiative.created"]


@pytest.mark.parametrize(
    "who", ["manager", "owner", "lead", "other_executive", "member", "auditor"]
)
def test_nobody_answers_for_the_one_who_was_asked(app, cast, as_, proposed, who):
    with app.app_context():
        before = business()
    for part in ("acceptance", "refusal"):
        address = f"/initiatives/{proposed[0].ref}/sponsorship/{part}"
        assert as_(getattr(cast, who)).submit(address, words="x").status_code == 403
    with app.app_context():
        assert business() == before


def test_declined_in_words_or_not_at_all(app, cast, as_, proposed, now_is):
    address = f"/initiatives/{proposed[0].ref}/sponsorship/refusal"
    answer = as_(cast.executive).submit(address, words="")
    assert answer.status_code == 422
    assert '<details class="panel" open>' in answer.text
    assert as_(cast.executive).submit(address, words="My hands are full.").status_code == 303
    page = as_(cast.manager).get(f"/initiatives/{proposed[0].ref}/sponsorship").text
    assert "Emil Executive declined" in page
    assert "My hands are full." in page
    assert "Propose a sponsor" in page


def test_withdrawn_by_whoever_asked_or_a_manager(cast, as_, proposed, now_is):
    address = f"/initiatives/{proposed[0].ref}/sponsorship/withdrawal"
    assert as_(cast.lead).submit(address).status_code == 403
    assert as_(cast.manager).submit(address).status_code == 303
    assert now_is(proposed[0]).proposed_sponsor_id is None
    assert as_(cast.manager).submit(address).status_code == 409


def test_many_are_accepted_at_once_each_as_it_was_proposed(app, cast, as_, proposed, now_is):
    page = as_(cast.executive).get("/sponsorships").text
    assert "3 initiatives wait for your answer." in page
    assert "As it stands at Piloting" in page
    answer = as_(cast.executive).submit(
        "/sponsorships/acceptance", ids=[one.id for one in proposed]
    )
    assert (answer.status_code, answer.location) == (303, "/sponsorships")
    assert [now_is(one).stage for one in proposed] == [Stage.framed, Stage.framed, Stage.piloting]
    assert [now_is(one).adopted for one in proposed] == [False, False, True]
    with app.app_context():
        told = [kind for kind in kinds() if kind in ("sponsor.accepted", "stage.adopted")]
    assert told == ["sponsor.accepted", "sponsor.accepted", "stage.adopted"]


def test_what_cannot_be_accepted_any_more_is_named_and_the_rest_is_accepted(
    cast, as_, proposed, now_is
):
    as_(cast.manager).submit(f"/initiatives/{proposed[1].ref}/sponsorship/withdrawal")
    answer = as_(cast.executive).submit(
        "/sponsorships/acceptance", ids=[one.id for one in proposed]
    )
    assert answer.status_code == 200
    assert f"No sponsorship of {proposed[1].ref} is waiting" in answer.text
    assert [now_is(one).sponsor_id is not None for one in proposed] == [True, False, True]


def test_where_none_can_be_accepted_it_is_said_on_the_list_and_whom_to_write_to(
    app, cast, as_, told, clock
):
    """An idea without a goal waits for its lead. Planted: the page of an error instead; the choice not kept; no address."""

    def begin():
        with writing():
            one = Initiative.create(
                title="No goal",
                lead_unit_id=cast.care.id,
                lead=cast.lead,
                by=cast.manager,
                now=clock(),
            )
            one.propose_sponsor(cast.executive, by=cast.manager, now=clock())
            return one

    one = told(begin)
    tab = as_(cast.executive)
    page = tab.get(f"/initiatives/{one.ref}/sponsorship").text
    assert f'href="mailto:{cast.lead.email}?subject={one.ref}%20No%20goal"' in page
    answer = tab.submit("/sponsorships/acceptance", ids=[one.id])
    assert answer.status_code == 409
    assert "needs a goal" in answer.text
    row = re.search(rf'<input[^>]+name="ids" value="{one.id}"[^>]*>', answer.text)
    assert row
    assert "checked" in row[0]


def test_nothing_chosen_and_nothing_left(app, cast, as_, proposed):
    tab = as_(cast.executive)
    answer = tab.submit("/sponsorships/acceptance")
    assert answer.status_code == 422
    assert "Choose at least one first." in answer.text
    assert tab.submit("/sponsorships/acceptance", ids=["999999"]).status_code == 404
    as_(cast.manager).submit(f"/initiatives/{proposed[0].ref}/sponsorship/withdrawal")
    with app.app_context():
        before = business()
    answer = tab.submit("/sponsorships/acceptance", ids=[proposed[0].id])
    assert answer.status_code == 409
    with app.app_context():
        assert business() == before
    for who in ("manager", "member", "auditor"):
        answer = as_(getattr(cast, who)).submit("/sponsorships/acceptance", ids=[proposed[1].id])
        assert answer.status_code == 403


def test_many_are_declined_with_one_reason(app, cast, as_, proposed):
    tab, ids = as_(cast.executive), [one.id for one in proposed[:2]]
    page = tab.submit("/sponsorships/refusal", ids=ids)
    assert page.status_code == 200
    assert "Decline 2 sponsorships" in page.text
    answer = tab.submit("/sponsorships/refusal", ids=ids, words="")
    assert answer.status_code == 422
    assert answer.text.count('name="ids"') == 2
    assert tab.submit("/sponsorships/refusal", ids=ids, words="Not mine.").status_code == 303
    with app.app_context():
        answers = db.session.scalars(select(Sponsorship.answer).order_by(Sponsorship.id)).all()
    assert answers == [Answer.declined, Answer.declined, Answer.proposed]


def test_managers_see_who_has_not_answered_since_when_and_until_when(cast, as_, proposed, clock):
    clock.forward(days=7)
    page = as_(cast.manager).get("/sponsorships").text
    assert "3 proposals are not answered yet." in page
    assert page.count("Emil Executive") == 3
    assert "5 d" in page
    assert "Mon 16 Mar" in page
    assert "Withdraw<span" in page
    assert "Withdraw<span" not in as_(cast.finance).get("/sponsorships").text


@pytest.mark.both
def test_two_proposals_at_once_leave_one(app, cast, as_, an_idea):
    """The row's lock decides; the database's own index stands behind it."""

    def press(who):
        return (
            as_(cast.manager)
            .submit(f"/initiatives/{an_idea.ref}/sponsorship", person=who.id)
            .status_code
        )

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(press, (cast.executive, cast.other_executive)))
    assert statuses == [303, 409]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Sponsorship)) == 1
