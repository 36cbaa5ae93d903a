"""A board that stays live: what a poll answers, when it changes, and that the short road lets in whom the long one lets in."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.boards.conftest import columns, poll
from tests.conftest import Clock
from tracker import fitting
from tracker.boards.filters import Filters
from tracker.boards.kept import Kept, Page, place
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.both


def test_a_poll_with_nothing_new_is_a_bare_304(tab: Any) -> None:
    """Planted: a fresh number taken into the fingerprint."""
    first = tab.get("/boards/everything")
    for _turn in range(2):
        answer = poll(tab, first.headers["ETag"])
        assert (answer.status_code, answer.data) == (304, b"")
    assert "Cookie" in first.headers["Vary"]
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("verb", "by", "given"),
    [
        ("edit", "lead", {"title": "Another name"}),
        ("hold", "executive", {"words": "Until summer"}),
        ("ask_stage", "lead", {"words": "We are ready"}),
        ("propose_sponsor", "executive", {}),
        ("stop", "executive", {"words": "No longer wanted"}),
    ],
)
def test_every_change_of_a_card_changes_the_board(
    tab: Any, cast: SimpleNamespace, framed: Initiative, change: Any, clock: Clock, verb: str, by: str, given: Any
) -> None:  # fmt: skip
    """Within the same second and without a new event's text: planted `touches` and `changed` left out of the fingerprint."""
    tag = tab.get("/boards/everything").headers["ETag"]
    positional = [cast.other_executive] if verb == "propose_sponsor" else []

    def happen(initiative: Initiative) -> None:
        getattr(initiative, verb)(*positional, by=getattr(cast, by), now=clock(), **given)

    change(framed, happen)
    answer = poll(tab, tag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    assert framed.ref in answer.text or verb == "stop"
    assert poll(tab, answer.headers["ETag"]).status_code == 304


def test_what_changes_for_the_viewer_changes_the_board(
    tab: Any, told: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """A renamed stage, the reader's language, the next day. Planted, one after another: each left out of the fingerprint."""
    tags = [tab.get("/boards/everything").headers["ETag"]]

    def renamed() -> None:
        with writing():
            Organisation.current().change(
                by=cast.admin, now=clock(), stage_names={"framed": "Agreed"}
            )

    def speaks() -> None:
        with writing():
            person = db.session.get_one(Person, cast.manager.id)
            person.prefer(language="fa")

    told(renamed)
    answer = tab.get("/boards/everything")
    assert "Agreed" in answer.text
    tags.append(answer.headers["ETag"])
    told(speaks)
    answer = tab.get("/boards/everything")
    assert 'dir="rtl"' in answer.text
    tags.append(answer.headers["ETag"])
    clock.forward(days=1)
    tags.append(tab.get("/boards/everything").headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_a_board_keeps_its_mark_when_the_schema_is_looked_at(
    tab: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the short road left to the long one, once a second, when it is time to look; `fits` always true."""
    known, found = fitting.Known("9"), ["9"]
    monkeypatch.setitem(app.extensions, "fitting", known)
    monkeypatch.setattr(fitting, "_revision", lambda: found[0])
    for _second in range(2):
        known.at = None
        tag = tab.get("/boards/everything").headers["ETag"]
        assert poll(tab, tag).status_code == 304
    known.at, found[0] = None, "8"
    assert poll(tab, tag).status_code == 503


def test_access_that_ended_ends_the_polls_at_once(
    tab: Any, told: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Even with the right tag. Planted: the end of access, the epoch and the person's version not looked at."""
    tag = tab.get("/boards/everything").headers["ETag"]
    assert poll(tab, tag).status_code == 304

    def end() -> None:
        with writing():
            db.session.get_one(Person, cast.manager.id).close(by=cast.admin, now=clock())

    told(end)
    answer = poll(tab, tag)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")
    assert tab.get("/boards/everything").status_code == 303


def test_whoever_signs_in_after_a_poll_was_refused_is_led_back_to_the_page(as_: Any) -> None:
    """Not to the bare piece that the page asked for. Planted: the address of the poll taken as what was wanted."""
    answer = as_(None).get(
        "/boards/everything/cells",
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://localhost/boards/everything?lanes=unit",
        },
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/boards/everything?lanes%3Dunit"
    assert as_(None).get("/boards/everything/cells").status_code == 303


def test_a_stranger_a_partner_and_a_forged_cookie_get_nothing(
    tab: Any, app: Any, as_: Any, cast: SimpleNamespace
) -> None:
    """Though the page is kept and its tag is known. Planted: partners let through by the short road."""
    tag = tab.get("/boards/everything").headers["ETag"]
    for actor in (cast.contact, cast.other_contact):
        assert poll(as_(actor), tag).status_code == 404
        assert as_(actor).get("/boards/everything").status_code == 404
    assert poll(as_(None), tag).status_code == 401
    forged = app.test_client()
    forged.set_cookie("tracker", "eyJfdXNlcl9pZCI6IjEuMSJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert poll(forged, tag).status_code == 401


def test_a_personal_board_is_for_its_owner_alone(
    tab: Any, as_: Any, told: Any, cast: SimpleNamespace, clock: Clock
) -> None:
    """Planted: the scope taken out of `viewer_and_board`."""

    def own() -> None:
        with writing():
            Board.save(
                name="Mine",
                filters=Filters(),
                lanes=Lanes.unit,
                owner=cast.member,
                by=cast.member,
                now=clock(),
            )

    told(own)
    mine, theirs = as_(cast.member), as_(cast.manager)
    for _turn in range(2):
        answer = mine.get("/boards/mine")
        assert answer.status_code == 200
        known = {"If-None-Match": answer.headers["ETag"]}
        assert theirs.get("/boards/mine").status_code == 404
        assert theirs.get("/boards/mine/cells", headers=known).status_code == 404


def test_each_gets_a_token_of_their_own_in_a_page_that_is_kept(
    tab: Any, as_: Any, cast: SimpleNamespace
) -> None:
    """Planted: the token left in the kept frame."""
    tokens = set()
    for _turn in range(2):
        for client in (tab, as_(cast.manager)):
            client.token()
            page = client.get("/boards/everything").text
            tokens.add(page.partition("X-CSRFToken")[2][:120])
    assert len(tokens) >= 2


def test_a_message_is_shown_once(tab: Any, framed: Initiative) -> None:
    """Planted: the long road's page with the message kept for the next visit."""
    tab.get("/boards/everything")
    moved = tab.get(f"/boards/everything/drop?ref={framed.ref}&column=realised")
    assert moved.status_code == 303
    words = "Stages open one at a time"
    assert words in tab.get("/boards/everything").text
    assert words not in tab.get("/boards/everything").text


def test_a_deleted_board_is_gone_for_the_short_road_too(
    tab: Any, told: Any, cast: SimpleNamespace, board: Board, clock: Clock
) -> None:
    tag = tab.get("/boards/everything").headers["ETag"]

    def delete() -> None:
        with writing():
            db.session.get_one(Board, board.id).delete(by=cast.manager, now=clock())

    told(delete)
    assert poll(tab, tag).status_code == 404


def test_changed_filters_of_a_saved_board_count_at_once(
    tab: Any, told: Any, cast: SimpleNamespace, board: Board, framed: Initiative, clock: Clock
) -> None:
    """Planted: the version of the board left out of what is remembered and of the fingerprint."""
    tag = tab.get("/boards/everything").headers["ETag"]

    def narrow() -> None:
        with writing():
            db.session.get_one(Board, board.id).change(
                name="Everything", filters=Filters(colour="off_track"), lanes=Lanes.none, by=cast.manager, now=clock()
            )  # fmt: skip

    told(narrow)
    answer = poll(tab, tag)
    assert answer.status_code == 200
    assert columns(answer.text)["framed"] == []


def test_what_is_kept_is_made_once_and_forgotten_in_time() -> None:
    made: list[int] = []
    kept: Kept[int] = Kept(most=2)

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept.made("a", 1, make), kept.made("a", 1, make), kept.made("a", 2, make)] == [1, 1, 2]
    kept.made("b", 1, make)
    kept.made("c", 1, make)
    assert kept.get("a", 2) is None
    assert kept.get("c", 1) == 4


def test_a_page_is_filled_in_its_places() -> None:
    page = Page(f"<p>{place('token')} and {place('cells')}</p>".encode())
    assert page.filled(token="one", cells="two") == b"<p>one and two</p>"
    assert Page(b"[aa:token]").filled() == b"[aa:token]"
