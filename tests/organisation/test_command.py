"""The command that lets the first people in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cast import START
from tracker import create_app
from tracker.cli import main
from tracker.config import settings_from_environment
from tracker.db import db, writing
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A data folder with one unit in it."""
    environment = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_BASE_URL": "https://cx.example.org"}
    app = create_app(settings_from_environment(environment))
    with app.app_context():
        db.create_all()
        with writing():
            Unit.add(code="IT", name="IT platforms", aliases=("Computers",), by=None, now=START)
        db.engine.dispose()
    return environment


def add(place: dict[str, str], *words: str) -> Result:
    return CliRunner().invoke(main, ["user", "add", *words], env=place)


def found(place: dict[str, str], email: str) -> Person | None:
    app = create_app(settings_from_environment(place))
    with app.app_context():
        try:
            return Person.by_email(email)
        finally:
            db.session.remove()
            db.engine.dispose()


def test_the_first_administrator_gets_a_link(place: dict[str, str]) -> None:
    said = add(place, "Ada@Example.org", "Ada Field", "--admin", "--unit", "computers")
    assert said.exit_code == 0, said.output
    link = said.output.strip().splitlines()[-1]
    assert link.startswith("https://cx.example.org/invitations/")
    person = found(place, "ada@example.org")
    assert person is not None
    assert (person.role, person.is_admin, person.unit_id) == (Role.manager, True, 1)
    # The tables were made without migrating, so nothing says which revision they are.
    app = create_app({**settings_from_environment(place), "SCHEMA_WATCHED": False})
    page = app.test_client().get(link.removeprefix("https://cx.example.org"))
    assert page.status_code == 200
    assert "Ada Field" in page.text
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nobody", "Nobody"), "EMAIL"),
        (("ada@example.org", "Ada", "--unit", "Moon"), "no unit called Moon"),
        (("ada@example.org", "Ada", "--role", "partner"), "--role"),
        (("ada@example.org", "Ada", "--role", "auditor", "--admin"), "neither an auditor nor"),
    ],
)
def test_what_cannot_be_is_said_and_adds_nobody(
    words: tuple[str, ...], complaint: str, place: dict[str, str]
) -> None:
    said = add(place, *words)
    assert said.exit_code in {1, 2}
    assert complaint in said.output
    assert "Traceback" not in said.output
    assert found(place, "ada@example.org") is None
