"""Names as keys: what makes two spellings the same name."""

from __future__ import annotations

import re
import unicodedata

_FOLD = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "\u200f": "", "\u200e": "", "_": " "})


def normal(name: str) -> str:
    """Return `name` as it is compared: NFKC, without case, Arabic and Persian letters folded, spaces single."""
    text = unicodedata.normalize("NFKC", name).translate(_FOLD).casefold()
    return re.sub(r"\s+", " ", text).strip()


def slug(name: str) -> str:
    """Return `name` as it stands in an address: letters and digits of any script, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", normal(name), flags=re.UNICODE).strip("-") or "x"
