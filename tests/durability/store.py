"""A small company at work in a database of its own, for the shipped server and for a look from outside."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask

from tests import cast as company
from tests.aims import aim
from tests.conftest import settings
from tests.signed_in import let_everybody_in
from tracker import create_app, migrating
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage

AT_WORK = 12  # initiatives that are sponsored and led, each with two blockers that wait on units


@dataclass
class Store:
    """A database, the data folder beside it, and the application that looks at both."""

    url: str
    folder: Path
    world: SimpleNamespace = field(default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        self.settings = settings(self.url, self.folder)
        self.app: Flask = create_app(self.settings)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which the shipped commands work on it."""
        return {
            "TRACKER_ENV": "production",
            "TRACKER_DATABASE_URL": self.url,
            "TRACKER_SECRET_KEY": self.settings["SECRET_KEY"],
            "TRACKER_AUDIT_KEY": self.settings["AUDIT_KEY"].decode(),
        }

    @property
    def file(self) -> Path:
        """The file of a SQLite database."""
        return self.folder / "tracker.db"

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Open an application context, and leave no connection behind."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    def found(self) -> Store:
        """Bring the empty database to the present schema and let the company begin."""
        with self.looking():
            migrating.upgrade()
            self.world = begin()
            with writing() as session:
                let_everybody_in(session)
        return self

    def copy(self, folder: Path) -> Store:
        """Copy the files of a SQLite database, and nothing that a reboot would take away."""
        folder.mkdir(parents=True)
        for file in (self.file, self.file.with_name("tracker.db-wal")):
            if file.exists():
                shutil.copyfile(file, folder / file.name)
        return sqlite(folder)


def sqlite(folder: Path) -> Store:
    """The store whose database is a file in `folder`."""
    return Store(f"sqlite:///{folder / 'tracker.db'}", folder)


def begin() -> SimpleNamespace:
    """Make the cast and `AT_WORK` initiatives that `executive` sponsors and `lead` leads; needs an application context."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    cast: Any = company.build()
    cast.refs, cast.blockers = [], []
    with writing():
        for number in range(AT_WORK):
            one = Initiative.create(
                title=f"At work {number}", lead_unit_id=cast.care.id, by=cast.manager, now=now, lead=cast.lead
            )  # fmt: skip
            one.propose_sponsor(cast.executive, by=cast.manager, now=now, adopt_at=Stage.piloting)
            aim(one)
            one.accept_sponsorship(by=cast.executive, now=now)
            for unit in (cast.it, cast.billing):
                blocker = Blocker.raise_(
                    one, title=f"Waits for {unit.code} {number}", blocked_unit_id=cast.care.id, holder_unit_id=unit.id,
                    by=cast.lead, now=now,
                )  # fmt: skip
                cast.blockers.append(blocker.ref)
            cast.refs.append(one.ref)
    return cast
