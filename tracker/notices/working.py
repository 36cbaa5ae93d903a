"""Does the jobs that are due, one after the other; any number of processes may do so side by side."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from tracker.clock import now as present
from tracker.db import Busy, db, writing
from tracker.notices.jobs import MOST_TRIES, Job, Lost, Taken, take
from tracker.notices.reasons import Reason, kept
from tracker.trouble import is_trouble

log = logging.getLogger(__name__)

AT_ONCE = 10  # jobs that are taken together: well done within one lease
MOST = 2_000  # jobs in one round, after which other work has its turn

# By kind of job: does it, and ends it by `Taken.done` in the transaction of what it changes. Rooms register theirs.
workers: dict[str, Callable[[Taken], None]] = {}
# By kind of job: notes, where it is told of, that one failed (why, and whether it is given up), in the same transaction.
failures: dict[str, Callable[[Taken, str, bool], None]] = {}
# By kind of job: notes that one which was given up is tried again.
revivals: dict[str, Callable[[Job], None]] = {}


class Later(Exception):
    """The job could not be done now; what it holds says why (`reasons.kept`), for whoever runs the place."""


class Unreachable(Later):
    """What every job of this kind needs is not there: the others need not be tried now."""


class Never(Exception):
    """The job cannot be done, and trying again will not help."""


def do_due(_now: datetime) -> int:
    """Do what is due, whatever becomes due meanwhile included; return how many jobs were done."""
    done, idle = 0, set[str]()
    while done < MOST and (taken := take(present(), most=AT_ONCE, without=idle)):
        for job in taken:
            if job.kind in idle:
                with writing():
                    job.put_back(now=present())
                continue
            done += _do(job, idle)
    return done


def _do(job: Taken, idle: set[str]) -> int:
    """Do a job; return 1 if it was done, else note why not."""
    try:
        if job.tries > MOST_TRIES:
            raise Never(kept(Reason.killed))
        workers[job.kind](job)
    except Lost:
        log.info("job %s was taken over by another worker", job.id)
        return 0
    except Exception as error:  # noqa: BLE001 - it is noted on the job
        if isinstance(error, Unreachable):
            idle.add(job.kind)
        db.session.rollback()
        with writing():
            why = _why(job, error)
            dead = job.failed(why, now=present(), final=isinstance(error, Never))
            if note := failures.get(job.kind):
                note(job, why, dead)
        return 0
    return 1


def _why(job: Taken, error: Exception) -> str:
    """Return why a job was not done, as it is kept; a fault of the program is logged."""
    if isinstance(error, Later | Never):
        return str(error)
    if isinstance(error, Busy) or (isinstance(error, DBAPIError) and is_trouble(error)):
        return kept(Reason.database)
    log.error("job %s (%s) failed", job.id, job.kind, exc_info=error)
    return kept(Reason.fault, type(error).__name__)


def revived(job: Job) -> None:
    """Let whoever is concerned know that a job which was given up is tried again. In a write transaction."""
    if note := revivals.get(job.kind):
        note(job)
