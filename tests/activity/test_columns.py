"""Columns that are written at once reach the row, the object and the trail as those that the session writes."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, PendingRollbackError
from sqlalchemy.orm.exc import StaleDataError

from tests.activity.conftest import change
from tests.conftest import counted
from tracker.activity.columns import set_columns
from tracker.activity.models import TABLES
from tracker.db import asked, connection_of, db, writing
from tracker.organisation.units import Unit


@pytest.mark.both
def test_what_is_written_at_once_is_on_the_row_on_the_object_and_on_the_trail(crew) -> None:
    """Planted: `note` left out, and `set_committed_value`; what stays as it was not left out (it is on the trail)."""
    person = crew.manager
    with writing() as session:
        set_columns(person, job_title="Head of claims", is_finance=True, is_admin=person.is_admin)
        assert (person.job_title, person.is_finance) == ("Head of claims", True)
        assert not session.dirty, "it would be written twice"
        told = change(person, crew.executive)
        assert told.after
        row = told.after[TABLES]["person"][str(person.id)]
        assert set(row) == {"job_title", "is_finance"}
    db.session.expire_all()
    assert (person.job_title, person.is_finance) == ("Head of claims", True)


def test_what_stands_already_is_not_written(app, crew) -> None:
    """Planted: the columns that are the same not left out."""
    with writing(), counted(app) as seen:
        set_columns(crew.manager, job_title=crew.manager.job_title)
    assert not seen


@pytest.mark.both
def test_a_row_that_is_gone_is_not_passed_by(crew) -> None:
    """Planted: how many rows were changed not looked at."""
    with pytest.raises(StaleDataError):
        _rename_one_that_is_gone()


def _rename_one_that_is_gone() -> None:
    with writing() as session:
        made = Unit(code="M", name="Of a moment", slug="of-a-moment")
        session.add(made)
        session.flush()
        session.connection().execute(delete(Unit).where(Unit.id == made.id))
        set_columns(made, name="Of no moment")


@pytest.mark.both
def test_a_write_that_failed_half_way_is_not_gone_on_with(crew) -> None:
    """Nor does one write work on the connection of the one before. Planted: `_let_go` left out, of either end."""
    with writing() as session:
        first = connection_of(session)
    assert connection_of(db.session()) is not first
    with pytest.raises(PendingRollbackError):
        _go_on_with_a_failure(crew.it.code)


def _go_on_with_a_failure(code: str) -> None:
    with writing() as session:
        session.add(Unit(code=code, name="Twice", slug="twice"))
        with pytest.raises(IntegrityError):
            session.flush()
        with pytest.raises(PendingRollbackError):
            asked(select(Unit.id))
