"""How old things on a board are: working days up to the day of whoever looks, reckoned once for each day they began."""

from __future__ import annotations

import json
from datetime import date, datetime

from tracker.blockers.holders import Calendars
from tracker.clock import local_day

LAST = "9999-12-31"


class Reckoning:
    """Counts up to one day. `zone` is the viewer's, `home` the organisation's time zone; needs no database once it is made."""

    def __init__(self, calendars: Calendars, day: date, zone: str, home: str) -> None:
        self.day = day
        self._zone = zone
        self._home = home
        self._calendars = calendars
        self._ages: dict[tuple[int | None, date], int] = {}

    def age(self, since: datetime) -> int:
        """Return the working days of the organisation since a card's stage was entered."""
        return self._between(None, local_day(since, self._zone))

    def open_since(self, raised: datetime, calendar_id: int | None) -> int:
        """Return the working days that a blocker has been in the hands of its first holder."""
        return self._between(calendar_id, local_day(raised, self._home))

    def held(self, turns: str) -> int:
        """Return the working days of several holding periods, given as JSON: begin, end or null, calendar of the holder.

        Each goes on to the next: what was reopened counts as if it had never been called resolved (rule 23).
        """
        total = 0
        known = sorted(json.loads(turns), key=lambda turn: (turn[0], turn[1] or LAST))
        for place, (starts, its_end, calendar_id) in enumerate(known, 1):
            begin = date.fromisoformat(starts)
            ends = known[place][0] if place < len(known) else its_end
            if ends is None:
                total += self._between(calendar_id, begin)
            else:
                total += self._calendars.of(calendar_id).between(begin, date.fromisoformat(ends))
        return total

    def _between(self, calendar_id: int | None, start: date) -> int:
        key = (calendar_id, start)
        days = self._ages.get(key)
        if days is None:
            days = self._ages[key] = self._calendars.of(calendar_id).between(start, self.day)
        return days
