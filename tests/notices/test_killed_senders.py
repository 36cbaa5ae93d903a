"""Those who send mails are killed with -9 over a server that fails, and every mail arrives where it should, or nowhere."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import START
from tests.initiatives.stories import idea
from tests.notices.conftest import text_of
from tests.notices.gang import set_to_work
from tests.notices.server import FAULTS, serving
from tests.notices.test_sending import crowd, states
from tests.promises import full
from tracker.db import db, writing
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail
from tracker.notices.telling import Told, tell
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person


@pytest.mark.both
def test_killed_over_a_failing_server_they_send_everything_to_whom_it_is_for_and_nothing_else(
    app: Flask, present: SimpleNamespace, tmp_path: Path, promise: Any, database_kind: str
) -> None:
    """One thing in seven is rolled back, one reader has left meanwhile, and nothing of either arrives.

    Planted: a Message-ID drawn anew at each try.
    """
    cast, lot = present, random.Random(5)
    count, workers, kills = full(40, 1_000), full(2, 6), full(3, 40)
    people = crowd(cast, count // 10)
    wanted: dict[str, set[str]] = defaultdict(set)
    ideas = [idea(cast, START, f"Work {n}") for n in range(count)]
    for n, one in enumerate(ideas):
        reader = people[n % len(people)]
        notice = Told(Tell.mention, [reader.id], "initiative", one.id, cast.manager.id)
        try:
            with writing():
                tell([notice], now=START)
                if n % 7 == 3:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            continue
        wanted[reader.email].add(f"Work {n}")
    with writing():
        gone = db.session.get_one(Person, people[0].id, populate_existing=True)
        end_access(gone, by=cast.admin, now=START)
    left = len(wanted.pop(people[0].email))
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    db.engine.dispose()
    with serving(lambda _n, _to: lot.choice((*FAULTS, "", "", "", "", ""))) as server:
        seen = set_to_work(url, tmp_path, workers, kills, f"smtp://127.0.0.1:{server.port}")
    got: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[str]] = defaultdict(set)
    for to, mail in server.taken:
        title = f"Work {text_of(mail).partition('Work ')[2].split(chr(0x2069))[0]}"
        got[to].add(title)
        numbers[title].add(mail["Message-ID"])
    assert got == wanted
    assert all(len(each) == 1 for each in numbers.values()), "one thing under two numbers"
    assert Counter(states()) == {"sent": sum(map(len, wanted.values())), "dropped": left}
    refs = set(db.session.scalars(select(Mail.ref)))
    assert {
        number.partition("@")[0].strip("<") for each in numbers.values() for number in each
    } <= refs
    repeats = len(server.taken) - len(numbers)
    promise(
        "notices arrive though their senders are killed", tried=count, database=database_kind, missing=0,
        misdirected=0, after_access_ended=0, rolled_back=0, repeats_with_the_same_number=repeats,
        faults=server.faults.total(), workers=workers, **seen,
    )  # fmt: skip
