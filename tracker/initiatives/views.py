"""The pages of this room; importing it hangs all of them on the blueprint."""

from __future__ import annotations

from tracker.initiatives import (
    views_bulk,
    views_course,
    views_edit,
    views_list,
    views_new,
    views_show,
    views_sponsorship,
    views_sponsorships,
    views_stage,
    views_team,
)
from tracker.initiatives.pages import pages

__all__ = [
    "pages",
    "views_bulk",
    "views_course",
    "views_edit",
    "views_list",
    "views_new",
    "views_show",
    "views_sponsorship",
    "views_sponsorships",
    "views_stage",
    "views_team",
]
