"""The short road of pages that stay live: one statement says whether anything changed for this viewer.

A board's fingerprint is made of what its cards show (`max(changed)`, how many, and how often they were touched, so that two
writes that overlap cannot hide each other), the organisation's epoch, the saved board's version, the viewer's session and
tastes, and the day. Under it a rendered board may be kept; whatever belongs to a session alone is put in afterwards.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import String, cast, func, or_, select

from tracker.boards.filters import Filters
from tracker.boards.models import Board
from tracker.clock import local_day, now
from tracker.db import glance
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation

KEPT_PAGES = 256
TOKEN = "csrf-goes-here-after-the-cache"  # noqa: S105 - a place holder


@dataclass(frozen=True)
class Viewed:
    """What a session may see of a board at this moment, from one statement."""

    board_id: int
    person_id: int
    mark: str  # changes when the page would look different to this viewer


def look(slug: str, query: Filters) -> Viewed | None:
    """Return the fingerprint of a board for the session of this request; None when the long road has to answer.

    That is when nobody is signed in, the session ended, the person may not see boards, or the saved board is not known here.
    """
    id_, _dot, epoch = str(session.get("_user_id", "")).partition(".")
    known = _definitions.get(slug)
    if not (id_.isdecimal() and epoch.isdecimal()) or known is None:
        return None
    board_id, version, saved = known
    person = Person.__table__.c
    filters = saved.narrowed(query)
    counted = select(
        func.max(Initiative.changed).label("changed"), func.count().label("n"), func.sum(Initiative.touches).label("touches")
    ).where(*filters.conditions()).subquery()  # fmt: skip
    organisation = Organisation.__table__.c
    statement = (
        select(
            person.epoch, person.language, person.theme, person.time_zone, person.day_calendar, person.digits, person.shortcuts,
            person.version, organisation.epoch.label("org"), organisation.time_zone.label("org_zone"), Board.version.label("board"),
            cast(counted.c.changed, String).label("changed"), counted.c.n, counted.c.touches,
        )
        .select_from(Person.__table__)
        .join(Organisation.__table__, organisation.id == 1)
        .join(Board.__table__, Board.id == board_id)
        .join(counted, func.coalesce(counted.c.n, 0) >= 0)
        .where(
            person.id == int(id_), person.ended_at.is_(None), person.role != Role.partner,
            or_(Board.owner_id.is_(None), Board.owner_id == person.id),
        )
    )  # fmt: skip
    with glance() as connection:
        row = connection.execute(statement).first()
    if row is None or row.epoch != int(epoch) or row.board != version:
        return None
    day = local_day(now(), row.time_zone or row.org_zone)
    parts = (
        tuple(row),
        day.isoformat(),
        request.cookies.get("language"),
        request.headers.get("Accept-Language"),
    )
    mark = hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return Viewed(board_id, int(id_), mark)


def remember(board: Board) -> None:
    """Keep what a board filters by, so that a poll needs no second statement."""
    if len(_definitions) > 2000:
        _definitions.clear()
    _definitions[board.slug] = (board.id, board.version, board.filters)


_definitions: dict[str, tuple[int, int, Filters]] = {}


class Pages:
    """Rendered pages by key, the latest used kept; one renderer for each key at a time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._pages: OrderedDict[Any, tuple[str, bytes]] = OrderedDict()
        self._lock = threading.Lock()
        self._rendering: dict[Any, threading.Lock] = {}

    def get(self, key: Any, mark: str) -> bytes | None:
        """Return the page under `key` if it was made under the same `mark`."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != mark:
                return None
            self._pages.move_to_end(key)
            return found[1]

    def made(self, key: Any, mark: str, make: Callable[[], bytes]) -> bytes:
        """Return the page under `key`, making it with `make` if it is not there."""
        with self._lock:
            lock = self._rendering.setdefault(key, threading.Lock())
        with lock:
            page = self.get(key, mark)
            if page is None:
                page = make()
                with self._lock:
                    self._pages[key] = (mark, page)
                    self._pages.move_to_end(key)
                    while len(self._pages) > self.most:
                        self._pages.popitem(last=False)
        with self._lock:
            self._rendering.pop(key, None)
        return page

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()


pages = Pages(KEPT_PAGES)


def cached() -> bool:
    """Tell whether rendered boards are kept; a bench setting switches it off."""
    return not current_app.config.get("BOARD_CACHE_OFF", False)


def answer(body: bytes, mark: str) -> Response:
    """Return a board with what belongs to the session alone put in, under its ETag."""
    whole = body.replace(TOKEN.encode(), generate_csrf().encode())
    response = Response(whole, content_type="text/html; charset=utf-8")
    response.set_etag(mark)
    response.headers["Vary"] = "HX-Request"
    return response


def not_changed(mark: str) -> Response:
    """Return a bare 304."""
    response = Response(status=304)
    response.set_etag(mark)
    return response
