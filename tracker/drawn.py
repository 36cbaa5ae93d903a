"""Addresses that are drawn by lot: nobody guesses one, and the gaps between them tell nothing."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes
LENGTH = 12  # about 60 bits


def drawn() -> str:
    """Return a new one."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
