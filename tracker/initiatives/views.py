"""The pages of this room; importing it hangs all of them on the blueprint."""

from __future__ import annotations

from tracker.initiatives import (
    views_bulk,
    views_charter,
    views_course,
    views_edit,
    views_leading,
    views_list,
    views_new,
    views_priorities,
    views_show,
    views_signing,
    views_sponsorship,
    views_sponsorships,
    views_team,
)
from tracker.initiatives.pages import pages

__all__ = [
    "pages",
    "views_bulk",
    "views_charter",
    "views_course",
    "views_edit",
    "views_leading",
    "views_list",
    "views_new",
    "views_priorities",
    "views_show",
    "views_signing",
    "views_sponsorship",
    "views_sponsorships",
    "views_team",
]
