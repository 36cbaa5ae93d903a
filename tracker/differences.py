"""How a text changed, line by line and word by word, ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST = 150_000  # pairs that are compared; beyond it a passage counts as replaced whole
ALIKE = 0.4  # two lines less alike than this are one taken out and one put in
_WORDS = re.compile(
    r"\s+|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\w\u200c]+|.", re.DOTALL
)  # a Chinese character is a word; a Persian half space holds one together


class Change(StrEnum):
    """What became of a piece of text."""

    same = "same"
    gone = "gone"
    new = "new"


Piece = tuple[Change, str]


@dataclass(frozen=True)
class Line:
    """One line of the comparison: its pieces in the order they are read; `change` where it is all of one kind."""

    pieces: tuple[Piece, ...]

    @property
    def change(self) -> Change | None:
        kinds = {kind for kind, _text in self.pieces}
        return kinds.pop() if len(kinds) == 1 else None


def differences(was: str, now: str) -> list[Line]:
    """Return the lines of both texts in one order, each with what was taken out of it and put in."""
    old, new = was.split("\n") if was else [], now.split("\n") if now else []
    lines: list[Line] = []
    for kind, a, b in _compared(old, new):
        if kind == Change.same:
            lines += [Line(((Change.same, text),)) for text in a]
        else:
            lines += _replaced(a, b)
    return lines


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """Lines that took the place of others: word by word where they are alike, else one after the other."""
    pairs = min(len(old), len(new))
    for was, now in zip(old[:pairs], new[:pairs], strict=True):
        pieces = tuple(_by_words(was, now))
        kept = sum(len(text) for kind, text in pieces if kind == Change.same)
        if kept >= ALIKE * max(len(was), len(now)):
            yield Line(pieces)
        else:
            yield Line(((Change.gone, was),))
            yield Line(((Change.new, now),))
    yield from (Line(((Change.gone, text),)) for text in old[pairs:])
    yield from (Line(((Change.new, text),)) for text in new[pairs:])


def _by_words(was: str, now: str) -> Iterator[Piece]:
    for kind, a, b in _compared(_WORDS.findall(was), _WORDS.findall(now)):
        if kind == Change.same:
            yield Change.same, "".join(a)
            continue
        if a:
            yield Change.gone, "".join(a)
        if b:
            yield Change.new, "".join(b)


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[Change, list[str], list[str]]]:
    """Runs that both share (`same`, given twice) and runs that differ (`gone`), in order.

    What stands at both ends is set aside first; a middle that is too large to compare is one run.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield Change.same, old[:start], new[:start]
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if len(a) * len(b) > MOST:
        yield Change.gone, a, b
    elif a or b:
        for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            yield Change.same if tag == "equal" else Change.gone, a[a1:a2], b[b1:b2]
    if end:
        yield Change.same, old[len(old) - end :], new[len(new) - end :]
