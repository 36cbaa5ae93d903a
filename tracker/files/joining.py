"""What this room tells the rooms below it."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from sqlalchemy import select

from tracker.activity.queries import scopes
from tracker.approvals.freezing import hashes
from tracker.db import db
from tracker.files.models import Evidence

_ADDRESS = re.compile(r"/files/([^/]+)")


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    scopes["evidence"] = Evidence.visible_to
    if hashes_of not in hashes:
        hashes.append(hashes_of)


def hashes_of(links: Collection[str]) -> dict[str, str]:
    """Return by link the SHA-256 of the file that is kept there; links that lead to none are left out (a `hashes`)."""
    refs = {link: found[1] for link in links if (found := _ADDRESS.fullmatch(urlsplit(link).path))}
    if not refs:
        return {}
    kept = select(Evidence.ref, Evidence.sha256).where(
        Evidence.ref.in_(refs.values()), Evidence.sha256 != ""
    )
    known = dict(db.session.execute(kept).all())
    return {link: known[ref] for link, ref in refs.items() if ref in known}
