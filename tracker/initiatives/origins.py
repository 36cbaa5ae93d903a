"""Where initiatives came from, for lists of those alone: rooms above say what their imports brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from tracker.addresses import id_in


@dataclass(frozen=True)
class Origin:
    """One origin: the question of the address that asks for it, its words, and a select of the ids of what came from there."""

    question: str
    words: str
    ids: Select[Any]


origins: dict[str, Callable[[Any, int], Origin]] = {}
"""By question of the address: returns the origin with this id. Raises `Missing` for one that the person may not see."""


def origin_in(given: Mapping[str, Any], person: Any) -> Origin | None:
    """Return the origin that an address asks for, if it asks for one. Raises `Missing` for what the person may not see."""
    for question, find in origins.items():
        if number := id_in(given.get(question, "")):
            return find(person, number)
    return None
