"""What people choose for themselves: how pages read for them, and when mail comes. No event tells of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, true
from sqlalchemy.orm import Mapped, mapped_column

TASTES = (
    *("language", "theme", "time_zone", "day_calendar", "digits", "shortcuts"),
    *("digest_hour", "mails_at_once"),
)


class Tastes:
    """A person's own choices; None where the organisation's, or the browser's, holds."""

    language: Mapped[str | None] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    time_zone: Mapped[str | None] = mapped_column(String(60))
    day_calendar: Mapped[str] = mapped_column(String(10), default="auto")
    digits: Mapped[str] = mapped_column(String(10), default="auto")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    # The hour, by their own clock, from which on the daily mail comes; None: never.
    digest_hour: Mapped[int | None] = mapped_column(default=8, server_default="8")
    # Whether what waits for them is mailed at once, or with the daily mail.
    mails_at_once: Mapped[bool] = mapped_column(default=True, server_default=true())

    def prefer(self, **fields: Any) -> None:
        """Keep one's own choices: taste, no event."""
        for field, value in fields.items():
            setattr(self, field, value)
