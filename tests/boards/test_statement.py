"""The one statement of a board walks through no table, whatever SQLite guesses of how many cards are shown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tracker.boards.filters import Filters
from tracker.boards.prepared import Prepared
from tracker.boards.statement import content
from tracker.db import db

SHOWN = ("framed", "piloting", "rolling_out", "proving_benefit")
OF_MANY = {"blocker", "membership", "participation", "involvement", "blocker_holding", "goal"}


@pytest.mark.parametrize("filters", [Filters(), Filters(theme="Bills")], ids=["all", "few"])
def test_what_hangs_on_the_cards_is_looked_up_for_them_alone(app: Flask, filters: Filters) -> None:
    """Planted: what hangs on the cards joined to them: SQLite walked through every membership of the company."""
    with app.app_context():
        asked = Prepared(content(filters, SHOWN, date(2026, 3, 2)), db.engine.dialect)
        driver: Any = db.session.connection().connection.driver_connection
        plan = driver.execute(f"EXPLAIN QUERY PLAN {asked.text}", asked.given()).fetchall()
    walked = {found[1] for row in plan if (found := re.match(r"SCAN (\w+)", row[3]))}
    assert "shown" in walked
    assert not walked & OF_MANY
