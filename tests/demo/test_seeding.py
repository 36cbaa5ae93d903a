"""The story told into a database, through the verbs: what stands there afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from tests.conftest import settings
from tracker import create_app
from tracker.activity import verify
from tracker.activity.models import Event
from tracker.blockers.models import Blocker
from tracker.blockers.states import State, WaitingOn
from tracker.boards.models import Board
from tracker.db import db
from tracker.demo.accounts import ACCOUNTS
from tracker.demo.seeding import is_empty, seed
from tracker.errors import NotNow
from tracker.initiatives.charter import CharterDraft, CharterVersion
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour, silent
from tracker.initiatives.stages import Stage
from tracker.organisation.partners import Partner
from tracker.organisation.passwords import matches
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit
from tracker.updates.models import Update

NOW = datetime(2032, 5, 18, 6, 30, tzinfo=UTC)  # a Tuesday, before work begins
SUM = "8 units, 4 partners, 30 people, 34 initiatives, "


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """An application whose database holds the demo; the tests of this file only read."""
    folder = tmp_path_factory.mktemp("demo")
    made = create_app(settings(f"sqlite:///{folder / 'tracker.db'}", folder))
    with made.app_context():
        db.create_all()
        assert is_empty()
        made.config["SUM"] = seed(NOW)
        db.session.remove()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _reading(request):
    if "company" in request.fixturenames:
        with request.getfixturevalue("company").app_context():
            yield
            db.session.remove()
    else:
        yield


def rows(query):
    return list(db.session.scalars(query))


def count(query):
    return db.session.scalar(select(func.count()).select_from(query.subquery()))


def test_the_sum_is_said_and_true(company):
    assert company.config["SUM"].startswith(SUM)
    assert count(select(Unit)) == 8
    assert count(select(Partner)) == 4
    assert count(select(Person).where(Person.role != Role.partner)) == 30
    assert count(select(Person).where(Person.role == Role.executive)) == 5
    assert count(select(Person).where(Person.ended_at.is_not(None))) == 0
    assert count(select(Initiative)) == 34
    assert str(count(select(Blocker))) in company.config["SUM"].removeprefix(SUM)


def test_initiatives_stand_in_every_stage(company):
    found = rows(select(Initiative))
    stages = Counter(one.stage for one in found if one.stopped_at is None)
    assert stages == {
        Stage.idea: 4,
        Stage.framed: 5,
        Stage.designing: 6,
        Stage.piloting: 6,
        Stage.rolling_out: 5,
        Stage.proving: 3,
        Stage.realised: 3,
    }
    assert sum(one.stopped_at is not None for one in found) == 2
    assert sum(one.held_at is not None for one in found) == 2
    assert sum(one.adopted for one in found) == 3
    assert sum(one.unit_count == 1 for one in found) == 1
    assert sum(one.asked_stage is not None for one in found) == 2


def test_one_sponsor_is_interim_and_some_proposals_wait(company):
    owner = Organisation.current().programme_owner_id
    interim = rows(select(Initiative).where(Initiative.sponsor_interim))
    assert [one.sponsor_id for one in interim] == [owner]
    waiting = rows(select(Initiative).where(Initiative.proposed_sponsor_id.is_not(None)))
    assert len(waiting) == 3
    assert all(NOW - one.proposed_at < timedelta(days=10) for one in waiting)
    assert interim[0] in waiting


def test_the_trail_is_whole_two_years_long_and_in_order(company):
    connection = db.session.connection()
    head = connection.execute(text("SELECT count, seal FROM chain_head")).one()
    points = connection.execute(text("SELECT count, head, at, signature FROM checkpoint"))
    trail = connection.execute(text("SELECT * FROM event ORDER BY number")).mappings()
    report = verify.verify_rows(
        map(dict, trail),
        company.config["AUDIT_KEY"],
        None,
        head=tuple(head),
        checkpoints=[dict(point) for point in points.mappings()],
    )
    assert report.whole, report.lines()
    moments = list(db.session.scalars(select(Event.at).order_by(Event.number)))
    assert moments == sorted(moments)
    assert timedelta(days=730) < NOW - moments[0] < timedelta(days=760)
    assert moments[-1] == NOW
    assert NOW - moments[-2] < timedelta(days=7)
    assert all(moment.isoweekday() < 6 for moment in moments[:-1])


def test_every_account_opens_with_its_password(company):
    for account in ACCOUNTS:
        person = Person.by_email(account.email)
        assert person is not None, account.role
        assert person.name == account.name
        assert matches(person.password_hash, account.password), account.role
        assert not matches(person.password_hash, account.password.title())
    known = {account.email for account in ACCOUNTS}
    others = rows(select(Person).where(Person.email.not_in(known)))
    assert others
    assert all(person.password_hash is None for person in others)


def test_the_accounts_stand_for_their_roles(company):
    by_role = {account.role: Person.by_email(account.email) for account in ACCOUNTS}
    assert by_role["owner"].duties.is_owner
    assert by_role["head"].duties.heads
    assert not by_role["member"].duties.heads
    assert by_role["finance"].is_finance
    assert by_role["admin"].is_admin
    assert by_role["auditor"].role == Role.auditor
    assert by_role["partner"].partner_id != by_role["partner b"].partner_id
    assert by_role["manager"].role == Role.manager
    assert by_role["executive"].role == by_role["owner"].role == Role.executive


def test_no_blocker_is_without_a_holder_or_somebody_to_wait_for(company):
    found = rows(select(Blocker))
    for blocker in found:
        holders = (blocker.holder_unit_id, blocker.holder_partner_id, blocker.holder_outside)
        assert sum(one is not None for one in holders) == 1, blocker.title
        assert blocker.is_over is (blocker.waiting_on == WaitingOn.nobody), blocker.title
    assert {blocker.state for blocker in found} == set(State) - {State.closed}
    assert any(blocker.late(NOW.date()) for blocker in found)
    assert any(blocker.is_open and not blocker.late(NOW.date()) for blocker in found)
    open_ones = Counter(blocker.initiative_id for blocker in found if blocker.is_open)
    kept = {one.id: one.open_blockers for one in rows(select(Initiative)) if one.open_blockers}
    assert kept == open_ones


def test_charters_are_published_once_a_sponsor_stands_for_them(company):
    published = rows(select(CharterVersion))
    assert {one.initiative_id for one in published} == {
        one.id for one in rows(select(Initiative)) if one.stage != Stage.idea
    }
    assert all(one.intact for one in published)
    assert Counter(one.number for one in published)[2] >= 5
    assert sum(one.wording_only for one in published) == 1
    assert count(select(CharterDraft)) == 34


def test_reports_say_why_and_some_are_silent(company):
    for update in rows(select(Update)):
        fine = update.colour == Colour.on_track
        assert bool(update.reason) is bool(update.help_needed) is not fine
        assert update.day <= NOW.date()
    going_on = [one for one in rows(select(Initiative)) if not one.ended]
    assert {one.colour for one in going_on} == {*Colour, None}
    assert 2 <= sum(silent(one, NOW.date()) for one in going_on if one.colour) <= 8


def test_boards_are_there_for_all_and_one_is_personal(company):
    shared = rows(select(Board).where(Board.owner_id.is_(None)))
    assert len(shared) >= 3
    for board in shared:
        assert count(select(Initiative).where(*board.filters.conditions())) >= 5, board.name
    manager = Person.by_email(ACCOUNTS[0].email)
    assert rows(select(Board.owner_id).where(Board.owner_id.is_not(None))) == [manager.id]


def test_a_second_seeding_is_refused_and_changes_nothing(company):
    before = count(select(Event))
    with pytest.raises(NotNow):
        seed(NOW)
    assert count(select(Event)) == before


@pytest.mark.both
def test_it_moves_with_today(app):
    """On a Sunday, and on PostgreSQL as well: the same story, as many days before."""
    sunday = datetime(2029, 12, 30, 23, 50, tzinfo=UTC)
    with app.app_context():
        assert seed(sunday).startswith(SUM)
        latest = db.session.scalar(select(func.max(Update.day)))
        assert timedelta() < sunday.date() - latest < timedelta(days=8)
        first = db.session.scalar(select(func.min(Initiative.created_at)))
        assert timedelta(days=720) < sunday - first < timedelta(days=740)
        promises = rows(select(Blocker.promised_on).where(Blocker.state == State.committed))
        ahead = [day for day in promises if day > sunday.date()]
        assert 5 <= len(ahead) < len(promises)
