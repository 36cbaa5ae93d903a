"""The shipped server and a mail server that is away: what was to be mailed waits, and arrives once it is back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, update

from tests.durability.store import Store
from tests.live import Server, free_port
from tests.notices.server import serving
from tracker.clock import now
from tracker.db import Model, db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.jobs import Job, JobState
from tracker.notices.models import Mail
from tracker.organisation.people import Person, Role

READERS, NOTICES, PATIENCE = 8, 50, 90  # the last in seconds
LANGUAGES = ("en", "zh_Hans", "zh_Hant", "fa")


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)
def test_fifty_notices_wait_for_the_mail_server_and_each_arrives_once_in_its_readers_language(
    opened: Callable[[str], Store], promise: Callable[..., None], kind: str
) -> None:
    """Planted: what could not be sent is given up at once; the language of the organisation for everybody."""
    store, port = opened("mails").found(), free_port()
    smtp = {"TRACKER_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    with Server(store.folder, {**store.environment, **smtp}):
        readers = ask_fifty_times(store)
        until(lambda: tries(store) > 0, "nothing was tried while the mail server was away")
        with serving(port=port) as post:
            until(lambda: nothing_waits(store), "there is still something that waits")
    arrived = [(to, mail) for to, mail in post.taken if to in readers]
    assert len(arrived) == len({mail["Message-ID"] for _to, mail in arrived}) == NOTICES
    assert Counter(to for to, _mail in arrived) == {
        email: len(range(n, NOTICES, READERS)) for n, email in enumerate(readers)
    }
    for to, mail in arrived:
        assert mail["Content-Language"] == readers[to].replace("_", "-")
    promise("notices wait for the mail server, and arrive once", tried=NOTICES, database=kind)


def ask_fifty_times(store: Store) -> dict[str, str]:
    """Ask executives who read in four languages to sponsor; return their addresses with their languages."""
    cast, readers = store.world, {}
    with store.looking():
        db.session.add_all(one for one in vars(cast).values() if isinstance(one, Model))
        people = []
        for n in range(READERS):
            with writing():
                email, language = f"reader{n}@example.org", LANGUAGES[n % 4]
                one = Person.add(
                    email=email, name=f"Reader {n}", role=Role.executive, by=None, now=now()
                )
                one.prefer(language=language)
            people.append(one)
            readers[email] = language
        for n in range(NOTICES):
            with writing():
                made = Initiative.create(
                    title=f"Number {n}", lead_unit_id=cast.care.id, by=cast.manager, now=now(), lead=cast.lead
                )  # fmt: skip
                made.propose_sponsor(people[n % READERS], by=cast.manager, now=now())
    return readers


def tries(store: Store) -> int:
    with store.looking():
        return db.session.scalar(select(func.max(Mail.tries))) or 0


def nothing_waits(store: Store) -> bool:
    """Say whether all is sent; what waits for its next try waits no longer."""
    with store.looking():
        with writing():
            waiting = update(Job).where(Job.state == JobState.waiting, Job.due_at > now())
            db.session.execute(waiting.values(due_at=now()))
        return db.session.scalar(select(func.count(Job.id))) == 0


def until(asked: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not asked():
        assert time.monotonic() < end, otherwise
        time.sleep(0.3)
