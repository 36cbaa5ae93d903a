"""Secrets that have to be read again lie sealed in the database, with a key that lies outside of it.

Whoever gets hold of the database or of a backup, which leaves the keys out, can make no code from it. The keys are drawn from
the application's own (`TRACKER_SECRET_KEY`), one for each use, so that what is made for one use says nothing for another.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12  # bytes, drawn by lot for each sealing (NIST SP 800-38D, 8.2.2)
MARK = "1."  # begins what was sealed this way, so that another way can follow


class Unreadable(Exception):
    """It was sealed with another key, for somebody else, or is torn."""


def seal(text: str, *, about: str) -> str:
    """Return `text` encrypted and bound to `about`, such as "app 7": what is moved to another row does not open."""
    nonce = secrets.token_bytes(NONCE)
    hidden = AESGCM(_key("seal")).encrypt(nonce, text.encode(), about.encode())
    return MARK + base64.urlsafe_b64encode(nonce + hidden).decode()


def unseal(sealed: str, *, about: str) -> str:
    """Return what was sealed for `about`. Raises `Unreadable`."""
    if not sealed.startswith(MARK):
        raise Unreadable
    try:
        whole = base64.urlsafe_b64decode(sealed[len(MARK) :].encode())
        return AESGCM(_key("seal")).decrypt(whole[:NONCE], whole[NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def recognised(text: str, *, use: str) -> str:
    """Return by what `text` is known again, as 64 hexadecimal digits; without the key nothing can be tried against it.

    For texts drawn by lot alone: it is fast, as passwords must not be.
    """
    return hmac.digest(_key(use), text.encode(), "sha256").hex()


def _key(use: str) -> bytes:
    return _drawn(str(current_app.config["SECRET_KEY"]), use)


@cache
def _drawn(secret: str, use: str) -> bytes:
    """Return a key of 32 bytes for one use (HKDF, RFC 5869)."""
    return HKDF(SHA256(), length=32, salt=None, info=f"tracker {use}".encode()).derive(
        secret.encode()
    )
