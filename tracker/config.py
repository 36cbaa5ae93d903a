"""Settings, read once from ``TRACKER_*`` variables and checked all together.

The README lists every variable with its meaning. Two environments exist: ``demo`` makes its own
keys in the data folder and seeds an empty database; ``production`` refuses to start without keys.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tracker import paths
from tracker.key_files import key_kept_in
from tracker.logs import FORMS

ENVIRONMENTS = ("demo", "production")
SHORTEST_KEY = 32
SHORTEST_TOKEN = 16
LARGEST_REQUEST = 12 * 1024 * 1024
LARGEST_FORM_FIELDS = 2 * 1024 * 1024
RESTORING = "restoring"  # a folder in the data folder, while a backup is being restored
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


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
    reader = _Reader(environ)
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
        "SMTP_URL": reader.smtp_url(),
        "LOG": reader.choice("TRACKER_LOG", FORMS if environment == "demo" else FORMS[::-1]),
        "METRICS_TOKEN": reader.metrics_token(),
        "TRUSTED_PROXIES": reader.number("TRACKER_TRUSTED_PROXIES", 0, lowest=0, highest=9),
        "SECRET_KEY": reader.key("TRACKER_SECRET_KEY", environment, data_dir / "secret.key"),
        "AUDIT_KEY": reader.key("TRACKER_AUDIT_KEY", environment, data_dir / "audit.key").encode(),
        "SQLALCHEMY_DATABASE_URI": reader.database_url(data_dir),
        "BACKUP_DIR": reader.backup_dir(data_dir),
        "BACKUP_HOURS": reader.number("TRACKER_BACKUP_HOURS", 24, lowest=1, highest=24 * 31),
        "BACKUP_KEEP": reader.number("TRACKER_BACKUP_KEEP", 14, lowest=1, highest=9999),
        "BACKUP_KEEP_WEEKS": reader.number("TRACKER_BACKUP_KEEP_WEEKS", 8, lowest=0, highest=999),
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


def _cookies(*, secure: bool) -> dict[str, Any]:
    return {
        "SESSION_COOKIE_NAME": "tracker",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
    }


class _Reader:
    """Reads single settings and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.environ.get(name) or choices[0]
        if value in choices:
            return value
        self.problems.append(f"{name} is '{value}'; it can be {' or '.join(choices)}.")
        return choices[-1]

    def metrics_token(self) -> str | None:
        value = self.environ.get("TRACKER_METRICS_TOKEN", "").strip() or None
        if value is not None and len(value) < SHORTEST_TOKEN:
            self.problems.append(
                f"TRACKER_METRICS_TOKEN is too short; use {SHORTEST_TOKEN} characters or more."
            )
        return value

    def number(self, name: str, default: int, *, lowest: int, highest: int) -> int:
        text = self.environ.get(name) or str(default)
        if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
            return int(text)
        self.problems.append(f"{name} is '{text}'; it must be from {lowest} to {highest}.")
        return default

    def data_dir(self) -> Path:
        default = (paths.ROOT or Path.cwd()) / "instance"
        folder = Path(self.environ.get("TRACKER_DATA_DIR") or default).expanduser().absolute()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problems.append(
                f"The data folder {folder} cannot be made ({error.strerror}); "
                "set TRACKER_DATA_DIR to a folder that this user may write to."
            )
            return folder
        if not os.access(folder, os.W_OK | os.X_OK):
            self.problems.append(f"The data folder {folder} cannot be written to by this user.")
        return folder

    def backup_dir(self, data_dir: Path) -> Path | None:
        """The folder of scheduled backups. It is not made here: a disk that is not mounted must be noticed."""
        given = self.environ.get("TRACKER_BACKUP_DIR")
        if not given:
            return None
        folder = Path(given).expanduser().absolute()
        if folder.resolve() in {data_dir.resolve(), *data_dir.resolve().parents}:
            self.problems.append(
                f"TRACKER_BACKUP_DIR is {folder}, which holds the data themselves; name a folder of "
                "its own, on another disk if there is one."
            )
        return folder

    def base_url(self, host: str, port: int) -> str:
        shown = f"[{host}]" if ":" in host else host
        value = (self.environ.get("TRACKER_BASE_URL") or f"http://{shown}:{port}").rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            self.problems.append(
                f"TRACKER_BASE_URL is '{value}'; it must be the address that people type, "
                "such as https://tracker.example.org, without a path."
            )
        return value

    def smtp_url(self) -> str | None:
        value = self.environ.get("TRACKER_SMTP_URL") or None
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in SMTP_SCHEMES or not parts.hostname:
            self.problems.append(
                "TRACKER_SMTP_URL must look like "
                "smtp+starttls://user:password@mail.example.org:587 "
                f"(schemes: {', '.join(SMTP_SCHEMES)})."
            )
        return value

    def database_url(self, data_dir: Path) -> str:
        given = self.environ.get("TRACKER_DATABASE_URL")
        if not given:
            return _sqlite_url(data_dir / "tracker.db")
        try:
            url = make_url(given)
        except ArgumentError:
            self.problems.append(
                "TRACKER_DATABASE_URL cannot be read; it must look like "
                "postgresql://user:password@host/database or sqlite:///file.db."
            )
            return given
        if url.get_backend_name() == "sqlite":
            return self._sqlite(url, data_dir)
        if url.get_backend_name() in {"postgresql", "postgres"}:
            return self._postgresql(url)
        self.problems.append(
            f"TRACKER_DATABASE_URL names '{url.drivername}'; SQLite and PostgreSQL are supported."
        )
        return given

    def _sqlite(self, url: URL, data_dir: Path) -> str:
        if url.database in {None, "", ":memory:"}:
            self.problems.append(
                "TRACKER_DATABASE_URL names no SQLite file; a database in memory keeps nothing."
            )
            return str(url)
        return _sqlite_url(data_dir / str(url.database))

    def _postgresql(self, url: URL) -> str:
        if importlib.util.find_spec("psycopg") is None:
            self.problems.append(
                "TRACKER_DATABASE_URL names PostgreSQL, but its driver is not installed: "
                "install this package with its extra 'postgres'."
            )
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)

    def key(self, name: str, environment: str, file: Path) -> str:
        given = self.environ.get(name, "").strip()
        if given:
            if environment == "production" and len(given) < SHORTEST_KEY:
                self.problems.append(f"{name} is too short; use {SHORTEST_KEY} characters or more.")
            return given
        if environment == "production":
            self.problems.append(
                f"{name} is not set; in production keys are given from outside and kept apart "
                'from the data. Make one with: python3 -c "import secrets; '
                'print(secrets.token_urlsafe(48))"'
            )
            return ""
        try:
            return key_kept_in(file)
        except OSError as error:
            self.problems.append(f"The key file {file} cannot be used ({error.strerror}).")
            return ""


def _sqlite_url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)
