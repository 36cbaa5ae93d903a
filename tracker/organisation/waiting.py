"""Whoever tried too often is told how long to wait: people in words, programs in the header Retry-After (RFC 9110, 10.2.3)."""

from __future__ import annotations

from typing import Any

from flask import after_this_request

from tracker.errors import Said
from tracker.wording import ngettext


class TooOften(Said):
    """Too many tries, where no form could say so beside a field (429)."""

    status = 429


def waiting_words(seconds: int) -> str:
    """Return how long to wait before the next try, and let the answer to this request say it as well."""

    @after_this_request
    def say(answer: Any) -> Any:
        answer.headers["Retry-After"] = str(seconds)
        return answer

    return ngettext(
        "Too many tries. Wait %(num)s minute, then try again.",
        "Too many tries. Wait %(num)s minutes, then try again.",
        -(-seconds // 60),
    )
