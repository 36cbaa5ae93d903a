"""Work is done once, whoever is killed over it; what fails is tried again, and what cannot be done is seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.cast import START
from tests.notices.gang import enqueue_all, set_to_work
from tests.promises import full
from tracker.db import db, writing
from tracker.notices import jobs, working
from tracker.notices.jobs import LEASE, MOST_TRIES, Job, JobState, Lost, Taken, enqueue, pause, take


def put(*kinds: str) -> None:
    with writing():
        for kind in kinds:
            enqueue(kind, {"n": 1}, now=START)


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What jobs do, by kind; only for this test."""
    table: dict[str, Any] = {}
    monkeypatch.setattr(working, "workers", table)
    monkeypatch.setattr(working, "failures", {})
    return table


@pytest.mark.both
def test_one_statement_takes_jobs_on_both_databases_and_nobody_takes_one_twice(
    inside: None, database_kind: str
) -> None:
    """Planted: the lease not written, so that the next worker takes the same."""
    put("a", "b", "c")
    first = take(START, most=2)
    second = take(START, most=2)
    assert [job.kind for job in first] == ["a", "b"]
    assert [job.kind for job in second] == ["c"]
    assert take(START, most=2) == []
    assert database_kind in {"sqlite", "postgresql"}


@pytest.mark.both
def test_the_job_of_a_worker_that_was_killed_comes_back_and_is_no_longer_its_own(
    inside: None,
) -> None:
    """Planted: `done` that does not ask whose claim it is."""
    put("a")
    (lost,) = take(START, most=1)
    assert take(START + LEASE - timedelta(seconds=1), most=1) == []
    (taken,) = take(START + LEASE, most=1)
    assert taken.tries == 2
    with pytest.raises(Lost), writing():
        lost.done()
    with writing():
        taken.done()
    assert db.session.scalar(select(Job.id)) is None


def test_a_job_is_written_with_its_change_or_not_at_all(inside: None) -> None:
    def change() -> None:
        with writing():
            enqueue("a", {}, now=START)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert take(START, most=1) == []


def test_what_fails_is_tried_ever_later_and_then_given_up(
    inside: None, clock: Any, does: dict[str, Any]
) -> None:
    """Planted: no last try."""

    def fails(_job: Taken) -> None:
        raise working.Later("not today")

    does["a"] = fails
    put("a")
    for _turn in range(MOST_TRIES):
        working.do_due(clock())
        clock.forward(hours=2)
    job = db.session.scalars(select(Job)).one()
    assert (job.state, job.tries, job.error) == (JobState.dead, MOST_TRIES, "not today")
    assert sum((pause(n) for n in range(1, MOST_TRIES)), timedelta()) > timedelta(days=1)
    with writing():
        job.try_again(now=clock())
    does["a"] = _end
    assert working.do_due(clock()) == 1


def _end(job: Taken) -> None:
    with writing():
        job.done()


def test_a_job_that_kills_whoever_takes_it_is_given_up_at_last(
    inside: None, clock: Any, does: dict[str, Any]
) -> None:
    """Planted: the tries not counted as a job is taken."""
    put("a")
    for _turn in range(MOST_TRIES):
        assert len(take(clock(), most=1)) == 1
        clock.forward(minutes=5)
    does["a"] = _end
    assert working.do_due(clock()) == 0
    job = db.session.scalars(select(Job)).one()
    assert job.state == JobState.dead
    assert job.error == "killed"


def test_a_fault_of_the_program_is_one_line_on_the_job(
    inside: None, clock: Any, does: dict[str, Any]
) -> None:
    def breaks(_job: Taken) -> None:
        raise KeyError("secret words")

    does["a"] = breaks
    put("a")
    assert working.do_due(clock()) == 0
    assert db.session.scalar(select(Job.error)) == "fault: KeyError"


@pytest.mark.both
def test_side_by_side_and_killed_they_do_each_job_once(
    app: Flask, cast: SimpleNamespace, tmp_path: Path, promise: Any, database_kind: str
) -> None:
    """Every job's line stands in the ledger once, whoever was killed at it.

    Planted: the line committed before the job's end (twice); a job deleted as it is taken (lost).
    """
    workers, count, kills = full(3, 6), full(60, 2_400), full(3, 40)
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.execute(text("DROP TABLE IF EXISTS ledger"))
        db.session.commit()
        enqueue_all(count)
        db.engine.dispose()
    seen = set_to_work(url, tmp_path, workers, kills)
    with app.app_context():
        lines = db.session.execute(text("SELECT job FROM ledger")).scalars().all()
        left = db.session.execute(text("SELECT count(*) FROM job")).scalar_one()
        db.session.rollback()
        with writing() as session:
            session.execute(text("DROP TABLE ledger"))
    assert left == 0
    assert sorted(lines) == list(range(count)), "a job was done twice, or lost"
    promise(
        "a job is done once, under kill -9", tried=count, database=database_kind, workers=workers,
        twice=0, lost=0, **seen,
    )  # fmt: skip
    assert jobs.LEASE == LEASE
