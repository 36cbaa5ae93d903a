"""A company with as many rows of everything as one likes, for counting what a page asks of the database.

The units stay twenty, as in the benchmarks, whose rows these are; whatever hangs on the first initiative grows as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from tests import many_measured, many_told
from tests.bench import milestones, obstacles, portfolio, scores, tasks
from tests.bench.company import CONTACTS, MANAGER, MEMBERS, company
from tracker.actions.models import Action
from tracker.actions.states import State
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS
from tracker.approvals.conditions import ApprovalCondition
from tracker.approvals.models import Approval
from tracker.blockers import counting
from tracker.blockers.holders import Calendars
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.boards.models import Board
from tracker.db import Model, db, writing
from tracker.discussion.models import Comment
from tracker.files.models import Evidence
from tracker.importing.models import ImportRun
from tracker.initiatives.charter import CharterVersion
from tracker.initiatives.memberships import Membership, Responsibility
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Colour
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Criterion
from tracker.milestones.models import Milestone
from tracker.milestones.moves import MilestoneMove
from tracker.milestones.plans import StagePlan
from tracker.organisation.calendars import Calendar
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role, Standing
from tracker.organisation.settings import MODULES, Organisation
from tracker.updates.models import Update

AFTER = 100_000  # ids of what is added here begin here
FIRST = 1  # the initiative that most hangs on
KINDS = (Kind.member_joined, Kind.initiative_unit_joined, Kind.stage_opened)


def build(count: int, now: datetime) -> None:
    """Fill the present, empty database with `count` rows of everything that grows. Needs an application context."""
    with writing() as session:
        company(session, now)
        Organisation.current().change(by=None, now=now - timedelta(days=90), modules=set(MODULES))
        for model, rows in (
            *portfolio.rows(max(count, 10), now),
            *obstacles.rows(count, now),
            *tasks.rows(count * tasks.EACH, now),
            *scores.rows(count * tasks.EACH, now),
            *more(count, now),
            *many_told.rows(AFTER, count, now),
            *many_measured.rows(AFTER, count, now),
        ):
            session.execute(insert(model.__table__), list(rows))
        session.execute(insert(EVENTS), list(events(count, now)))
        session.execute(
            update(Initiative).where(Initiative.id == FIRST).values(open_blockers=count)
        )
        session.expire_all()
        counting.recount_pairs(Calendars(everyone=True))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def more(count: int, now: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Rows of what the benchmarks keep as it is: people, partners, calendars, boards, imports, and the first initiative's own."""
    own = range(AFTER, AFTER + count)
    yield Calendar, ({"id": n, "name": f"Calendar {n}", "weekend": "6,7"} for n in own)
    yield Partner, (_partner(n) for n in own)
    yield Person, (_person(n, now) for n in own)
    yield (
        Board,
        ({"id": n, "name": f"Board {n}", "slug": f"board-{n}", "created_at": now} for n in own),
    )
    yield ImportRun, (_run(n, now) for n in own)
    yield Update, (_update(n, now) for n in own)
    yield Membership, (_membership(n, now) for n in own)
    yield CharterVersion, (_version(n, now) for n in own)
    yield Action, (_action(n, now) for n in own)
    yield StagePlan, (_stage_plan(n) for n in own if n < AFTER + 90)
    yield Milestone, (milestones.milestone(n, FIRST, now, _gate(n)) for n in own)
    yield Criterion, (milestones.criterion(n, AFTER + n % 2) for n in own)
    yield MilestoneMove, (milestones.move(n, AFTER, now) for n in own)
    yield Approval, (milestones.approval(n, FIRST, n, now) for n in own)
    yield (
        ApprovalCondition,
        (
            milestones.condition(n, AFTER, FIRST, n, now)
            for n in range(AFTER, AFTER + min(count, 30))
        ),
    )
    yield Comment, (_comment(n, now) for n in range(AFTER, AFTER + 2 * count))
    yield Evidence, (_evidence(n, now) for n in range(AFTER, AFTER + min(count, 40)))
    yield Blocker, (_blocker(n, now) for n in own)
    yield BlockerHolding, (_holding(n, now) for n in own)


def _gate(n: int) -> Stage | None:
    """The first of the first initiative are its gates."""
    return milestones.gate_of(n - AFTER) if n - AFTER < milestones.EACH else None


def _stage_plan(n: int) -> dict[str, Any]:
    return {"id": n, "name": f"Kind {n}", "usual": n == AFTER, "at_acceptance": True, "version": 1}


def _partner(n: int) -> dict[str, Any]:
    name = f"Partner {n}"
    return {
        "id": n,
        "name": name,
        "key": normal(name),
        "slug": f"partner-{n}",
        "relationship_owner_id": MANAGER,
    }


