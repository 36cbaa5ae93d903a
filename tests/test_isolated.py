"""What people typed keeps its own direction on a page of the other: its full stop does not jump to the far side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import gates
from tests.initiatives.stories import sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person

ASKED = "May we begin?"
TERMS = "Answers within two days."


@pytest.fixture
def persian(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """Emil reads Persian; Lena asks him in English, and the partner has English terms."""

    def put() -> int:
        made = sponsored(cast, clock())
        with writing():
            for who in (cast.executive, cast.manager):
                db.session.get_one(Person, who.id).prefer(language="fa")
            db.session.get_one(Partner, cast.vendor.id).terms = TERMS
            there = db.session.get_one(Initiative, made.id)
            return gates.requested(there, now=clock(), question=ASKED).id

    return told(put)


def test_the_way_back_and_the_words_under_a_heading(cast: Any, as_: Any, persian: int) -> None:
    """Planted: no `<bdi>` around what stands in the way back; the question of `approvals/done.html` as it is."""
    tab = as_(cast.executive)
    assert tab.submit(f"/approvals/{persian}/approval").status_code == 303
    page = tab.get(f"/approvals/{persian}/done").text
    assert 'dir="rtl"' in page
    assert f'<li aria-current="page"><bdi>{ASKED}</bdi></li>' in page
    assert f'<p class="quiet">\u2068{ASKED}\u2069</p>' in page


def test_the_terms_of_a_partner(cast: Any, as_: Any, persian: int) -> None:
    """Planted: the terms in the list as they are."""
    page = as_(cast.manager).get("/partners").text
    assert 'dir="rtl"' in page
    assert f"\u2068{TERMS}\u2069</p>" in page
