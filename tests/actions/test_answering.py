"""Answering from the mail: its buttons lead to one page that asks, and only a click there changes anything."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.doing import DUE, change, stored
from tests.filled import form_to
from tracker import sweeping
from tracker.actions.states import State
from tracker.activity.models import Event
from tracker.db import db


@pytest.fixture
def mails(app):
    """Let what waits be sent, and return the newest mail to somebody as (text, HTML)."""

    def newest(person, digest=False):
        with app.app_context():
            sweeping.sweep(only={"digests", "jobs"} if digest else {"jobs"})
        files = sorted((Path(app.config["DATA_DIR"]) / "mail").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)  # fmt: skip
        every = (message_from_bytes(file.read_bytes(), policy=default) for file in files)
        mail = [one for one in every if person.email in one["To"]][-1]
        return tuple(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))

    return newest


def events(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Event))


def buttons(html):
    return re.findall(r'class="button[^"]*" href="http://localhost(/[^"]+)">([^<]+)</a>', html)


def test_a_contact_acknowledges_from_the_mail_by_way_of_signing_in(app, cast, as_, work, mails):
    """Canaries: `action_assigned` without "asks"; the address of our own page given to a contact."""
    action = work.make(partner_id=cast.vendor.id, criteria="Ten calls\nConsent")
    text, html = mails(cast.contact)
    ref = action.ref
    assert buttons(html) == [
        (f"/partner/actions/{ref}/answer?to=acknowledgement", "Acknowledge"),
        (f"/partner/actions/{ref}/answer?to=start", "Start"),
    ]
    assert f"Acknowledge: http://localhost/partner/actions/{ref}/answer" in text
    there = buttons(html)[0][0]
    away = as_(None).get(there)
    assert (away.status_code, away.location.startswith(f"/sign-in?next=/partner/actions/{ref}/answer")) == (303, True)  # fmt: skip

    vendor, before = as_(cast.contact), events(app)
    page = vendor.get(there)
    assert page.status_code == 200
    for words in ("Record ten welcome calls", "One bill that anybody", "Ten calls", "Consent", "20 Mar 2026"):  # fmt: skip
        assert words in page.text
    assert (stored(app, action).state, events(app)) == (State.to_do, before)
    done = vendor.fill(f"/actions/{ref}/acknowledgement", page=there)
    assert (done.status_code, stored(app, action).state) == (303, State.acknowledged)
    assert done.location == f"/partner/actions/{ref}"


def test_the_host_accepts_or_returns_and_answers_a_date_from_the_mail(app, cast, as_, clock, work, mails):  # fmt: skip
    """Canary: `handed_in` left out of the keys of the page's form: the older page would accept the newer submission."""
    action = work.make(host_id=cast.head.id)
    change(app, action, lambda row: row.submit("All ten", by=cast.contact, now=clock()))
    clock.forward(days=1)
    _text, html = mails(cast.head, digest=True)
    ref = action.ref
    assert buttons(html) == [
        (f"/actions/{ref}/answer?to=acceptance", "Accept"),
        (f"/actions/{ref}/answer?to=return", "Return it"),
    ]
    host, there = as_(cast.head), f"/actions/{ref}/answer?to=acceptance"
    page = host.get(there)
    assert "All ten" in page.text
    assert f'href="/actions/{ref}/return"' in page.text
    change(app, action, lambda row: row.return_("Two are missing", by=cast.lead, now=clock()))
    change(app, action, lambda row: row.submit("Now twelve", by=cast.contact, now=clock()))
    old = form_to(page.text, f"/actions/{ref}/acceptance", there)
    late = host.post(f"/actions/{ref}/acceptance", data=old)
    assert (late.status_code, stored(app, action).state) == (409, State.submitted)
    assert host.fill(f"/actions/{ref}/acceptance", page=there).status_code == 303
    assert stored(app, action).state == State.accepted

    other = work.make(host_id=cast.head.id)
    change(app, other, lambda row: row.propose_date(DUE.replace(day=27), "A week more", by=cast.contact, now=clock()))  # fmt: skip
    clock.forward(days=1)
    _text, html = mails(cast.head, digest=True)
    assert [words for _path, words in buttons(html)] == ["Accept the date", "Keep the present date"]
    there = f"/actions/{other.ref}/answer?to=date-acceptance"
    page = host.get(there).text
    assert "27 Mar 2026" in page
    assert "A week more" in page
    assert host.fill(f"/actions/{other.ref}/date-acceptance", page=there).status_code == 303
    assert stored(app, other).due_on == DUE.replace(day=27)
    assert "was answered, or taken back. It is due 27 Mar 2026." in host.get(there).text


