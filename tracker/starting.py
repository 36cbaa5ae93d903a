"""What happens before the first request: the schema is brought up to date, and a demo is seeded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import func, select

from tracker import migrating, sqlite
from tracker.activity.stocktaking import take_stock
from tracker.clock import now
from tracker.db import db
from tracker.demo import seeding
from tracker.demo.accounts import ACCOUNTS, Account
from tracker.organisation import founding
from tracker.organisation.people import Person


@dataclass(frozen=True)
class Start:
    """What was found and done: revisions before and after, what was seeded, the demo's accounts."""

    before: str | None
    after: str | None
    seeded: str
    accounts: tuple[Account, ...]
    code: str = ""  # opens the set-up of an empty production database


def prepare(app: Flask, *, with_demo: bool) -> Start:
    """Migrate the database of ``app``, seed it if asked and nobody is in it, and close it again.

    Nothing stays open, so that the process may fork afterwards. Raises ``Misconfigured`` when the
    SQLite library is not safe.
    """
    with app.app_context():
        try:
            if db.engine.dialect.name == "sqlite":
                sqlite.check_version()
            before, after = migrating.upgrade()
            take_stock(now())
            seeded = seeding.seed(now()) if with_demo and seeding.is_empty() else ""
            awaited = app.config["ENVIRONMENT"] == "production" and seeding.is_empty()
            code = founding.code(app) if awaited else ""
            return Start(before, after, seeded, demo_accounts(), code)
        finally:
            db.session.remove()
            db.engine.dispose()


def demo_accounts() -> tuple[Account, ...]:
    """The demo's accounts, when this database holds the demo; else none."""
    emails = [account.email for account in ACCOUNTS]
    active = select(func.count()).where(Person.email.in_(emails), Person.ended_at.is_(None))
    return ACCOUNTS if db.session.scalar(active) == len(ACCOUNTS) else ()


def account_table(accounts: tuple[Account, ...]) -> str:
    """The accounts as a table for the terminal, with the columns of the README."""
    rows = [("role", "e-mail", "password")]
    rows += [(account.role, account.email, account.password) for account in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(f"  {line.rstrip()}" for line in lines)
