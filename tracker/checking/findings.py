"""What a check found: one line each."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """`wrong` is not safe to run; `look` is for somebody to decide."""

    good = "good"
    look = "look at"
    wrong = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what is so, and for whatever is not good what to do."""

    level: Level
    about: str
    words: str
    remedy: str = ""

    def line(self, width: int) -> str:
        """The finding for the terminal, with `width` characters for what was looked at."""
        told = f"{self.words} {self.remedy}".strip()
        return f"{self.level.value:8} {self.about:{width}}  {told}"


def good(about: str, words: str) -> Finding:
    return Finding(Level.good, about, words)


def look(about: str, words: str, remedy: str = "") -> Finding:
    return Finding(Level.look, about, words, remedy)


def wrong(about: str, words: str, remedy: str = "") -> Finding:
    return Finding(Level.wrong, about, words, remedy)
