"""What it costs a partner's contact to say how far an action is, when there is 10 or 100 times as much.

Each call is a form that was opened before, sent in this process: an event, its seal, the commit. They leave their events
in the data that are kept.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.bench import tasks
from tests.bench.company import PARTNERS
from tests.bench.figures import Report
from tests.bench.stores import SIZES
from tracker.actions.states import State

FIELD = re.compile(rb'<input type="hidden" name="([a-z_]+)" value="([^"]*)">')


def measure(sites: Sequence[Any], who: int, report: Report, calls: int, database: str) -> None:
    """Report how the cost of an update changes with the amount of data; `who` is a contact of the first partner."""
    address = f"/actions/a{_one() + 1:011d}/progress"
    times: dict[int, list[float]] = defaultdict(list)
    for number in range(calls + 5):
        for site in sites if number % 2 == 0 else reversed(sites):
            form = _form(site, address, who)
            began = time.perf_counter()
            status, _body = site.ask(
                address, who, form | {"progress": str(number % 90), "words": "A little more"}
            )
            took = time.perf_counter() - began
            if status != 303:
                raise RuntimeError(f"An update answers {status} at {SIZES[site.scale]}.")
            if number >= 5:
                times[site.scale].append(took)
    base = statistics.median(times[1])
    for scale in [scale for scale in times if scale > 1]:
        middle = statistics.median(times[scale])
        report.say(
            f"growth {SIZES[scale]}", middle / base, page="action update", database=database,
            ms=[round(base * 1000, 2), round(middle * 1000, 2)],
        )  # fmt: skip


def _one() -> int:
    """Return the first action that the first partner works on."""
    mine = (n for n in count() if tasks._doer(n)["partner_id"] == PARTNERS[0])
    return next(n for n in mine if tasks._state(n) == State.in_progress)


def _form(site: Any, address: str, who: int) -> dict[str, str]:
    status, page = site.ask(address, who)
    if status != 200:
        raise RuntimeError(f"The form of an update answers {status} at {SIZES[site.scale]}.")
    form = page.partition(b'class="form"')[2]
    return {name.decode(): value.decode() for name, value in FIELD.findall(form)}
