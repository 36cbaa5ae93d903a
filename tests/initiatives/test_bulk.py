"""Several at once: the same rules, row by row; what can be done is done, what cannot says why.

Planted faults seen red: `may` left out of `carry_out`; the chosen rows lost from the form.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.initiatives.stories import business, idea, kinds, sponsored
from tracker.db import db, writing
from tracker.initiatives.memberships import Membership
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage


@pytest.fixture
def ten(told, cast, clock):
    """Ten ideas, as an import leaves them: with a lead unit and nobody else."""
    return told(lambda: [idea(cast, clock(), f"Programme {n}", lead=None) for n in range(10)])


def ids(initiatives: list[Initiative]) -> list[int]:
    return [one.id for one in initiatives]


def standing(app, initiatives):
    with app.app_context():
        query = select(Initiative).where(Initiative.id.in_(ids(initiatives)))
        return list(db.session.scalars(query.order_by(Initiative.id)))


def test_ten_are_proposed_in_one_act_and_adopted_at_piloting_in_one_more(app, cast, as_, ten):
    manager = as_(cast.manager)
    page = manager.get("/initiatives").text
    assert page.count('name="ids"') == 10
    assert "Propose sponsor" in page
    query = "&".join(f"ids={id_}" for id_ in ids(ten))
    form = manager.get(f"/initiatives/bulk/sponsor?{query}&back=/initiatives?theme=").text
    assert form.count('name="ids"') == 10
    assert "As it stands at Piloting" in form
    answer = manager.submit(
        "/initiatives/bulk/sponsor", ids=ids(ten), person=cast.executive.id, adopt_at="piloting"
    )
    assert (answer.status_code, answer.location) == (303, "/initiatives")
    assert "10 initiatives are changed." in manager.get("/initiatives").text
    with app.app_context():
        assert kinds()[-10:] == ["sponsor.proposed"] * 10
    answer = as_(cast.executive).submit("/sponsorships/acceptance", ids=ids(ten))
    assert answer.status_code == 303
    assert {(one.stage, one.adopted, one.sponsor_id) for one in standing(app, ten)} == {
        (Stage.piloting, True, cast.executive.id)
    }
    with app.app_context():
        assert kinds()[-10:] == ["stage.adopted"] * 10


def test_lead_lead_unit_team_and_theme(app, cast, as_, ten):
    manager = as_(cast.manager)
    for what, fields in (
        ("lead", {"person": cast.lead.id}),
        ("lead-unit", {"unit": cast.it.id}),
        ("team", {"person": cast.member.id, "responsibility": "consulted", "what_for": "Data"}),
        ("theme", {"theme": "Bills"}),
    ):
        page = manager.get(f"/initiatives/bulk/{what}?ids={ten[0].id}&ids={ten[1].id}")
        assert page.status_code == 200
        answer = manager.submit(f"/initiatives/bulk/{what}", ids=ids(ten[:2]), **fields)
        assert answer.status_code == 303, what
    for one in standing(app, ten[:2]):
        assert (one.lead_id, one.lead_unit_id, one.theme) == (cast.lead.id, cast.it.id, "Bills")
    with app.app_context():
        assert len(db.session.scalars(select(Membership)).all()) == 2


def test_those_that_refuse_are_named_with_the_reason(app, cast, as_, ten, told, clock):
    def stop_one():
        with writing():
            ten[3].again(cast.manager).stop(by=cast.manager, now=clock(), words="No.")

    led = told(lambda: sponsored(cast, clock(), "Led", lead=cast.lead))
    told(stop_one)
    answer = as_(cast.manager).submit(
        "/initiatives/bulk/lead", ids=[*ids(ten[:4]), led.id], person=cast.executive.id
    )
    assert answer.status_code == 200
    assert f"{ten[3].ref} was stopped." in answer.text
    assert "the sponsor never leads" in answer.text
    assert "3 initiatives are changed." in answer.text
    assert [one.lead_id for one in standing(app, ten[:4])] == [cast.executive.id] * 3 + [None]


def test_where_all_refuse_nothing_happened(app, cast, as_, told, clock):
    made = told(lambda: [sponsored(cast, clock(), f"Led {n}") for n in (1, 2)])
    with app.app_context():
        before = business()
    answer = as_(cast.manager).submit(
        "/initiatives/bulk/lead", ids=ids(made), person=cast.executive.id
    )
    assert answer.status_code == 409
    assert "CX-1, CX-2: Emil Executive is the sponsor" in answer.text
    with app.app_context():
        assert business() == before


def test_the_rules_hold_row_by_row_for_everybody(app, cast, as_, ten, told, clock):
    """A lead proposes for the ideas they lead; the others on the same list are not theirs."""
    own = told(lambda: idea(cast, clock(), "My own"))
    page = as_(cast.lead).get("/initiatives").text
    assert page.count('name="ids"') == 1
    answer = as_(cast.lead).submit(
        "/initiatives/bulk/sponsor", ids=[own.id, ten[0].id], person=cast.executive.id
    )
    assert answer.status_code == 200
    assert "This is not yours to do." in answer.text
    assert [one.proposed_sponsor_id for one in standing(app, [ten[0], own])] == [
        None,
        cast.executive.id,
    ]
    assert 'name="ids"' not in as_(cast.finance).get("/initiatives").text
    with app.app_context():
        before = business()
    answer = as_(cast.finance).submit("/initiatives/bulk/theme", ids=ids(ten), theme="Mine")
    assert answer.status_code == 409
    answer = as_(cast.auditor).submit("/initiatives/bulk/theme", ids=ids(ten), theme="Mine")
    assert answer.status_code == 403
    answer = as_(cast.contact).submit("/initiatives/bulk/theme", ids=ids(ten), theme="Mine")
    assert answer.status_code == 404
    with app.app_context():
        assert business() == before


def test_only_managers_adopt_for_several(app, cast, as_, told, clock):
    own = told(lambda: idea(cast, clock(), "My own"))
    as_(cast.lead).submit(
        "/initiatives/bulk/sponsor", ids=[own.id], person=cast.executive.id, adopt_at="piloting"
    )
    as_(cast.executive).submit("/sponsorships/acceptance", ids=[own.id])
    assert [(one.stage, one.adopted) for one in standing(app, [own])] == [(Stage.framed, False)]


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("sponsor", {"person": ""}, "Choose an executive."),
        ("sponsor", {"person": "member"}, "is not an executive"),
        ("lead", {"person": "auditor"}, "cannot join"),
        ("lead-unit", {"unit": ""}, "Choose the unit that leads them."),
        ("team", {"person": "member", "share": "400"}, "Type a share between 0 and 100."),
        ("theme", {"theme": "x" * 81}, "80"),
    ],
)
def test_the_chosen_ones_come_back_with_an_error(app, cast, as_, ten, what, fields, words):
    if hasattr(cast, fields.get("person", "")):
        fields = {**fields, "person": getattr(cast, fields["person"]).id}
    answer = as_(cast.manager).submit(
        f"/initiatives/bulk/{what}", ids=ids(ten), responsibility="responsible", **fields
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count('name="ids"') == 10
    with app.app_context():
        assert set(kinds()) == {"initiative.created"} | set(kinds()) - {
            "sponsor.proposed",
            "initiative.lead_set",
            "member.joined",
            "initiative.theme_set",
            "initiative.lead_unit_changed",
        }


@pytest.mark.parametrize("chosen", [[], ["x"], ["-1"], ["9" * 30], [""]])
def test_without_a_choice_it_says_so(cast, as_, chosen):
    answer = as_(cast.manager).submit("/initiatives/bulk/theme", ids=chosen, theme="Bills")
    assert answer.status_code == 422
    assert "No initiative is chosen." in answer.text


def test_a_double_press_counts_once(app, cast, as_, ten):
    tab = as_(cast.manager)
    for _ in range(3):
        tab.submit("/initiatives/bulk/theme", once="one key", ids=ids(ten), theme="Bills")
    with app.app_context():
        assert kinds().count("initiative.theme_set") == 10
