"""Five hundred people look at twenty boards: what it costs while nothing happens, and how soon they see what does."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.asking import Line
from tests.bench.company import BOARDS, EXECUTIVES, MANAGER, MEMBERS, slug
from tests.bench.figures import Report
from tests.bench.moves import percentile
from tests.bench.portfolio import ON_A_BOARD, sponsor_of
from tests.bench.service import Service, cpu_seconds
from tests.bench.stores import Postgresql, Sqlite

WATCHERS, WATCHED = 500, BOARDS[1:]
ARRIVE = 2.0  # seconds over which they come
EVERY, SPREAD = 1.5, 0.5  # as static/js/board.js polls
PATIENCE = 2.5  # seconds within which a change must be seen


@dataclass
class Change:
    """One change: when it was sent, and who has not seen it yet."""

    at: float
    waiting: set[int]


@dataclass
class Scene:
    """Everything the watchers and the one who moves cards know together."""

    port: int
    until: float = 0.0
    polls: int = 0
    fresh: int = 0
    faults: set[str] = field(default_factory=set)
    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    seen: list[float] = field(default_factory=list)


def measure(service: Service, store: Sqlite | Postgresql, report: Report, *, quick: bool) -> None:
    """Report the share of a core that idle watchers cost, and how soon a change reaches those who look at its board."""
    seconds = 8 if quick else 30
    people = [MANAGER, *EXECUTIVES, *MEMBERS]
    cookies = [service.cookie(people[n % len(people)]) for n in range(WATCHERS)]
    pids = [*service.processes, *store.processes()]
    on = {"database": service.database}
    idle = asyncio.run(_scene(service, cookies, pids, seconds, changing=False))
    scene, spent = idle
    report.say(
        "watchers, idle", 100 * spent / seconds, unit="% of a core", watchers=WATCHERS, polls=scene.polls,
        news=scene.fresh, faults=sorted(scene.faults), **on,
    )  # fmt: skip
    scene, spent = asyncio.run(_scene(service, cookies, pids, seconds, changing=True))
    lost = sum(len(change.waiting) for each in scene.changes.values() for change in each)
    report.say(
        "watchers, a change is seen", max(scene.seen, default=0.0), unit="s", seen=len(scene.seen),
        median=percentile(scene.seen, 0.5), cpu_percent=round(100 * spent / seconds, 1), **on,
    )  # fmt: skip
    report.say(
        "watchers, changes lost", lost + len(scene.faults), changes=sum(map(len, scene.changes.values())),
        faults=sorted(scene.faults), **on,
    )  # fmt: skip


async def _scene(
    service: Service, cookies: list[str], pids: list[int], seconds: float, *, changing: bool
) -> tuple[Scene, float]:
    """Let everybody come, look for `seconds`, and return what happened and the processor time it took."""
    scene, arrived = Scene(service.port), time.perf_counter() + ARRIVE + 2 * (EVERY + SPREAD)
    scene.until = arrived + seconds + (PATIENCE if changing else 0)
    boards = [slug(name) for name in WATCHED]
    watching = [
        asyncio.create_task(_watch(scene, n, boards[n % len(boards)], cookies[n]))
        for n in range(WATCHERS)
    ]
    await asyncio.sleep(arrived - time.perf_counter())
    scene.polls = scene.fresh = 0
    before = cpu_seconds(pids)
    if changing:
        await _change(scene, service, boards, seconds)
    else:
        await asyncio.sleep(seconds)
    spent = cpu_seconds(pids) - before
    await asyncio.gather(*watching)
    return scene, spent


async def _watch(scene: Scene, number: int, board: str, cookie: str) -> None:
    """Poll one board as a browser does, with the mark of what is on the screen."""
    await asyncio.sleep(ARRIVE * number / WATCHERS)
    line, mark, path = await Line(scene.port).open(), "", f"/boards/{board}/cells"
    while time.perf_counter() < scene.until:
        headers = {
            "Cookie": cookie,
            "If-None-Match": mark,
            "HX-Request": "true",
            "Accept-Encoding": "identity",
        }
        answer = await line.ask(path, headers)
        scene.polls += 1
        if answer.status == 200:
            scene.fresh += 1
            mark = answer.headers["etag"]
            _note(scene, number, board)
        elif answer.status != 304:
            scene.faults.add(f"{answer.status} to a poll")
        await asyncio.sleep(EVERY + random.random() * SPREAD)
    line.close()


def _note(scene: Scene, number: int, board: str) -> None:
    for change in scene.changes[board]:
        late = time.perf_counter() - change.at
        if number in change.waiting and late <= PATIENCE:
            change.waiting.discard(number)
            scene.seen.append(late)


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
        scene.changes[boards[place]].append(Change(time.perf_counter(), watchers))
        address = f"/initiatives/CX-{n + 1}/hold"
        answer = await line.ask(address, headers, method="POST", body=urlencode(fields).encode())
        if answer.status != 303:
            scene.faults.add(f"{answer.status} to the change of CX-{n + 1}")
    line.close()
