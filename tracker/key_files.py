"""Keys that an installation makes for itself: a file each, complete or not there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def key_kept_in(file: Path) -> str:
    """The key in ``file``, which is made with a random key, mode 0600, if it does not exist.

    Two processes that start together get the same key: the file appears complete or not at all.
    """
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48) + "\n")
            handle.flush()
            os.fsync(handle.fileno())  # what it seals is synced too, and worth nothing without it
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()