def _person(n: int, now: datetime) -> dict[str, Any]:
    contact = n % 4 == 0
    return {
        "id": n, "email": f"more{n}@example.org", "name": f"More {n}", "role": Role.partner if contact else Role.member,
        "standing": Standing.other, "unit_id": None if contact else 2 + n % 18, "partner_id": 1 if contact else None,
        "created_at": now, "last_seen": now, "language": "en",
    }  # fmt: skip


def _run(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "person_id": MANAGER, "what": "initiatives", "filename": "a.csv", "token": f"token-{n}", "sha256": "0" * 64,
        "at": now, "applied_at": now, "expires_at": now + timedelta(days=9), "totals_json": '{"rows": 1}',
    }  # fmt: skip


def _update(n: int, now: datetime) -> dict[str, Any]:
    at = now - timedelta(hours=n - AFTER + 1)
    return {
        "id": n, "initiative_id": FIRST, "day": at.date(), "colour": Colour.at_risk, "reason": "Late", "what_changed": "Some.",
        "what_next": "More.", "author_id": MEMBERS[n % len(MEMBERS)], "posted_at": at,
    }  # fmt: skip


def _membership(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "initiative_id": FIRST, "person_id": n, "unit_id": 2 + n % 18, "joined_at": now, "what_for": "",
        "responsibility": Responsibility.consulted,
    }  # fmt: skip


def _version(n: int, now: datetime) -> dict[str, Any]:
    number = n - AFTER + 1
    return {
        "id": n, "initiative_id": FIRST, "number": number, "binding": number, "sha256": "0" * 64, "purpose": f"Purpose {n}",
        "published_at": now - timedelta(hours=AFTER - n + 2000), "published_by_id": MEMBERS[n % len(MEMBERS)],
    }  # fmt: skip


def open_pair(n: int) -> tuple[str, str]:
    """Who holds the `n`-th blocker and which unit waits for it, as the matrix names them; no holder when it is over."""
    row = obstacles._blocker(n, datetime(2032, 1, 1, tzinfo=UTC))
    return obstacles._holder(n).key if row["open_since"] else "", f"u{row['blocked_unit_id']}"


def _action(n: int, now: datetime) -> dict[str, Any]:
    """One more on the first initiative, for the partner whose contact looks and for the manager as host, in turn."""
    ours = n % 2 == 0
    who = {"assignee_id": MANAGER if ours else None, "partner_id": None if ours else 1}
    return tasks._action(n - AFTER, now) | {
        "id": n, "ref": f"d{n:011d}", "initiative_id": FIRST, "host_id": MANAGER, "contact_id": None, "closed_at": None,
        "state": State.in_progress, "last_on": now.date(), "due_on": now.date(), **who,
    }  # fmt: skip


def _comment(n: int, now: datetime) -> dict[str, Any]:
    """On the first of the actions, and on the first initiative, in turn."""
    place = (
        {"action_id": AFTER, "initiative_id": None}
        if n % 2
        else {"action_id": None, "initiative_id": FIRST}
    )
    return {
        "id": n, "ref": f"e{n:011d}", **place, "body": "Some *words*.", "author_id": MANAGER, "posted_at": now, "version": 1,
    }  # fmt: skip


def _evidence(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "ref": f"f{n:011d}", "action_id": AFTER + n % 2, "partner_id": n % 2 or None, "name": f"Link {n}",
        "url": "https://example.org", "media_type": "", "size": 0, "sha256": "", "added_at": now, "added_by_id": MANAGER,
    }  # fmt: skip


def _blocker(n: int, now: datetime) -> dict[str, Any]:
    return obstacles._blocker(n - AFTER, now) | {
        "id": n,
        "ref": f"c{n:011d}",
        "initiative_id": FIRST,
    }


def _holding(n: int, now: datetime) -> dict[str, Any]:
    return obstacles._holding(n - AFTER, now) | {"id": n, "blocker_id": n}


def events(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """What the trail tells of the first initiative, by different people about different people and units."""
    for n in range(count):
        kind = KINDS[n % len(KINDS)]
        after = {
            "person_id": CONTACTS[0] if n % 2 else MEMBERS[n % len(MEMBERS)],
            "unit_id": 2 + n % 18,
            "stage": "piloting",
        }
        yield {
            "id": AFTER + n, "number": AFTER + n, "at": now - timedelta(hours=count - n), "actor_id": MEMBERS[n * 7 % len(MEMBERS)],
            "kind": kind.value, "subject_type": "initiative", "subject_id": FIRST, "initiative_id": FIRST,
            "after": {key: value for key, value in after.items() if key in kind.fields}, "seal": f"{n:064x}",
        }  # fmt: skip
