"""What is remembered of a board for as long as nothing is committed, by whomever. Each test names its planted fault."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects.sqlite import dialect

from tests.boards.conftest import poll
from tracker import commits
from tracker.boards import pulse
from tracker.boards.prepared import Reader
from tracker.boards.pulse import EVERY, LONGEST, Pulse
from tracker.db import engine_options
from tracker.initiatives.models import Initiative


@pytest.fixture
def elsewhere(app: Any) -> Iterator[Callable[[str], None]]:
    """Commit a statement as another process does: of these commits ours is told nothing."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    engine = create_engine(url, **engine_options(url))

    def commit(statement: str) -> None:
        before = commits.number()
        with engine.begin() as connection:
            connection.execute(text(statement))
        assert commits.number() == before

    yield commit
    engine.dispose()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that the short road asks, as they come."""
    seen: list[str] = []
    first = Reader.first

    def noted(self: Reader, prepared: Any, given: list[Any]) -> Any:
        seen.append(prepared.text)
        return first(self, prepared, given)

    monkeypatch.setattr(Reader, "first", noted)
    return seen


def test_while_nothing_is_committed_a_poll_asks_nothing(
    tab: Any, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: `still` that always gives None."""
    monkeypatch.setattr(pulse, "EVERY", 60)
    monkeypatch.setattr(pulse, "LONGEST", 60)
    tag = tab.get("/boards/everything").headers["ETag"]
    poll(tab, tag)
    asked.clear()
    assert [poll(tab, tag).status_code for _turn in range(3)] == [304] * 3
    assert asked == []


@pytest.mark.both
def test_a_contact_is_asked_about_before_the_board_is(
    tab: Any, as_: Any, cast: SimpleNamespace, asked: list[str]
) -> None:
    """What is asked for one that is there and for one that is not is the same, so that its time tells nothing; whether
    somebody else looked at it before or not. Planted: the slug looked up for everybody; what is remembered of an address
    handed to whoever asks; a contact remembered as internal.
    """
    contact, heard = as_(cast.contact), []
    for viewed in (False, True):
        if viewed:
            assert tab.get("/boards/everything").status_code == 200
        for address in ("/boards/everything", "/boards/nothing", "/boards/everything"):
            asked.clear()
            assert contact.get(address).status_code == 404
            heard.append([*asked])
    assert len(heard[0]) == 1
    assert all(each == heard[0] for each in heard)
    asked.clear()
    assert tab.get("/boards/everything?q=asked+by+nobody+else").status_code == 200
    assert heard[0][0] in asked, "an address that is new is looked up"
    asked.clear()
    assert tab.get("/boards/everything?q=asked+by+nobody+else").status_code == 200
    assert heard[0][0] not in asked


@pytest.mark.both
def test_what_this_process_commits_is_seen_at_once(
    tab: Any, cast: SimpleNamespace, framed: Initiative, change: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Planted: the commits of the engine not counted."""
    monkeypatch.setattr(pulse, "EVERY", 60)
    monkeypatch.setattr(pulse, "LONGEST", 60)
    tag = tab.get("/boards/everything").headers["ETag"]
    assert poll(tab, tag).status_code == poll(tab, tag).status_code == 304
    change(framed, lambda it: it.edit(title="Another name", by=cast.lead, now=clock()))
    assert "Another name" in poll(tab, tag).text


@pytest.mark.both
def test_what_another_process_commits_is_seen_when_the_database_is_asked(
    tab: Any, framed: Initiative, elsewhere: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the answer of the database left out of what is felt."""
    tag = tab.get("/boards/everything").headers["ETag"]
    assert poll(tab, tag).status_code == poll(tab, tag).status_code == 304
    monkeypatch.setattr(pulse, "EVERY", 0)  # the next question is due
    # What a command writes leaves an event as well; the head of the chain says that there is one.
    elsewhere(
        f"UPDATE initiative SET touches = touches + 1, title = 'Elsewhere' WHERE id = {framed.id}"
    )
    elsewhere("UPDATE chain_head SET count = count + 1")
    answer = poll(tab, tag)
    assert answer.status_code == 200
    assert "Elsewhere" in answer.text


@pytest.mark.both
def test_a_page_never_relies_on_it(
    tab: Any,
    cast: SimpleNamespace,
    elsewhere: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Access that another process ends is ended for the next page. Planted: `still` asked for pages too."""
    monkeypatch.setattr(pulse, "EVERY", 60)
    monkeypatch.setattr(pulse, "LONGEST", 60)
    for _visit in range(2):
        page = tab.get("/boards/everything")
        assert page.status_code == 200
    elsewhere(f"UPDATE person SET ended_at = '2026-01-01 00:00:00' WHERE id = {cast.manager.id}")
    known = {"If-None-Match": page.headers["ETag"]}
    assert tab.get("/boards/everything", headers=known).status_code == 303


class Wire:
    """A database that answers as it is told."""

    engine = SimpleNamespace(dialect=SimpleNamespace(name="sqlite"))
    error = ValueError
    made = 1

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect
        self.answer: Any = (1,)

    def first(self, _prepared: Any, _given: list[Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def wire() -> Wire:
    return Wire(dialect())


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of the clock that a pulse is felt by."""
    seconds = [100.0]
    monkeypatch.setattr(pulse, "monotonic", lambda: seconds[0])
    return seconds


def test_a_commit_of_ours_is_felt_at_once(wire: Any, at: list[float]) -> None:
    """Planted: the number of commits left out of what is felt."""
    one = Pulse(wire)
    before = one.felt()
    assert before is not None
    assert one.felt() == before
    commits._newest[0] = next(commits._numbers)
    assert one.felt() != before


def test_another_connection_is_another_pulse(wire: Any, at: list[float]) -> None:
    """SQLite's number is that of one connection. Planted: `made` left out of what is felt."""
    one = Pulse(wire)
    before = one.felt()
    wire.made, at[0] = 2, at[0] + 2 * EVERY
    assert one.felt() != before


def test_a_database_that_is_silent_is_not_believed_for_long(wire: Any, at: list[float]) -> None:
    """Somebody asks and gets no answer. Planted: `LONGEST` not looked at; an error that leaves the last answer."""
    one = Pulse(wire)
    before = one.felt()
    asking = threading.Lock()
    one._asking = asking
    with asking:
        at[0] += 2 * EVERY
        assert one.felt() == before
        at[0] += LONGEST
        assert one.felt() is None
    assert one.felt() == before
    at[0] += 2 * EVERY
    wire.answer = ValueError("gone")
    assert one.felt() is None
    wire.answer = (1,)
    assert one.felt() == before
