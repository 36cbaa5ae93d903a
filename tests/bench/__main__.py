"""Measures and prints one line of JSON for each figure; exit code 1 when one misses its bound.

    python -m tests.bench [--quick] [--database sqlite|postgresql] [--only boards,growth,moves,decisions,doors,jobs,watchers,visit]

Everything that is built is kept in `.make/bench`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import boards, decisions, doors, growth, jobs, moves, visit, watchers
from tests.bench.client import wrk
from tests.bench.figures import Report
from tests.bench.rounds import QUICK, Pace
from tests.bench.service import Service
from tests.bench.stores import Postgresql, Sqlite, postgresql

PARTS = ("boards", "growth", "moves", "decisions", "doors", "jobs", "watchers", "visit")


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    parts: set[str]
    quick: bool

    @property
    def pace(self) -> Pace:
        return QUICK if self.quick else Pace()


def wanted() -> tuple[Wanted, list[str]]:
    """Return what to measure, and on which databases."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few and short rounds, growth to 10x")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    given = parser.parse_args()
    parts = {part for part in given.only.split(",") if part}
    if stray := parts - {*PARTS}:
        parser.error(f"no such part: {', '.join(sorted(stray))}")
    databases = [given.database] if given.database else ["sqlite", "postgresql"]
    return Wanted(parts, given.quick), databases


@contextlib.contextmanager
def store_of(database: str) -> Iterator[Sqlite | Postgresql]:
    """Give the place of a database's data. RuntimeError says why there is none."""
    if database == "sqlite":
        yield Sqlite()
    else:
        with postgresql() as store:
            yield store


def measure(store: Sqlite | Postgresql, wish: Wanted, report: Report) -> None:
    """Measure what is wished on one database: each part on a fresh copy, growth on what is kept."""
    if "boards" in wish.parts:
        with store.fresh() as settings, Service(store.name, settings) as service:
            boards.measure(service, wish.pace, report)
    if "moves" in wish.parts:
        with store.fresh() as settings, Service(store.name, settings) as service:
            moves.measure(service, wish.pace, report)
    if "decisions" in wish.parts:
        with store.fresh() as settings:
            asked = decisions.prepare(settings)
            with Service(store.name, settings) as service:
                decisions.measure(service, asked, wish.pace, report)
    if "doors" in wish.parts:
        with store.fresh() as settings:
            doors.prepare(settings)
            with Service(store.name, settings) as service:
                doors.measure(service, wish.pace, report)
    if "jobs" in wish.parts:
        jobs.measure(store, wish.pace, report)
    if "watchers" in wish.parts:
        with store.fresh() as settings, Service(store.name, settings) as service:
            watchers.measure(service, store, report, quick=wish.quick)
    if "visit" in wish.parts and store.name == "sqlite":
        with store.fresh() as settings, Service(store.name, settings) as service:
            visit.measure(service, report)
    if "growth" in wish.parts:
        growth.measure(store, report, quick=wish.quick)


def main() -> int:
    """Return the exit code."""
    wish, databases = wanted()
    report = Report()
    report.note(client="wrk" if wrk() else "python: wrk is missing", quick=wish.quick)
    for database in databases:
        try:
            with store_of(database) as store:
                measure(store, wish, report)
        except RuntimeError as error:
            report.skip("all", str(error), database=database)
            if database == "sqlite":
                return 1
    for missed in report.missed:
        print(f"below its bound: {missed}", file=sys.stderr)
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
