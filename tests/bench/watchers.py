"""Five hundred people look at twenty boards: what it costs while nothing happens, and how soon they see what does.

It is measured once everybody has a board before them. A change is seen when the card that was changed stands in an answer as
it is by then; who has not seen it when all is over has lost it. Beside the cost stands what the same people would cost if
every answer were empty, and beside the delay how late this process itself was, for both share the machine.
"""

from __future__ import annotations

import asyncio
import math
import random
import re
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.bench.asking import Line
from tests.bench.company import BOARDS, EXECUTIVES, MANAGER, MEMBERS, slug
from tests.bench.figures import Report
from tests.bench.moves import percentile
from tests.bench.portfolio import ON_A_BOARD, sponsor_of
from tests.bench.service import Service, cpu_seconds
from tests.bench.stores import Postgresql, Sqlite
from tracker import paths

WATCHERS, WATCHED = 500, BOARDS[1:]
ARRIVE = 2.0  # seconds over which they come
BEAT = 0.02  # seconds between two looks at how late this process is
EMPTY = "/_b/empty"
SCRIPT = (paths.STATIC / "js" / "everywhere" / "follow.js").read_text("utf-8")
EVERY, SPREAD = (  # seconds between two polls, as a browser waits
    int(re.findall(rf"^const {name} = (\d+);", SCRIPT, re.MULTILINE)[0]) / 1000
    for name in ("EVERY", "SPREAD")
)
PATIENCE = 2.5  # seconds within which a change must be seen


@dataclass
class Change:
    """One change: when it was sent, how its card is told from what it was, and who has not seen it yet."""

    at: float
    looks: bytes
    took: float = 0.0  # seconds until whoever made it had an answer
    waiting: set[int] = field(default_factory=set)


@dataclass
class Scene:
    """Everything the watchers and the one who moves cards know together."""

    port: int
    until: float = math.inf
    here: int = 0  # of the watchers
    all_here: asyncio.Event = field(default_factory=asyncio.Event)
    polls: int = 0
    counted: int = 0  # of the polls, while the time on a core was taken
    fresh: int = 0
    unmarked: int = 0
    faults: set[str] = field(default_factory=set)
    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    seen: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # seconds by which this process was behind
    spent: float = 0.0  # seconds of a core
    took: float = 0.0

    @property
    def share(self) -> float:
        """Percent of a core."""
        return 100 * self.spent / self.took

    @property
    def told(self) -> dict[str, Any]:
        """What is said beside every figure."""
        return {
            "polls": self.counted,
            "news": self.fresh,
            "unmarked": self.unmarked,
            "microseconds_a_poll": round(1e6 * self.spent / max(self.counted, 1)),
            "client_late": round(percentile(self.late, 0.99), 3),
            "faults": sorted(self.faults),
        }


def measure(service: Service, store: Sqlite | Postgresql, report: Report, *, quick: bool) -> None:
    """Report the share of a core that idle watchers cost, and how soon a change reaches those who look at its board."""
    seconds = 8 if quick else 30
    people = [MANAGER, *EXECUTIVES, *MEMBERS]
    cookies = [service.cookie(people[n % len(people)]) for n in range(WATCHERS)]
    pids = [*service.processes, *store.processes()]
    on = {"database": service.database}

    def scene(**more: Any) -> Scene:
        return asyncio.run(_scene(service, cookies, pids, seconds, **more))

    idle, empty = scene(), scene(path=EMPTY)
    report.say(
        "watchers, idle", idle.share, unit="% of a core", watchers=WATCHERS, **idle.told, **on
    )
    report.say("watchers, all answers empty", empty.share, unit="% of a core", **empty.told, **on)
    report.say("watchers, idle / empty", idle.share / empty.share, **on)
    busy = scene(changing=True)
    changes = [change for each in busy.changes.values() for change in each]
    lost = sum(len(change.waiting) for change in changes)
    answered = sorted(change.took for change in changes)
    report.say(
        "watchers, a change is seen", max(busy.seen, default=0.0), unit="s", seen=len(busy.seen),
        median=percentile(busy.seen, 0.5), p99=percentile(busy.seen, 0.99),
        answered_median=percentile(answered, 0.5), answered_last=answered[-1], cpu_percent=round(busy.share, 1), **busy.told, **on,
    )  # fmt: skip
    report.say("watchers, changes lost", lost + len(busy.faults), changes=len(changes), **on)


