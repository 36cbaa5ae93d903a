"""Ids that disagree: a row of another parent under this address, and choices that no list offers. Nothing of either row changes.

Each body is right (`test_reach` proves that) but for the one thing that is named here.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.bodies import BODIES, Send
from tests.bodies_office import OFFICE
from tests.bodies_proofs import PROOFS
from tests.ended import end_one_of_each
from tests.midway import midway
from tests.original import Original
from tests.sending import address, body, posts
from tracker.db import Model, db
from tracker.initiatives.models import Initiative

NOT_ACTING = ("contact", "ended_contact", "left", "auditor")
NO_EXECUTIVES = (*NOT_ACTING, "head")
NO_UNIT = ("closed",)

# Which argument of an address names a row of another parent, and who would be let in to both.
FOREIGN: list[tuple[str, str, dict[str, str]]] = [
    ("initiatives.change_member", "manager", {"ref": "other"}),
    ("initiatives.change_member", "manager lead", {"member": "other_membership"}),
    ("initiatives.remove_member", "manager", {"ref": "other"}),
    ("initiatives.remove_member", "manager lead", {"member": "other_membership"}),
    ("initiatives.agree_share", "owner", {"ref": "other"}),
    ("initiatives.agree_share", "other_head owner", {"member": "other_membership"}),
    ("updates.correct", "manager", {"ref": "other"}),
    ("updates.correct", "manager lead", {"id_": "other_update"}),
    ("organisation.contact_link", "admin manager", {"contact_id": "other_contact"}),
    ("organisation.contact_link", "admin manager", {"contact_id": "member"}),
    ("organisation.contact_link", "admin manager", {"key": "other_vendor"}),
    ("organisation.contact_ending", "admin manager", {"contact_id": "other_contact"}),
    ("organisation.contact_ending", "admin manager", {"contact_id": "lead"}),
    ("organisation.contact_ending", "admin manager", {"key": "other_vendor"}),
    ("organisation.contact_until", "admin manager", {"contact_id": "other_contact"}),
    ("organisation.contact_until", "admin manager", {"contact_id": "lead"}),
    ("organisation.contact_until", "admin manager", {"key": "other_vendor"}),
    ("initiatives.charter_override", "executive", {"unit": "billing"}),
    ("initiatives.charter_unsigned", "executive", {"unit": "care"}),
    ("initiatives.charter_sign", "head owner", {"unit": "billing"}),
    ("initiatives.charter_sign", "head", {"unit": "care"}),
    ("initiatives.charter_sign", "owner", {"unit": "it"}),
    ("initiatives.rate", "head owner", {"unit": "billing"}),
    ("initiatives.rate", "head", {"unit": "care"}),
    ("initiatives.rate", "owner", {"unit": "it"}),
    ("approvals.acceptance", "executive", {"id_": "other_condition"}),
    ("approvals.waiving", "executive", {"id_": "other_condition"}),
    ("milestones.criterion", "manager lead", {"id_": "other_criterion"}),
    ("milestones.reopening", "manager lead", {"id_": "other_criterion"}),
    ("boards.edit", "manager admin executive", {"slug": "members_board"}),
    ("boards.delete", "manager admin executive", {"slug": "members_board"}),
    ("importing.apply", "manager", {"key": "admins_run"}),
    ("importing.columns", "manager", {"key": "admins_run"}),
    ("importing.discard", "manager", {"key": "admins_run"}),
    ("importing.discard", "admin", {"key": "managers_run"}),
]
ADDRESS = {
    "ref": "ref",
    "slug": "slug",
    "unit": "slug",
    "member": "id",
    "id_": "id",
    "contact_id": "id",
}

# Which field names a row that cannot be meant there.
CHOICES: list[tuple[str, str, tuple[Any, ...]]] = [
    ("blockers.new", "holder", ("u:closed", "p:gone", "u:care", "u999999", "x1", "u-1")),
    ("blockers.new", "blocked_unit_id", (*NO_UNIT, 999999)),
    ("blockers.edit", "blocked_unit_id", (*NO_UNIT, 999999)),
    ("blockers.pass_on", "holder", ("u:closed", "p:gone", "u:care", "u:it")),
    ("blockers.settlement", "holder", ("u:closed", "p:gone", "u:care")),
    ("blockers.answerer", "answerer_id", ("other_contact", "ended_contact", "left", "auditor", "lead", 999999)),
    ("initiatives.new", "lead_unit", NO_UNIT),
    ("initiatives.new", "sponsor", NO_EXECUTIVES),
    ("initiatives.new_on_board", "lead_unit", NO_UNIT),
    ("initiatives.new_on_board", "sponsor", NO_EXECUTIVES),
    ("initiatives.lead", "person", (*NOT_ACTING, "executive", "owner", 999999)),
    ("initiatives.lead_unit", "unit", (*NO_UNIT, 999999)),
    ("initiatives.add_member", "person", (*NOT_ACTING, "member", 999999)),
    ("initiatives.places", "units", (*NO_UNIT, 999999)),
    ("initiatives.places", "partners", ("gone", 999999)),
    ("initiatives.send_proposal", "person", (*NO_EXECUTIVES, "lead", 999999)),
    ("initiatives.bulk sponsor", "person", (*NO_EXECUTIVES, "lead")),
    ("initiatives.bulk lead", "person", NOT_ACTING),
    ("initiatives.bulk lead-unit", "unit", NO_UNIT),
    ("initiatives.bulk team", "person", NOT_ACTING),
    ("initiatives.bulk theme", "ids", (999999, "stopped")),
    ("initiatives.accept_many", "ids", ("wanted", "other", 999999)),
    ("initiatives.decline_many", "ids", ("wanted", "other", 999999)),
    ("approvals.ask", "to", ("framed", "piloting", "realised", "nowhere", "")),
    ("approvals.condition", "owner_id", (*NOT_ACTING, 999999)),
    ("approvals.not_yet", "decision", ("approved", "approved_with_conditions", "nowhere", "")),
    ("initiatives.step_back", "to", ("idea", "framed", "realised", "nowhere", "")),
    ("initiatives.charter_sign", "number", (0, 2, 99)),
    ("boards.new", "unit", NO_UNIT),
    ("boards.new", "sponsor", NO_EXECUTIVES),
    ("boards.new", "partner", ("gone",)),
    ("boards.edit", "unit", NO_UNIT),
    ("organisation.appoint_sponsors_deputy", "sponsor-deputy_id", (*NO_EXECUTIVES, "executive")),
    ("organisation.appoint_heads_deputy", "head-deputy_id", (*NOT_ACTING, "head")),
    ("organisation.finance_add", "person_id", NOT_ACTING),
    ("organisation.workspace", "programme_owner_id", NO_EXECUTIVES),
    ("organisation.workspace", "alternate_id", (*NO_EXECUTIVES, "owner")),
    ("organisation.workspace", "calendar_id", (999999,)),
    ("organisation.unit_new", "parent_id", NO_UNIT),
    ("organisation.unit_new", "head_id", NOT_ACTING),
    ("organisation.unit_edit", "parent_id", (*NO_UNIT, "it")),
    ("organisation.unit_edit", "head_id", NOT_ACTING),
    ("organisation.person_new", "unit_id", NO_UNIT),
    ("organisation.person_new", "role", ("partner", "god")),
    ("organisation.person_new", "partner_id", ("vendor", "gone")),
    ("organisation.person_edit", "unit_id", NO_UNIT),
    ("organisation.person_edit", "role", ("partner", "god")),
    ("organisation.person_edit", "email", ("lead@example.org",)),
    ("organisation.partner_new", "relationship_owner_id", NOT_ACTING),
    ("organisation.partner_edit", "relationship_owner_id", NOT_ACTING),
    ("importing.columns", "column_name", ("No such heading",)),
]  # fmt: skip


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    made = midway(app, as_)
    end_one_of_each(app, made)
    return made


@pytest.fixture
def refused(app: Flask, original: Original, as_: Any) -> Callable[..., str]:
    """Post a form and return what is wrong with the answer: nothing where it is one of `statuses` and nothing changed."""

    def ask(person: Any, there: str, fields: dict[str, Any], statuses: set[int]) -> str:
        status = as_(person).submit(there, **fields).status_code
        if original.changed:
            original.put_back()
            return f"{person.name} at {there} with {fields}: {status}, and changed something\n"
        return "" if status in statuses else f"{person.name} at {there} with {fields}: {status}\n"

    return ask


def found(app: Flask, name: str) -> tuple[Any, Send]:
    endpoint, _space, act = name.partition(" ")
    send: Any = (BODIES | OFFICE | PROOFS)[endpoint]
    return next(rule for rule in posts(app) if rule.endpoint == endpoint), send[
        act
    ] if act else send


def test_a_row_of_another_parent_is_not_there(
    app: Flask, world: SimpleNamespace, refused: Any
) -> None:
    """Planted: any partner's contact under this one's address."""
    wrong = ""
    for name, actors, other in FOREIGN:
        rule, send = found(app, name)
        swapped = {
            key: getattr(getattr(world, of), ADDRESS.get(key) or ("slug" if of.endswith("vendor") else "id"))
            for key, of in other.items()
        }  # fmt: skip
        there = address(app, rule, world, send, **swapped)
        for actor in actors.split():
            wrong += refused(getattr(world, actor), there, body(send, world), {403, 404})
    assert not wrong, wrong


def test_a_choice_that_no_list_offers_is_not_taken(
    app: Flask, world: SimpleNamespace, refused: Any
) -> None:
    """Planted: closed units among those that can be chosen."""
    wrong = ""
    for name, field, values in CHOICES:
        rule, send = found(app, name)
        there = address(app, rule, world, send)
        for value in values:
            fields = body(send, world)
            assert field in fields
            fields[field] = _meant(world, value)
            wrong += refused(getattr(world, send.allowed[-1]), there, fields, {404, 409, 422})
    assert not wrong, wrong


def _meant(world: SimpleNamespace, value: Any) -> Any:
    """Return the id of what the world calls `value`, with its letter for holders; else the value itself."""
    letter, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    row = getattr(world, name if colon else str(value), None)
    if not isinstance(row, Model):
        return value
    return f"{letter}{row.id}" if colon else row.id  # type: ignore[attr-defined]


def test_an_act_on_several_leaves_those_alone_that_are_not_ones_own(
    app: Flask, world: SimpleNamespace, as_: Any
) -> None:
    """One's own is changed; another's, a stopped one and one that never was are not. Planted: the policy asked of none."""
    ids = [world.unsponsored.id, world.other.id, world.stopped.id, 999999]
    answer = as_(world.lead).submit("/initiatives/bulk/theme", ids=ids, theme="Taken over")
    assert answer.status_code == 200
    with app.app_context():
        assert db.session.scalars(
            select(Initiative.id).where(Initiative.theme == "Taken over")
        ).all() == [world.unsponsored.id]
