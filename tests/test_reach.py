"""Who reaches what with a form that is right: twelve actors send a whole, valid body to every address that takes one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.bodies import BODIES
from tests.bodies_office import OFFICE
from tests.bodies_proofs import NO_ROWS as OF_PROOFS
from tests.bodies_proofs import PROOFS, TO_THE_DOOR
from tests.midway import midway
from tests.original import Original
from tests.sending import address, body, named, posts, sends, turned_away
from tests.test_permissions import ACTORS

# They begin and end a session, which is no row.
NO_ROWS = {"organisation.sign_in", "organisation.sign_out"} | OF_PROOFS
LEAD_OUT = {"organisation.sign_out"} | TO_THE_DOOR


@pytest.fixture
def world(app: Flask, as_: Any) -> SimpleNamespace:
    return midway(app, as_)


def test_every_form_has_a_valid_body(app: Flask) -> None:
    """Planted: the row of `boards.delete` taken out of the table."""
    missing = [rule.rule for rule in posts(app) if rule.endpoint not in BODIES | OFFICE | PROOFS]
    assert not missing, f"tests/bodies.py needs a valid body for {missing}"


def test_a_valid_form_does_something_for_those_who_may_and_nothing_for_anybody_else(
    app: Flask, world: SimpleNamespace, original: Original, as_: Any
) -> None:
    """Planted: a manager let to hold, and a share agreed before it is asked who heads the unit."""
    wrong = []
    for rule, send in sends(app):
        there, changed = address(app, rule, world, send), []
        for actor in ACTORS:
            tab = as_(None if actor == "nobody" else getattr(world, actor))
            answer = tab.submit(there, **body(send, world))
            if original.changed:
                changed.append(actor)
                original.put_back()
            said = f"{named(rule)} at {there} by {actor}: {answer.status_code}"
            if actor in send.allowed:
                if answer.status_code != send.status or (
                    turned_away(answer) and rule.endpoint not in LEAD_OUT
                ):
                    wrong.append(f"{said}, but may send it")
            elif answer.status_code not in send.refused and not turned_away(answer):
                wrong.append(f"{said}, but may not")
        expected = (
            [] if rule.endpoint in NO_ROWS else [one for one in ACTORS if one in send.allowed]
        )
        if changed != expected:
            wrong.append(
                f"{named(rule)} at {there} changed something for {changed}, not {expected}"
            )
    assert not wrong, "\n".join(wrong)
