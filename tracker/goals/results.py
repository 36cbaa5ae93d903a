"""What came of an initiative in the end (rule 11)."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _


class Result(StrEnum):
    """Whether it did what it was to do."""

    achieved = "achieved"
    partly = "partly"
    missed = "missed"
    not_measurable = "not_measurable"


PROVEN = frozenset({Result.achieved, Result.partly})  # these end as realised, the others as stopped


def result_name(result: str) -> str:
    """Return the words of a result."""
    names = {
        Result.achieved: _("Achieved"),
        Result.partly: _("Partly achieved"),
        Result.missed: _("Missed"),
        Result.not_measurable: _("Not measurable"),
    }
    return names[Result(result)]
