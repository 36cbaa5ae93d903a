"""Sign-ins: people of the company type their password, which is hashed as everywhere (argon2id with 46 MB).

The yardstick is that hash alone, looked at in the same process by as many clients at once: what a sign-in needs beside it (the
counts of tries, the row of the session, the cookie) is what could be made slower unnoticed.
"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlencode

from sqlalchemy import update

from tests.bench.asking import Line
from tests.bench.client import Shot
from tests.bench.company import MEMBERS
from tests.bench.figures import Report
from tests.bench.moves import Tally
from tests.bench.rounds import Pace, Shooter, compare
from tests.bench.service import Service
from tracker import create_app
from tracker.config import settings_from_environment
from tracker.db import db, writing
from tracker.organisation import passwords
from tracker.organisation.people import Person

BROWSERS = 8
PASSWORD = "a kettle behind four quiet harbours"
HASH = "/_b/hash"  # where the yardstick looks at one


def prepare(settings: dict[str, str]) -> None:
    """Let every member have the password."""
    app = create_app(settings_from_environment(settings))
    with app.app_context():
        kept = passwords.hashed(PASSWORD)
        with writing() as session:
            session.execute(update(Person).where(Person.id.in_(MEMBERS)).values(password_hash=kept))
        db.session.remove()
        db.engine.dispose()


def measure(service: Service, pace: Pace, report: Report) -> None:
    """Report what share of the hashes alone the sign-ins reach, how many these are, and what failed."""
    tallies = {"sign-in": Tally(), "hash": Tally()}
    spent = dict.fromkeys(tallies, 0.0)

    def shooter(name: str) -> Shooter:
        def shoot(seconds: int) -> Shot:
            found = asyncio.run(_pressed(service, name, seconds))
            tallies[name].add(found)
            spent[name] += seconds
            return Shot(found.done / seconds, ", ".join(sorted(found.faults)))

        return shoot

    on = {"database": service.database}
    compare(
        {name: shooter(name) for name in tallies}, {"a sign-in / argon2 alone": ("sign-in", "hash")}, pace, report, **on
    )  # fmt: skip
    rates = {name: tally.done / spent[name] for name, tally in tallies.items()}
    done = tallies["sign-in"]
    report.say("sign-ins a second", rates["sign-in"], hashes=round(rates["hash"], 1), sign_ins=done.done, **on)  # fmt: skip
    report.say("sign-ins failed", done.failed, faults=sorted(done.faults), **on)


async def _pressed(service: Service, name: str, seconds: float) -> Tally:
    """Let eight browsers sign in, each as people of its own, or look at hashes, as fast as they can."""
    tally, until = Tally(), time.perf_counter() + seconds

    async def browser(mine: range) -> None:
        line = await Line(service.port).open()
        while True:
            for person in mine:
                if time.perf_counter() >= until:
                    line.close()
                    return
                await _once(line, service, None if name == "hash" else person, tally)

    await asyncio.gather(*(browser(MEMBERS[n::BROWSERS]) for n in range(BROWSERS)))
    return tally


async def _once(line: Line, service: Service, person: int | None, tally: Tally) -> None:
    if person is None:
        answer = await line.ask(HASH, {})
        right = answer.status == 200
    else:
        fields = {
            "csrf_token": service.token(), "email": f"person{person}@example.org", "password": PASSWORD, "next": "",
        }  # fmt: skip
        cookie = {"Cookie": service.stranger()}
        answer = await line.ask("/sign-in", cookie, method="POST", body=urlencode(fields).encode())
        right = answer.status == 303 and "/sign-in" not in answer.headers.get("location", "")
    if right:
        tally.done += 1
    else:
        tally.failed += 1
        tally.faults.add(f"{answer.status}")
