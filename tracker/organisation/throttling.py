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
from typing import Any, ClassVar

from sqlalchemy import Connection, String, case, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, left_out
from tracker.db import Instant, Model, db
from tracker.dialects import insert_into


class SignInAttempt(Model):
    """How often one account, or one address, was tried at a door since `since`."""

    __tablename__ = "sign_in_attempt"

    on_trail: ClassVar[Declared] = left_out("failed sign-ins: forgotten after a while")

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, index=True)
    count: Mapped[int]


@dataclass(frozen=True)
class Door:
    """Something that can be guessed at, and how many tries are open in one window.

    Tries for an account count together with the network they come from, so that a stranger elsewhere locks nobody out. For
    all networks together an account has `in_a_day` tries (NIST SP 800-63B-4 section 3.2.2: at most 100); after those
    there is one at a time, with pauses that grow to a quarter of an hour. A browser in which somebody came in before
    (`known`, see `knowing`) is counted by itself, whatever strangers do.
    """

    name: str
    for_account: int
    for_address: int
    window: timedelta
    in_a_day: int = 100

    def try_it(self, account: str, address: str, now: datetime, *, known: str = "") -> int:
        """Count a try for the account and the network address; return the seconds to wait, 0 to go on."""
        if known:
            with _connection() as connection:
                return self._wait(connection, self._known(account, known), self.for_account, now)
        with _connection() as connection:
            wait = max(
                self._wait(connection, self._address(address), self.for_address, now),
                self._wait(connection, self._account(account, address), self.for_account, now),
            )
            return wait or self._slow(connection, account, now)

    def forgive(self, account: str, address: str, now: datetime, *, known: str = "") -> None:
        """Take back what a try that succeeded had counted, and forget counts that are long over."""
        tries = SignInAttempt
        own = (self._account(account, address), self._everywhere(account), self._pause(account))
        with (
            _connection() as connection
        ):  # the rows in the order of `try_it`, or two would wait for each other
            if not known:
                connection.execute(
                    update(tries)
                    .where(tries.key == self._address(address), tries.count > 0)
                    .values(count=tries.count - 1)
                )
            for key in (*own, self._known(account, known)):
                connection.execute(delete(tries).where(tries.key == key))
            over = select(tries.key).where(tries.since < now - 2 * DAY)
            unused = over.with_for_update(skip_locked=True)  # what somebody raises is not over
            connection.execute(delete(tries).where(tries.key.in_(unused)))

    def is_closed(self, address: str, now: datetime) -> int:
        """Return how many seconds the network of `address` still has to wait; nothing is counted."""
        tries = SignInAttempt
        with db.engine.connect() as connection:
            asked = select(tries.since, tries.count).where(tries.key == self._address(address))
            row = connection.execute(asked).first()
        since, count = row or (now, 0)
        if count < self.for_address:
            return 0
        return max(0, int((since + self.window - now).total_seconds()))

    def _wait(self, connection: Connection, key: str, most: int, now: datetime) -> int:
        since, count = _raise_count(connection, key, now, self.window)
        if count <= most:
            return 0
        return max(1, int((since + self.window - now).total_seconds()))

    def _slow(self, connection: Connection, account: str, now: datetime) -> int:
        """Count for all networks together, and beyond what a day has let one through at a time."""
        count = _raise_count(connection, self._everywhere(account), now, DAY)[1]
        if count <= self.in_a_day:
            return 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min((count - self.in_a_day) // 10, 9))
        since, within = _raise_count(connection, self._pause(account), now, pause)
        return 0 if within == 1 else max(1, int((since + pause - now).total_seconds()))

    def _account(self, account: str, address: str) -> str:
        return f"{self.name} account {hash_of(account + chr(0) + network_of(address))}"

    def _everywhere(self, account: str) -> str:
        return f"{self.name} everywhere {hash_of(account)}"

    def _pause(self, account: str) -> str:
        return f"{self.name} pause {hash_of(account)}"

    def _known(self, account: str, known: str) -> str:
        return f"{self.name} known {hash_of(account + chr(0) + known)}"

    def _address(self, address: str) -> str:
        return f"{self.name} address {network_of(address)}"[:100]


DAY = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
_QUARTER = timedelta(minutes=15)

SIGN_IN = Door("sign-in", for_account=10, for_address=60, window=_QUARTER)
RESET = Door("reset", for_account=3, for_address=20, window=_QUARTER, in_a_day=20)
LINK = Door("link", for_account=20, for_address=20, window=_QUARTER)
FEED = Door("feed", for_account=60, for_address=60, window=_QUARTER, in_a_day=1_000_000)
# The code has 80 bits, so nobody guesses it; a limit for all together would let strangers hold up whoever runs it.
SET_UP = Door("set-up", for_account=20, for_address=20, window=_QUARTER, in_a_day=1_000_000)
OWN_PASSWORD = Door("own-password", for_account=10, for_address=60, window=_QUARTER)
# For the codes of a second factor: six digits, so few tries (NIST SP 800-63B-4 section 3.2.2).
SECOND_FACTOR = Door("second-factor", for_account=5, for_address=60, window=_QUARTER)


def hash_of(account: str) -> str:
    """Return what stands for an account where its address should not be read."""
    return hashlib.sha256(account.strip().lower().encode("utf-8", "replace")).hexdigest()[:40]


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
    insert = insert_into(tries, connection.dialect.name).values(key=key, since=now, count=1)
    over = tries.since <= now - window
    statement = insert.on_conflict_do_update(
        index_elements=[tries.key],
        set_={
            "since": case((over, now), else_=tries.since),
            "count": case((over, 1), else_=tries.count + 1),
        },
    ).returning(tries.since, tries.count)
    counted: Any = connection.execute(statement).one()
    since, count = counted
    return since, count
