"""Where an action is shown to whom."""

from __future__ import annotations

from typing import Any

from flask import url_for


def page_of(ref: str, person: Any) -> str:
    """Return the address at which `person` reads the action: our own people here, contacts in their lane."""
    return url_for("actions.show" if person.is_internal else "partners.action", ref=ref)


def page_of_ours(ref: str) -> str:
    """Return the address at which our own people read the action."""
    return url_for("actions.show", ref=ref)
