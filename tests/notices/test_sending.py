"""A mail arrives, once, in its reader's language, through a server that fails; or it is seen why not."""

from __future__ import annotations

import random
import socket
import ssl
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.cast import START
from tests.initiatives.stories import idea, sponsored
from tests.notices.conftest import swept, text_of
from tests.notices.conftest import told as told_to
from tests.notices.server import BOUNCE, BUSY, FAULTS, serving
from tests.promises import full
from tracker.blockers.models import Blocker
from tracker.db import db, writing
from tracker.notices import smtp
from tracker.notices.jobs import Job, JobState
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail, MailState, Notice, Occasion
from tracker.notices.telling import Told, tell
from tracker.notices.unsubscribing import stop
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person, Role


def propose(cast: SimpleNamespace, title: str = "One bill", to: Any = None) -> Any:
    one = idea(cast, START, title)
    with writing():
        one.propose_sponsor(to or cast.executive, by=cast.manager, now=START)
    return one


def states() -> list[str]:
    return [str(state) for state in db.session.scalars(select(Mail.state).order_by(Mail.id))]


def until_done(clock: Any, most: int = 60) -> int:
    """Let the jobs run again and again, an hour apart; return how many rounds it took. AssertionError after `most`."""
    for turn in range(most):
        swept("jobs")
        waiting = select(Job.id).where(Job.state != JobState.dead).limit(1)
        if db.session.scalar(waiting) is None:
            return turn + 1
        clock.forward(hours=1)
    raise AssertionError("there is still work that waits")


def test_without_a_server_a_mail_is_a_file(present: SimpleNamespace, mails: Any) -> None:
    """Planted: the job left after the mail was laid down, and so done again."""
    propose(present)
    assert swept("jobs") == {"jobs": 1}
    assert swept("jobs") == {"jobs": 0}
    (mail,) = mails()
    assert mail["To"] == "Emil Executive <executive@example.org>"
    assert "\u2068Mona Manager\u2069 asks you to sponsor" in text_of(mail)
    assert mail["Subject"].startswith("Mona Manager asks you to sponsor")
    assert "http://localhost/initiatives/CX-1" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert states() == ["sent"]


def test_a_mail_is_in_the_language_of_its_reader_to_the_last_line(
    present: SimpleNamespace, mails: Any
) -> None:
    """Planted: the non-joiner taken out of the subject; plain templates left out of what is translated."""
    with writing():
        db.session.get_one(Person, present.executive.id).language = "fa"
    propose(present)
    swept("jobs")
    (mail,) = mails()
    assert "از شما می\u200cخواهد" in mail["Subject"]
    assert "inbox, too" not in text_of(mail)
    assert "Stop" not in text_of(mail)


def test_whose_access_ended_gets_no_mail_of_before(present: SimpleNamespace, mails: Any) -> None:
    """Planted: `is_active` not asked for in composing."""
    propose(present)
    with writing():
        leaving = db.session.get_one(Person, present.executive.id).again(present.admin)
        end_access(leaving, by=present.admin, now=START)
    swept("jobs")
    assert not [mail for mail in mails() if "executive@example.org" in mail["To"]]
    assert states()[0] == "dropped"


def test_a_partner_hears_nothing_of_what_left_its_scope_meanwhile(
    present: SimpleNamespace, mails: Any
) -> None:
    """Planted: the things of a mail not looked up through what its reader may see."""
    cast = present
    one = sponsored(cast, START)
    with writing():
        held = Blocker.raise_(
            one, title="No data", blocked_unit_id=cast.care.id, by=cast.member, now=START,
            holder_partner_id=cast.vendor.id,
        )  # fmt: skip
    with writing():
        held.name_answerer(cast.contact, by=cast.lead, now=START)
    with writing():
        db.session.execute(
            text(
                "UPDATE blocker SET holder_partner_id = NULL, holder_unit_id = :it, answerer_id = NULL"
            ),
            {"it": cast.it.id},
        )
    swept("jobs")
    assert not [mail for mail in mails() if "contact@" in mail["To"]]
    assert "dropped" in states()


