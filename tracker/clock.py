"""What time it is: the one place that asks, so that tests can say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context


def now() -> datetime:
    """Return the present moment in UTC, or what the application's `CLOCK` says it is."""
    clock = current_app.config.get("CLOCK") if has_app_context() else None
    return clock() if clock else datetime.now(UTC)


def local_day(moment: datetime, zone: str = "UTC") -> date:
    """Return the calendar day that `moment` falls on in the time zone named `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()
