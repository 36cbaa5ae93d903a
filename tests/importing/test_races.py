"""Others change things while a file is on its way: it is planned again, or nothing happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, select, update

from tests.cast import START
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.importing import bulk, initiatives_writing, planning
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan, run
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.updates.models import Update

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


@pytest.mark.both
def test_a_report_that_somebody_gives_meanwhile_is_kept(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: write() not asking whose touches moved keeps the colour of the file's older report.
    bring(What.initiatives, "id,name,unit,period,rag", "P1,A,CARE,2026-01,red")

    def report() -> None:
        stands = db.session.scalars(select(Initiative)).one()
        Update.post(stands, colour=Colour.on_track, day=START.date(), by=cast.lead, now=START)

    done = meanwhile(monkeypatch, 1, report)
    bring(What.initiatives, "id,name,unit,period,rag", "P1,A,CARE,2026-02,amber")
    stands = db.session.scalars(select(Initiative)).one()
    assert done == [1]
    assert (stands.colour, stands.reported_on) == (Colour.on_track, START.date())
    assert len(db.session.scalars(select(Update.id)).all()) == 3


@pytest.mark.both
def test_an_initiative_of_that_name_that_appears_meanwhile_is_found(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: not comparing the next number makes a second initiative of that name.
    def add() -> None:
        Initiative.create(title="A", lead_unit_id=cast.care.id, by=None, now=START)

    meanwhile(monkeypatch, 1, add)
    plan = bring(What.initiatives, "name,unit", "A,CARE")
    assert plan.report.totals()["unchanged"] == 1
    assert len(db.session.scalars(select(Initiative.id)).all()) == 1


def test_new_initiatives_all_the_time_do_not_keep_a_file_out(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: comparing the next number the last time as well.
    def add() -> None:
        Initiative.create(title="Theirs", lead_unit_id=cast.care.id, by=None, now=START)

    done = meanwhile(monkeypatch, 9, add)
    bring(What.initiatives, "name,unit", "A,CARE", "B,CARE")
    assert len(done) == planning.TRIES
    numbers = db.session.scalars(select(Initiative.number).order_by(Initiative.number))
    assert list(numbers) == [1, 2, 3, 4, 5]


@pytest.mark.both
def test_a_sponsor_whose_access_ends_meanwhile_is_not_proposed(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: not comparing the epoch of the settings proposes somebody who is gone.
    def end() -> None:
        person = db.session.get_one(Person, cast.executive.id)
        end_access(person, by=cast.admin, now=START)

    meanwhile(monkeypatch, 1, end)
    plan = bring(What.initiatives, "name,unit,sponsor", "A,CARE,executive@example.org")
    assert plan.report.totals()["rejected"] == 1
    assert db.session.scalars(select(Initiative.id)).all() == []


def test_ids_that_others_took_meanwhile_are_not_taken_twice(
    bring: Bring, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Canary: still_free() doing nothing; the second report meets the first one's id.
    bring(What.initiatives, "id,name,unit,period,rag", "P1,A,CARE,2026-01,red")
    monkeypatch.setattr(bulk, "SPARE", 1)
    ready, done = planning.make_ready, []

    def made_ready(*args: Any, **options: Any) -> None:
        ready(*args, **options)
        if not done:
            done.append(1)
            with writing():
                stands = db.session.scalars(select(Initiative)).one()
                Update.post(
                    stands, colour=Colour.on_track, day=START.date(), by=cast.lead, now=START
                )

    refused: list[int] = []
    free = bulk.still_free

    def asked(first: dict[Any, int]) -> None:
        try:
            free(first)
        except bulk.Moved:
            refused.append(1)
            raise

    monkeypatch.setattr(planning, "make_ready", made_ready)
    monkeypatch.setattr(initiatives_writing, "still_free", asked)
    bring(What.initiatives, "id,name,unit,period,rag", "P1,A,CARE,2026-02,amber")
    assert (done, refused) == ([1], [1])
    assert len(db.session.scalars(select(Update.id)).all()) == 3


@pytest.mark.both
def test_many_rows_cost_the_write_no_more_statements_than_few(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs everybody else waits. Rows that are made and rows that are changed alike.

    Canary: hold() asking in portions of 500 ids, or Ready.run() going row by row.
    """
    seen: list[str] = []

    def executed(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith("INSERT INTO checkpoint"):  # after every thousand events
            seen.append(text)

    @contextlib.contextmanager
    def counted() -> Iterator[None]:
        event.listen(db.engine, "before_cursor_execute", executed)
        try:
            with writing():
                yield
        finally:
            event.remove(db.engine, "before_cursor_execute", executed)

    def cost(first: int, count: int, theme: str, rag: str) -> int:
        rows = [
            f"P{n},Name {n},CARE,IT;Billing,Brightline,executive@example.org,{theme},2026-01,{rag},"
            f"I wait {theme}"
            for n in range(first, first + count)
        ]
        seen.clear()
        heads = "id,name,unit,units,partners,sponsor,theme,period,rag,problem"
        plan = bring(What.initiatives, heads, *rows)
        assert plan.report.totals()["unchanged"] == 0
        return len(seen)

    monkeypatch.setattr(planning, "writing", counted)
    made = [cost(0, 5, "One", "red"), cost(5, 600, "One", "red")]
    changed = [cost(0, 5, "Two", "green"), cost(0, 605, "Three", "amber")]
    assert made[0] == made[1] < 20
    assert changed[0] == changed[1] < 20


def test_a_failure_in_the_middle_leaves_nothing_behind(
    inside: None, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_any: Any, **_more: Any) -> None:
        raise RuntimeError

    table = read(b"id,name,unit,rag\nP1,A,Legal,red\n", "f")
    monkeypatch.setattr("tracker.activity.batches.Batch.write", broken)
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
