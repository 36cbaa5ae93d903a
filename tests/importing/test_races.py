"""Others change things while a file is on its way: it is planned again, or nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.cast import START
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing import planning
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan, run
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.organisation.units import Unit

Bring = Callable[..., Plan]


def meanwhile(monkeypatch: pytest.MonkeyPatch, times: int, act: Callable[[], None]) -> list[int]:
    """Let `act` happen between the plan and the write, so many times."""
    planned, done = planning.plan, []

    def plan(*args: Any, **options: Any) -> Plan:
        made = planned(*args, **options)
        if len(done) < times:
            done.append(1)
            with writing():
                act()
            db.session.expire_all()
        return made

    monkeypatch.setattr(planning, "plan", plan)
    return done


def rename() -> None:
    db.session.execute(update(Initiative).values(theme="Theirs", version=Initiative.version + 1))


@pytest.mark.both
def test_a_file_is_planned_again_when_its_initiative_moved(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: hold() not comparing versions overwrites the theme that somebody just set.
    bring(What.initiatives, "id,name,unit", "P1,A,CARE")
    done = meanwhile(monkeypatch, 1, rename)
    plan = bring(What.initiatives, "id,name,unit,theme", "P1,B,CARE,Ours")
    assert done == [1]
    assert plan.report.results[0].fields == ("name", "theme")
    stands = db.session.scalars(select(Initiative)).one()
    assert (stands.title, stands.theme, stands.version) == ("B", "Ours", 3)


def test_after_three_tries_nothing_is_written(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(What.initiatives, "id,name,unit", "P1,A,CARE")
    meanwhile(monkeypatch, 9, rename)
    with pytest.raises(NotNow):
        bring(What.initiatives, "id,name,unit", "P1,B,CARE", "P2,C,CARE")
    db.session.rollback()
    assert list(db.session.scalars(select(Initiative.title))) == ["A"]


@pytest.mark.both
def test_an_id_or_unit_that_appears_meanwhile_is_found(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add() -> None:
        unit = Unit.add(code="LEG", name="Legal", by=None, now=START)
        Initiative.create(title="A", lead_unit_id=unit.id, by=None, now=START, outside_id="P1")

    meanwhile(monkeypatch, 1, add)
    plan = bring(What.initiatives, "id,name,unit", "P1,A,Legal", create_missing=True)
    assert plan.report.totals()["unchanged"] == 1
    assert len(db.session.scalars(select(Unit.id)).all()) == 5


def test_a_failure_in_the_middle_leaves_nothing_behind(
    inside: None, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_any: Any, **_more: Any) -> None:
        raise RuntimeError

    table = read(b"id,name,unit,rag\nP1,A,Legal,red\n", "f")
    monkeypatch.setattr("tracker.importing.initiatives_writing.bulk_events", broken)
    with pytest.raises(RuntimeError):
        run(
            table,
            guessed(What.initiatives, table)[0],
            by=cast.manager,
            now=START,
            create_missing=True,
        )
    assert db.session.scalars(select(Initiative.id)).all() == []
    assert len(db.session.scalars(select(Unit.id)).all()) == 4
