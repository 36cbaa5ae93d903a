"""Moves: a sponsor puts a card on hold and resumes it, each a form that is sent, an event that is sealed, counts that are kept.

No two moves at once are about the same card. "Saturated" is eight browsers that send the next form as soon as they have
an answer. How many are done in a second says as much about the machine as about the application, so the same browsers
send a form written plainly (bare.py) in turn with it, and the bound is the share of those. "Offered" sends one at a
steady pace and counts the time from when it was due; the pace is 100 a second on a machine where the bare form is sent as
often as on the one on which the bounds were found, and on another as much less as the bare form is slower there.
"""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.bench import bare
from tests.bench.asking import Line
from tests.bench.client import Shot
from tests.bench.figures import Report
from tests.bench.portfolio import OPEN_STAGES, sponsor_of, stage_of
from tests.bench.rounds import Pace, Shooter, compare
from tests.bench.service import Service
from tests.bench.work import INITIATIVES

BROWSERS = 8
OFFERED = 100  # a second, where the bare form is sent BARE times a second
BARE = {"sqlite": 543, "postgresql": 447}  # a second, where the bounds were found
LINES = 24  # connections that the offered moves are spread over


@dataclass
class Card:
    """One card and its sponsor's session."""

    ref: str
    cookie: str
    held: bool = False

    @property
    def address(self) -> str:
        """Where its next form is sent."""
        return f"/initiatives/{self.ref}/{'resumption' if self.held else 'hold'}"

    @property
    def fields(self) -> dict[str, str]:
        """What its next form says."""
        return {"words": "It waits for the supplier."}

    def turn(self) -> None:
        """Know that its form was taken."""
        self.held = not self.held


class Bare(Card):
    """One thing of the yardstick."""

    @property
    def address(self) -> str:
        return f"{bare.PREFIX}/{self.ref}"


@dataclass
class Tally:
    """What became of the moves."""

    done: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)

    def add(self, more: Tally) -> None:
        """Count what another shot brought."""
        self.done += more.done
        self.failed += more.failed
        self.seconds += more.seconds
        self.faults |= more.faults


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


def things(service: Service) -> list[Card]:
    """Return everything of the yardstick."""
    return [Bare(str(n), service.cookie(bare.visitor_of(n))) for n in range(1, bare.CARDS + 1)]


def measure(service: Service, pace: Pace, report: Report) -> None:
    """Report what share of the bare form a move reaches, how many that is, and how long one takes at a steady pace."""
    weigh("move", cards(service), service, pace, report, offer=OFFERED)


def weigh(what: str, mine: Sequence[Any], service: Service, pace: Pace, report: Report, *, offer: float) -> None:  # fmt: skip
    """Send `mine` in turn with the bare form, and then at a steady pace: `offer` a second where the bare form is as fast as
    where the bounds were measured. Report figures of each `what`."""
    token, on = service.token(), {"database": service.database}
    tallies = {what: Tally(), "bare": Tally()}
    spent = dict.fromkeys(tallies, 0.0)

    def shooter(name: str, every: Sequence[Any]) -> Shooter:
        def shoot(seconds: int) -> Shot:
            found = asyncio.run(saturated(service.port, every, token, seconds))
            tallies[name].add(found)
            spent[name] += seconds
            return Shot(found.done / seconds, ", ".join(sorted(found.faults)))

        return shoot

    shooters = {what: shooter(what, mine), "bare": shooter("bare", things(service))}
    figure = f"a {what} / the bare form"
    compare(
        shooters, {figure: (what, "bare")}, pace, report, bounds={figure: f"{figure}, {service.database}"}, **on
    )  # fmt: skip
    done, many = tallies[what], f"{what}s"
    rates = {name: tally.done / spent[name] for name, tally in tallies.items()}
    report.say(
        f"{many} a second", rates[what], bare_forms=round(rates["bare"], 1), median_ms=_ms(statistics.median(done.seconds or [0])),
        p99_ms=_ms(percentile(done.seconds, 0.99)), **{many: done.done}, **on,
    )  # fmt: skip
    rate = offer * rates["bare"] / BARE[service.database]
    calm = asyncio.run(offered(service.port, mine[::-1], token, rate, pace.rounds * pace.seconds))
    report.say(
        f"p99 of a {what} at a steady pace", _ms(percentile(calm.seconds, 0.99)), unit="ms", offered=round(rate, 1),
        median_ms=_ms(statistics.median(calm.seconds or [0])), **{many: calm.done}, **on,
    )  # fmt: skip
    faults = sorted(done.faults | calm.faults)
    report.say(f"{many} failed", done.failed + calm.failed, faults=faults, **on)


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


async def offered(port: int, every: list[Card], token: str, rate: float, seconds: float) -> Tally:
    """Ask for `rate` moves a second, whether or not those before are done."""
    tally, due = Tally(), asyncio.Queue()
    lines = [await Line(port).open() for _ in range(LINES)]

    async def worker(line: Line) -> None:
        while (job := await due.get()) is not None:
            await move(line, job[0], token, tally, job[1])
        line.close()

    workers = [asyncio.create_task(worker(line)) for line in lines]
    began = time.perf_counter() + 0.1
    for n in range(int(seconds * rate)):
        when = began + n / rate
        await asyncio.sleep(max(0.0, when - time.perf_counter()))
        due.put_nowait((every[n % len(every)], when))
    for _ in workers:
        due.put_nowait(None)
    await asyncio.gather(*workers)
    return tally


async def move(line: Line, card: Card, token: str, tally: Tally, began: float) -> None:
    """Turn a card over: hold or resume it. Anything but the redirect to where it is shown has failed."""
    fields = {"csrf_token": token, "once": secrets.token_urlsafe(12), **card.fields}
    address = card.address
    answer = await line.ask(
        address, {"Cookie": card.cookie}, method="POST", body=urlencode(fields).encode()
    )
    if answer.status == 303 and "/sign-in" not in answer.headers.get("location", ""):
        tally.done += 1
        tally.seconds.append(time.perf_counter() - began)
        card.turn()
    else:
        tally.failed += 1
        tally.faults.add(f"{answer.status} to {address.rpartition('/')[2]}")


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of all do not exceed; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
