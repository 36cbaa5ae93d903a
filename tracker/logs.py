"""What the application writes down: one line for each entry on stderr, as JSON or as text, and never a secret.

A line of a request carries its number, its method, its route (the pattern, never the address: links to reset a password
are addresses) and the id of the person, never a name.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import g, has_request_context, request, session

FORMS = ("text", "json")
OF_REQUESTS = ("request_id", "method", "route", "status", "ms", "person")
NOT_SAID = "[withheld]"
SHORTEST = 8  # characters of a secret that is looked for

_NAMED = re.compile(
    r"""(?ix) \b ([\w-]* (?: passw(?:or)?d | secret | token | csrf | cookie | authorization | api[_-]?key ) [\w-]*)
    (["']? \s* [=:] \s* ["']?) (?: (?:bearer|basic) \s+ )? [^\s"',;&)]+"""
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]+@")
_VALUES = re.compile(r"(?m)^\s*(DETAIL|CONTEXT):.*$|\[parameters: .*\]")
_IN_LINK = re.compile(r"(?<=/)[\w-]+\.[\w-]{4,}\.[\w-]{16,}|(?<=/)[\w-]{40,}")


class Lines(logging.Formatter):
    """Makes the line of an entry. `secrets` are never in it, wherever they would come from."""

    def __init__(self, form: str = "text", secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self.form = form
        self.secrets = [secret for secret in secrets if len(secret) >= SHORTEST]

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.withheld(record.getMessage()),
            **_of_request(record),
        }
        if record.exc_info:
            entry["exception"] = self.withheld(self.formatException(record.exc_info))
        if self.form == "json":
            return json.dumps(entry, ensure_ascii=False, default=str)
        return _as_text(entry)

    def withheld(self, text: str) -> str:
        """Return `text` without what must not be written down."""
        for secret in self.secrets:
            text = text.replace(secret, NOT_SAID)
        text = _NAMED.sub(rf"\1\2{NOT_SAID}", text)
        for kind in (_BEARER, _IN_ADDRESS, _VALUES, _IN_LINK):
            text = kind.sub(NOT_SAID, text)
        return text


class Expected(logging.Filter):
    """Keeps back what the server says about a set-up that is meant: more threads than places to work (see `front`)."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Configuration allows spawning up to")


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the entry itself says of a request, else what is known of the one that is being answered."""
    said = {name: getattr(record, name) for name in OF_REQUESTS if hasattr(record, name)}
    if not has_request_context():
        return said
    rule = request.url_rule
    return {
        "request_id": g.get("request_id"),
        "method": request.method,
        "route": rule.rule if rule else None,
        "person": person_of(session.get("_user_id")),
        **said,
    }


def person_of(key: str | None) -> int | None:
    """Return the id of the person in the key of a session."""
    id_ = (key or "").partition(".")[0]
    return int(id_) if id_.isdecimal() else None


def _as_text(entry: dict[str, Any]) -> str:
    facts = " ".join(f"{name}={entry[name]}" for name in OF_REQUESTS if entry.get(name) is not None)
    line = f"{entry['time']} {entry['level'].upper()} {entry['logger']}: {entry['message']}"
    line = line.replace("\r", " ").replace("\n", " ")
    trace = entry.get("exception", "").replace("\n", "\n  ")
    return line + (f" [{facts}]" if facts else "") + (f"\n  {trace}" if trace else "")


def secrets_of(settings: Mapping[str, Any]) -> list[str]:
    """Return what the settings hold that nobody else may know."""
    addresses = (settings.get(name) or "" for name in ("SQLALCHEMY_DATABASE_URI", "SMTP_URL"))
    found = [
        *(settings.get("SECRET_KEY"), settings.get("METRICS_TOKEN")),
        (settings.get("AUDIT_KEY") or b"").decode("utf-8", "replace"),
        *(urlsplit(address).password for address in addresses),
    ]
    return [kept for secret in found if secret for kept in {secret, unquote(secret)}]


def configuration(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `logging.config` and the server need to write every entry the same way."""
    alike = {"handlers": ["console"], "propagate": False}
    lines = {"()": Lines, "form": settings.get("LOG", "text"), "secrets": secrets_of(settings)}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "filters": {"expected": {"()": Expected}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "lines",
                "filters": ["expected"],
            }
        },
        "loggers": {
            "tracker": {"level": "INFO"},
            "_granian": {"level": "WARNING", **alike},
            "granian.access": {"level": "WARNING", **alike},
        },
        "root": {"level": "WARNING", "handlers": ["console"]},
    }


def configure(settings: Mapping[str, Any]) -> None:
    """Write down from now on as `settings` say; the warnings of Python too."""
    logging.config.dictConfig(configuration(settings))
    logging.captureWarnings(True)
