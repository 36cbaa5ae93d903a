"""The tree of units: names, heads, and who answers where nobody does."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from tests.cast import START
from tests.conftest import Tab
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.calendars import Calendar
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, settle_tree

As = Callable[[Any], Tab]
pytestmark = pytest.mark.both


def change(unit: Unit, cast: SimpleNamespace, **fields: Any) -> None:
    with writing():
        unit.again(cast.admin).change(by=cast.admin, now=START, **fields)


@pytest.fixture
def team(inside: None, cast: SimpleNamespace) -> Unit:
    """A part of IT without a head."""
    with writing():
        return Unit.add(code="NET", name="Networks", parent_id=cast.it.id, by=cast.admin, now=START)


def test_a_unit_cannot_become_its_own_ancestor(
    team: Unit, cast: SimpleNamespace, fresh: Any
) -> None:
    """Canary: compare with the unit itself alone."""
    for below in (cast.it, team):
        with pytest.raises(NotNow, match="IT platforms cannot stand below itself"):
            change(cast.it, cast, parent_id=below.id)
    assert fresh(cast.it).parent_id == cast.company.id


def test_a_circle_that_was_closed_by_sql_holds_nobody_up(
    team: Unit, cast: SimpleNamespace, fresh: Any
) -> None:
    """Canary: walking up without a look at where one was already; nothing ends then, and nobody else writes."""
    with writing() as session:
        session.execute(
            update(Unit).where(Unit.id == cast.it.id).values(parent_id=team.id, head_id=None)
        )
        settle_tree()
    assert fresh(team).acting_head_id == cast.owner.id


def test_a_vacant_place_falls_to_the_head_above_and_at_the_top_to_the_owner(
    team: Unit, cast: SimpleNamespace, fresh: Any
) -> None:
    assert team.acting_head_id == cast.head.id
    change(cast.it, cast, head_id=None)
    assert fresh(team).acting_head_id == cast.owner.id
    change(cast.company, cast, head_id=cast.manager.id)
    assert fresh(team).acting_head_id == cast.manager.id
    change(team, cast, head_id=cast.member.id)
    assert fresh(team).acting_head_id == cast.member.id


def test_another_programme_owner_answers_at_the_top_at_once(
    inside: None, cast: SimpleNamespace, fresh: Any
) -> None:
    with writing():
        Organisation.current().change(
            by=cast.admin, now=START, programme_owner_id=cast.executive.id
        )
    assert fresh(cast.care).acting_head_id == cast.executive.id


def test_a_calendar_is_inherited(team: Unit, cast: SimpleNamespace, fresh: Any) -> None:
    with writing():
        shifts = Calendar.add(name="Shifts", weekend=[7], by=cast.admin, now=START)
    change(cast.it, cast, calendar_id=shifts.id)
    assert fresh(team).acting_calendar_id == shifts.id
    assert fresh(cast.care).acting_calendar_id == Organisation.current().calendar_id


@pytest.mark.parametrize(
    "taken", ["customer care", "CUSTOMER   CARE", "care", "Ｃare", "The voice"]
)
def test_every_name_leads_to_one_unit(taken: str, inside: None, cast: SimpleNamespace) -> None:
    """Canary: look for collisions among names only, not among codes and aliases."""
    change(cast.care, cast, aliases=("The Voice",))
    for fields in ({"name": taken}, {"short_name": taken}, {"aliases": (taken,)}, {"code": taken}):
        with pytest.raises(NotNow, match="already stands for Customer care"):
            change(cast.billing, cast, **fields)
    with pytest.raises(NotNow, match="already stands for"), writing():
        Unit.add(code="NEW", name=taken, by=cast.admin, now=START)
    found = Unit.named(taken)
    assert found is not None
    assert found.id == cast.care.id


def test_a_unit_may_name_itself_twice(inside: None, cast: SimpleNamespace) -> None:
    change(cast.it, cast, aliases=("IT Platforms", "Computers"), short_name="it")
    assert Unit.named("computers").id == Unit.named("IT").id == cast.it.id


def test_two_units_of_like_names_have_their_own_addresses(
    inside: None, cast: SimpleNamespace
) -> None:
    with writing():
        first = Unit.add(code="A1", name="Care & Repair", by=cast.admin, now=START)
        second = Unit.add(code="A2", name="Care + Repair", by=cast.admin, now=START)
    assert [first.slug, second.slug] == ["care-repair", "care-repair-2"]


def test_who_changes_nothing_cannot_head(inside: None, cast: SimpleNamespace) -> None:
    for nobody in (cast.auditor, cast.contact, cast.ended):
        with pytest.raises(NotNow, match="cannot head a unit"):
            change(cast.care, cast, head_id=nobody.id)


def test_a_unit_with_parts_does_not_end(team: Unit, cast: SimpleNamespace) -> None:
    with pytest.raises(NotNow, match="still has parts"), writing():
        cast.it.again(cast.admin).end(by=cast.admin, now=START)
    with writing():
        team.again(cast.admin).end(by=cast.admin, now=START)
    with writing():
        cast.it.again(cast.admin).end(by=cast.admin, now=START)


FORM = {"name": "IT platforms", "code": "IT", "short_name": "", "aliases": "", "version": 2}


def test_the_form_says_it_at_the_field(cast: SimpleNamespace, as_: As) -> None:
    admin = as_(cast.admin)
    version = cast.it.version
    for fields, place, words in (
        ({"parent_id": cast.it.id}, "parent_id", "IT platforms cannot stand below itself"),
        ({"name": "billing"}, "name", "already stands for Billing"),
        ({"aliases": "Computers\nBILL"}, "aliases", "“BILL” already stands for Billing"),
        ({"code": ""}, "code", "Type a code"),
        ({"head_id": cast.auditor.id}, "head_id", "Choose one from the list"),
        ({"head_id": "abc"}, "head_id", ""),
    ):
        body = FORM | {"version": version} | fields
        answer = admin.submit("/admin/units/it-platforms/edit", **body)
        assert answer.status_code == 422
        assert words in answer.text.split(f'id="{place}-error"')[1].split("</p>")[0]


def test_a_stale_form_shows_both_texts(app: Any, cast: SimpleNamespace, as_: As) -> None:
    version = cast.it.version
    first = as_(cast.admin).submit(
        "/admin/units/it-platforms/edit", **FORM | {"version": version, "aliases": "Computers"}
    )
    assert first.status_code == 303
    second = as_(cast.admin).submit(
        "/admin/units/it-platforms/edit", **FORM | {"version": version, "aliases": "Machines"}
    )
    assert second.status_code == 409
    assert "Computers" in second.text
    assert "Machines" in second.text
    with app.app_context():
        assert db.session.get_one(Unit, cast.it.id).aliases() == ("Computers",)


def test_the_list_is_the_tree(cast: SimpleNamespace, as_: As) -> None:
    page = as_(cast.admin).get("/admin/units").text
    places = [page.index(f">{name}</a>") for name in ("Company", "Billing", "Customer care")]
    assert places == sorted(places)
    assert page.count('class="depth-1"') == 3
    assert "vacant, Olga Owner answers" in page
