"""Settings, read once from ``TRACKER_*`` variables and checked all together.

The README lists every variable with its meaning. Two environments exist: ``demo`` makes its own
keys in the data folder and seeds an empty database; ``production`` refuses to start without keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tracker.logs import FORMS
from tracker.variables import Reader

ENVIRONMENTS = ("demo", "production")
LARGEST_REQUEST = 24 * 1024 * 1024  # a file of 20 MB, and what stands around it
LARGEST_FORM_FIELDS = 2 * 1024 * 1024
RESTORING = "restoring"  # a folder in the data folder, while a backup is being restored


class Misconfigured(Exception):
    """The application cannot start as it is set up; ``problems`` are sentences for the operator."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def settings_from_environment(
    environ: Mapping[str, str], *, restoring: bool = False
) -> dict[str, Any]:
    """Turn ``TRACKER_*`` variables into the configuration of the Flask application.

    Makes the data folder if it is missing and, in the demo environment, the two keys in it.
    Raises ``Misconfigured`` with every problem found, not only the first; a restore that was
    broken off is one, unless it is ``restoring`` that goes on with it.
    """
    reader = Reader(environ)
    environment = reader.choice("TRACKER_ENV", ENVIRONMENTS)
    data_dir = reader.data_dir()
    if not restoring and (data_dir / RESTORING).exists():
        reader.problems.append(
            f"A restore into {data_dir} is under way or was broken off, so nothing else may start "
            "there; run 'tracker restore' with the same archive again."
        )
    host = environ.get("TRACKER_HOST") or "127.0.0.1"
    port = reader.number("TRACKER_PORT", default=8000, lowest=1, highest=65535)
    base_url = reader.base_url(host, port)
    settings = {
        "ENVIRONMENT": environment,
        "DATA_DIR": data_dir,
        "HOST": host,
        "PORT": port,
        "BASE_URL": base_url,
        "CLOCK": reader.clock(environment),
        "SMTP_URL": reader.smtp_url(),
        "LOG": reader.choice("TRACKER_LOG", FORMS if environment == "demo" else FORMS[::-1]),
        "METRICS_TOKEN": reader.metrics_token(),
        "TRUSTED_PROXIES": reader.networks("TRACKER_TRUSTED_PROXIES"),
        "ALLOWED_HOSTS": reader.hosts("TRACKER_ALLOWED_HOSTS"),
        "SECURITY_CONTACT": reader.contact("TRACKER_SECURITY_CONTACT"),
        "SECRET_KEY": reader.key("TRACKER_SECRET_KEY", environment, data_dir / "secret.key"),
        "AUDIT_KEY": reader.key("TRACKER_AUDIT_KEY", environment, data_dir / "audit.key").encode(),
        "SQLALCHEMY_DATABASE_URI": reader.database_url(data_dir),
        "BACKUP_DIR": reader.backup_dir(data_dir),
        "BACKUP_HOURS": reader.number("TRACKER_BACKUP_HOURS", 24, lowest=1, highest=24 * 31),
        "BACKUP_KEEP": reader.number("TRACKER_BACKUP_KEEP", 14, lowest=1, highest=9999),
        "BACKUP_KEEP_WEEKS": reader.number("TRACKER_BACKUP_KEEP_WEEKS", 8, lowest=0, highest=999),
        **_sessions(reader),
        **_cookies(secure=base_url.startswith("https:")),
        "SCHEMA_WATCHED": True,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM_FIELDS,
        "MAX_FORM_PARTS": 5000,
        # A CSRF token lives as long as its session: a page left open overnight still posts.
        "WTF_CSRF_TIME_LIMIT": None,
    }
    if environ.get("TRACKER_SECRET_KEY") and environ.get("TRACKER_SECRET_KEY") == environ.get(
        "TRACKER_AUDIT_KEY"
    ):
        reader.problems.append("TRACKER_SECRET_KEY and TRACKER_AUDIT_KEY must not be the same.")
    if reader.problems:
        raise Misconfigured(*reader.problems)
    return settings


def _sessions(reader: Reader) -> dict[str, Any]:
    """How long a sign-in holds: unused, and at all; the cookie lives as long as the longest."""
    idle = reader.number("TRACKER_SESSION_IDLE_HOURS", 12, lowest=1, highest=24 * 30)
    longest = timedelta(days=reader.number("TRACKER_SESSION_DAYS", 30, lowest=1, highest=365))
    return {
        "SESSION_IDLE": min(timedelta(hours=idle), longest),
        "SESSION_LONGEST": longest,
        "PERMANENT_SESSION_LIFETIME": longest,
    }


def _cookies(*, secure: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "tracker",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
    }
