"""What a check found, in the language of whoever reads it.

`activity/verify.py` runs without the application and so without its languages: its sentences are known here by their form.
"""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _

from tracker import wording
from tracker.wording import lazy as _l

_SAYS: tuple[tuple[str, Any], ...] = (
    (
        r"event (\d+) has no number: .*",
        _l("An event without a number was put in past the application."),
    ),
    (r"comes twice or out of order: .*", _l("It comes twice or out of order: put in or moved.")),
    (r"rows (\d+) to (\d+) are missing: .*", _l("Rows %(a)s to %(b)s are missing: deleted.")),
    (r"its words are not those .*", _l("Its words are not those that were recorded: edited.")),
    (
        r"no row fits: .*",
        _l("No row fits: the trail was recomputed with another key, or this is not the key."),
    ),
    (r"put in here", _l("It was put in here.")),
    (r"swapped with row (\d+)", _l("It was swapped with row %(a)s.")),
    (
        r"(\d+) row\(s\) before it were deleted .*",
        _l("Rows before it were deleted and the rest renumbered; rows deleted: %(a)s."),
    ),
    (
        r"(\d+) row\(s\) were put in here .*",
        _l("Rows were put in here and the rest renumbered; rows put in: %(a)s."),
    ),
    (
        r"it and the (\d+) rows after it were recomputed .*",
        _l("From here on the trail was recomputed with another key; rows after it: %(a)s."),
    ),
    (
        r"its content does not fit its seal: [^(]*(?:\((\d+) later rows .*)?",
        _l("Its content does not fit its seal: edited, or added without the key."),
    ),
    (
        r"the (?:stored )?checkpoint at (\d+) is not signed .*",
        _l("The checkpoint at %(a)s is not signed with this key."),
    ),
    (
        r"the (?:stored )?checkpoint counts (\d+): .*",
        _l("The checkpoint counts %(a)s: the end was cut off, or an old backup put back."),
    ),
    (
        r"the (?:stored )?checkpoint has another seal: .*",
        _l("The checkpoint has another seal: recomputed, or another trail."),
    ),
    (
        r"the stored head counts (\d+) .*",
        _l("The stored head counts %(a)s and does not fit: rows were cut off or put in."),
    ),
)


def told(why: str) -> str | None:
    """Return why a row is bad, in words; None for a sentence that is not known here."""
    for form, words in _SAYS:
        if found := re.fullmatch(form, why):
            numbers = [wording.number(int(part)) for part in found.groups() if part]
            return str(words) % dict(zip(("a", "b"), numbers, strict=False))
    return None


def first_fault(number: int | None, why: str) -> str:
    """Return the first bad row and why, as a sentence or two."""
    words = told(why) or why
    if number is None:
        return words
    return _("Row %(number)s. %(why)s", number=wording.number(number), why=words)
