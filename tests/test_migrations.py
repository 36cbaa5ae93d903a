"""The schema goes up and down on both databases, all or nothing, and is the one of the models."""

from __future__ import annotations

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, event, inspect

from tests.conftest import settings
from tests.postgres import database
from tracker import create_app, migrating, paths
from tracker.config import Misconfigured
from tracker.db import Busy, db

VERSIONS = paths.MIGRATIONS / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """An application whose database holds nothing yet; its context is open."""
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{tmp_path / 'tracker.db'}", tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        with database(server, f"tracker_migrations_{tmp_path.parent.name}") as url:
            yield from opened(url, tmp_path)


def opened(url, folder):
    app = create_app(settings(url, folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables():
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {migrating.VERSION_TABLE}


def revisions():
    """Every revision, oldest first."""
    script = ScriptDirectory(str(paths.MIGRATIONS))
    return [found.revision for found in script.walk_revisions()][::-1]


def test_the_folder_reads_as_history_and_head_is_its_end():
    names = sorted(file.name for file in VERSIONS.glob("[0-9]*.py"))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in names)
    assert [name[:4] for name in names] == revisions()
    assert revisions()[-1] == migrating.newest()


# Planted fault: a column added to a model without a migration makes this red.
def test_the_migrations_make_what_the_models_say(empty):
    migrating.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


# Planted fault: without LateForeignKeys in env.py the keys of a circle are lost on PostgreSQL.
def test_every_constraint_of_the_models_is_in_the_database(empty):
    migrating.upgrade()
    with db.engine.connect() as connection:
        seen = inspect(connection)
        for table in db.metadata.sorted_tables:
            keys = {key["name"] for key in seen.get_foreign_keys(table.name)}
            assert keys == {key.name for key in table.foreign_key_constraints}, table.name
            checks = {check["name"] for check in seen.get_check_constraints(table.name)}
            declared = [one for one in table.constraints if isinstance(one, CheckConstraint)]
            assert checks == {one.name for one in declared}, table.name


def test_it_goes_down_step_by_step_and_up_again(empty):
    migrating.upgrade()
    before = tables()
    for revision in [*revisions()[-2::-1], "base"]:
        migrating.downgrade(revision)
    assert tables() == set()
    assert migrating.upgrade() == (None, migrating.newest())
    assert tables() == before


# Planted fault: with a commit in place of the rollback in migrating.py the first tables stay behind.
def test_an_upgrade_that_fails_midway_leaves_nothing_behind(empty):
    made = []

    def pull_the_plug(_connection, _cursor, statement, *_more):
        if "CREATE TABLE" in statement:
            made.append(statement)
            if len(made) == 8:
                raise RuntimeError("the plug was pulled")

    event.listen(db.engine, "before_cursor_execute", pull_the_plug)
    with pytest.raises(RuntimeError, match="plug"):
        migrating.upgrade()
    assert tables() == set()
    event.remove(db.engine, "before_cursor_execute", pull_the_plug)
    assert migrating.upgrade() == (None, migrating.newest())


def test_a_newer_schema_is_left_alone_and_said_in_words(empty):
    migrating.upgrade()
    before = tables()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match=r"revision 9999.*newer version"):
        migrating.upgrade()
    assert tables() == before


# Planted fault: without a limit on the wait for the lock the second one hangs for ever on PostgreSQL.
def test_who_finds_another_at_it_for_too_long_gives_up(empty, monkeypatch):
    monkeypatch.setattr(migrating, "PATIENCE", 1)
    with migrating.alone(db.engine), pytest.raises(Busy):
        migrating.upgrade()
    assert migrating.upgrade() == (None, migrating.newest())


def test_an_upgrade_runs_once(empty):
    assert migrating.upgrade() == (None, migrating.newest())
    assert migrating.upgrade() == (migrating.newest(), migrating.newest())
