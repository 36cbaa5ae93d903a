"""Scorecards after stories drawn by lot: every figure is what an independent reckoning says, and so is every row behind it.

Planted, each seen red: our days of review not taken out; rows kept in the quarter after their own; days of blockers raised
on us not taken out; a reopened blocker still counted; the reckoning of the trail without reviews.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from tests.doing import work_of
from tests.partners.lots import Company
from tests.partners.reckoning import OFF, quarter
from tests.promises import full
from tracker.db import db, writing
from tracker.organisation.calendars import Calendar
from tracker.organisation.partners import Partner
from tracker.partners.cards import card_of
from tracker.partners.figure_kinds import ENOUGH, KINDS
from tracker.partners.quarters import Quarter
from tracker.partners.recounting import differences, recount
from tracker.partners.rows import rows_of

EVERY = 10_000


@pytest.mark.both
@pytest.mark.parametrize("seed", [3, 29])
def test_every_figure_is_what_an_independent_reckoning_says(
    app: Flask, cast: SimpleNamespace, clock: Any, seed: int, promise: Callable[..., None], database_kind: str
) -> None:  # fmt: skip
    works = _works(app, cast, clock)
    steps, looked = full(700, 4_000), 0
    with app.test_request_context():
        company = Company(cast, works, clock, seed)
        for step in range(steps):
            company.step()
            clock.forward(hours=company.lot.choice([1, 4, 10, 24]) * 500 / steps)
            db.session.expire_all()
            if step % 50 == 49 or step == steps - 1:
                looked += _held_against(company)
        assert 0 < company.refused < steps / 2
        seen = {key[1] for key, rows in company.by_hand.accepted.items() if len(rows) >= ENOUGH}
        assert len(seen) > 1, seen
        assert differences(recount()) == []
    promise("scorecards are what an independent reckoning says", tried=steps, database=database_kind, figures=looked)  # fmt: skip


def _works(app: Flask, cast: SimpleNamespace, clock: Any) -> list[int]:
    """Two initiatives with a sponsor, and a vendor with days off of its own."""
    with app.app_context(), writing():
        own = Calendar.add(
            name="Theirs", weekend={6, 7}, holidays=dict.fromkeys(OFF, "Own day"), by=cast.admin, now=clock()
        )  # fmt: skip
        db.session.get_one(Partner, cast.vendor.id).calendar_id = own.id
    return [work_of(app, cast, clock).initiative.id for _n in range(2)]


def _held_against(company: Company) -> int:
    looked, today = 0, company.today
    for partner_id in (company.cast.vendor.id, company.cast.other_vendor.id):
        partner = db.session.get_one(Partner, partner_id)
        for of in Quarter.of(today).back(4):
            present = of == Quarter.of(today)
            card = card_of(partner, of, today)
            owed = company.owed(partner_id, quarter(of.first), present=present)
            for code in KINDS:
                value, count = owed[code]
                figure = card.figures[code]
                rows = rows_of(figure, card, company.lead, today, limit=EVERY, offset=0)
                told = (
                    figure.points[-1] if figure.enough and figure.points else None,
                    figure.count,
                )
                if code != "overdue":
                    assert told == (value, count), (code, of.key, partner_id)
                if code != "overdue" or present:
                    assert (figure.count, len(rows)) == (count, count), (code, of.key, partner_id)
                looked += 1
    return looked
