"""Names as people would write them, and the key under which two spellings are the same name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from tracker.exporting.sheets import unguarded
from tracker.organisation.names import normal

key = lru_cache(maxsize=2**17)(normal)

SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "per"}
    | {"the", "to", "via", "with"}
)
ACRONYMS = frozenset(
    {"AI", "API", "APP", "B2B", "B2C", "CCO", "CEO", "CFO", "CIO", "CMO", "COO", "CRM", "CSAT"}
    | {"CX", "CXO", "EU", "FAQ", "HR", "ICT", "ID", "IT", "IVR", "KPI", "NHS", "NPS", "PC"}
    | {"PDF", "POS", "QA", "SLA", "SMS", "UK", "UN", "US", "USA", "UX", "VAT", "VIP", "VOC"}
)
ROMAN = re.compile(r"(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})\Z")

_WORD = re.compile(r"[^\W\d_][\w'’&.]*|\d[\w'’]*")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_PRESENTED = (
    re.compile(  # forms that stand for the plain letter: Arabic shapes, ligatures, wide letters
        "[\ufb00-\ufdff\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9d]+"
    )
)


def tidy_text(text: str) -> str:
    """The text without invisible and control characters, NFC, trimmed; lines stay lines.

    Letters stored as shapes (Arabic presentation forms, ligatures, wide Latin) become plain
    letters (NFKC); punctuation keeps the width that its script uses.
    """
    text = _CONTROL.sub("", _INVISIBLE.sub("", unguarded(text)))
    text = _PRESENTED.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def tidy_name(text: str, acronyms: Iterable[str] = ()) -> str:
    """A name on one line with single spaces, and not shouted.

    SHOUTING becomes Title Case; words in brackets, with digits, without vowels, and known or
    given `acronyms` keep their capitals. A single short word (METEOR) is taken for a proper
    code name and stays.
    """
    name = " ".join(tidy_text(text).split())
    return calm(name, frozenset(acronyms)) if is_shouted(name) else name


def is_shouted(name: str) -> bool:
    """Whether all letters are capitals and it is more than one short word."""
    letters = [c for c in name if c.isalpha() and c.lower() != c.upper()]
    if len(letters) < 4 or not all(c.isupper() for c in letters):
        return False
    return len(_WORD.findall(name)) > 1 or len(letters) > 8


def calm(name: str, acronyms: frozenset[str]) -> str:
    """The shouted `name` in Title Case, as `tidy_name` says."""
    inside = [m.span() for m in re.finditer(r"[(\[（][^()\[\]（）]*[)\]）]", name)]
    taken = 0

    def word(m: re.Match[str]) -> str:
        nonlocal taken
        taken += 1
        text = m.group()
        if any(a < m.start() < b for a, b in inside) and " " not in _inside(
            name, m.start(), inside
        ):
            return text
        if _stays_capital(text, acronyms):
            return text
        first = taken == 1 or name[: m.start()].rstrip()[-1:] in {":", "-", "–", "—"}
        if text.lower() in SMALL_WORDS and not first:
            return text.lower()
        return text[0] + text[1:].lower()

    return _WORD.sub(word, name)


def acronyms_in(names: Iterable[str]) -> frozenset[str]:
    """Words that stand in capitals inside names that are not shouted: the acronyms of a file."""
    found: set[str] = set()
    for name in names:
        tidied = " ".join(name.split())
        if is_shouted(tidied) or tidied.isupper():
            continue
        found.update(w for w in _WORD.findall(tidied) if len(w) > 1 and w.isupper())
    return frozenset(found)


def _inside(name: str, place: int, spans: list[tuple[int, int]]) -> str:
    return next(name[a + 1 : b - 1] for a, b in spans if a < place < b)


def _stays_capital(word: str, acronyms: frozenset[str]) -> bool:
    if any(c.isdigit() for c in word) or "&" in word or "." in word.rstrip("."):
        return not re.match(r"\d+(ST|ND|RD|TH)\Z", word)
    if len(word) > 1 and ROMAN.match(word):
        return True
    bare = word.rstrip(".'’")
    return (
        bare in ACRONYMS or bare in acronyms or (len(bare) > 1 and not re.search("[AEIOUY]", bare))
    )
