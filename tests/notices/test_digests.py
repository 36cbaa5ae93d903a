"""One mail a day for each person, at their hour by their clock, and none when there is nothing to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tests.initiatives.stories import idea
from tests.notices.conftest import swept, text_of, told
from tracker.db import db, writing
from tracker.notices.digests import last_due
from tracker.notices.kinds import Tell
from tracker.notices.models import Mail, Notice
from tracker.notices.telling import Told, tell
from tracker.organisation.handing_over import end_access
from tracker.organisation.people import Person


def happens(cast: SimpleNamespace, now: datetime, count: int = 1) -> None:
    """Something that can wait is told to the lead, this often."""
    for n in range(count):
        one = idea(cast, START, f"Number {n}")
        with writing():
            tell(
                [
                    Told(
                        Tell.sponsorship_declined,
                        [cast.lead.id],
                        "initiative",
                        one.id,
                        cast.executive.id,
                    )
                ],
                now=now,
            )


def digests() -> list[Any]:
    swept("digests", "jobs")
    return list(
        db.session.execute(
            select(Mail.day, Mail.state).where(Mail.day.is_not(None)).order_by(Mail.id)
        )
    )


@pytest.mark.both
def test_two_hundred_changes_in_an_hour_are_one_mail(
    present: SimpleNamespace, clock: Any, mails: Any, promise: Any, database_kind: str
) -> None:
    """Planted: a mail for each notice that waits."""
    for n in range(200):
        happens(present, clock() + timedelta(seconds=18 * n))
    clock.forward(hours=1)
    assert digests() == []
    clock.forward(hours=24)
    assert len(digests()) == 1
    (mail,) = mails()
    assert mail["To"] == "Lena Lead <lead@example.org>"
    assert "200 things are new for you" in mail["Subject"]
    assert text_of(mail).count("declined to sponsor") == 200
    assert told(present.lead) == ["sponsorship_declined"] * 200
    promise("200 changes in an hour are one mail", tried=200, database=database_kind, mails=1)


def test_one_a_day_however_often_one_looks_and_none_without_news(
    present: SimpleNamespace, clock: Any, mails: Any
) -> None:
    """Planted: the day's mail not asked for; a mail made of nothing."""
    for _day in range(3):
        assert digests() == []
        clock.forward(hours=8)
    happens(present, clock())
    clock.forward(days=1)
    for _look in range(4):
        assert len(digests()) == 1
        clock.forward(hours=3)
    with writing():
        reader = db.session.get_one(Person, present.lead.id)
        reader.prefer(digest_hour=clock().hour)
    happens(present, clock() - timedelta(hours=1))
    assert len(digests()) == 1, "a second one on the same day"
    clock.forward(days=1)
    assert len(digests()) == 2
    assert len(mails()) == 2


def test_what_came_after_the_hour_waits_for_the_next_day(
    present: SimpleNamespace, clock: Any
) -> None:
    """Planted: everything that waits taken along."""
    happens(present, clock())  # at ten
    assert digests() == []
    clock.moment = datetime(2026, 3, 3, 7, 59, tzinfo=UTC)
    assert digests() == []
    happens(present, datetime(2026, 3, 3, 8, 5, tzinfo=UTC))
    clock.moment = datetime(2026, 3, 3, 8, 10, tzinfo=UTC)
    assert [row.day for row in digests()] == [date(2026, 3, 3)]
    waiting = select(Notice.id).where(Notice.waits)
    assert len(db.session.scalars(waiting).all()) == 1
    clock.moment = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert [row.day for row in digests()] == [date(2026, 3, 3), date(2026, 3, 4)]


def test_by_the_clock_of_the_reader() -> None:
    """In Tehran (three and a half hours ahead), in Auckland, and on the day that has no such hour.

    Planted: the hour taken in UTC.
    """
    morning = datetime(2026, 3, 3, 4, 29, tzinfo=UTC)
    assert last_due(morning, "Asia/Tehran", 8) == (
        date(2026, 3, 2),
        datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    )
    assert last_due(morning + timedelta(minutes=1), "Asia/Tehran", 8)[0] == date(2026, 3, 3)
    assert last_due(morning, "Pacific/Auckland", 8)[1] == datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    day, moment = last_due(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Berlin", 2)
    assert (day, moment) == (date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC))


def test_nobody_is_mailed_whose_access_ended_or_who_wants_none_or_has_read_it(
    present: SimpleNamespace, clock: Any, mails: Any
) -> None:
    """Planted: `ended_at` not asked for; what was read sent all the same."""
    happens(present, clock(), 2)
    with writing():
        tell(
            [Told(Tell.report_due, [present.member.id, present.head.id], "initiative", 1)],
            now=clock(),
        )
    with writing():
        leaving = db.session.get_one(Person, present.lead.id).again(present.admin)
        end_access(leaving, by=present.admin, now=clock())
        db.session.get_one(Person, present.member.id).prefer(digest_hour=None)
    with writing() as session:
        for notice in session.scalars(select(Notice).where(Notice.person_id == present.head.id)):
            notice.read_at = clock()
    clock.forward(days=2)
    assert digests() == []
    assert not [mail for mail in mails() if "new for you" in mail["Subject"]]
