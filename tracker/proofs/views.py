"""The pages of this room; importing it hangs all of them on the blueprint."""

from __future__ import annotations

from tracker.proofs import (
    views_again,
    views_passkeys,
    views_required,
    views_reset,
    views_security,
    views_sign_in,
    views_sign_in_first,
)
from tracker.proofs.pages import pages

__all__ = [
    "pages",
    "views_again",
    "views_passkeys",
    "views_required",
    "views_reset",
    "views_security",
    "views_sign_in",
    "views_sign_in_first",
]
