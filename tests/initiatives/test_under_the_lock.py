"""Between the page and the lock of a write somebody else may have been quicker: the write sees what stands by then.

Planted faults seen red: nothing asked again of the person, of the duties, of the initiative; the policy asked only once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.conftest import counted
from tracker.db import db, writing
from tracker.organisation.deputies import Capacity, Deputyship

FEW = 13  # statements of a hold, all told, where nothing is blocked


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a statement of somebody else be committed just before the next write of a request begins."""

    def plan(statement: str, **values: Any) -> None:
        @contextlib.contextmanager
        def late() -> Iterator[Any]:
            with db.engine.connect().execution_options(writes=True) as other, other.begin():
                assert other.execute(text(statement), values).rowcount == 1
            with writing() as session:
                yield session

        monkeypatch.setattr("tracker.web.writing", late)

    return plan


@contextlib.contextmanager
def worked_out() -> Iterator[set[str]]:
    """Collect the names of the models of which the session wrote rows by itself."""
    seen: set[str] = set()

    def note(session: Any, *_more: Any) -> None:
        seen.update(type(one).__name__ for one in (*session.new, *session.dirty))

    event.listen(db.session, "before_flush", note)
    try:
        yield seen
    finally:
        event.remove(db.session, "before_flush", note)


def hold(tab: Any, initiative: Any) -> int:
    return tab.submit(f"/initiatives/{initiative.ref}/hold", words="Until spring.").status_code


@pytest.mark.both
@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("UPDATE person SET epoch = epoch + 1 WHERE id = :sponsor", 400),
        ("UPDATE initiative SET sponsor_id = :other WHERE id = :initiative", 403),
        ("UPDATE initiative SET held_at = stage_since WHERE id = :initiative", 409),
        ("UPDATE initiative SET stopped_at = stage_since WHERE id = :initiative", 409),
        ("UPDATE initiative SET title = 'Another title' WHERE id = :initiative", 303),
    ],
)
def test_what_changed_meanwhile_counts(
    cast, as_, a_sponsored, now_is, meanwhile, statement, status
) -> None:
    values = {"sponsor": cast.executive.id, "other": cast.owner.id, "initiative": a_sponsored.id}
    meanwhile(statement, **{name: id_ for name, id_ in values.items() if f":{name}" in statement})
    assert hold(as_(cast.executive), a_sponsored) == status
    stands = now_is(a_sponsored)
    assert bool(stands.held_words) == (status == 303)
    assert stands.title == ("Another title" if "title" in statement else a_sponsored.title)


@pytest.mark.both
@pytest.mark.parametrize("revoked", [False, True])
def test_a_deputy_who_was_recalled_meanwhile_decides_nothing(
    told, cast, as_, a_sponsored, clock, meanwhile, revoked
) -> None:
    def appoint() -> int:
        with writing():
            made = Deputyship.appoint(
                cast.executive, cast.other_executive, Capacity.sponsor, starts=clock().date(),
                ends=clock().date() + timedelta(days=3), by=cast.executive, now=clock(),
            )  # fmt: skip
        return made.id

    deputyship = told(appoint)
    if revoked:
        meanwhile(
            "UPDATE deputyship SET revoked_at = CURRENT_TIMESTAMP WHERE id = :id", id=deputyship
        )
    assert hold(as_(cast.other_executive), a_sponsored) == (403 if revoked else 303)


@pytest.mark.both
def test_a_hold_asks_the_database_little(app, cast, as_, a_sponsored) -> None:
    """Planted: the columns of a hold set on the object, which the session then has to look through."""
    tab = as_(cast.executive)
    tab.get(f"/initiatives/{a_sponsored.ref}")  # whatever is noted once for a visit is noted
    for verb in ("hold", "resumption"):
        with counted(app) as seen, worked_out() as by_the_session:
            answer = tab.submit(f"/initiatives/{a_sponsored.ref}/{verb}", words="Until spring.")
        assert answer.status_code == 303
        assert by_the_session <= {"Event"}
        more = 3 if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql") else 0
        assert len(seen) <= FEW + more, "\n".join(seen)
