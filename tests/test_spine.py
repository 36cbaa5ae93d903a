"""The road of a request, on both databases: rights before effects, one effect for one click."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.aims import aim
from tests.cast import START
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage


@pytest.fixture
def initiative(inside: None, cast: Any) -> Initiative:
    with writing():
        made = Initiative.create(
            title="One bill", lead_unit_id=cast.it.id, by=cast.manager, now=START, lead=cast.lead
        )
        made.propose_sponsor(cast.executive, by=cast.manager, now=START)
        aim(made)
        made.accept_sponsorship(by=cast.executive, now=START)
    return made


@pytest.mark.both
def test_the_database_refuses_a_sponsor_who_is_no_executive(
    initiative: Initiative, cast: Any
) -> None:
    """Canary: without the composite foreign key both statements pass."""
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text("UPDATE initiative SET sponsor_id = :id"), {"id": cast.member.id})
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(
            text("UPDATE person SET role = 'member', standing = 'other' WHERE id = :id"),
            {"id": cast.executive.id},
        )


@pytest.mark.both
def test_the_database_refuses_a_stage_beyond_idea_without_a_sponsor(initiative: Initiative) -> None:
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text("UPDATE initiative SET sponsor_id = NULL, sponsor_standing = NULL"))


@pytest.mark.both
def test_accepting_is_the_decision_on_framed(initiative: Initiative, cast: Any) -> None:
    assert (initiative.stage, initiative.sponsor_id, initiative.adopted) == (
        Stage.framed,
        cast.executive.id,
        False,
    )


@pytest.mark.both
def test_what_is_raised_inside_a_write_leaves_nothing(inside: None, cast: Any) -> None:
    """Canary: without BEGIN in the listener SQLite's driver keeps the row."""

    def half_done() -> None:
        with writing():
            Initiative.create(title="Never", lead_unit_id=cast.it.id, by=cast.manager, now=START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert db.session.execute(text("SELECT count(*) FROM initiative")).scalar() == 0
