"""The trail: whether its head fits its end, and the last checkpoint fits its row. `tracker audit verify` walks all of it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from tracker.activity.verify import GENESIS, sign_checkpoint
from tracker.checking.findings import Finding, good, look, wrong

TOLERATED = timedelta(minutes=2)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # this program is not older
LATE = timedelta(days=2)
VERIFY = "Run 'tracker audit verify'."


def of_trail(connection: Connection, key: bytes, now: datetime) -> Iterator[Finding]:
    """Look at the two ends of the chain; the schema must be the present one."""
    last = connection.execute(
        text("SELECT number, seal, at FROM event WHERE number = (SELECT max(number) FROM event)")
    ).one_or_none()
    head = connection.execute(text("SELECT count, seal FROM chain_head")).one_or_none()
    end = (last.number, last.seal) if last else (0, GENESIS)
    loose = connection.execute(text("SELECT count(*) FROM event WHERE number IS NULL")).scalar()
    if head is None:
        yield wrong("trail", "The head of the chain is missing.", VERIFY)
    elif tuple(head) != end:
        yield wrong("trail", f"The head counts {head[0]} events, the last one is {end[0]}.", VERIFY)  # fmt: skip
    elif loose:
        yield wrong("trail", f"{loose} events are not sealed: they were put in past the application.", VERIFY)  # fmt: skip
    else:
        yield good("trail", f"{head[0]:,} events, and the head fits the last")
    yield _checkpoint(connection, key, end[0], now)
    yield _last_check(connection)
    yield _clock(now, last.at if last else None)


def _checkpoint(connection: Connection, key: bytes, count: int, now: datetime) -> Finding:
    point = connection.execute(
        text("SELECT count, head, at, signature FROM checkpoint ORDER BY count DESC LIMIT 1")
    ).one_or_none()
    if point is None:
        if not count:
            return good("checkpoint", "none is needed: nothing has happened")
        return look("checkpoint", "There is none yet.", "'tracker backup' keeps one.")
    honest = sign_checkpoint(key, point[0], point.head, point.at)["signature"]
    seal = connection.execute(text("SELECT seal FROM event WHERE number = :count"), {"count": point[0]}).scalar()  # fmt: skip
    if not hmac.compare_digest(honest, point.signature):
        return wrong("checkpoint", f"The one at {point[0]} is not signed with this audit key.", VERIFY)  # fmt: skip
    if seal != point.head:
        return wrong("checkpoint", f"The one at {point[0]} does not fit that event.", VERIFY)
    at = _moment(point.at)
    if count > point[0] and now - at > LATE:
        return look(
            "checkpoint",
            f"The last is of {at:%Y-%m-%d %H:%M} UTC, and {count - point[0]} events are newer.",
            "Is the server, or 'tracker jobs', running?",
        )
    return good("checkpoint", f"the last, at {point[0]}, fits")


def _last_check(connection: Connection) -> Finding:
    """The last time that the whole trail was walked, by night or because somebody asked."""
    last = connection.execute(
        text("SELECT finished_at, whole, first_bad, why FROM verification WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1")
    ).one_or_none()  # fmt: skip
    if last is None:
        return good("last check", "none yet; one is made every night")
    at = f"{_moment(last.finished_at):%Y-%m-%d %H:%M} UTC"
    if last.whole:
        return good("last check", f"of {at}: the trail was whole")
    row = "" if last.first_bad is None else f"row {last.first_bad}: "
    return wrong("last check", f"of {at}: the trail was changed. {row}{last.why}.", VERIFY)


def _clock(now: datetime, last: str | datetime | None) -> Finding:
    remedy = "Set the clock of this machine, and let it be kept (NTP)."
    if now < BUILT:
        return wrong("clock", f"says {now:%Y-%m-%d %H:%M} UTC.", remedy)
    if last is not None and _moment(last) - now > TOLERATED:
        return wrong(
            "clock",
            f"says {now:%Y-%m-%d %H:%M} UTC, and the last event is of {_moment(last):%Y-%m-%d %H:%M}.",
            remedy,
        )
    return good("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def of_server_clock(connection: Connection, now: datetime) -> Finding:
    """Hold the clock of a PostgreSQL server against ours."""
    apart = abs(_moment(str(connection.execute(text("SELECT clock_timestamp()::text")).scalar())) - now)  # fmt: skip
    if apart > TOLERATED:
        return look(
            "clocks",
            f"The database's clock and ours are {apart.total_seconds():.0f} s apart.",
            "Let both be kept (NTP).",
        )
    return good("clocks", "the database's and ours agree")


def _moment(value: str | datetime) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
