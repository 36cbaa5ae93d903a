"""Words of one direction inside a sentence of the other (Unicode, UAX 9)."""

from __future__ import annotations

from typing import Any

FSI, PDI = "\u2068", "\u2069"
ISOLATES = {"\u2066", "\u2067", FSI}
# What turns the direction of all that follows, or ends an isolation; a mark of one place may stay.
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def isolate(text: Any) -> str:
    """Return text that keeps its own direction inside a sentence of the other, whatever stands in it."""
    words = str(text)
    return f"{FSI}{words if _stays_inside(words) else words.translate(TURNS)}{PDI}"


def _stays_inside(words: str) -> bool:
    """Tell whether every turn of direction in it ends in it, and none ends that it did not begin."""
    depth = 0
    for mark in words:
        if ord(mark) in TURNS:
            depth += 1 if mark in ISOLATES else -1 if mark == PDI else -len(words)
        if depth < 0:
            return False
    return depth == 0
