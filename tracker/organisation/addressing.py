"""Names as they stand in addresses: readable, and each only once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from tracker.db import db
from tracker.organisation.names import slug


def free_slug(model: Any, name: str) -> str:
    """Return the slug of `name` that no row of `model` has: with -2, -3 ... behind it if need be."""
    base = slug(name)
    own = model.slug
    taken = set(
        db.session.scalars(
            select(own).where(or_(own == base, own.startswith(f"{base}-", autoescape=True)))
        )
    )
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
