"""A new initiative in four fields, and a copy, as people make them in a browser.

Planted faults seen red: `similar` comparing titles letter by letter; `Someone` without its objection.
"""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.initiatives.stories import business, kinds
from tracker.db import db
from tracker.initiatives.friction import Friction
from tracker.initiatives.models import Initiative

FIELDS = {"title": "One bill", "words": "I cannot read my bill."}


def all_of_them(app):
    with app.app_context():
        return list(db.session.scalars(select(Initiative).order_by(Initiative.id)))


def test_anybody_inside_begins_one_in_four_fields(app, cast, as_):
    tab = as_(cast.member)
    assert tab.get("/initiatives/new").status_code == 200
    fields = {**FIELDS, "lead_unit": cast.it.id, "sponsor": cast.executive.id}
    answer = tab.submit("/initiatives/new", **fields)
    assert (answer.status_code, answer.location) == (303, "/initiatives/CX-1")
    (one,) = all_of_them(app)
    assert (one.title, one.lead_id, one.lead_unit_id) == ("One bill", cast.member.id, cast.it.id)
    assert one.proposed_sponsor_id == cast.executive.id
    with app.app_context():
        assert Friction.of(one).words == "I cannot read my bill."
        assert kinds(one) == [
            "initiative.created",
            "initiative.friction_changed",
            "sponsor.proposed",
        ]
    page = tab.get(answer.location).text
    assert "I cannot read my bill." in page
    assert "Emil Executive was asked" in page


def test_nothing_typed_is_lost_and_the_words_stand_at_the_field(app, cast, as_):
    answer = as_(cast.member).submit("/initiatives/new", title="", words="I wait", sponsor="")
    assert answer.status_code == 422
    assert "Give it a title." in answer.text
    assert "Choose the unit that leads it." in answer.text
    assert "I wait</textarea>" in answer.text
    assert "<title>Error: " in answer.text
    assert all_of_them(app) == []


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("contact", "belongs to a partner"),
        ("other_head", "is not an executive"),
        ("ended", "has no access any more"),
        ("member", "You would lead it, and the sponsor never leads."),
    ],
)
def test_a_sponsor_who_cannot_be_one_is_refused_at_the_field(app, cast, as_, who, words):
    fields = {**FIELDS, "lead_unit": cast.it.id, "sponsor": getattr(cast, who).id}
    answer = as_(cast.member).submit("/initiatives/new", **fields)
    assert answer.status_code == 422
    assert 'id="sponsor-error"' in answer.text
    assert words in answer.text
    assert all_of_them(app) == []


@pytest.mark.parametrize("value", ["999999", "0", "-1", "x", "99999999999999999999", "1;2"])
def test_ids_that_are_none_are_refused_in_words(app, cast, as_, value):
    answer = as_(cast.member).submit("/initiatives/new", **FIELDS, lead_unit=value, sponsor=value)
    assert answer.status_code == 422
    assert all_of_them(app) == []


def test_a_title_like_another_warns_and_then_allows(app, cast, as_, an_idea):
    tab, fields = as_(cast.member), {"words": "I wait.", "lead_unit": cast.it.id}
    answer = tab.submit("/initiatives/new", title="  ONE   bíll", **fields)
    assert answer.status_code == 422
    assert "There is one with this title already." in answer.text
    assert an_idea.ref in answer.text
    assert 'name="known_title" type="hidden" value="one bill"' in answer.text
    answer = tab.submit("/initiatives/new", title="ONE bíll", known_title="one bill", **fields)
    assert answer.status_code == 303
    assert len(all_of_them(app)) == 2


def test_a_click_counts_once(app, cast, as_):
    tab, fields = as_(cast.member), {**FIELDS, "lead_unit": cast.it.id}
    first = tab.submit("/initiatives/new", once="the same key", **fields)
    second = tab.submit("/initiatives/new", once="the same key", **fields, known_title="")
    again = tab.submit("/initiatives/new", once="the same key", **fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert second.status_code == 422  # the same key with other words
    assert len(all_of_them(app)) == 1


def test_a_board_gives_its_theme_and_unit(app, cast, as_):
    tab = as_(cast.member)
    address = f"/boards/bills/new?theme=Bills&unit={cast.billing.id}"
    page = tab.get(address).text
    assert "Theme: Bills" in page
    assert f'<option selected value="{cast.billing.id}">Billing</option>' in page
    tab.submit(address, **FIELDS, lead_unit=cast.billing.id)
    assert all_of_them(app)[0].theme == "Bills"


def test_an_auditor_and_a_partner_begin_nothing(app, cast, as_):
    fields = {**FIELDS, "lead_unit": cast.it.id}
    with app.app_context():
        before = business()
    assert as_(cast.auditor).submit("/initiatives/new", **fields).status_code == 403
    assert as_(cast.contact).submit("/initiatives/new", **fields).status_code == 404
    with app.app_context():
        assert business() == before


def test_a_copy_is_begun_by_whoever_needs_one(app, cast, as_, a_sponsored, now_is):
    tab = as_(cast.finance)
    page = tab.get(f"/initiatives/{a_sponsored.ref}/copy").text
    assert 'value="One bill"' in page
    answer = tab.submit(f"/initiatives/{a_sponsored.ref}/copy", title="Two bills", with_team="y")
    assert (answer.status_code, answer.location) == (303, "/initiatives/CX-2")
    made = all_of_them(app)[1]
    assert (made.lead_id, made.sponsor_id) == (cast.finance.id, None)
    assert "a copy of CX-1" in tab.get(answer.location).text


def test_numbers_are_never_given_twice(app, cast, as_):
    tab, fields = as_(cast.member), {"words": "I wait.", "lead_unit": cast.it.id}
    for title in ("One", "Two", "Three"):
        tab.submit("/initiatives/new", title=title, **fields)
    with app.app_context():
        highest = db.session.scalar(select(func.max(Initiative.number)))
        refs = db.session.scalars(select(Initiative.ref).order_by(Initiative.id)).all()
    assert (highest, refs) == (3, ["CX-1", "CX-2", "CX-3"])
