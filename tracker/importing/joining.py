"""What this room tells the rest: its scopes for the trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, false, select, true

from tracker.activity.queries import scopes
from tracker.importing.models import ImportMap, ImportRun


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["import"] = ImportRun.visible_to
    scopes["import_map"] = maps_for


def maps_for(person: Any) -> Select[Any]:
    """Column maps belong to everybody inside."""
    return select(ImportMap).where(true() if person.is_internal else false())
