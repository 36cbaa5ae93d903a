"""The sums of one quarter from which the figures of a scorecard are worked out, with what is still open (rule 22)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Open:
    """What is not over: blockers still held, and their working days so far; actions that are late."""

    held: int = 0
    held_days: int = 0
    waited: int = 0
    waited_days: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Sums:
    """The sums of one quarter, as `scores.PartnerScore` keeps them, with what is still open."""

    accepted: int = 0
    in_time: int = 0
    first_time: int = 0
    returned: int = 0
    review_days: int = 0
    acknowledged: int = 0
    wait: float | None = None
    dated: int = 0
    dated_by_us: int = 0
    held: int = 0
    held_days: int = 0
    waited: int = 0
    waited_days: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, row: Any) -> Sums:
        """Return the sums of a kept row; of None a quarter in which nothing happened."""
        names = [one.name for one in fields(cls) if one.name != "overdue"]
        return cls(**{name: getattr(row, name) for name in names}) if row is not None else cls()

    def with_open(self, going: Open) -> Sums:
        """Return the same with what is still open."""
        return replace(
            self,
            held=self.held + going.held,
            held_days=self.held_days + going.held_days,
            waited=self.waited + going.waited,
            waited_days=self.waited_days + going.waited_days,
            overdue=going.overdue,
        )
