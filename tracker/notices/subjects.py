"""What notices are about: each room says, for its things, what they are called and where their page is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.notices.models import Notice


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a notice names; without a page it is named alone.

    `answers` are what its reader can answer now: (words, path of the page that asks for it). `facts` stand below it in a mail:
    (name, value). `mailed` returns how a mail names it instead, for its reader's eyes alone.
    """

    name: str
    url: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    mailed: Callable[[], Thing] | None = None


# By type of subject: (person, ids) -> those of them that the person may see now. Filled by the rooms.
subjects: dict[str, Callable[[Any, Collection[int]], Mapping[int, Thing]]] = {}

Things = Mapping[tuple[str, int], Thing]


def things_of(person: Any, notices: Iterable[Notice]) -> Things:
    """Return what `person` may see now of everything that the notices are about: one statement for each type."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        wanted[notice.subject_type].update(notice.ids)
    return {
        (kind, id_): thing
        for kind, ids in wanted.items()
        if kind in subjects
        for id_, thing in subjects[kind](person, ids).items()
    }
