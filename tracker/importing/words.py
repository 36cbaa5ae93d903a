"""Words in cells whose meaning is one of a few: colours, stages, roles, categories."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from tracker.importing.tidy import key
from tracker.wording import listed

_MEANINGS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("meanings.toml").read_text(encoding="utf-8")
)
_PUNCTUATION = re.compile(r"[^\w]+|_")


class BadValue(Exception):
    """A cell that cannot be read; `words` name the value and say what would be right."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def plain(text: str) -> str:
    """The text without case and punctuation; what has nothing else stays as it is."""
    return " ".join(_PUNCTUATION.sub(" ", key(text)).split()) or key(text)


def is_blank(text: str) -> bool:
    """Whether the cell is empty, or says in words that there is nothing: "n/a", "TBC", "-"."""
    return not text.strip() or plain(text) in _known("blank")


def says_none(text: str) -> bool:
    """Whether a cell that should hold a figure says in words that there is none: "No Data", "n/a", "*"."""
    return is_blank(text) or plain(text) in _known("no_figure")


def meaning(topic: str, text: str) -> str | None:
    """What a word means under `topic` (a part of `meanings.toml`), or None for a blank cell.

    Raises `BadValue` naming what is allowed.
    """
    if is_blank(text):
        return None
    found = _known(topic).get(plain(text))
    if found is None:
        raise BadValue(
            _(
                "“%(value)s” is not known here. Allowed are: %(allowed)s.",
                value=shortened(text),
                allowed=listed(allowed(topic)),
            )
        )
    return found


def colour(text: str) -> str | None:
    """`on_track`, `at_risk` or `off_track`; None for blank, exempt or not rated (rule 28)."""
    try:
        found = meaning("colour", text)
    except BadValue:
        raise BadValue(
            _(
                "“%(value)s” is not a colour here. Allowed are red, amber, green (or R, A, G; "
                "off track, at risk, on track); leave the cell blank for no colour.",
                value=shortened(text),
            )
        ) from None
    return None if found == "blank" else found


def scale_of(heading: str) -> int:
    """By how much the figures of a money column are to be multiplied: `cost_m` is a million.

    Read from the last word of the heading, or from words in brackets such as (£m) or (千).
    """
    words = plain(heading)
    candidates = [words.rpartition(" ")[2] if " " in words else ""]
    candidates += [plain(inner) for inner in re.findall(r"[(\[（]([^()\[\]（）]*)[)\]）]", heading)]
    for candidate in candidates:
        bare = re.sub(r"^(gbp|usd|eur|£|\$|€)\s*|\s*(gbp|usd|eur|£|\$|€)$", "", candidate)
        if bare in _known("scale"):
            return int(_known("scale")[bare])
    return 1


def multiple(word: str) -> int | None:
    """What a word behind a figure multiplies it by: `k` is 1,000; None for any other word."""
    found = _known("scale").get(plain(word))
    return int(found) if found else None


def allowed(topic: str) -> list[str]:
    """The words of a topic as they may be written, one for each meaning."""
    return [name.replace("_", " ") for name in _MEANINGS[topic]]


def shortened(text: str) -> str:
    """A value as it may stand in a sentence: one line, at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


@cache
def _known(topic: str) -> dict[str, str]:
    return {
        plain(word): name.replace("_", "") if topic == "scale" else name
        for name, words in _MEANINGS[topic].items()
        for word in (name, *words)
    }
