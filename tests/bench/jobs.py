"""Jobs: how many are done in a second, in this process, by one worker that finds them waiting.

Each is taken with a lease, and its end is a commit of its own. How many that are says as much about the disk as about the
application, so as many rows of the same table are deleted plainly in turn with it, each in a transaction of its own, and
the bound is the share of those. What a job does is not counted: it does nothing but end.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import delete, insert, select

from tests.bench.client import Shot
from tests.bench.figures import Report
from tests.bench.rounds import Pace, compare
from tests.bench.stores import Postgresql, Sqlite, made
from tracker import migrating
from tracker.clock import now
from tracker.db import db, writing
from tracker.notices import working
from tracker.notices.jobs import Job, JobState, Taken

AT_A_TIME = 200  # rows that wait at the beginning of each stretch
KIND = "bench"


def measure(store: Sqlite | Postgresql, pace: Pace, report: Report) -> None:
    """Report jobs a second, and their share of the bare transactions."""
    with store.empty() as settings:
        app = made(settings)
        with app.app_context():
            migrating.upgrade()
            working.workers[KIND] = _end
            rates: list[float] = []
            shooters = {
                "jobs": lambda seconds: _shot(_do_jobs, seconds, rates),
                "bare": lambda seconds: _shot(_delete_plainly, seconds),
            }
            name = f"jobs / bare transactions, {store.name}"
            figure = "jobs / bare transactions"
            compare(
                shooters, {figure: ("jobs", "bare")}, pace, report,
                bounds={figure: name}, database=store.name,
            )  # fmt: skip
            report.ratio("jobs a second", rates[1:], database=store.name)
            db.session.remove()
            db.engine.dispose()


def _end(job: Taken) -> None:
    with writing():
        job.done()


def _do_jobs() -> int:
    return working.do_due(now())


def _delete_plainly() -> int:
    ids = db.session.scalars(select(Job.id).order_by(Job.id)).all()
    for id_ in ids:
        with writing() as session:
            session.connection().execute(delete(Job).where(Job.id == id_))
    return len(ids)


def _shot(act: Callable[[], int], seconds: int, rates: list[float] | None = None) -> Shot:
    """Do `act` on rows that wait, again and again for `seconds`; only it is timed."""
    done, took = 0, 0.0
    while took < seconds:
        _let_wait()
        began = time.monotonic()
        done += act()
        took += time.monotonic() - began
    if rates is not None:
        rates.append(done / took)
    return Shot(done / took)


def _let_wait() -> None:
    row = {"kind": KIND, "about": {}, "state": JobState.waiting, "error": "", "tries": 0}
    with writing() as session:
        times = {"made_at": now(), "due_at": now()}
        session.connection().execute(insert(Job), [{**row, **times} for _ in range(AT_A_TIME)])
