"""Single `TRACKER_*` variables, read and checked; what is wrong with them is gathered in words for the operator."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tracker import paths
from tracker.clock import Moved
from tracker.key_files import key_kept_in

SHORTEST_KEY = 32
SHORTEST_TOKEN = 16
SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class Reader:
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

    def clock(self, environment: str) -> Moved | None:
        """A clock that is some hours ahead, in the demo alone."""
        hours = self.number("TRACKER_CLOCK_AHEAD_HOURS", 0, lowest=0, highest=24 * 400)
        if hours and environment != "demo":
            self.problems.append(
                "TRACKER_CLOCK_AHEAD_HOURS moves the clock of a demo; in production time is what it is."
            )
        return Moved(timedelta(hours=hours)) if hours else None

    def several(self, name: str) -> list[str]:
        return [one.strip() for one in self.environ.get(name, "").split(",") if one.strip()]

    def networks(self, name: str) -> tuple[str, ...]:
        """Addresses and networks, as `ipaddress` reads them."""
        found = []
        for one in self.several(name):
            try:
                found.append(str(ipaddress.ip_network(one, strict=False)))
            except ValueError:
                self.problems.append(
                    f"{name} has '{one}' in it, which is neither an address nor a network; "
                    "name the proxies in front, such as 127.0.0.1, 10.0.0.0/8."
                )
        return tuple(found)

    def hosts(self, name: str) -> tuple[str, ...]:
        """Names of hosts, without scheme, port or path."""
        found = []
        for one in self.several(name):
            if re.fullmatch(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]", one):
                found.append(one.lower().rstrip("."))
            else:
                self.problems.append(
                    f"{name} has '{one}' in it; it lists host names, such as tracker.example.org, "
                    "cx.example.org, without port and path."
                )
        return tuple(found)

    def contact(self, name: str) -> str | None:
        """Where weaknesses are reported: an address of mail or of a page, as a URL."""
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        if re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            return value if value.startswith("mailto:") else f"mailto:{value}"
        if not re.fullmatch(r"https://[^\s]+", value):
            self.problems.append(
                f"{name} is '{value}'; it must be an e-mail address or begin with https://."
            )
        return value

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
