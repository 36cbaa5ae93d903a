"""Bad files brought to the import: refused in words at the field, or shown row by row; never a failure, never a script.

Planted, seen red: `KeyError` in place of `LookupError` in workbook.py (found and mended here).
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from flask import Flask

from tests.hands.files import bad
from tests.hands.sending import Hands
from tests.midway import midway
from tests.promises import LONG, full

KINDS = ("initiatives", "blockers")


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # what it thinks of a workbook
@pytest.mark.filterwarnings(  # it leaves the parts of one that is torn to the garbage collector
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_bad_file_is_answered_in_words(
    app: Flask, as_: Any, promise: Callable[..., None]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = True
    hands, lot, taken = Hands(app, midway(app, as_), as_), random.Random(3), 0
    hands.tab = as_(hands.world.manager)
    some = list(islice(bad(random.Random(4)), full(150, 400)))
    tried = some if LONG else [*some[:3], *some[18:20], *lot.sample(some, 5)]
    try:
        for number, (name, content) in enumerate(tried):
            hands.what = f"file {number} {name[:60]!r} {content[:40]!r}"
            fields = {
                "csrf_token": hands.tab.token(),
                "once": str(number),
                "what": lot.choice(KINDS),
                "file": (io.BytesIO(content), name),
            }
            answer = hands.ask("POST", "/import", data=fields)
            if answer is None or answer.status_code != 303:
                assert answer is None or answer.status_code in {400, 413, 422}, hands.what
                continue
            taken += 1
            for again in ("", "/report.csv"):
                hands.ask("GET", answer.location + again)
            hands.original.put_back()
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
        hands.original.close()
    assert not hands.wrong, "\n".join(hands.wrong[:40])
    assert taken
    promise("a bad file is answered in words", tried=len(tried), taken=taken, broken=0)
