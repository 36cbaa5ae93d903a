"""The backups: whether there are any, how old the last is, and whether it would survive the disk of the data."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.checking.findings import Finding, good, look, wrong
from tracker.keeping import places, sealing


def of_backups(config: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    """Look at the folder of scheduled backups, or of those made by hand."""
    folder: Path | None = config["BACKUP_DIR"]
    by_hand = Path(config["DATA_DIR"]) / places.FOLDER
    yield from _failure(Path(config["DATA_DIR"]) / places.FAILED)
    if folder is None:
        yield look("backups", "None are scheduled.", "Set TRACKER_BACKUP_DIR to a folder on another disk.")  # fmt: skip
        if by_hand.is_dir():
            yield from _last(by_hand, config, now, every=None)
        return
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        made = folder.exists() and "cannot be written to" or "is not there"  # noqa: RUF021
        yield wrong("backups", f"The folder {folder} {made}.", "Make it, mount it, or set TRACKER_BACKUP_DIR anew.")  # fmt: skip
        return
    yield from _last(folder, config, now, every=timedelta(hours=config["BACKUP_HOURS"]))
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield look("backups", f"{folder} is open to every user of this machine.", f"Run: chmod 700 '{folder}'")  # fmt: skip


def _failure(note: Path) -> Iterator[Finding]:
    try:
        failed = json.loads(note.read_text("utf-8"))
        at = datetime.fromisoformat(failed["at"])
        yield wrong(
            "backups",
            f"The last one failed ({at:%Y-%m-%d %H:%M} UTC): {failed['why']}",
            "It is tried again by itself; 'tracker backup' tries now.",
        )
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError):
        yield wrong("backups", f"The last one failed, and {note} cannot be read.")


def _last(
    folder: Path, config: Mapping[str, Any], now: datetime, *, every: timedelta | None
) -> Iterator[Finding]:
    made = places.archives(folder, sealing.fingerprint(config["AUDIT_KEY"]))
    if not made:
        yield look(
            "backups",
            f"There is none of this installation in {folder} yet.",
            "The first is made within minutes of the start.",
        )
        return
    at, file = made[0]
    told = f"The last of {len(made)} is of {at:%Y-%m-%d %H:%M} UTC ({file.name})."
    if every is not None and now - at > 2 * every:
        yield wrong("backups", told, "Is the server, or 'tracker jobs', running?")
    elif now - at > timedelta(days=7):
        yield look("backups", told, "Run 'tracker backup'.")
    else:
        yield good("backups", told)
    if folder.stat().st_dev == Path(config["DATA_DIR"]).stat().st_dev:
        yield look(
            "backup disk",
            f"{folder} is on the disk of the data: both go together.",
            "Copy the archives elsewhere, or set TRACKER_BACKUP_DIR to another disk.",
        )
