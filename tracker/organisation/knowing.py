"""Browsers in which somebody came in before: a signed cookie that lets tries from them count by themselves.

It opens nothing. Without it a stranger who tries many passwords could keep the owner of an account waiting (the device
cookies of OWASP's guide on brute force).
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker.organisation.throttling import hash_of

COOKIE = "known"
LASTS = timedelta(days=365)
_MOST = 5  # accounts that one browser is known for


def known_for(account: str) -> str:
    """Return the number of this browser if whoever has `account` came in with it before; else an empty text."""
    kept = _kept()
    return str(kept["number"]) if hash_of(account) in kept["accounts"] else ""


def remember(account: str) -> None:
    """Let this browser be known for `account` from the answer to this request on."""
    kept = _kept()
    accounts = [hash_of(account), *(one for one in kept["accounts"] if one != hash_of(account))]
    value = _signer().dumps({"number": kept["number"], "accounts": accounts[:_MOST]})
    text = value if isinstance(value, str) else value.decode()

    @after_this_request
    def carry(answer: Any) -> Any:
        answer.set_cookie(
            COOKIE, text, max_age=LASTS, httponly=True, samesite="Lax",
            secure=current_app.config.get("SESSION_COOKIE_SECURE", False),
        )  # fmt: skip
        return answer


def _kept() -> dict[str, Any]:
    try:
        said = request.cookies.get(COOKIE, "")
        kept = _signer().loads(said, max_age=int(LASTS.total_seconds()))
        return {"number": str(kept["number"]), "accounts": list(kept["accounts"])}
    except (BadSignature, KeyError, TypeError):
        return {"number": secrets.token_urlsafe(16), "accounts": []}


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="tracker.known")
