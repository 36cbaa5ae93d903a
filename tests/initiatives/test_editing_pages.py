"""Texts in a browser: saved, refused at their field, and never written over by somebody who read older ones.

Planted faults seen red: `same_version` left out of `edit`; the checksum replaced by `version`, which moves with the
team; friction saved without its version.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.initiatives.stories import business, kinds
from tracker.db import writing
from tracker.initiatives.friction import Friction, RootCause
from tracker.initiatives.models import Initiative


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def filled(title: str, **more: str) -> dict[str, str]:
    empty = dict.fromkeys(("theme", "category", "budget", "processes", "systems"), "")
    return {
        **empty,
        "pilot_scope": "",
        "next_units": "",
        "cadence": "weekly",
        "title": title,
        **more,
    }


def test_the_lead_saves_the_texts(app, cast, as_, an_idea, now_is):
    address = f"/initiatives/{an_idea.ref}/edit"
    page = as_(cast.lead).get(address).text
    answer = as_(cast.lead).submit(
        address, **filled("Honest bills", theme=" A  theme ", budget="€ 1".replace("€ ", "") + "28,000"),
        version=version_on(page),
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, f"/initiatives/{an_idea.ref}")
    saved = now_is(an_idea)
    assert (saved.title, saved.theme, saved.budget) == ("Honest bills", "A theme", Decimal(128_000))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("128,000", "128000"),
        ("128.000", "128000"),
        ("1,128,000.50", "1128000.5"),
        ("1.128.000,5", "1128000.5"),
        ("12,5", "12.5"),
        ("128 000", "128000"),
        ("۱۲۸٬۰۰۰", "128000"),
        ("", None),
    ],
)
def test_an_amount_in_any_usual_way(cast, as_, an_idea, now_is, typed, kept):
    address = f"/initiatives/{an_idea.ref}/edit"
    version = version_on(as_(cast.lead).get(address).text)
    as_(cast.lead).submit(address, **filled("Bills", budget=typed), version=version)
    assert now_is(an_idea).budget == (Decimal(kept) if kept else None)


@pytest.mark.parametrize(
    "typed", ["NaN", "Infinity", "1e9", "-5", "12,34,5", "a lot", "9" * 400, "1.2.3", "=1+1", "½"]
)
def test_what_is_no_amount_is_said_at_its_field_and_nothing_is_lost(
    cast, as_, an_idea, now_is, typed
):
    address = f"/initiatives/{an_idea.ref}/edit"
    version = version_on(as_(cast.lead).get(address).text)
    answer = as_(cast.lead).submit(
        address, **filled("Bills", budget=typed, systems="The old one"), version=version
    )
    assert answer.status_code == 422
    assert 'id="budget-error"' in answer.text
    assert "The old one</textarea>" in answer.text
    assert f'name="version" value="{version}"' in answer.text
    assert now_is(an_idea).title == "One bill"


def test_two_edit_and_the_second_sees_both_texts(app, cast, as_, an_idea, now_is):
    address = f"/initiatives/{an_idea.ref}/edit"
    hers, his = as_(cast.lead), as_(cast.manager)
    seen = version_on(hers.get(address).text)
    assert seen == version_on(his.get(address).text)
    hers.submit(address, **filled("Bills one can read"), version=seen)
    answer = his.submit(address, **filled("Bills <b>one</b> trusts"), version=seen)
    assert answer.status_code == 409
    assert "Bills &lt;b&gt;one&lt;/b&gt; trusts" in answer.text
    assert "Bills one can read" in answer.text
    assert now_is(an_idea).title == "Bills one can read"
    answer = his.submit(address, **filled("Bills one trusts"), version=version_on(answer.text))
    assert answer.status_code == 303
    assert now_is(an_idea).title == "Bills one trusts"


def test_what_happened_elsewhere_makes_no_conflict(app, cast, as_, an_idea, now_is, told, clock):
    address = f"/initiatives/{an_idea.ref}/edit"
    seen = version_on(as_(cast.lead).get(address).text)

    def meanwhile():
        with writing():
            one = told_again(an_idea)
            one.add_member(cast.member, by=cast.manager, now=clock())
            one.propose_sponsor(cast.executive, by=cast.manager, now=clock())

    def told_again(one: Initiative) -> Initiative:
        return one.again(cast.manager)

    told(meanwhile)
    answer = as_(cast.lead).submit(address, **filled("Honest bills"), version=seen)
    assert answer.status_code == 303


def test_two_say_first_what_goes_wrong_and_neither_is_lost(app, cast, as_, an_idea):
    address = f"/initiatives/{an_idea.ref}/friction"
    fields = {"touchpoint": "", "channel": "", "root_cause": "", "evidence": ""}
    seen = version_on(as_(cast.lead).get(address).text)
    assert seen == "0"
    answer = as_(cast.lead).submit(address, words="I wait.", version=seen, **fields)
    assert answer.status_code == 303
    answer = as_(cast.manager).submit(address, words="I queue.", version=seen, **fields)
    assert answer.status_code == 409
    assert "I wait." in answer.text
    assert "I queue." in answer.text
    with app.app_context():
        assert Friction.of(an_idea).words == "I wait."


def test_the_friction_is_described(app, cast, as_, an_idea):
    address = f"/initiatives/{an_idea.ref}/friction"
    answer = as_(cast.lead).submit(
        address, words="I wait.", touchpoint="Bill", channel="letter", root_cause="process",
        evidence="44 calls a day", version="0",
    )  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        told = Friction.of(an_idea)
        assert (told.root_cause, told.evidence, told.version) == (
            RootCause.process,
            "44 calls a day",
            1,
        )
    page = as_(cast.finance).get(f"/initiatives/{an_idea.ref}").text
    assert "44 calls a day" in page
    assert "Edit the friction" not in page
    answer = as_(cast.lead).submit(address, words="", root_cause="weather", version="1")
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text


def test_a_text_that_was_not_sent_is_empty_and_breaks_nothing(app, cast, as_, an_idea):
    """Columns of text hold no NULL: a post without these fields once ended in a 500."""
    tab, address = as_(cast.lead), f"/initiatives/{an_idea.ref}"
    answer = tab.submit(address + "/friction", words="I wait.", root_cause="", version="0")
    assert answer.status_code == 303
    with app.app_context():
        told = Friction.of(an_idea)
        assert (told.words, told.touchpoint, told.evidence) == ("I wait.", "", "")


@pytest.mark.parametrize("who", ["member", "executive", "owner", "head", "auditor", "admin"])
@pytest.mark.parametrize("part", ["edit", "friction", "lead-unit"])
def test_only_the_lead_and_managers_edit(app, cast, as_, an_idea, who, part):
    with app.app_context():
        before = business()
    tab = as_(getattr(cast, who))
    assert tab.get(f"/initiatives/{an_idea.ref}/{part}").status_code == 403
    answer = tab.submit(
        f"/initiatives/{an_idea.ref}/{part}",
        **filled("Mine"),
        words="x",
        unit=cast.it.id,
        version="0",
    )
    assert answer.status_code == 403
    with app.app_context():
        assert business() == before


def test_script_in_every_text_stays_text(app, cast, as_, an_idea):
    bad = "<script>alert(1)</script>"
    address = f"/initiatives/{an_idea.ref}/edit"
    version = version_on(as_(cast.lead).get(address).text)
    texts = dict.fromkeys(("theme", "category", "processes", "systems", "pilot_scope"), bad)
    as_(cast.lead).submit(address, **{**filled(bad), **texts}, version=version)
    for page in ("", "/team", "/activity", "/edit", "/copy", "/lead", "/sponsorship"):
        answer = as_(cast.lead).get(f"/initiatives/{an_idea.ref}{page}")
        assert answer.status_code == 200
        assert bad not in answer.text
    assert bad not in as_(cast.lead).get("/initiatives").text
    with app.app_context():
        assert kinds(an_idea)[-1] == "initiative.changed"