async def _scene(
    service: Service, cookies: list[str], pids: list[int], seconds: float, *, changing: bool = False, path: str = ""
) -> Scene:  # fmt: skip
    """Let everybody come, look for `seconds`, at `path` if it is given, and return what happened and what it took."""
    scene, boards = Scene(service.port), [slug(name) for name in WATCHED]
    watching = [
        asyncio.create_task(_watch(scene, n, boards[n % len(boards)], cookies[n], path))
        for n in range(WATCHERS)
    ]
    arrived = asyncio.create_task(scene.all_here.wait())
    await asyncio.wait(
        [arrived, *watching], return_when=asyncio.FIRST_COMPLETED
    )  # one that fails is done
    await asyncio.sleep(EVERY + SPREAD)
    scene.polls = scene.fresh = 0
    before, began = cpu_seconds(pids), time.perf_counter()
    beating = asyncio.create_task(_beat(scene))
    if changing:
        await _change(scene, service, boards, seconds)
    else:
        await asyncio.sleep(seconds)
    scene.counted = scene.polls
    scene.spent, scene.took = cpu_seconds(pids) - before, time.perf_counter() - began
    scene.until = time.perf_counter() + (2 * PATIENCE if changing else 0)
    await asyncio.gather(*watching)
    await beating
    return scene


async def _beat(scene: Scene) -> None:
    """Note how much later than asked this process goes on."""
    while time.perf_counter() < scene.until:
        due = time.perf_counter() + BEAT
        await asyncio.sleep(BEAT)
        scene.late.append(time.perf_counter() - due)


async def _watch(scene: Scene, number: int, board: str, cookie: str, path: str) -> None:
    """Poll one board as a browser does, with the mark of what is on the screen."""
    await asyncio.sleep(ARRIVE * number / WATCHERS)
    line, mark, path = await Line(scene.port).open(), "", path or f"/boards/{board}/cells"
    while time.perf_counter() < scene.until:
        headers = {
            "Cookie": cookie,
            "If-None-Match": mark,
            "HX-Request": "true",
            "Accept-Encoding": "identity",
        }
        answer = await line.ask(path, headers)
        scene.polls += 1
        if not mark:
            mark = "none"
            scene.here += 1
            if scene.here == WATCHERS:
                scene.all_here.set()
        if answer.status == 200:
            scene.fresh += 1
            mark = answer.headers.get("etag", "none")
            # Without a mark it was drawn by the long road, and the next poll asks for all of it.
            scene.unmarked += mark == "none"
            _note(scene, number, board, answer.body)
        elif answer.status != 304:
            scene.faults.add(f"{answer.status} to a poll")
        await asyncio.sleep(EVERY + random.random() * SPREAD)
    line.close()


def _note(scene: Scene, number: int, board: str, body: bytes) -> None:
    for change in scene.changes[board]:
        if number in change.waiting and change.looks in body:
            change.waiting.discard(number)
            scene.seen.append(time.perf_counter() - change.at)


async def _change(scene: Scene, service: Service, boards: list[str], seconds: float) -> None:
    """Put one card a second on hold, on one board after the other."""
    line, token = await Line(scene.port).open(), service.token()
    began = time.perf_counter()
    for step in range(int(seconds)):
        await asyncio.sleep(max(0.0, began + step - time.perf_counter()))
        place = step % len(boards)
        n = (place + 1) * ON_A_BOARD + 1 + step // len(boards)  # an open card of that board's theme
        fields = {
            "csrf_token": token,
            "once": secrets.token_urlsafe(12),
            "words": "It waits for the supplier.",
        }
        headers = {"Cookie": service.cookie(sponsor_of(n) or 0)}
        watchers = {number for number in range(WATCHERS) if number % len(boards) == place}
        looks = f'<article class="card held" id="card-CX-{n + 1}"'.encode()
        change = Change(time.perf_counter(), looks, waiting=watchers)
        scene.changes[boards[place]].append(change)
        address = f"/initiatives/CX-{n + 1}/hold"
        answer = await line.ask(address, headers, method="POST", body=urlencode(fields).encode())
        change.took = time.perf_counter() - change.at
        if answer.status != 303:
            scene.faults.add(f"{answer.status} to the change of CX-{n + 1}")
    line.close()
