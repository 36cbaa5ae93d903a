"""The cast at work: inside an application context, ready to act and be recorded."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.cast import START
from tracker.activity.kinds import Kind
from tracker.activity.models import ChainHead, Checkpoint, Event
from tracker.db import db, writing

DAY = START.replace(hour=12)


@pytest.fixture
def crew(inside: None, cast: SimpleNamespace) -> SimpleNamespace:
    """The cast, in the session of the test."""
    db.session.add_all([cast.manager, cast.executive, cast.contact, cast.it, cast.billing])
    return cast


@pytest.fixture
def fresh(crew: SimpleNamespace) -> SimpleNamespace:
    """The cast, on a trail that has not begun."""
    with writing() as session:
        for table in (Event, ChainHead, Checkpoint):
            session.execute(delete(table))
    return crew


def change(person: Any, by: Any, now: datetime = DAY, **private: Any) -> Event:
    """Any small event about `person`."""
    return person.record(
        Kind.person_changed,
        by=by,
        now=now,
        before={"is_admin": False},
        after={"is_admin": True},
        private=private or None,
    )


def numbers() -> list[int | None]:
    """The numbers of all events, in the order of their insertion."""
    return list(db.session.scalars(select(Event.number).order_by(Event.id)))
