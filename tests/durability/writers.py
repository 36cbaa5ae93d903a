"""Four people at work at once over HTTP, and the ledger of what each sent and what was acknowledged."""

from __future__ import annotations

import itertools
import random
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from tests import gates
from tests.durability.forms import GONE, Browser, Sent
from tracker.initiatives.keeping import title_key

Work = Iterator[tuple[Browser, Sent]]
ROWS = 40  # of the file that is imported again and again


class Crew:
    """The four writers of one server; `ledger` holds all that they sent, each form as soon as it leaves."""

    def __init__(self, port: int, world: SimpleNamespace, secret_key: str, seed: int) -> None:
        self.port, self.world, self.secret_key = port, world, secret_key
        self.random = random.Random(seed)
        self.ledger: list[Sent] = []
        self._browsers: list[Browser] = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(work,), daemon=True)
            for work in (self._manager, self._executive, self._lead, self._head)
        ]

    def begin(self) -> Crew:
        """Let them begin."""
        for thread in self._threads:
            thread.start()
        return self

    @property
    def acknowledged(self) -> int:
        """How many forms were acknowledged so far."""
        return sum(form.acknowledged for form in self.ledger)

    @property
    def refused(self) -> int:
        """How many forms were answered with 503 so far."""
        return sum(form.status == 503 for form in self.ledger)

    def wait(self, acknowledged: int, seconds: float) -> None:
        """Let them work until so many forms were acknowledged, and `seconds` more."""
        self.wait_for(lambda: self.acknowledged >= acknowledged)
        self._over.wait(seconds)

    def wait_for(self, seen: Callable[[], bool], patience: float = 40) -> None:
        """Let them work until `seen` says so. RuntimeError when that takes longer than `patience` seconds."""
        deadline = time.monotonic() + patience
        while not seen():
            if self._over.wait(0.005) or time.monotonic() > deadline:
                raise RuntimeError(f"It did not come to that: {self.ledger[-20:]}")

    def end(self) -> list[Sent]:
        """Wait until everybody has noticed that the server is gone, or has finished a form; return the ledger."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)
        if any(thread.is_alive() for thread in self._threads):
            raise RuntimeError("A writer hangs.")
        for browser in self._browsers:
            browser.close()
        return self.ledger

    def browser(self, name: str) -> Browser:
        """Return a new browser of somebody of the cast, which is closed at the end."""
        self._browsers.append(Browser(self.port, getattr(self.world, name), self.secret_key))
        return self._browsers[-1]

    def _write(self, work: Callable[[], Work]) -> None:
        try:
            for browser, form in work():
                if self._over.is_set():
                    return
                self.ledger.append(form)
                browser.send(form)
        except GONE:
            return

    def _manager(self) -> Work:
        """Bring a file of `ROWS` rows with other names each time, apply it, and begin an initiative in between."""
        browser, world = self.browser("manager"), self.world
        columns = {"column_ref": "id", "column_name": "name", "column_unit": "unit"}
        for turn in itertools.count():
            word = _word()
            rows = [f"P{n},{word} {n},CARE" for n in range(ROWS)]
            bring = Sent("bring", word, "/import", {"what": "initiatives"}, file="\n".join(["id,name,unit", *rows]).encode())  # fmt: skip
            yield browser, bring
            if bring.acknowledged:
                yield browser, Sent("import", word, f"{bring.location}/apply", columns)
            for _time in range(1 + turn % 3):
                word = _word()
                fields = {
                    "title": word, "words": word, "lead_unit": world.care.id, "sponsor": "", "known_title": title_key(word)
                }  # fmt: skip
                yield browser, Sent("create", word, "/initiatives/new", fields)

    def _executive(self) -> Work:
        """Hold and resume, step back and decide on what the lead asks, one initiative after the other."""
        browser, lead = self.browser("executive"), self.browser("lead")
        acts: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("held", "hold", {}),
            ("resumed", "resumption", {}),
            ("stepped_back", "stage/back", {"to": "designing"}),
        )
        for ref in itertools.cycle(self.world.refs[:3]):
            for kind, path, more in acts:
                word = _word()
                yield browser, Sent(kind, word, f"/initiatives/{ref}/{path}", {"words": word, **more})  # fmt: skip
            word = _word()
            asks = {**gates.SAYS, "question": word, "decide_by": _later(9), "to": "piloting"}
            yield lead, Sent("asked", word, f"/initiatives/{ref}/stage/request", asks)
            if there := re.search(r"/approvals/(\d+)", browser.get(f"/initiatives/{ref}/stage")[1]):
                yield browser, Sent("opened", there[1], f"{there[0]}/approval", {})

    def _lead(self) -> Work:
        """Edit texts, and raise blockers."""
        browser, world = self.browser("lead"), self.world
        for turn in itertools.count():
            ref, word = world.refs[3 + turn % 3], _word()
            fields = {"title": word, "cadence": "monthly", "version": browser.version(f"/initiatives/{ref}/edit")}  # fmt: skip
            yield browser, Sent("edit", word, f"/initiatives/{ref}/edit", fields)
            ref, word = world.refs[6 + turn % 3], _word()
            fields = {
                "title": word, "blocked_unit_id": world.care.id, "category": "data", "effect": "", "root_cause": "",
                "backstage": "", "needed_by": _later(9), "holder": f"u{world.it.id}", "outside": "",
            }  # fmt: skip
            yield browser, Sent("raise", word, f"/initiatives/{ref}/blockers/new", fields)

    def _head(self) -> Work:
        """Promise a day for what IT holds; a manager gives several initiatives another theme in between."""
        head, manager, world = self.browser("head"), self.browser("manager"), self.world
        ids = [int(ref.rpartition("-")[2]) for ref in world.refs[9:12]]
        for turn in itertools.count():
            path = f"/blockers/{world.blockers[12 + 2 * (turn % 6)]}/promise"
            day = _later(self.random.randrange(1, 300))
            yield head, Sent("promise", day, path, {"promised_on": day, "version": head.version(path)})  # fmt: skip
            word = _word()
            yield manager, Sent("bulk", word, "/initiatives/bulk/theme", {"ids": ids, "theme": word})  # fmt: skip


def _word() -> str:
    return f"w{secrets.token_hex(6)}"


def _later(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
