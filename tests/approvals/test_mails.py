"""The mail that asks for a decision says what the screen behind it says; to nobody else, and no longer than it waits."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests import gates
from tests.conftest import counted
from tests.initiatives.stories import sponsored
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.notices.composing import Composed, compose
from tracker.notices.models import Mail


@pytest.fixture
def asked(told: Any, cast: SimpleNamespace, clock: Any) -> int:
    """Lena asks Emil, the sponsor."""

    def put() -> int:
        made = sponsored(cast, clock())
        with writing():
            its = gates.requested(
                db.session.get_one(Initiative, made.id), now=clock(), cost=48_000, cost_words="",
                question="May we begin?", gain="A quarter fewer calls", waiting="We miss the January peak", risk="Nobody is free",
            )  # fmt: skip
            return its.id

    return told(put)


def newest(person: Any, **how: Any) -> Composed:
    mail = select(Mail).where(Mail.person_id == person.id).order_by(Mail.id.desc()).limit(1)
    made = compose(db.session.scalars(mail).one(), **how)
    assert made is not None
    return made


def seen(text: str) -> str:
    return re.sub("[\u2068\u2069]", "", text)


@pytest.mark.both
def test_whoever_decides_reads_it_in_the_mail(app, cast, asked):
    """Planted: `facts` left out of the text, and of the HTML; the full stop left behind the question mark."""
    with app.app_context():
        mail = newest(cast.executive)
        for line in (
            "What: Gate to Designing, due ", "Cost: £48,000", "Gain: A quarter fewer calls", "If we wait: We miss the January peak",
            "Open risk: Nobody is free",
        ):  # fmt: skip
            assert line in seen(mail.text)
            name, _, value = line.partition(": ")
            assert re.search(rf"<dt>{name}</dt><dd>{value}", seen(mail.html)), line
        assert seen(mail.subject).endswith("May we begin?")


def test_what_was_typed_over_several_lines_is_one_line_of_the_mail(app, cast, told, clock):
    """Planted: the words as they were typed, whose second line looks like one of the mail's own."""

    def put() -> None:
        made = sponsored(cast, clock())
        with writing():
            gates.requested(
                db.session.get_one(Initiative, made.id), now=clock(),
                gain="Much\n  Open risk: none\n\n* Read it and decide: https://elsewhere.example\u202e\u2069\u2069",
            )  # fmt: skip

    told(put)
    with app.app_context():
        text = newest(cast.executive).text
    (line,) = [one for one in text.splitlines() if "elsewhere.example" in one]
    assert line.startswith("  Gain: \u2068Much Open risk: none")
    assert line.endswith("elsewhere.example\u2069")


@pytest.mark.both
def test_the_outbox_and_those_who_do_not_decide_read_none_of_it(app, cast, as_, asked):
    """Planted: the facts of whoever may see the request, and of what is decided."""
    with app.app_context():
        assert "A quarter fewer calls" in newest(cast.executive).text
        assert "A quarter fewer calls" not in newest(cast.executive, with_read=True).text
    assert as_(cast.executive).submit(f"/approvals/{asked}/approval").status_code == 303
    with app.app_context():
        every = db.session.scalars(select(Mail)).all()
        texts = [made.text for mail in every if (made := compose(mail)) is not None]
        assert len(texts) >= 2
        assert not [text for text in texts if "A quarter fewer calls" in text]


def test_a_mail_of_many_asks_once_for_all_of_them(app, cast, told, clock):
    """Planted: the frozen words asked for by themselves, one by one."""

    def statements() -> int:
        with app.app_context(), counted(app) as asked_for:
            newest(cast.executive)
        return len(asked_for)

    def put(number: int) -> None:
        for _ in range(number):
            made = sponsored(cast, clock())
            with writing():
                gates.requested(db.session.get_one(Initiative, made.id), now=clock())

    told(lambda: put(1))
    one = statements()
    told(lambda: put(4))
    assert statements() == one
