"""What counts on scorecards, as rows: one for each acceptance and acknowledgement of `tasks`, and their sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.bench import tasks
from tracker.actions.states import State
from tracker.db import Model
from tracker.partners.facts import Fact
from tracker.partners.scores import BLANK, Measure, PartnerScore, ScoreRow, ScoresCounted, counted


def rows(count: int, clock: datetime) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    """Return model and rows of what `count` actions count for, as it stands at `clock`."""
    yield ScoresCounted, iter([{"id": 1}])
    yield ScoreRow, (fact.columns for fact in _facts(count, clock))
    yield PartnerScore, _sums(count, clock)


def _facts(count: int, clock: datetime) -> Iterator[Fact]:
    for n in range(count):
        partner_id, state = tasks._doer(n)["partner_id"], tasks._state(n)
        if partner_id is None:
            continue
        if state == State.accepted:
            day = (clock - timedelta(days=n % 9)).date()
            told: dict[str, Any] = {"in_time": n % 5 > 0, "first_time": n % 7 > 0}
            yield Fact(partner_id, Measure.accepted, day, n + 1, days=9 - n % 9, **told)
        if state != State.to_do:
            born = (clock - timedelta(days=10 + n * 17 % 300)).date()
            yield Fact(partner_id, Measure.acknowledged, born, n + 1, days=n % 4)


def _sums(count: int, clock: datetime) -> Iterator[dict[str, Any]]:
    sums: dict[tuple[int, int], dict[str, Any]] = defaultdict(lambda: dict(BLANK))
    for fact in _facts(count, clock):
        counted(sums[fact.partner_id, fact.quarter], fact)
    for (partner_id, quarter), told in sums.items():
        yield {"partner_id": partner_id, "quarter": quarter, **told}
