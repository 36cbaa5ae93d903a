"""What the tests of imports share: a file in words, and one call from file to database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.cast import START
from tracker.db import db, writing
from tracker.importing.columns import Mapping, guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan, run
from tracker.importing.reading import read
from tracker.kpis.models import Kpi

REAL = Path(__file__).parents[3] / "shared" / "data" / "uk-gmpp-projects-2024-26.csv"


@pytest.fixture
def portfolio() -> bytes:
    """The real file of two annual reports; skipped where it is absent."""
    if not REAL.is_file():
        pytest.skip(f"The public file {REAL.name} is not beside the checkout (../shared/data).")
    return REAL.read_bytes()


@pytest.fixture
def bring(inside: None, cast: Any) -> Callable[..., Plan]:
    """Import a file, given as bytes or as lines; every option of `planning.run` may be given."""

    def brought(
        what: What,
        *lines: str,
        body: bytes | None = None,
        mapping: Mapping | None = None,
        **chosen: Any,
    ) -> Plan:
        table = read(body or "\n".join(lines).encode(), "file.csv")
        options = {"by": cast.manager, "now": START, **chosen}
        plan = run(table, mapping or guessed(what, table)[0], **options)
        db.session.expire_all()
        return plan

    return brought


@pytest.fixture
def csat(app: Flask, cast: Any) -> Kpi:
    """A KPI from 1 to 5 that the lead owns."""
    with app.app_context(), writing():
        return Kpi.add(
            code="CSAT",
            name="Satisfaction",
            scale_low=1.0,
            scale_high=5.0,
            owner_id=cast.lead.id,
            by=None,
            now=START,
        )
