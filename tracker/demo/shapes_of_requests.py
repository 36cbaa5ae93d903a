"""The shape of a request in the demo story, and of what a sponsor asks for with a yes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SaysPlan:
    """What a request says to the sponsor."""

    question: str
    cost: str
    gain: str
    waiting: str
    risk: str
    amount: int | None = None


@dataclass(frozen=True)
class WantedPlan:
    """What a sponsor asks for with a yes: the lead does it, by a day that still lies ahead."""

    words: str
    due: int = -20
