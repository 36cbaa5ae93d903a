"""The disk is full, or fails in the midst of a commit: what was acknowledged stays, what was refused left nothing, and it heals.

Fault seen red: an import that was written and then answered with 500, because its report found no room.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.durability import harm
from tests.durability.judging import judged, resend
from tests.durability.store import sqlite
from tests.durability.tracing import MISSING
from tests.durability.whole import chain
from tests.durability.writers import Crew
from tests.live import Server, children
from tests.promises import full

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and calls are those of Linux")  # fmt: skip
REFUSALS = 6  # answers of 503 before the disk is well again
HEALED = 2.0  # seconds until the next form is taken


HARMS = (harm.files_may_not_grow, harm.some_writes_fail, harm.syncs_fail, harm.disk_full)


def test_a_disk_that_fails_takes_nothing_that_was_acknowledged(
    tmp_path: Path, promise: Callable[..., None]
) -> None:
    if shutil.which("strace") is None:
        pytest.skip(MISSING)
    rounds, folder = full(1, 20), tmp_path / "small"
    folder.mkdir()
    answers: Counter[int | None] = Counter()
    heals: list[float] = []
    with harm.small_disk(folder, 24) as small:
        harms = HARMS if small else HARMS[:-1]  # only root may have a small disk
        store = sqlite(folder).found()
        with Server(folder, store.environment) as server:
            (worker,) = children(server.process.pid)
            for harmed in harms * rounds:
                with store.looking():
                    since = chain().count
                crew = Crew(server.port, store.world, store.settings["SECRET_KEY"], len(heals)).begin()  # fmt: skip
                crew.wait(4, 0)
                with harmed(worker, folder):
                    crew.wait_for(lambda seen=crew: seen.refused >= REFUSALS)
                before, began = crew.acknowledged, time.monotonic()
                crew.wait(before + 1, 0)
                heals.append(time.monotonic() - began)
                crew.wait(before + 4, 0)
                ledger = crew.end()
                assert judged(store, since, ledger)[0] == [], harmed.__name__
                answers.update(form.status for form in ledger)
                resend(crew, [form for form in ledger if form.status == 503])
                assert judged(store, since, ledger)[0] == [], f"{harmed.__name__}, sent again"
    assert answers.keys() <= {303, 409, 422, 503}, answers
    assert statistics.median(heals) < HEALED, heals
    promise(
        "a disk that fails takes nothing acknowledged, leaves nothing of what was refused, and heals",
        tried=len(heals), database="sqlite", harms=", ".join(one.__name__ for one in harms), acknowledged=answers[303],
        refused=answers[503], lost=0,
    )  # fmt: skip
