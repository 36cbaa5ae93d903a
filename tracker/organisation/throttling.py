"""How often a door may be tried: counted in the database, so that every process counts together.

Each count is one row, raised by one statement on a connection of its own; the tries of a request count before its
password is looked at, so that parallel guesses do not slip through.
"""

from __future__ import annotations

import hashlib
import ipaddress
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Connection, String, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model, db


class SignInAttempt(Model):
    """How often one account, or one address, was tried at a door since `since`."""

    __tablename__ = "sign_in_attempt"

    on_trail: ClassVar[Declared] = left_out("failed sign-ins: forgotten after a while")

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, index=True)
    count: Mapped[int]


@dataclass(frozen=True)
class Door:
    """Something that can be guessed at, and how many tries are open in one window."""

    name: str
    for_account: int
    for_address: int
    window: timedelta

    def try_it(self, account: str, address: str, now: datetime) -> int:
        """Count a try for the account and the network address; return the seconds to wait, 0 to go on."""
        waits = [0]
        with _connection() as connection:
            for key, most in (
                (self._account(account), self.for_account),
                (self._address(address), self.for_address),
            ):
                since, count = _raise_count(connection, key, now, self.window)
                if count > most:
                    waits.append(max(1, int((since + self.window - now).total_seconds())))
        return max(waits)

    def forgive(self, account: str, address: str, now: datetime) -> None:
        """Take back what a try that succeeded had counted, and forget counts that are long over."""
        tries = SignInAttempt
        with _connection() as connection:
            connection.execute(delete(tries).where(tries.key == self._account(account)))
            connection.execute(
                update(tries)
                .where(tries.key == self._address(address), tries.count > 0)
                .values(count=tries.count - 1)
            )
            connection.execute(delete(tries).where(tries.since < now - timedelta(days=1)))

    def _account(self, account: str) -> str:
        return f"{self.name} account {hashlib.sha256(account.strip().lower().encode()).hexdigest()[:40]}"

    def _address(self, address: str) -> str:
        return f"{self.name} address {network_of(address)}"[:100]


SIGN_IN = Door("sign-in", for_account=10, for_address=60, window=timedelta(minutes=15))
RESET = Door("reset", for_account=3, for_address=20, window=timedelta(minutes=15))
OWN_PASSWORD = Door("own-password", for_account=10, for_address=60, window=timedelta(minutes=15))


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber holds."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def _connection() -> AbstractContextManager[Connection]:
    return db.engine.execution_options(writes=True).begin()


def _raise_count(
    connection: Connection, key: str, now: datetime, window: timedelta
) -> tuple[datetime, int]:
    tries = SignInAttempt
    insert = (
        (postgresql if connection.dialect.name == "postgresql" else sqlite)
        .insert(tries)
        .values(key=key, since=now, count=1)
    )
    over = tries.since <= now - window
    statement = insert.on_conflict_do_update(
        index_elements=[tries.key],
        set_={
            "since": case((over, now), else_=tries.since),
            "count": case((over, 1), else_=tries.count + 1),
        },
    ).returning(tries.since, tries.count)
    since, count = connection.execute(statement).one()
    return since, count
