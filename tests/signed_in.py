"""Sign-ins that need no door: everybody holds a key of their own that a test can name, and it holds for as long as tests may say it is."""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tracker.db import Model, db
from tracker.organisation.people import Person
from tracker.organisation.sign_ins import Proof, SignIn, Way

LATER = datetime(2100, 1, 1, tzinfo=UTC)  # it is always long before its end


def held_by(person_id: int, epoch: int = 1) -> str:
    """Return what the browser of somebody holds; it opens nothing before `let_in`."""
    return f"{person_id}.of-a-test-{person_id}-{epoch}"


def row_of(person_id: int, epoch: int = 1) -> dict[str, Any]:
    """Return the row of that sign-in."""
    key = held_by(person_id, epoch).partition(".")[2]
    return {
        "person_id": person_id, "epoch": epoch, "key_hash": hashlib.sha256(key.encode()).hexdigest(), "begun_at": LATER,
        "last_seen": LATER, "proved_at": LATER, "way": Way.password, "proof": Proof.password, "browser": "", "device": "",
        "network": "",
    }  # fmt: skip


def let_in(person: Any) -> str:
    """Sign `person` in, unless they are; return what the browser holds. Needs an application context."""
    row = row_of(person.id, person.epoch)
    with db.engine.connect() as connection:
        same = select(SignIn.id).where(SignIn.key_hash == row["key_hash"])
        there = connection.execute(same).first()
        known = there or connection.execute(select(Person.id).where(Person.id == person.id)).first()
    if not there and known:
        with (
            contextlib.suppress(IntegrityError),  # another thread of the test was quicker
            db.engine.execution_options(writes=True).begin() as connection,
        ):
            connection.execute(insert(SignIn), [row])
    return held_by(person.id, person.epoch)


def let_everybody_in(connection: Any) -> None:
    """Sign in everybody who is in the database, in its present transaction."""
    people: Any = Model.metadata.tables["person"].c
    rows = [row_of(*one) for one in connection.execute(select(people.id, people.epoch))]
    connection.execute(insert(SignIn), rows)
