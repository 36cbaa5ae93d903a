"""What this room tells the rest: its scopes for the trail."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, select, true

from tracker.activity.labels import labels
from tracker.activity.queries import scopes
from tracker.importing.brought import IMPORTED, origin
from tracker.importing.models import ImportMap, ImportRun
from tracker.initiatives.origins import origins

# What the trail calls texts that a file can change, where no other room names them.
LABELS = {
    "effect": _l("Effect if nothing changes"),
    "job_title": _l("Job title"),
    "outside_id": _l("Outside id"),
    "serves": _l("What they serve"),
    "short_name": _l("Short name"),
}


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["import"] = ImportRun.visible_to
    scopes["import_map"] = maps_for
    origins[IMPORTED] = origin
    for name, words in LABELS.items():
        labels.setdefault(name, words)


def maps_for(person: Any) -> Select[Any]:
    """Column maps belong to everybody inside."""
    return select(ImportMap).where(true() if person.is_internal else false())
