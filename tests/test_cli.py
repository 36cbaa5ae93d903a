"""The command says in plain words what it did or why not, and its exit code agrees."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import subprocess
from typing import Any

import click
import pytest

from tests.live import COMMAND, environment
from tracker import paths, sqlite
from tracker.cli import main

README = (paths.PACKAGE.parent / "README.md").read_text("utf-8")
KEYS = {"TRACKER_SECRET_KEY": "s" * 40, "TRACKER_AUDIT_KEY": "a" * 40}


def tracker(data_dir, *arguments, **variables):
    """Run the installed command; returns its exit code, what it said and what it complained."""
    ran = subprocess.run(
        [COMMAND, *arguments],
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A migrated data folder with one person."""
    place = tmp_path_factory.mktemp("commanded")
    assert tracker(place, "migrate")[0] == 0
    code, said, complained = tracker(
        place, "user", "add", "Ada@Example.org", "Ada Field", "--admin"
    )
    assert code == 0, complained
    assert "Ada Field can choose a password" in said
    assert "http://127.0.0.1:8000/" in said
    return place


def test_migrating_twice_changes_nothing(folder):
    code, said, _ = tracker(folder, "migrate")
    assert (code, "already" in said) == (0, True)


def test_a_command_before_the_first_migration_says_what_to_do(tmp_path):
    """Planted: the second sentence left out."""
    file = tmp_path / "list.csv"
    file.write_text("name\nShorter waits\n", "utf-8")
    code, _, complained = tracker(tmp_path, "import", "initiatives", str(file))
    assert (code, "`tracker migrate` makes its tables" in complained) == (1, True)


def test_check_says_what_is_in_place(folder):
    code, said, _ = tracker(folder, "check")
    assert code == 0
    assert "Safe to run" in said
    assert "good     schema " in said


def test_check_before_the_first_migration_says_what_to_do(tmp_path):
    code, said, _ = tracker(tmp_path, "check")
    assert (code, "Run 'tracker migrate'" in said) == (1, True)
    assert not (tmp_path / "tracker.db").exists()


def test_every_problem_of_the_settings_is_said(tmp_path):
    code, _, complained = tracker(tmp_path, "migrate", TRACKER_ENV="production", TRACKER_PORT="x")
    assert code == 2
    assert len(complained.splitlines()) == 3
    assert "Traceback" not in complained


def test_an_address_is_added_once(folder):
    code, _, complained = tracker(folder, "user", "add", "ada@example.org", "Ada Again")
    assert (code, "already here" in complained) == (1, True)


def test_an_address_is_an_address(folder):
    code, _, complained = tracker(folder, "user", "add", "nobody", "Nobody")
    assert code == 2
    assert "EMAIL" in complained


def test_a_database_that_cannot_be_used_is_said_without_a_traceback(tmp_path):
    (tmp_path / "tracker.db").write_bytes(b"no database at all, but long enough to be read" * 20)
    code, _, complained = tracker(tmp_path, "migrate")
    assert code == 1
    assert "Traceback" not in complained
    assert "not a database" in complained


def test_demo_data_goes_neither_into_production_nor_among_people(folder):
    code, _, complained = tracker(folder, "demo", TRACKER_ENV="production", **KEYS)
    assert (code, "production" in complained) == (2, True)
    code, _, complained = tracker(folder, "demo")
    assert (code, "empty database" in complained) == (1, True)


def test_the_jobs_that_are_due_are_done_and_counted(folder):
    tracker(folder, "jobs", "--once")  # the check of the night, and the first checkpoint
    code, said, complained = tracker(folder, "jobs", "--once")
    assert code == 0, complained
    assert all(count == 0 for count in json.loads(said).values())


def test_an_untouched_trail_is_whole_and_a_changed_row_is_named(folder):
    code, said, _ = tracker(folder, "audit", "verify")
    assert code == 0, said
    with contextlib.closing(sqlite.dbapi().connect(folder / "tracker.db")) as connection:
        connection.execute("UPDATE event SET kind = 'person.changed' WHERE number = 1")
        connection.commit()
    code, said, _ = tracker(folder, "audit", "verify")
    assert code == 1
    assert "1" in said


@pytest.mark.parametrize("told", sorted(set(re.findall(r"`tracker ([a-z][^`]+)`", README))))
def test_what_the_readme_tells_to_type_is_understood(told, tmp_path):
    """Each command with its options and as many words as it takes; nothing is run. Planted: an option that is none."""
    words = shlex.split(told)
    context = click.Context(main, info_name="tracker")
    command: Any = main
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
        assert command is not None, told
    for n, word in enumerate(words):  # what stands for a file or an address
        if word.isupper():
            words[n] = (
                "person@example.org" if word == "EMAIL" else "1" if word == "NUMBER" else told
            )
    (tmp_path / "x").touch()
    words = [str(tmp_path / "x") if word == told else word for word in words]
    if "KIND" in told:
        words[0] = "people"
    command.make_context(command.name, words, parent=context)
