"""The inbox, the pages of mails and jobs, and the address that stops a mail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import START
from tests.conftest import Tab, counted
from tests.initiatives.stories import idea
from tests.notices.conftest import swept
from tracker.boards.filters import Filters
from tracker.boards.models import Board, Lanes
from tracker.db import db, writing
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail, Notice, Occasion
from tracker.notices.telling import Told, tell
from tracker.notices.unsubscribing import STOPPABLE, page_of
from tracker.organisation.people import Person


def asked(cast: SimpleNamespace, count: int = 1) -> Any:
    for n in range(count):
        one = idea(cast, START, f"Bill {n}")
        with writing():
            one.propose_sponsor(cast.executive, by=cast.manager, now=START)
    return one


def page(tab: Tab, address: str = "/inbox") -> str:
    answer = tab.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def test_the_inbox_shows_what_is_new_until_it_is_read(
    told: Any, cast: SimpleNamespace, as_: Any, app: Flask
) -> None:
    """Planted: `read` without the condition on the person."""
    told(lambda: asked(cast, 2))
    tab = as_(cast.executive)
    shown = page(tab)
    assert "2 are new." in shown
    assert shown.count('class="new"') == 2
    assert "asks you to sponsor" in shown
    assert 'href="/initiatives/CX-2"' in shown
    with app.app_context():
        ids = list(db.session.scalars(select(Notice.id).order_by(Notice.id)))
    assert as_(cast.owner).submit(f"/inbox/{ids[0]}/read").status_code == 404
    assert tab.submit(f"/inbox/{ids[0]}/read").status_code == 303
    assert "1 is new." in page(tab)
    tab.submit("/inbox/read")
    assert "Nothing is new." in page(tab)


def test_a_board_counts_what_is_unread_as_soon_as_it_was_read(
    told: Any, cast: SimpleNamespace, as_: Any, app: Flask
) -> None:
    """On the short road too: reading leaves no event. Planted: the unread count kept while the trail has not grown."""
    told(lambda: asked(cast))
    told(lambda: board_of_all(cast))
    tab = as_(cast.executive)
    counts = [unread_on(page(tab, "/boards/all")) for _turn in range(3)]
    tab.submit("/inbox/read")
    counts += [unread_on(page(tab, "/boards/all")) for _turn in range(3)]
    told(lambda: asked(cast))
    counts += [unread_on(page(tab, "/boards/all")) for _turn in range(2)]
    assert counts == ["1", "1", "1", "", "", "", "1", "1"]


def board_of_all(cast: SimpleNamespace) -> None:
    with writing():
        values = {"owner": None, "by": cast.manager, "now": START}
        Board.save(name="All", filters=Filters(), lanes=Lanes.none, **values)


def unread_on(shown: str) -> str:
    """What stands beside the inbox in the navigation."""
    beside = shown.partition("<span>Inbox</span>")[2].partition("</a>")[0]
    return beside.partition(">")[2].partition("<")[0]


def test_muting_hears_only_what_is_meant_for_me_and_can_be_undone(
    told: Any, cast: SimpleNamespace, as_: Any, app: Flask
) -> None:
    told(lambda: asked(cast))
    tab = as_(cast.executive)
    with app.app_context():
        (notice,) = db.session.scalars(select(Notice.id)).all()
    assert as_(cast.contact).submit(f"/inbox/{notice}/mute").status_code == 404
    assert tab.submit(f"/inbox/{notice}/mute").status_code == 303
    shown = page(tab)
    assert "Hear again" in shown
    assert ">Mute<" not in shown
    end = shown.partition('action="/inbox/mutes/')[2].partition('"')[0]
    assert tab.submit(f"/inbox/mutes/{end}").status_code == 303
    assert "Hear again" not in page(tab)


def test_the_number_of_statements_does_not_grow(
    told: Any, cast: SimpleNamespace, as_: Any, app: Flask
) -> None:
    tab, seen = as_(cast.executive), []
    for count in (1, 25):
        told(lambda count=count: asked(cast, count))
        page(tab)
        with counted(app) as statements:
            page(tab)
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 12


def test_what_left_the_readers_scope_says_nothing_any_more(
    told: Any, cast: SimpleNamespace, as_: Any
) -> None:
    """Planted: names looked up without the scope."""

    def told_of_a_foreign_one() -> None:
        with writing():
            one = Told(Tell.promise_passed, [cast.contact.id], "initiative", 1, None, 1)
            tell([one], now=START)

    told(lambda: asked(cast))
    told(told_of_a_foreign_one)
    shown = page(as_(cast.contact))
    assert "This is no longer open to you." in shown
    assert "Bill 0" not in shown
    assert "CX-1" not in shown


def test_a_mail_is_shown_as_text_and_as_html_that_can_do_nothing(
    told: Any, cast: SimpleNamespace, as_: Any, app: Flask
) -> None:
    """Planted: the style without its hash; the frame's page denied to be framed."""
    told(lambda: asked(cast))
    with app.app_context():
        swept("jobs")
        ref = db.session.scalar(select(Mail.ref))
    tab = as_(cast.admin)
    assert "Emil Executive" in page(tab, "/settings/mail")
    shown = page(tab, f"/settings/mail/{ref}")
    assert "asks you to sponsor" in shown
    answer = tab.get(f"/settings/mail/{ref}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "sandbox" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    html = answer.get_data(as_text=True)
    assert "style=" not in html
    assert "<script" not in html
    assert "http://localhost/initiatives/CX-1" in html
    for person in (cast.manager, cast.owner, cast.auditor):
        assert as_(person).get(f"/settings/mail/{ref}").status_code == 403


@pytest.mark.parametrize("occasion", STOPPABLE)
def test_a_mail_is_stopped_by_its_address_and_a_get_only_asks(
    app: Flask, cast: SimpleNamespace, as_: Any, occasion: Occasion
) -> None:
    """Without a session and without a form's token, as mail programs do it. Planted: a GET that stops; an unsigned token."""
    with app.test_request_context():
        address = page_of(cast.member, occasion)
    nobody = as_(None)

    def taste() -> tuple[Any, Any]:
        with app.app_context():
            person = db.session.get_one(Person, cast.member.id)
            return person.digest_hour, person.mails_at_once

    assert "Shall it stop?" in page(nobody, address)
    assert nobody.head(address).status_code == 200
    assert taste() == (8, True)
    answer = nobody.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert taste() == ((None, True) if occasion == Occasion.digest else (8, False))
    assert "You get no such mails any more." in page(nobody, address)
    assert nobody.get(address[:-2]).status_code == 404
    with app.test_request_context():
        ended = page_of(cast.ended, occasion)
    assert nobody.post(ended).status_code == 404


def test_when_the_mail_comes_is_chosen_in_the_profile(
    app: Flask, cast: SimpleNamespace, as_: Any
) -> None:
    tab = as_(cast.member)
    for hour, kept in (("17", 17), ("never", None), ("0", 0)):
        assert tab.fill("/settings/profile", digest_hour=hour).status_code == 303
        with app.app_context():
            assert db.session.get_one(Person, cast.member.id).digest_hour == kept
    assert tab.fill("/settings/profile", digest_hour="24").status_code == 422
    assert tab.fill("/settings/profile", digest_hour="x").status_code == 422


def test_jobs_show_what_waits(told: Any, cast: SimpleNamespace, as_: Any, app: Flask) -> None:
    told(lambda: asked(cast, 2))
    shown = page(as_(cast.admin), "/settings/jobs")
    assert shown.count("Send a mail") == 2
    with app.app_context():
        swept("jobs")
        assert db.session.scalar(select(func.count()).select_from(Mail)) == 2
    assert "No work waits." in page(as_(cast.admin), "/settings/jobs")
