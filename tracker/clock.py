"""What time it is: the one place that asks, so that tests can say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, has_app_context


@dataclass(frozen=True)
class Moved:
    """A clock that goes ahead of the machine's by so much: for demos and trials, to see what tomorrow brings."""

    by: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


def now(app: Flask | None = None) -> datetime:
    """Return the present moment in UTC, or what the `CLOCK` of the application says it is; `app` names it outside its context."""
    if app is None and has_app_context():
        app = cast(Any, current_app)._get_current_object()
    clock = app.config.get("CLOCK") if app is not None else None
    return clock() if clock else datetime.now(UTC)


def local_day(moment: datetime, zone: str = "UTC") -> date:
    """Return the calendar day that `moment` falls on in the time zone named `zone`."""
    return moment.astimezone(ZoneInfo(zone)).date()
