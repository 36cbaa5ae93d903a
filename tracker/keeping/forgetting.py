"""What a restored backup must not bring back to life: sign-ins, links that set a password or decide, and addresses of calendars.

Somebody may have signed out, been shut out or used the link since the backup was made, and the backup knows nothing of it.
"""

from __future__ import annotations

from sqlalchemy import Connection, String, cast, delete, func, literal, select, update

from tracker.approvals.links import ApprovalLink
from tracker.feeds.models import VOID as VOID_FEED
from tracker.feeds.models import CalendarFeed
from tracker.organisation.access import VOID, AccessLink
from tracker.organisation.sign_ins import SignIn


def end_what_was_open(connection: Connection) -> list[str]:
    """End every sign-in and every open link, on the newest schema; return in words what that means for people.

    The rows of links stay as the trail tells of them; what their tokens are made of goes.
    """
    still = (AccessLink.used_at.is_(None), AccessLink.revoked_at.is_(None))
    links = connection.execute(select(func.count()).select_from(AccessLink).where(*still)).scalar()
    connection.execute(update(AccessLink).values(seed=VOID))
    connection.execute(update(ApprovalLink).values(seed=VOID))
    sign_ins = connection.execute(delete(SignIn)).rowcount
    void = literal(VOID_FEED).concat(cast(CalendarFeed.id, String))
    feeds = connection.execute(update(CalendarFeed).values(token_hash=void)).rowcount
    told = []
    if sign_ins:
        told.append(
            f"Everybody signs in anew: the backup held {sign_ins:,} sign-in{'s' * (sign_ins != 1)} that may have ended since."
        )
    if links:
        told.append(
            f"Links that set a password no longer work, since they may have been used meanwhile; {links:,} of them were open: "
            "invite again, or let people ask for a new one."
        )
    if feeds:
        told.append(
            f"Secret addresses of calendars no longer work, since they may have been revoked meanwhile; {feeds:,} of them stood: "
            "whoever uses one makes it anew."
        )
    return told
