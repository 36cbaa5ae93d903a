"""A mail fits a phone whatever people wrote: a word without an end is broken, in a line and beside its name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import gates
from tests.approvals.test_mails import newest
from tests.initiatives.stories import sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.browser
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.mark.parametrize("says", ["gain", "question"])
def test_a_word_without_an_end_fits_a_phone(
    app: Any, cast: SimpleNamespace, told: Any, clock: Any, browser: Browser, says: str
) -> None:
    """Planted: no `overflow-wrap` on the sheet (2900 px)."""

    def put() -> str:
        made = sponsored(cast, clock())
        with writing():
            gates.requested(
                db.session.get_one(Initiative, made.id), now=clock(), **{says: "m" * 190}
            )
        return newest(cast.executive).html

    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(told(put))
    whole, shown = page.evaluate(WIDTHS)
    page.close()
    assert whole <= shown, whole
