"""Moves: a sponsor puts a card on hold and resumes it, each a form that is sent, an event that is sealed, counts that are kept.

No two moves at once are about the same card. "Saturated" is eight browsers that send the next form as soon as they have
an answer; "offered" sends one every hundredth of a second and counts the time from when it was due.
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.asking import Line
from tests.bench.figures import Report
from tests.bench.portfolio import OPEN_STAGES, sponsor_of, stage_of
from tests.bench.service import Service
from tests.bench.work import INITIATIVES

BROWSERS = 8
OFFERED = 100  # a second
LINES = 24  # connections that the offered moves are spread over


@dataclass
class Card:
    """One card and its sponsor's session."""

    ref: str
    cookie: str
    held: bool = False


@dataclass
class Tally:
    """What became of the moves."""

    done: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)


def cards(service: Service) -> list[Card]:
    """Return every card that its sponsor may put on hold."""
    cookies: dict[int, str] = {}
    found = []
    for n in range(INITIATIVES):
        sponsor = sponsor_of(n)
        if sponsor and stage_of(n) in OPEN_STAGES:
            cookie = cookies.setdefault(sponsor, service.cookie(sponsor))
            found.append(Card(f"CX-{n + 1}", cookie))
    return found


def measure(service: Service, report: Report, *, quick: bool) -> None:
    """Report how many moves a second are done at most, and how long one takes when 100 a second are asked for."""
    seconds = 4 if quick else 20
    every = cards(service)
    token = service.token()
    asyncio.run(saturated(service.port, every, token, 1))
    full = asyncio.run(saturated(service.port, every, token, seconds))
    calm = asyncio.run(offered(service.port, every, token, seconds))
    on = {"database": service.database}
    faults = sorted(full.faults | calm.faults)
    report.say(
        "moves a second", full.done / seconds, bound=f"moves a second, {service.database}", moves=full.done,
        median_ms=_ms(statistics.median(full.seconds or [0])), p99_ms=_ms(percentile(full.seconds, 0.99)), **on,
    )  # fmt: skip
    report.say(
        "p99 of a move at 100 a second", _ms(percentile(calm.seconds, 0.99)), unit="ms", moves=calm.done,
        median_ms=_ms(statistics.median(calm.seconds or [0])), **on,
    )  # fmt: skip
    report.say("moves failed", full.failed + calm.failed, faults=faults, **on)


async def saturated(port: int, every: list[Card], token: str, seconds: float) -> Tally:
    """Let eight browsers move their own cards as fast as they can."""
    tally, until = Tally(), time.perf_counter() + seconds

    async def browser(mine: list[Card]) -> None:
        line = await Line(port).open()
        while True:
            for card in mine:
                began = time.perf_counter()
                if began >= until:
                    line.close()
                    return
                await move(line, card, token, tally, began)

    await asyncio.gather(*(browser(every[n::BROWSERS]) for n in range(BROWSERS)))
    return tally


async def offered(port: int, every: list[Card], token: str, seconds: float) -> Tally:
    """Ask for 100 moves a second, whether or not those before are done."""
    tally, due = Tally(), asyncio.Queue()
    lines = [await Line(port).open() for _ in range(LINES)]

    async def worker(line: Line) -> None:
        while (job := await due.get()) is not None:
            await move(line, job[0], token, tally, job[1])
        line.close()

    workers = [asyncio.create_task(worker(line)) for line in lines]
    began = time.perf_counter() + 0.1
    for n in range(int(seconds * OFFERED)):
        when = began + n / OFFERED
        await asyncio.sleep(max(0.0, when - time.perf_counter()))
        due.put_nowait((every[n % len(every)], when))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)
    return tally


async def move(line: Line, card: Card, token: str, tally: Tally, began: float) -> None:
    """Turn a card over: hold or resume it. Anything but the redirect to where it is shown has failed."""
    verb = "resumption" if card.held else "hold"
    fields = {
        "csrf_token": token,
        "once": secrets.token_urlsafe(12),
        "words": "It waits for the supplier.",
    }
    answer = await line.ask(
        f"/initiatives/{card.ref}/{verb}", {"Cookie": card.cookie}, method="POST", body=urlencode(fields).encode()
    )  # fmt: skip
    if answer.status == 303 and "/sign-in" not in answer.headers.get("location", ""):
        tally.done += 1
        tally.seconds.append(time.perf_counter() - began)
        card.held = not card.held
    else:
        tally.failed += 1
        tally.faults.add(f"{answer.status} to {verb}")


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of all do not exceed; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
