"""Passwords that everybody tries first: a list taken from leaks, as they were most frequent there.

`blocklist.txt.gz` is made of the lists of zxcvbn for Python (MIT) and of Django (BSD): what has 8 characters or more, and
words of 4 letters or more, which stand for themselves with a year behind them. It is small on purpose: tries are throttled, so
that a list of what nobody gets round to trying would turn people away for nothing (NIST SP 800-63B-4 section 3.1.1.2).
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("blocklist.txt.gz")
_MOST_APPENDED = 8  # digits that make no other password of a word: a date has as many
_FOR_LETTERS = str.maketrans("@$€0135", "aseoles")


def is_listed(password: str) -> bool:
    """Tell whether `password` (normalised) is on the list: as a whole, without its signs, or without digits around a word.

    Capitals make no difference, nor do signs that stand for letters. Words that merely stand somewhere in it are not looked for.
    """
    folded = password.casefold()
    plain = "".join(c for c in folded if c.isalnum())
    word = plain.strip("0123456789")
    known = _known()
    if len(plain) - len(word) > _MOST_APPENDED or len(plain) < len(folded) // 2:
        word = ""
    spoken = "".join(c for c in folded.translate(_FOR_LETTERS) if c.isalnum())
    return not known.isdisjoint((folded, plain, word, spoken))


@cache
def _known() -> frozenset[str]:
    lines = gzip.decompress(_LIST.read_bytes()).decode().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
