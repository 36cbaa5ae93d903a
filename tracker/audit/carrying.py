"""The trail as a download: sent while it is read, and only one at a time, so that pages keep their threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.activity.trail import jsonl
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.organisation.people import Person

LASTS = timedelta(hours=1)  # an export can be fetched, again if need be, after it was recorded
_turn = threading.Lock()


def recorded(key: int, person: Person, now: datetime) -> Event:
    """Return the event of an export that `person` asked for. Raises `Missing` for any other, `NotNow` when it is long ago."""
    event = db.session.get(Event, key)
    if event is None or event.kind != Kind.trail_exported or event.actor_id != person.id:
        raise Missing
    if now - event.at > LASTS:
        raise NotNow(_("An export can be fetched for an hour. Export the trail again."))
    return event


class Stream:
    """The lines up to event number `upto`, in portions. Raises `NotNow` while another one is being sent."""

    def __init__(self, upto: int, *, words: bool) -> None:
        self._mine = _turn.acquire(blocking=False)
        if not self._mine:
            raise NotNow(_("Another export is being sent. Try again when it is done."))
        self._parts = jsonl(db.engine, upto, words=words)

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._parts:
                yield part.encode()
        finally:
            self.close()

    def close(self) -> None:
        """Let the next export begin; the server calls it, also when whoever fetched it went away."""
        if self._mine:
            self._mine = False
            _turn.release()

    __del__ = close
