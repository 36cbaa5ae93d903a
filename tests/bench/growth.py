"""What pages cost when there is 10 or 100 times as much: in this process, every size in turn, the same people and cards."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, url_for
from sqlalchemy import event
from werkzeug.test import create_environ

from tests.bench import updating
from tests.bench.company import CONTACTS, EXECUTIVES, MANAGER, PARTNERS
from tests.bench.figures import Report
from tests.bench.plans import scans
from tests.bench.stores import SIZES, STANDING, Postgresql, Sqlite, made
from tests.signed_in import held_by
from tracker import migrating
from tracker.boards.prepared import Prepared, Reader
from tracker.db import db

CALLS = 201
NOON = datetime(STANDING.year, STANDING.month, STANDING.day, 12, tzinfo=UTC)
# page -> (endpoint, arguments, whether it is a dashboard, which may read kept counts)
PAGES: dict[str, tuple[str, dict[str, str], bool]] = {
    "board": ("boards.show", {"slug": "sixty"}, False),
    "list": ("initiatives.index", {}, False),
    "initiative": ("initiatives.show", {"ref": "CX-1"}, False),
    "home": ("overview.home", {}, True),
    "matrix": ("blockers.matrix", {}, True),
    "goals": ("kpis.tree", {}, True),
    "kpi": ("kpis.show", {"code": "K-1"}, False),
    "partner home": ("partners.home", {}, False),
    "scorecard": ("partners.scorecard", {"key": "partner-1"}, False),
    "approvals": ("approvals.index", {}, False),
    "scorecards": ("partners.index", {}, True),
}
CONTACT = next(n for n in CONTACTS if n % len(PARTNERS) == 0)  # of the first partner
OPENED_BY = {"/partner": CONTACT, "/approvals": EXECUTIVES[0]}  # and all else by the manager


@dataclass
class Site:
    """The application on the data of one size."""

    scale: int
    app: Flask
    cookies: dict[int, str]

    def get(self, address: str) -> int:
        """Open a page and return the status."""
        return self.ask(address, OPENED_BY.get(address, MANAGER))[0]

    def ask(self, address: str, who: int, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Open a page as `who`, or send a form there, and return the status and what came back."""
        sent: dict[str, Any] = {"method": "POST", "data": form} if form is not None else {}
        environ = create_environ(address, headers={"Cookie": self.cookies[who]}, **sent)
        status: list[str] = []
        answer = self.app(environ, lambda line, _headers, _error=None: status.append(line))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return int(status[0].split()[0]), body


def site(settings: dict[str, str], scale: int) -> Site:
    """Return the application on a kept database, at noon of the day on which it stands, without kept pages."""
    app = made(settings)
    app.config["CLOCK"] = lambda: NOON
    app.config["BOARD_CACHE_OFF"] = True
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    cookies = {}
    for who in (MANAGER, CONTACT, EXECUTIVES[0]):
        session = {"_user_id": held_by(who), "_fresh": False, "csrf_token": "0" * 40}
        cookies[who] = f"tracker={serializer.dumps(session)}"
    return Site(scale, app, cookies)


def measure(store: Sqlite | Postgresql, report: Report, *, quick: bool) -> None:
    """Report for each page how its cost, its statements and their plans change with the amount of data."""
    scales = [scale for scale in SIZES if not (quick and scale == 100)]
    sites = []
    for scale in scales:
        began = time.perf_counter()
        sites.append(site(store.kept(scale, STANDING), scale))
        report.note(
            built=SIZES[scale], seconds=round(time.perf_counter() - began, 1), database=store.name
        )
    with sites[0].app.test_request_context():
        addresses = {page: url_for(where, **given) for page, (where, given, _) in PAGES.items()}
    statements = {
        (page, each.scale): _statements(each, address)
        for page, address in addresses.items()
        for each in sites
    }
    times = _times(sites, addresses, 31 if quick else CALLS)
    for page in PAGES:
        _report(page, times, statements, scales, report, store.name)
        found = scans(sites[-1].app, statements[page, scales[-1]])
        report.say(
            "scans", len(found), page=page, size=SIZES[scales[-1]], found=found, database=store.name
        )
    updating.measure(sites, CONTACT, report, 31 if quick else CALLS, store.name)
    for each in sites:
        with each.app.app_context():
            db.engine.dispose()


def _times(sites: list[Site], addresses: dict[str, str], calls: int) -> Times:
    times: Times = defaultdict(list)
    for number in range(calls + 5):
        for page, address in addresses.items():
            for each in sites if number % 2 == 0 else reversed(sites):
                began = time.perf_counter()
                each.get(address)
                if number >= 5:
                    times[page, each.scale].append(time.perf_counter() - began)
    return times


Times = dict[tuple[str, int], list[float]]
Statements = dict[tuple[str, int], list[tuple[str, Any]]]


def _report(
    page: str,
    times: Times,
    statements: Statements,
    scales: list[int],
    report: Report,
    database: str,
) -> None:
    base = statistics.median(times[page, 1])
    counts = [len(statements[page, scale]) for scale in scales]
    on = {"page": page, "database": database}
    for scale in scales[1:]:
        middle = statistics.median(times[page, scale])
        figure = f"growth {'of a dashboard ' if PAGES[page][2] else ''}{SIZES[scale]}"
        report.say(figure, middle / base, ms=[round(base * 1000, 2), round(middle * 1000, 2)], **on)
    report.say("statements alike at every size", max(counts) - min(counts), counts=counts, **on)
    report.say("statements of a page", max(counts), **on)


def _statements(each: Site, address: str) -> list[tuple[str, Any]]:
    """Return what one call of a page asks the database, once everything that is prepared is prepared."""
    for _ in range(3):
        if (status := each.get(address)) != 200:
            raise RuntimeError(f"{address} answers {status} at {SIZES[each.scale]}.")
    with noted(each.app) as asked:
        each.get(address)
    return asked


@contextmanager
def noted(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that run inside, with their parameters; those past SQLAlchemy too."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        apart = statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        if (
            not apart and migrating.VERSION_TABLE not in statement
        ):  # looked at once a second, whatever is asked
            asked.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    first = Reader.first

    def counted(self: Reader, prepared: Prepared, given: list[Any]) -> Any:
        asked.append((prepared.text, given))
        return first(self, prepared, given)

    event.listen(engine, "before_cursor_execute", note)
    Reader.first = counted  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        Reader.first = first  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", note)
