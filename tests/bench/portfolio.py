"""Initiatives and what hangs on them, as rows: the n-th is the same at every size of the work load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench.company import BOARDS, EXECUTIVES, MEMBERS, PARTNERS, UNITS
from tracker.db import Model
from tracker.initiatives.friction import Friction
from tracker.initiatives.memberships import Responsibility
from tracker.initiatives.models import Initiative, title_key
from tracker.initiatives.reporting import Cadence, Colour
from tracker.initiatives.spells import StageSpell
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Membership, Participation
from tracker.updates.models import Update

ON_A_BOARD = 60  # initiatives of one theme
OPEN_STAGES = (Stage.framed, Stage.designing, Stage.piloting, Stage.rolling_out, Stage.proving)
COLOURS = (Colour.on_track, Colour.on_track, Colour.at_risk, Colour.off_track, None)
FRICTIONS = (
    "Bills arrive before the first delivery",
    "Nobody can see why a case waits",
    "A new address is asked for three times",
    "Refunds take longer than the return itself",
    "The app and the shop give different prices",
    "A complaint starts again with every new agent",
)


def rows(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of `count` initiatives, as they stand at `clock`, in the order to insert them."""
    yield Initiative, (_initiative(n, clock) for n in range(count))
    yield StageSpell, _spells(count, clock)
    yield Friction, (_friction(n) for n in range(count))
    yield Participation, _participations(count)
    yield Involvement, _involvements(count)
    yield Membership, _memberships(count, clock)
    yield Sponsorship, _sponsorships(count, clock)
    yield Update, _updates(count, clock)


def stage_of(n: int) -> Stage:
    """Return where initiative `n` stands: those of "Sixty" all in open columns, of the others a fifth is over."""
    if n >= ON_A_BOARD and n % 5 == 4:
        return Stage.realised if n % 10 == 9 else Stage.idea
    return OPEN_STAGES[n % 5] if n < ON_A_BOARD else OPEN_STAGES[n // 5 % 5]


def sponsor_of(n: int) -> int | None:
    return None if stage_of(n) == Stage.idea else EXECUTIVES[n % len(EXECUTIVES)]


def _initiative(n: int, clock: datetime) -> dict[str, Any]:
    stage, sponsor, colour = stage_of(n), sponsor_of(n), COLOURS[n * 7 // 3 % 5]
    title = f"{FRICTIONS[n % len(FRICTIONS)]} ({n // len(FRICTIONS) + 1})"
    reported = clock.date() - timedelta(days=n * 11 % 50)
    return {
        "id": n + 1,
        "number": n + 1,
        "ref": f"CX-{n + 1}",
        "title": title,
        "title_key": title_key(title),
        "theme": theme_of(n),
        "lead_unit_id": UNITS[1 + n % (len(UNITS) - 1)],
        "lead_id": MEMBERS[n % len(MEMBERS)],
        "sponsor_id": sponsor,
        "sponsor_standing": "executive" if sponsor else None,
        "sponsor_interim": n % 29 == 7 and sponsor is not None,
        "stage": stage,
        "stage_since": clock - timedelta(days=n * 13 % 90, hours=n % 24),
        "colour": colour,
        "colour_reason": "" if colour == Colour.on_track else "A supplier is late",
        "colour_on": reported if colour else None,
        "reported_on": reported if colour else None,
        "cadence": Cadence.fortnightly if n % 3 else Cadence.monthly,
        "unit_count": 1 + (n % 3 > 0) + (n % 3 > 1),
        "open_blockers": 0,
        "created_at": clock - timedelta(days=400 + n % 300),
        "created_by_id": MEMBERS[n % len(MEMBERS)],
        "changed": clock - timedelta(hours=n * 5 % 900, seconds=n % 3600),
        "touches": n % 9,
    }


def theme_of(n: int) -> str:
    """Return the theme of initiative `n`: 60 have the same."""
    return BOARDS[n // ON_A_BOARD] if n // ON_A_BOARD < len(BOARDS) else f"Theme {n // ON_A_BOARD}"


def _friction(n: int) -> dict[str, Any]:
    return {"id": n + 1, "initiative_id": n + 1, "words": FRICTIONS[n % len(FRICTIONS)] + ". " * 40}


def _spells(count: int, clock: datetime) -> Iterator[dict[str, Any]]:
    id_ = 0
    for n in range(count):
        since = clock - timedelta(days=n * 13 % 90, hours=n % 24)
        past = list(Stage)[: list(Stage).index(stage_of(n))][-2:]
        for back, stage in enumerate(reversed(past)):
            days, id_ = 5 + (n * 3 + back) % 40, id_ + 1
            left = since - timedelta(days=back * 60)
            yield {
                "id": id_, "initiative_id": n + 1, "stage": stage, "entered_at": left - timedelta(days=days * 7 // 5),
                "left_at": left, "days": days,
            }  # fmt: skip
        id_ += 1
        yield {
            "id": id_, "initiative_id": n + 1, "stage": stage_of(n), "entered_at": since, "left_at": None, "days": None,
        }  # fmt: skip


def _participations(count: int) -> Iterator[dict[str, Any]]:
    others = len(UNITS) - 1
    pairs = ((n, step) for n in range(count) for step in range(1, 1 + n % 3))
    for id_, (n, step) in enumerate(pairs, 1):
        yield {"id": id_, "initiative_id": n + 1, "unit_id": UNITS[1 + (n + step) % others]}


def _involvements(count: int) -> Iterator[dict[str, Any]]:
    for id_, n in enumerate(range(0, count, 4), 1):
        yield {"id": id_, "initiative_id": n + 1, "partner_id": PARTNERS[id_ % len(PARTNERS)]}


def _memberships(count: int, clock: datetime) -> Iterator[dict[str, Any]]:
    pairs = ((n, step) for n in range(count) for step in range(3))
    for id_, (n, step) in enumerate(pairs, 1):
        yield {
            "id": id_, "initiative_id": n + 1, "person_id": MEMBERS[(n + 1 + step * 17) % len(MEMBERS)],
            "unit_id": UNITS[1 + n % (len(UNITS) - 1)], "responsibility": list(Responsibility)[step],
            "what_for": "", "joined_at": clock - timedelta(days=200 + n % 90),
        }  # fmt: skip


def _sponsorships(count: int, clock: datetime) -> Iterator[dict[str, Any]]:
    sponsored = (n for n in range(count) if sponsor_of(n))
    for id_, n in enumerate(sponsored, 1):
        asked = clock - timedelta(days=220 + n % 90)
        yield {
            "id": id_, "initiative_id": n + 1, "person_id": sponsor_of(n), "answer": Answer.accepted, "interim": n % 29 == 7,
            "proposed_by_id": MEMBERS[n % len(MEMBERS)], "proposed_at": asked, "answered_at": asked + timedelta(days=3),
        }  # fmt: skip


def _updates(count: int, clock: datetime) -> Iterator[dict[str, Any]]:
    reported = (n for n in range(count) if COLOURS[n * 7 // 3 % 5])
    pairs = ((n, back) for n in reported for back in (1, 0))
    for id_, (n, back) in enumerate(pairs, 1):
        at = clock - timedelta(days=n * 11 % 50 + 30 * back)
        yield {
            "id": id_, "initiative_id": n + 1, "day": at.date(), "colour": COLOURS[n * 7 // 3 % 5], "reason": "A supplier is late",
            "what_changed": "Two offices work the new way.", "what_next": "The third follows.", "author_id": MEMBERS[n % len(MEMBERS)],
            "posted_at": at,
        }  # fmt: skip
