"""The settings: what the start accepts and an operator should know of all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from tracker.checking.findings import Finding, good, look, wrong
from tracker.variables import SHORTEST_KEY

DIFFERENT = 12  # characters that a key of random letters and digits has at least


def of_settings(config: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at the environment, the address, the keys, the workers and the mail."""
    if config["ENVIRONMENT"] == "production":
        yield good("environment", "production")
    else:
        yield look(
            "environment",
            "This is a demo: its keys lie beside its data, and an empty database is filled with invented people.",
            "Set TRACKER_ENV=production for real work.",
        )
    yield _address(config["BASE_URL"])
    for name, key in (("audit key", config["AUDIT_KEY"].decode()), ("secret key", config["SECRET_KEY"])):  # fmt: skip
        yield _key(name, key)
    yield _workers(config["SQLALCHEMY_DATABASE_URI"], environ.get("TRACKER_WORKERS") or "1")
    yield _mail(config["SMTP_URL"])


def _address(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.scheme == "https" or _is_here(parts.hostname or ""):
        return good("address", url)
    return look(
        "address",
        f"{url} is not encrypted: passwords cross the network in the open.",
        "Put a proxy with TLS in front and set TRACKER_BASE_URL to its https address.",
    )


def _mail(url: str | None) -> Finding:
    if url is None:
        return look(
            "mail",
            "No mail server is set: mails are laid as files into the data folder's mail, and go to nobody.",
            "Set TRACKER_SMTP_URL, or hand them on by hand.",
        )
    server = urlsplit(url)
    if server.scheme == "smtp" and not _is_here(server.hostname or ""):
        return look(
            "mail",
            f"Mails, and the links in them, go to {server.hostname} unencrypted.",
            "Use smtp+starttls or smtps in TRACKER_SMTP_URL.",
        )
    return good("mail", f"goes out by {server.hostname}")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(name: str, key: str) -> Finding:
    make = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    if name == "audit key":
        make += " - but only before anything is recorded: what is sealed cannot be sealed anew."
    if len(key) < SHORTEST_KEY:
        return wrong(name, f"has {len(key)} characters; {SHORTEST_KEY} are needed.", make)
    if len(set(key)) < DIFFERENT:
        return look(name, f"repeats {len(set(key))} characters; it can be guessed.", make)
    return good(name, f"has {len(key)} characters")


def _workers(url: str, workers: str) -> Finding:
    if workers == "1":
        return good("workers", "one")
    if url.startswith("sqlite"):
        return wrong(
            "workers",
            f"TRACKER_WORKERS is {workers}; SQLite takes one writer at a time.",
            "Use one worker, or PostgreSQL.",
        )
    return look("workers", f"{workers}.", "See that 'tracker jobs' runs beside them, once.")
