"""Killed with -9 while four people write: what was acknowledged is there, and nothing is half done.

Planted faults seen red: an answer before its commit; events in a transaction of their own, after that of the change.
"""

from __future__ import annotations

import contextlib
import http.client
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.durability.judging import judged, resend
from tests.durability.store import Store
from tests.durability.whole import chain
from tests.durability.writers import Crew
from tests.live import Server, children
from tests.promises import full

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="process groups are those of Linux")
READY = 3.0  # seconds from the start to the first answer of /health/ready
BEFORE_ANEW = 40  # kills that one company goes through
KILLS = {"sqlite": 2, "postgresql": 1}
MOST = 60  # forms that are acknowledged before a kill, and then up to a tenth of a second


def started(server: Server) -> float:
    """Start `server`, and return after how many seconds it said that it is ready.

    What its processes waited for a core that others had (the kernel's schedstat) is left out: the machine may have other work.
    """
    began = time.monotonic()
    server.start()
    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    ) as line:
        line.request("GET", "/health/ready")
        assert line.getresponse().status == 200
    took = time.monotonic() - began
    for pid in (server.process.pid, *children(server.process.pid)):
        with contextlib.suppress(OSError):
            took -= int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return took


@pytest.fixture
def at_the_end() -> Iterator[contextlib.ExitStack]:
    """What is done when the test is over, however it ends."""
    with contextlib.ExitStack() as stack:
        yield stack


def test_what_was_acknowledged_outlives_a_kill_and_nothing_is_half_done(
    kind: str,
    opened: Callable[[str], Store],
    at_the_end: contextlib.ExitStack,
    promise: Callable[..., None],
) -> None:
    seed = secrets.randbits(32)
    chance, kills = random.Random(seed), full(KILLS[kind], 200)
    sums: Counter[str] = Counter()
    clean: list[float] = []
    waits: list[float] = []
    for first in range(0, kills, BEFORE_ANEW):
        store = opened(f"kills{first}").found()
        server = Server(store.folder, store.environment)
        at_the_end.callback(server.kill)
        clean.append(started(server))
        for turn in range(min(BEFORE_ANEW, kills - first)):
            told = f"kill {first + turn + 1} of seed {seed}"
            with store.looking():
                since = chain().count
            crew = Crew(server.port, store.world, store.settings["SECRET_KEY"], chance.randrange(2**32)).begin()  # fmt: skip
            crew.wait(chance.randrange(MOST), chance.uniform(0, 0.1))
            server.kill()
            ledger = crew.end()
            waits.append(started(server))
            wrong, became = judged(store, since, ledger)
            assert wrong == [], told
            unknown = [form for form in ledger if form.status is None]
            resend(crew, unknown)
            wrong, _became = judged(store, since, ledger)
            assert wrong == [], f"{told}, sent again"
            sums["acknowledged"] += sum(form.acknowledged for form in ledger)
            sums["unanswered"] += len(unknown)
            sums["unanswered but done"] += became["whole"]
            sums.update(f"of {form.kind}" for form in ledger if form.acknowledged)
        server.stop()
    assert sums["acknowledged"] + sums["unanswered"] > kills
    assert max(waits) < max(READY, 2 * max(clean)), f"ready after {waits} s, clean starts {clean}"
    promise(
        "killed under four writers, nothing acknowledged is lost or half done, and the chain is whole",
        tried=kills, database=kind, lost=0, half_done=0, ready_s=f"{sorted(waits)[len(waits) // 2]:.1f} to {max(waits):.1f}",
        **{name.replace(" ", "_"): count for name, count in sums.items() if not name.startswith("of ")},
    )  # fmt: skip
