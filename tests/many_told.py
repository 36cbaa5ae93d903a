"""As many notices, mails and jobs as one likes, for counting what their pages ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench.company import MANAGER, MEMBERS
from tracker.db import Model
from tracker.notices.jobs import Job, JobState
from tracker.notices.kinds import Tell
from tracker.notices.models import Inbox, Mail, MailState, Mute, Notice, Occasion

KINDS = (
    (Tell.sponsorship_accepted, "initiative"),
    (Tell.mention, "initiative"),
    (Tell.blocker_raised, "blocker"),
    (Tell.promise_passed, "blocker"),
)
MUTED = 10  # initiatives: a person mutes a hundred at most


def rows(first: int, count: int, now: datetime) -> Iterator[tuple[type[Model], Any]]:
    """Return model and rows of what the manager was told and mailed, and of what waits to be done."""
    own = range(first, first + count)
    yield Mail, (_mail(n, now) for n in own)
    yield Notice, (_notice(n, n - first, now) for n in own)
    yield Inbox, [{"person_id": MANAGER, "unread": count}]
    yield Mute, ({"id": n, "person_id": MANAGER, "initiative_id": n} for n in range(1, MUTED + 1))
    yield Job, (_job(n, now) for n in own)


def _mail(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "ref": f"mail-{n}", "person_id": MANAGER, "occasion": Occasion.at_once, "made_at": now, "tries": 3,
        "state": list(MailState)[n % len(MailState)], "error": "",
    }  # fmt: skip


def _notice(n: int, nth: int, now: datetime) -> dict[str, Any]:
    kind, of = KINDS[nth % len(KINDS)]
    return {
        "id": n, "person_id": MANAGER, "kind": kind, "at": now - timedelta(minutes=nth), "actor_id": MEMBERS[n % len(MEMBERS)],
        "subject_type": of, "subject_id": 1 + nth, "initiative_id": 1 + nth % 10, "day": now.date(), "mail_id": n,
    }  # fmt: skip


def _job(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n, "kind": "mail", "about": {"mail": n}, "state": list(JobState)[n % len(JobState)], "made_at": now,
        "due_at": now, "error": "",
    }  # fmt: skip
