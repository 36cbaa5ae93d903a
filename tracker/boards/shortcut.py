"""The short road to a board: it stands before Flask, so it decides everything by itself.

A poll with nothing new and a page that looks as it did need the session, one statement, and nothing else: no request
context, no ORM, no form, no template. When cards changed they are read and drawn here too, once the long road has made
what it takes (`drawing.py`). Whatever is not plain goes on to the long road, which is the same for every page; the
fingerprint that was read goes with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, Response

from tracker import fitting, packing
from tracker.boards.around import Studio
from tracker.boards.drawing import Drawing
from tracker.boards.kept import Kept, Page
from tracker.boards.live import Watch
from tracker.boards.prepared import reader_of
from tracker.boards.pulse import Pulse
from tracker.boards.reading import Readings
from tracker.boards.viewers import Viewed, Viewer, Viewers
from tracker.boards.visits import PREFIX, Visit, Visits
from tracker.boards.words import NotSaid
from tracker.clock import now
from tracker.db import db
from tracker.front import NO_PLACE, OTHER_HOST, ROUTE
from tracker.organisation.sign_ins import limits

log = logging.getLogger(__name__)

VIEWED = "tracker.boards.viewed"  # in the environment of a request that goes the long road
HTML = "text/html; charset=utf-8"
Answer = tuple[str, list[tuple[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What draws a board for `viewer`."""

    drawing: Drawing
    viewer: Viewer

    def cells(self, mark: str, state: Hashable = None) -> bytes:
        """Return the part that polls renew. What was read and drawn under the same `state` is taken."""
        return self.drawing.cells(self.drawing.sheet(state), self.viewer, mark)

    def page(self, frame: Page, mark: str, state: Hashable = None) -> Page:
        """Return the whole page in its `frame`, but for the token of whoever asks."""
        sheet = self.drawing.sheet(state)
        cells = self.drawing.cells(sheet, self.viewer, mark)
        return frame.partly(cells=cells, **self.drawing.head(sheet.layout))


