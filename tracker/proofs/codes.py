"""Codes of six digits that an app makes from a secret and the time (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime

import segno
from pyotp import random_base32
from pyotp.hotp import HOTP
from pyotp.totp import TOTP

STEP = 30  # seconds
DRIFT = 1  # steps that the clock of a phone may be wrong, either way
DIGITS = 6


def new_secret() -> str:
    """Return a secret of 160 bits, drawn by lot, in base 32 (RFC 4226, 4)."""
    return random_base32()


def counter_of(secret: str, typed: str, now: datetime) -> int | None:
    """Return the number of the step whose code was typed, within the drift around `now`; None for any other."""
    code, present = digits_of(typed), int(now.timestamp()) // STEP
    made = HOTP(secret, digits=DIGITS)
    found = None
    for counter in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(made.at(counter), code):
            found = counter
    return found


def digits_of(typed: str) -> str:
    """Return a code as plain digits, whatever script they are in and however they are grouped; nothing for what is no code."""
    told = [unicodedata.digit(c, -1) for c in typed if not c.isspace() and c not in "-\u200c\u200f"]
    return "" if -1 in told else "".join(map(str, told))


def address_for_app(secret: str, *, account: str, issuer: str) -> str:
    """Return the address that apps read (otpauth://)."""
    return TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(
        name=account, issuer_name=issuer
    )


def picture(address: str) -> str:
    """Return `address` as a QR code: an SVG element to stand in a page, without style or script, dark on white."""
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def in_groups(secret: str) -> str:
    """Return a secret as people type it: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