def test_a_link_that_is_stale_says_what_stands_now(app, cast, as_, clock, work):
    """Canary: `stale` left empty; the button shown to whoever cannot use it."""
    action = work.make(host_id=cast.head.id)
    vendor, there = as_(cast.contact), f"/partner/actions/{action.ref}/answer"
    change(app, action, lambda row: row.start(by=cast.contact, now=clock()))
    page = vendor.get(f"{there}?to=acknowledgement").text
    assert "This action is acknowledged already." in page
    assert f"/actions/{action.ref}/submission" in page  # what is next stands there instead
    early = as_(cast.head).get(f"/actions/{action.ref}/answer?to=acceptance").text
    assert "Nothing is handed in yet." in early
    change(app, action, lambda row: row.submit("", by=cast.contact, now=clock()))
    assert "This action is handed in." in vendor.get(f"{there}?to=start").text
    bystander = as_(cast.member).get(f"/actions/{action.ref}/answer?to=acceptance").text
    assert "Brightline does this action, and Hana Head accepts it." in bystander
    assert "<form" not in bystander.split('class="page narrow')[1].split("</main>")[0]
    change(app, action, lambda row: row.accept(by=cast.head, now=clock()))
    for tab, page in ((vendor, there), (as_(cast.head), f"/actions/{action.ref}/answer")):
        assert "This action is accepted, and over." in tab.get(f"{page}?to=start").text
    assert vendor.get(f"{there}?to=nonsense").status_code == 200


def test_the_page_of_an_answer_does_not_exist_for_others(app, cast, as_, work):
    """Canary: `on=Action` taken from `partners.answer`. A contact finds no page of ours, and nothing of another partner's."""
    action, ours = work.make(), work.make(person_id=cast.member.id)
    assert as_(cast.other_contact).get(f"/partner/actions/{action.ref}/answer").status_code == 404
    assert as_(cast.contact).get(f"/partner/actions/{ours.ref}/answer").status_code == 404
    assert as_(cast.contact).get(f"/actions/{action.ref}/answer").status_code == 404
    assert as_(cast.lead).get(f"/partner/actions/{action.ref}/answer").status_code in (403, 404)


def test_a_mail_offers_only_what_is_still_open(app, cast, clock, work, mails):
    """Canary: `offered` asks no state. Who acknowledged meanwhile is offered what comes next."""
    action = work.make()
    change(app, action, lambda row: row.acknowledge(by=cast.contact, now=clock()))
    _text, html = mails(cast.contact)
    assert [words for _path, words in buttons(html)] == ["Start"]


def test_of_several_given_at_once_each_has_its_own_words_and_buttons(app, cast, as_, work, mails):
    """Planted, seen red: `each_by_itself` left out: one line that counts the last two, and leads to the first alone."""
    seven = [work.make(title=f"Call home {n}") for n in range(1, 8)]
    for_whom = f"c{cast.other_vendor.id}-{cast.other_contact.id}"
    sent = as_(cast.lead).submit("/actions/bulk/assignee", ids=[one.id for one in seven], assignee=for_whom)  # fmt: skip
    assert sent.status_code == 303
    text, html = mails(cast.other_contact)
    blocks = re.findall(r"<li>(.*?)</li>", html, re.DOTALL)
    assert len(blocks) == text.count("\n* ") == len(seven)
    for action, block in zip(seven, blocks, strict=True):
        there = f"/partner/actions/{action.ref}"
        assert f'href="http://localhost{there}"><bdi>{action.title}</bdi>' in block
        assert buttons(block) == [
            (f"{there}/answer?to=acknowledgement", "Acknowledge"),
            (f"{there}/answer?to=start", "Start"),
        ]
        assert f"http://localhost{there}\n" in text.replace("\r", "")
    assert "and 2 more" in as_(cast.other_contact).get("/inbox").text, "there it is one line"
