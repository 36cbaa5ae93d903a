"""What the application does by itself: every room registers its sweep, and one call runs them all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Container
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from tracker import clock
from tracker.db import Busy, db, writing
from tracker.metrics import counts
from tracker.trouble import is_trouble

log = logging.getLogger(__name__)

Sweep = Callable[[datetime], int]

# By name; rooms register theirs (see rooms.py). A sweep commits each item in a write transaction of
# its own, finds out anew inside it whether the item is still due, and returns how many it did.
sweeps: dict[str, Sweep] = {}
# The names of those that somebody waits for: `clockwork.call` runs them at once.
urgent: set[str] = set()
# The names of those that may take minutes: `clockwork` runs them in a thread of their own.
slow: set[str] = set()
# The names of those that look every few seconds, in a thread of their own: they may wait for another server.
steady: set[str] = set()


def named(lane: str, *, only_urgent: bool = False) -> set[str]:
    """Return the names of the sweeps in a lane (`quick`, `slow` or `steady`); all of them, or the urgent alone."""
    these = {name for name in sweeps if _lane_of(name) == lane}
    return these & urgent if only_urgent else these


def _lane_of(name: str) -> str:
    return "slow" if name in slow else "steady" if name in steady else "quick"


def in_one_write(act: Sweep) -> Sweep:
    """Return a sweep that does all of `act` in one write transaction, for what is quick and has no items."""

    def run(now: datetime) -> int:
        with writing():
            return act(now)

    return run


def sweep(now: datetime | None = None, *, only: Container[str] | None = None) -> dict[str, int]:
    """Run every sweep, or `only` those named, once at `now`; return, by name, how many items each did.

    When the database is busy or in trouble, what was committed stays and the rest waits for the
    next call; any other failure of one sweep is logged, the others run, and it is raised at the end.
    """
    moment = now or clock.now()
    done: dict[str, int] = {}
    failure: Exception | None = None
    for name, run in list(sweeps.items()):
        if only is not None and name not in only:
            continue
        try:
            done[name] = run(moment)
            counts.sweep(name, moment.timestamp(), done[name])
        except Busy:
            counts.failed_sweep(name)
            log.info("the sweep %s found no turn to write", name)
        except DBAPIError as error:
            counts.failed_sweep(name)
            if not is_trouble(error):
                log.exception("the sweep %s failed", name)
                failure = error
        except Exception as error:
            counts.failed_sweep(name)
            log.exception("the sweep %s failed", name)
            failure = error
        finally:
            db.session.rollback()
    if failure is not None:
        raise failure
    return done
