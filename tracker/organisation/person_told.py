"""What the trail keeps of a person: by value, and as words."""

from __future__ import annotations

from typing import Any

ADDED = ("role", "unit_id", "partner_id", "ends_on")
DECLARED = ("role", "unit_id", "partner_id", "is_admin", "is_finance", "ends_on")
TEXTS = ("name", "email", "job_title")


def told(person: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return what the trail keeps of `person`, by key."""
    found = {key: getattr(person, key) for key in keys}
    if found.get("ends_on"):
        found["ends_on"] = found["ends_on"].isoformat()
    return found
