"""What was noticed about a file: kept as facts, and made a sentence for whoever reads it, in their language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

_SENTENCES: dict[str, Callable[..., str]] = {}


class Note(NamedTuple):
    """One thing that was noticed. `facts` are plain values, as JSON keeps them; a kept note finds its sentence by `kind`."""

    kind: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return _SENTENCES[self.kind](**self.facts)


def sentence(kind: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Make a function the sentence of a kind of notes. A kind keeps its name and its facts while reports hold it."""

    def named(words: Callable[..., str]) -> Callable[..., str]:
        _SENTENCES[kind] = words
        return words

    return named


def read_again(kept: list[Any] | str) -> Note | str:
    """Return a note that JSON kept; one from before notes held facts is its sentence already."""
    return kept if isinstance(kept, str) else Note(*kept)
