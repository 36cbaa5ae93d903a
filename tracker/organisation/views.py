"""The pages of this room; importing it hangs all of them on the blueprint."""

from __future__ import annotations

from tracker.organisation import (
    views_access,
    views_calendars,
    views_deputies,
    views_founding,
    views_partners,
    views_people,
    views_profile,
    views_sessions,
    views_settings,
    views_units,
)
from tracker.organisation.pages import pages

__all__ = [
    "pages",
    "views_access",
    "views_calendars",
    "views_deputies",
    "views_founding",
    "views_partners",
    "views_people",
    "views_profile",
    "views_sessions",
    "views_settings",
    "views_units",
]