def test_what_was_read_meanwhile_is_not_mailed(present: SimpleNamespace, mails: Any) -> None:
    """Planted: `read_at` not asked for."""
    propose(present)
    with writing():
        db.session.execute(text("UPDATE notice SET read_at = at"))
    swept("jobs")
    assert mails() == []
    assert states() == ["dropped"]


@pytest.mark.both
def test_through_a_server_that_fails_every_notice_arrives(
    app: Flask, present: SimpleNamespace, clock: Any, promise: Any, database_kind: str
) -> None:
    """451, a cut before and after the mail was taken, and hanging, by lot; then whoever should have got something got it.

    Planted: a mail marked as sent where the server cut before it answered; a Message-ID drawn anew at each try; a mail
    composed for the first person of the table; notices of changes that were rolled back; access not asked for.
    """
    cast, lot = present, random.Random(7)
    app.config["CLOCK"] = clock
    count = full(50, 1_000)
    people = crowd(cast, count // 10)
    wanted: dict[str, set[str]] = defaultdict(set)
    leaves = people[0]
    with serving(lambda _n, _to: lot.choice((*FAULTS[:3], "", "", "", ""))) as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        try:
            for n in range(count):
                person = people[n % len(people)]
                one = idea(cast, START, f"Work {n}")
                notice = Told(
                    Tell.mention,
                    [person.id, cast.manager.id],
                    "initiative",
                    one.id,
                    cast.manager.id,
                )
                try:
                    with writing():
                        tell([notice], now=clock())
                        if n % 7 == 3:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    continue
                if person is not leaves:
                    wanted[person.email].add(f"Work {n}")
                if n % 20 == 19:
                    swept("jobs")
                    clock.forward(minutes=3)
            with writing():
                gone = db.session.get_one(Person, leaves.id, populate_existing=True)
                end_access(gone, by=cast.admin, now=clock())
            after = len(server.taken)
            rounds = until_done(clock)
        finally:
            app.config.pop("SMTP_URL")
    got: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for to, mail in server.taken:
        title = text_of(mail).partition("Work ")[2].split("\u2069")[0]
        got[to].add(f"Work {title}")
        numbers[f"{to} Work {title}"].add((to, mail["Message-ID"]))
    before_end = got.pop(leaves.email, set())
    assert got == dict(wanted)
    assert all(len(found) == 1 for found in numbers.values()), "one thing under two numbers"
    assert leaves.email not in {to for to, _mail in server.taken[after:]}, "mail after access ended"
    repeats = sum(n - 1 for n in Counter(mail["Message-ID"] for _to, mail in server.taken).values())
    assert server.faults.total() > count // 10
    assert db.session.scalar(select(func.count()).where(Mail.state == MailState.dead)) == 0
    promise(
        "notices arrive through a failing mail server", tried=count, database=database_kind, missing=0,
        misdirected=0, repeats_with_the_same_number=repeats, faults=server.faults.total(),
        before_access_ended=len(before_end), rounds=rounds,
    )  # fmt: skip


def crowd(cast: SimpleNamespace, count: int) -> list[Person]:
    with writing():
        return [
            Person.add(
                email=f"reader{n}@example.org", name=f"Reader {n}", role=Role.member, by=None,
                now=START, unit_id=cast.care.id,
            )
            for n in range(count)
        ]  # fmt: skip


def test_a_server_that_hangs_holds_up_nobody_but_the_mails(
    app: Flask, present: SimpleNamespace, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: no timeout; every other mail tried at once as well (not put back)."""
    monkeypatch.setattr(smtp, "PATIENCE", 0.3)
    for n in range(4):
        propose(present, f"Number {n}")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        try:
            assert swept("jobs") == {"jobs": 0}
        finally:
            app.config.pop("SMTP_URL")
    tries = db.session.scalars(select(Job.tries).order_by(Job.id)).all()
    assert sorted(tries) == [0, 0, 0, 1]
    error = db.session.scalar(select(Mail.error).where(Mail.tries == 1))
    assert error == "silent: 127.0.0.1"
    clock.forward(minutes=2)
    assert swept("jobs") == {"jobs": 4}
    assert states() == ["sent"] * 4


def test_a_mail_that_bounces_is_given_up_and_seen_and_can_be_tried_again(
    app: Flask, cast: SimpleNamespace, told: Any, as_: Any, clock: Any
) -> None:
    """Planted: 550 taken for a passing failure."""
    told(lambda: propose(cast))

    def inside(act: Any) -> Any:
        with app.app_context():
            return act()

    with serving(lambda number, _to: BOUNCE if number == 1 else "") as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        try:
            assert inside(lambda: swept("jobs")) == {"jobs": 0}
            mail = inside(lambda: db.session.scalars(select(Mail)).one())
            assert (mail.state, mail.tries) == (MailState.dead, 1)
            assert mail.error == "bounced: 550 not here: executive@example.org"
            assert inside(lambda: db.session.scalars(select(Job.state)).all()) == [JobState.dead]
            clock.forward(days=1)
            assert inside(lambda: swept("jobs")) == {"jobs": 0}
            _look_and_retry(as_(cast.admin), mail.ref)
            assert inside(lambda: swept("jobs")) == {"jobs": 1}
        finally:
            app.config.pop("SMTP_URL")
    assert [to for to, _mail in server.taken] == ["executive@example.org"]


def _look_and_retry(tab: Any, ref: str) -> None:
    assert "550" in tab.get("/settings/mail?state=dead").get_data(as_text=True)
    assert "550" in tab.get("/settings/jobs").get_data(as_text=True)
    assert "Try again" in tab.get(f"/settings/mail/{ref}").get_data(as_text=True)
    assert tab.submit(f"/settings/mail/{ref}/retry").status_code == 303
    assert tab.submit(f"/settings/mail/{ref}/retry").status_code == 409


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    app: Flask, present: SimpleNamespace, clock: Any, tmp_path: Path
) -> None:
    """Planted: `CERT_NONE` in smtp.py."""
    propose(present)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*_certificate(tmp_path))
    with serving(tls=own) as server:
        app.config["SMTP_URL"] = f"smtp+starttls://localhost:{server.port}"
        try:
            assert swept("jobs") == {"jobs": 0}
            assert server.taken == []
            error = db.session.scalar(select(Mail.error))
            assert str(error).startswith("untrusted: localhost, ")
            app.config["SMTP_TRUST"] = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
            clock.forward(minutes=5)
            assert swept("jobs") == {"jobs": 1}
        finally:
            app.config.pop("SMTP_URL")
            app.config.pop("SMTP_TRUST", None)
    assert len(server.taken) == 1


def _certificate(folder: Path) -> tuple[Path, Path]:
    """Return the files of a certificate for this machine that it signed itself, and of its key."""
    here = Path(__file__).parent
    cert, key = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes((here / "localhost.cert.pem").read_bytes())
    key.write_bytes((here / "localhost.key.pem").read_bytes())
    return cert, key


def test_fifty_notices_wait_for_a_server_that_is_stopped_and_arrive_each_in_its_language(
    app: Flask, present: SimpleNamespace, clock: Any
) -> None:
    """Planted: the language of the mail taken from the organisation."""
    cast = present
    languages = {"en": "named you", "zh_Hans": "提到", "zh_Hant": "提到", "fa": "نام"}
    people = crowd(cast, 8)
    with writing():
        for n, person in enumerate(people):
            person.prefer(language=list(languages)[n % 4])
    one = idea(cast, START)
    for n in range(50):
        with writing():
            tell(
                [Told(Tell.mention, [people[n % 8].id], "initiative", one.id, cast.manager.id)],
                now=clock(),
            )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        for _turn in range(3):
            assert swept("jobs") == {"jobs": 0}
            clock.forward(minutes=7)
        with serving(port=port) as server:
            until_done(clock)
    finally:
        app.config.pop("SMTP_URL")
    assert len(server.taken) == len({mail["Message-ID"] for _to, mail in server.taken}) == 50
    by_reader = Counter(to for to, _mail in server.taken)
    assert by_reader == {person.email: 7 if n < 2 else 6 for n, person in enumerate(people)}
    for to, mail in server.taken:
        spoken = next(person.language for person in people if person.email == to)
        assert mail["Content-Language"] == str(spoken).replace("_", "-")
        assert languages[str(spoken)] in text_of(mail)


def test_a_name_with_a_line_break_stays_in_its_line(present: SimpleNamespace, mails: Any) -> None:
    """Planted: `one_line` that returns what it was given."""
    with writing():
        manager = db.session.get_one(Person, present.manager.id)
        manager.name = "Mona\r\nBcc: everybody@example.org"
        reader = db.session.get_one(Person, present.executive.id)
        reader.name = 'Emil"\n<other@example.org>'
    one = idea(present, START, "Bill\r\nX-Planted: yes")
    with writing():
        one.propose_sponsor(reader, by=manager, now=START)
    swept("jobs")
    (mail,) = mails()
    assert mail["Bcc"] is None
    assert mail["X-Planted"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["executive@example.org"]
    assert "\n" not in mail["Subject"]


def test_an_encoded_word_in_a_name_ends_no_header_and_a_long_name_adds_no_reader(
    present: SimpleNamespace, mails: Any
) -> None:
    """The library reads encoded words that stand in a text, line breaks in them included, and folds a long quoted name without
    its quotes. Planted: `one_line` that leaves "=?", `called` that leaves commas, each alone.
    """
    hidden = "=?utf-8?q?a=0D=0ABcc:_everybody@example.org=0D=0A=0D=0A<h1>Pay_here</h1>?="
    with writing():
        manager = db.session.get_one(Person, present.manager.id)
        manager.name = hidden
        reader = db.session.get_one(Person, present.executive.id)
        reader.name = "x@example.org," * 8
    one = idea(present, START, f"Bill {hidden}")
    with writing():
        one.propose_sponsor(reader, by=manager, now=START)
    swept("jobs")
    (mail,) = mails()
    assert mail["Bcc"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"  # no body began before it
    assert [address.addr_spec for address in mail["To"].addresses] == ["executive@example.org"]
    assert "Bill" in mail["Subject"]
    assert "utf-8?q?a" in mail["Subject"]  # as it was typed


def test_an_address_that_is_none_becomes_a_dead_letter(present: SimpleNamespace) -> None:
    with writing():
        db.session.get_one(Person, present.executive.id).email = "nobody\r\nRCPT TO:<x@y.z>"
    propose(present)
    swept("jobs")
    assert states() == ["dead"]
    assert db.session.scalar(select(Mail.error)) == "no_address"


def test_mails_that_were_stopped_come_with_the_digest(
    present: SimpleNamespace, clock: Any, mails: Any
) -> None:
    """Planted: `mails_at_once` not asked for."""
    with writing():
        stop(db.session.get_one(Person, present.executive.id), Occasion.at_once)
    propose(present)
    assert swept("digests", "jobs") == {"digests": 0, "jobs": 0}
    assert told_to(present.executive) == ["sponsorship_proposed"]
    clock.forward(days=1)
    assert swept("digests", "jobs") == {"digests": 1, "jobs": 1}
    assert len(mails()) == 1


def test_busy_is_tried_again_later_each_time(
    app: Flask, present: SimpleNamespace, clock: Any
) -> None:
    """Planted: a pause that does not grow."""
    propose(present)
    pauses = []
    with serving(lambda number, _to: BUSY if number < 6 else "") as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        try:
            for _turn in range(5):
                assert swept("jobs") == {"jobs": 0}
                due = db.session.scalar(select(Job.due_at))
                assert due is not None
                pauses.append(due - clock())
                clock.moment = due
                db.session.rollback()
            assert swept("jobs") == {"jobs": 1}
        finally:
            app.config.pop("SMTP_URL")
    assert pauses == [timedelta(minutes=n) for n in (1, 2, 4, 8, 16)]
    assert db.session.scalars(select(Notice.mail_id)).all() != [None]
