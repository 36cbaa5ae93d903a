"""The watchers' addresses: alive is not ready, and not ready says why."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from tracker import migrating
from tracker.db import db


@pytest.fixture
def migrated(app, monkeypatch):
    """The test database counts as migrated, although its tables were made without revisions."""
    monkeypatch.setattr(migrating, "applied", lambda _connection: migrating.newest())
    return app


@pytest.mark.both
def test_it_is_ready_when_everything_is_there(migrated, as_):
    answer = as_(None).get("/health/ready")
    assert answer.status_code == 200
    assert answer.json == {"database": "fine", "disk": "fine", "writing": "fine"}


def test_a_database_of_another_version_is_named(app, as_):
    answer = as_(None).get("/health/ready")
    assert answer.status_code == 503
    assert "revision none" in answer.json["database"]


def test_a_database_that_does_not_answer_is_named_and_the_process_still_lives(
    app, as_, monkeypatch
):
    def broken(_connection):
        with db.engine.connect() as connection:
            connection.execute(text("SELECT * FROM nowhere"))

    monkeypatch.setattr(migrating, "applied", broken)
    assert as_(None).get("/health/ready").json["database"] == "does not answer"
    assert as_(None).get("/health/live").status_code == 200


def test_a_full_disk_is_named(migrated, as_, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1))
    answer = as_(None).get("/health/ready")
    assert (answer.status_code, answer.json["disk"]) == (503, "is almost full")
