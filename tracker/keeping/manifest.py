"""What an archive says of itself: when and from what it was made, and the hash of every member."""

from __future__ import annotations

import hmac
import json
import os
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tracker.activity.verify import canonical, mac
from tracker.keeping.sealing import Unusable

FORMAT, PRODUCT = 1, "throughline"
NAME = "manifest.json"
AUDIT_KEY, SECRET_KEY = "keys/audit.key", "keys/secret.key"
_TABLE = re.compile(r"tables/([a-z][a-z0-9_]*)\.(\d{4,})\.jsonl")
FILES = "files/"


@dataclass
class Manifest:
    """The facts. `members` are {name: {"size": bytes, "sha256": hex}}, `tables` {name: rows}."""

    version: str
    made_at: str
    database: str
    revision: str
    keys_inside: bool
    tables: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    chain: dict[str, Any] = field(default_factory=dict)
    checkpoint: dict[str, Any] | None = None
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: int = FORMAT
    product: str = PRODUCT

    @property
    def made(self) -> datetime:
        """When it was made, in UTC."""
        return datetime.fromisoformat(self.made_at).astimezone(UTC)

    @property
    def files(self) -> list[str]:
        """The paths of the files inside, from the data folder on."""
        return [name.removeprefix(FILES) for name in self.members if name.startswith(FILES)]

    @property
    def top_names(self) -> set[str]:
        """What these files lie in or are, directly in the data folder."""
        return {path.split("/", 1)[0] for path in self.files}


def written(manifest: Manifest, key: bytes) -> bytes:
    """The manifest as it lies in the archive, signed."""
    facts = asdict(manifest)
    return json.dumps({**facts, "signature": _signature(facts, key)}, indent=1).encode()


def read(text: bytes, key: bytes) -> Manifest:
    """The manifest of an archive. Raises `Unusable` when it is none, of a later format, or signed otherwise."""
    try:
        facts = json.loads(text)
        signature = str(facts.pop("signature"))
        if (facts["product"], facts["format"]) != (PRODUCT, FORMAT):
            raise Unusable(
                f"This archive has format {facts['format']} of {facts['product']}; this version reads "
                f"format {FORMAT} of {PRODUCT}."
            )
        manifest = Manifest(**facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable("The manifest of this backup cannot be read.") from error
    if not hmac.compare_digest(signature, _signature(facts, key)):
        raise Unusable("The manifest of this backup is not signed with this audit key.")
    return manifest


def _signature(facts: dict[str, Any], key: bytes) -> str:
    return mac(key, f"backup manifest\n{canonical(facts)}")


def table_of(name: str) -> str | None:
    """The table whose rows a member holds; None for other members."""
    found = _TABLE.fullmatch(name)
    return found[1] if found else None


def is_proper(name: str) -> bool:
    """Tell whether a member may have this name: nothing leads out of the data folder or onto what is no file of it."""
    if name in {NAME, AUDIT_KEY, SECRET_KEY} or table_of(name):
        return True
    parts = name.removeprefix(FILES).split("/")
    if not name.startswith(FILES) or any(part in {"", ".", ".."} or "\0" in part for part in parts):
        return False
    if os.name == "nt" and any(sign in name for sign in "\\:"):
        return False
    return name.isprintable() or name.encode("utf-8", "replace").decode() == name
