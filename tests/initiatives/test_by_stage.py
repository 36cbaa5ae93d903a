"""The list in the order of stages: every page as the whole list says, and no stage read to its end.

Planted faults seen red: `limit(limit)` for each stage, so that later pages are short; the places of the stages not
turned for the way down; ix_initiative_open_by_stage dropped.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from tests.cast import START
from tracker.db import db, writing
from tracker.initiatives.by_stage import picked_by_stage
from tracker.initiatives.listing import PER_PAGE, all_rows, list_rows
from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.narrowing import Narrowing
from tracker.initiatives.stages import ORDER, Stage


@pytest.fixture
def many(inside, cast):
    """170, every third framed, the others in turn at every stage; three at each moment, every eleventh stopped."""
    rows = [
        {
            "number": 1 + n,
            "ref": f"CX-{1 + n}",
            "title": f"Bill {n}",
            "title_key": f"bill {n:03}",
            "lead_unit_id": cast.care.id,
            "sponsor_id": cast.executive.id,
            "sponsor_standing": "executive",
            "stage": ORDER[n % len(ORDER)] if n % 3 else Stage.framed,
            "stage_since": START - timedelta(hours=n // 3),
            "stopped_at": START if n % 11 == 0 else None,
            "created_at": START,
            "changed": START,
        }
        for n in range(170)
    ]
    with writing() as session:
        session.execute(insert(Initiative), rows)


@pytest.mark.both
@pytest.mark.parametrize("sort", ["stage", "-stage"])
@pytest.mark.parametrize("ended", ["", "all"])
def test_its_pages_together_are_the_whole_list(cast, many, sort, ended):
    narrowing, today = Narrowing(ended=ended), START.date()
    whole = [row.id for row in all_rows(cast.manager, narrowing, sort, today)]
    assert 2 * PER_PAGE < len(whole) <= 4 * PER_PAGE
    numbers = range(1, -(-len(whole) // PER_PAGE) + 1)
    pages = [list_rows(cast.manager, narrowing, sort, number, today) for number in numbers]
    assert [row.id for page in pages for row in page.items] == whole
    assert {page.total for page in pages} == {len(whole)}
    places = [ORDER.index(row.stage) for row in all_rows(cast.manager, narrowing, sort, today)]
    assert places == sorted(places, reverse=sort == "-stage")


def test_every_stage_walks_its_part_of_the_index(many):
    scope = db.select(Initiative).where(GOING_ON)
    for down in (False, True):
        query = picked_by_stage(scope, (PER_PAGE, 0), down=down)
        written = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        explained = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")
        steps = [row[-1] for row in explained]
        walked = [step for step in steps if "INDEX ix_initiative_open_by_stage (stage=?)" in step]
        assert len(walked) == len(ORDER), steps
        assert sum("TEMP B-TREE" in step for step in steps) <= 1, "only what was found is sorted"