class Sight:
    """Everything that asks the database; made when it is first wanted, after the server has forked."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            reader = reader_of(db.engine)
            pulse = Pulse(reader_of(db.engine))
        self.watch = Watch(reader, pulse, limits(app.config))
        self.viewers = Viewers(reader)
        self.studio = Studio(app, Readings(reader))


class Shortcut:
    """Stands in front of an application as WSGI middleware."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.behind = app.wsgi_app
        self.visits = Visits(app)
        self.pages: Kept[Page] = Kept()
        self.frames: Kept[Page] = Kept()
        self.drawings: Kept[Drawing] = Kept()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].startswith(PREFIX):
            answer = self.answer(environ)
            if answer is not None:
                environ[ROUTE] = f"{PREFIX}<slug>"
                start(answer[0], answer[1])
                return [answer[2]]
        return self.behind(environ, start)

    def unchanged(self, environ: dict[str, Any]) -> list[tuple[str, str]] | None:
        """Return the headers of the answer to a poll with nothing new, told from memory alone (see `front.UNCHANGED`)."""
        sight = self.__dict__.get("sight")
        if sight is None or environ["REQUEST_METHOD"] != "GET" or not fitting.fitted(self.app):
            return None
        visit = self.visits.of(environ) if environ["PATH_INFO"].startswith(PREFIX) else None
        if visit is None or not visit.poll:
            return None
        viewed = sight.watch.still(visit.asked, now(self.app), asks=False)
        if viewed is None or viewed.tag not in environ["HTTP_IF_NONE_MATCH"]:
            return None
        environ[ROUTE] = f"{PREFIX}<slug>"
        return _conditions(viewed)

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """Return status, headers and body, or None where the long road has to answer."""
        if NO_PLACE in environ or OTHER_HOST in environ or not fitting.fits(self.app):
            return None
        visit = self.visits.of(environ)
        if visit is None:
            return None
        try:
            watch, moment = self.sight.watch, now(self.app)
            known = environ.get("HTTP_IF_NONE_MATCH", "") if visit.poll else ""
            if known and (viewed := watch.still(visit.asked, moment)) and viewed.tag in known:
                return _nothing_new(viewed)
            viewed = watch.look(visit.asked, moment)
            if viewed is None:
                return None
            if viewed.tag in known:
                return _nothing_new(viewed)
            environ[VIEWED] = viewed
            body = self._body(visit, viewed)
        except NotSaid:
            return None
        except Exception:  # whatever it is, the long road knows how to say it
            log.info("a board could not be read in front", exc_info=True)
            return None
        if body is None:
            return None
        own = [*_conditions(viewed), *self.headers]
        if packing.wanted(environ):
            body = packing.packed(body)
            own.append(("Content-Encoding", "gzip"))
        return "200 OK", [*own, ("Content-Length", str(len(body)))], body

    def _body(self, visit: Visit, viewed: Viewed) -> bytes | None:
        """Return the page or the cells, kept or drawn anew; None without what it takes to draw them."""
        if visit.token is None or (visit.flashed and not visit.poll):
            return None
        if not visit.poll and self.keeps:
            page = self.pages.get(visit.key, (viewed.mark, viewed.counts))
            if page is not None:
                return page.filled(token=visit.token)
        drawing = self.drawings.get((*visit.address, viewed.reads), viewed.ground)
        if drawing is None:
            return None
        viewer = self.sight.viewers.of(viewed)
        if visit.poll:
            return Drawn(drawing, viewer).cells(viewed.mark, self.state(viewed))
        frame = self.frames.get(visit.key, (viewed.around, viewed.counts))
        if frame is None:
            return None
        page = self._page(visit.key, viewed, Drawn(drawing, viewer), frame)
        return page.filled(token=visit.token)

    def _page(self, key: Hashable, viewed: Viewed, drawn: Drawn, frame: Page) -> Page:
        """Return the page that is `drawn` for one person, kept under `key`, but for its token."""
        if not self.keeps:
            return drawn.page(frame, viewed.mark)
        return self.pages.made(
            key,
            (viewed.mark, viewed.counts),
            lambda: drawn.page(frame, viewed.mark, self.state(viewed)),
        )

    def state(self, viewed: Viewed) -> Hashable:
        """Return under what a board that is read now may be kept; None where nothing is."""
        return viewed.shown if self.keeps else None

    @property
    def keeps(self) -> bool:
        """Whether drawn boards are kept; a setting of the benchmark switches it off."""
        return not self.app.config.get("BOARD_CACHE_OFF", False)

    @cached_property
    def sight(self) -> Sight:
        return Sight(self.app)

    @cached_property
    def headers(self) -> list[tuple[str, str]]:
        """What every page of the application carries, asked of it once."""
        scheme = "https" if self.app.config["SESSION_COOKIE_SECURE"] else "http"
        with self.app.test_request_context(PREFIX, base_url=f"{scheme}://localhost"):
            page = self.app.process_response(Response(content_type=HTML))
        usual = {"content-length", "vary", "cache-control"}
        return [pair for pair in page.headers if pair[0].lower() not in usual]

    def forget(self) -> None:
        """Forget everything that is kept, as if the application had just started."""
        for kept in (self.pages, self.frames, self.drawings, self.visits):
            kept.clear()
        if "sight" in self.__dict__:
            self.sight.watch.forget()
            self.sight.viewers.forget()
            self.sight.studio.forget()


def _nothing_new(viewed: Viewed) -> Answer:
    return "304 NOT MODIFIED", _conditions(viewed), b""


def _conditions(viewed: Viewed) -> list[tuple[str, str]]:
    return [
        ("ETag", viewed.tag),
        ("Vary", "HX-Request, Cookie, Accept-Encoding, Sec-Fetch-Site"),
        ("Cache-Control", "no-store"),
    ]
