"""The shape of a milestone in the demo story; moments are days ago, as in `shapes`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MovePlan:
    """On which day it was moved, to which day, and why."""

    ago: int
    to: int
    words: str


@dataclass(frozen=True)
class FoundPlan:
    """When the criterion of that place was found met, what shows it, and maybe where."""

    ago: int
    place: int
    words: str
    link: str = ""


@dataclass(frozen=True)
class MilestonePlan:
    """A result that is no gate. `measures` are the values of `milestones.criteria.Measure`."""

    initiative: str
    name: str
    planned: int
    due: int
    criteria: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    moves: tuple[MovePlan, ...] = ()
    found: tuple[FoundPlan, ...] = ()
    reached: int | None = None
    dropped: int | None = None
    words: str = ""
