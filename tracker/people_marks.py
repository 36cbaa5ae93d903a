"""The round mark that stands for a person: initials in any script, and a hue that stays."""

from __future__ import annotations

import hashlib
import unicodedata

HUES = 12
_NON_JOINER = "\u200c"
_WHOLE_NAME_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_JOINED_SCRIPTS = ("ARABIC", "SYRIAC")


def initials(name: str | None) -> str:
    """Return one or two letters for ``name``; "?" when it holds no letter.

    Latin, Greek and Cyrillic names give the first letters of the first and the last word. Chinese,
    Japanese and Korean names give the given name: the last two characters, all of a shorter name.
    Letters of joined scripts are kept apart, so that each keeps the shape it has alone.
    What follows a comma (a company, a title) does not count.
    """
    words = [word for word in map(_letters, _before_comma(name or "").split()) if word]
    if not words:
        return "?"
    if _script(words[0][0]) in _WHOLE_NAME_SCRIPTS:
        return "".join(words)[-2:]
    chosen = [words[0][0]] if len(words) == 1 else [words[0][0], words[-1][0]]
    between = _NON_JOINER if _script(chosen[0]) in _JOINED_SCRIPTS else ""
    return between.join(chosen).upper()


def hue(name: str | None) -> int:
    """Return a step of the colour wheel, 0 to 11: the same for the same name, in every process."""
    folded = unicodedata.normalize("NFKC", name or "").casefold().strip()
    return (
        hashlib.blake2s(folded.encode("utf-8", "surrogatepass"), digest_size=2).digest()[0] % HUES
    )


def _before_comma(name: str) -> str:
    for comma in (",", "،", "，", "("):
        name = name.partition(comma)[0] or name
    return unicodedata.normalize("NFC", name)


def _letters(word: str) -> str:
    return "".join(c for c in word if unicodedata.category(c).startswith("L"))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
