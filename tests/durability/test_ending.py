"""Asked to end, the server answers what it has begun; nobody's form is lost between two versions of the program.

Planted fault seen red: a worker that has one second to finish.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from tests.durability.forms import GONE, Browser, Sent
from tests.durability.store import sqlite
from tests.durability.whole import faults
from tests.live import Server
from tests.promises import full

ROWS = 1500  # of a file whose reading and checking takes a good while
AT_ONCE = 4


def test_what_is_under_way_is_answered_before_the_server_ends(
    tmp_path: Path, promise: Callable[..., None]
) -> None:
    store, answered, tried = sqlite(tmp_path).found(), 0, full(1, 10)
    file = "\n".join(["id,name,unit", *(f"P{n},Shorter waits {n},CARE" for n in range(ROWS))])
    for _time in range(tried):
        with Server(tmp_path, store.environment) as server:
            forms = [Sent("bring", "", "/import", {"what": "initiatives"}, file=file.encode()) for _ in range(AT_ONCE)]  # fmt: skip
            browsers = [Browser(server.port, store.world.manager, store.settings["SECRET_KEY"]) for _ in forms]  # fmt: skip
            for browser in browsers:
                assert browser.get("/import")[0] == 200
            threads = [
                threading.Thread(target=sent, args=pair)
                for pair in zip(browsers, forms, strict=True)
            ]
            for thread in threads:
                thread.start()
            threads[0].join(0.1)
            under_way = [form for form in forms if form.status is None]
            server.process.send_signal(signal.SIGTERM)
            for thread, browser in zip(threads, browsers, strict=True):
                thread.join(30)
                browser.close()
            assert server.process.wait(20) == 0
        assert under_way
        assert [form.acknowledged for form in under_way] == [True] * len(under_way)
        answered += len(under_way)
    with store.looking():
        assert faults() == []
    promise("asked to end, the server answers what is under way", tried=tried, database="sqlite", answered=answered, cut=0)  # fmt: skip


def sent(browser: Browser, form: Sent) -> None:
    try:
        browser.send(form)
    except GONE:
        form.status = 0
