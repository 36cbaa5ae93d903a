"""The first lock of whatever changes something below an initiative: whoever stops or holds it takes it first as well."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.initiatives.models import Initiative


def lock_initiative(id_: Any) -> None:
    """Lock the initiative with this id, or the one that a scalar subquery finds, until the write ends."""
    db.session.execute(
        select(Initiative.id).where(Initiative.id == id_).with_for_update(key_share=True)
    )
