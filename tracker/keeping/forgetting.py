"""What a restored backup must not bring back to life: sign-ins, and links that set a password.

Somebody may have signed out, been shut out or used the link since the backup was made, and the backup knows nothing of it.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, update

from tracker.organisation.access import VOID, AccessLink
from tracker.organisation.sign_ins import SignIn


def end_what_was_open(connection: Connection) -> list[str]:
    """End every sign-in and every open link, on the newest schema; return in words what that means for people.

    The rows of links stay as the trail tells of them; what their tokens are made of goes.
    """
    still = (AccessLink.used_at.is_(None), AccessLink.revoked_at.is_(None))
    links = connection.execute(select(func.count()).select_from(AccessLink).where(*still)).scalar()
    connection.execute(update(AccessLink).values(seed=VOID))
    sign_ins = connection.execute(delete(SignIn)).rowcount
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
    return told
