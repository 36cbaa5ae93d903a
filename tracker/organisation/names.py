"""Names as keys: what makes two spellings the same name."""

from __future__ import annotations

import re
import unicodedata

_FOLD = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "\u200f": "", "\u200e": "", "_": " "})
NAME, TEXT = 160, 500  # characters that are compared of a name, and of a longer text
ADDRESS = 120  # characters that stand in an address


def normal(name: str) -> str:
    """Return `name` as it is compared: NFKC, without case, Arabic and Persian letters folded, spaces single.

    One sign may become eighteen. What is kept of it has room for `NAME` characters, of a longer text for `TEXT`, and no
    more is compared.
    """
    text = unicodedata.normalize("NFKC", name).translate(_FOLD).casefold()
    return re.sub(r"\s+", " ", text).strip()[: NAME if len(name) <= NAME else TEXT]


def slug(name: str) -> str:
    """Return `name` as it stands in an address: letters and digits of any script, joined by hyphens."""
    said = re.sub(r"[^\w]+", "-", normal(name), flags=re.UNICODE).strip("-")
    return said[:ADDRESS].strip("-") or "x"
