"""Check the trail without the application: this file needs Python's standard library alone.

    python verify.py DATABASE_OR_JSONL --key-file KEY [--checkpoint FILE]

It computes every seal of a SQLite file or a JSONL export again, and names the first bad row and why.
Exit code: 0 whole, 1 tampered with, 2 not readable. The application seals with the same functions.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
SEALED = ("number", "at", "actor_id", "on_behalf_of_id", "kind", "subject_type", "subject_id")
SEALED = (*SEALED, "initiative_id", "before", "after", "commitment", "request_id")
COLUMNS = ("id", *SEALED, "private", "salt", "seal")
EVENTS = "SELECT * FROM event ORDER BY number IS NULL, number"
LEFT_OPEN = "a cut tail, an old backup put back, or forgery with the key"
SUSPECTS = 1000  # bad rows kept to find out what was done; all of them are counted
Row = Point = Mapping[str, Any]
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: Any) -> str:
    """The one JSON text of `value`: keys sorted, no spaces. TypeError if it is not JSON."""
    return _JSON.encode(value)


def instant(value: str | datetime) -> str:
    """A moment as the chain writes it: UTC with microseconds, from a datetime or its ISO text."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def mac(key: bytes, text: str) -> str:
    """HMAC-SHA256 of `text` in hexadecimal."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def seal_of(key: bytes, previous: str, row: Row) -> str:
    """The seal of `row` after a row sealed `previous`; `before`, `after` are as stored: texts."""
    return seal_values(
        key, previous, [row["number"], instant(row["at"]), *map(row.__getitem__, SEALED[2:])]
    )


def seal_values(key: bytes, previous: str, values: list[Any]) -> str:
    """The seal over the values of SEALED, in that order, after a row sealed `previous`."""
    return seal_text(key, previous, canonical(values))


def seal_text(key: bytes, previous: str, text: str) -> str:
    """The seal over the canonical text of those values."""
    return mac(key, f"{previous}\n{text}")


def commitment_of(salt: str, private: str) -> str:
    """What stands for the text `private` in the seal; it tells nothing once the salt is gone."""
    return mac(bytes.fromhex(salt), private)


def sign_checkpoint(key: bytes, count: int, head: str, at: str | datetime) -> dict[str, Any]:
    """A checkpoint: at the moment `at`, `count` events were sealed and `head` was the last seal."""
    signature = mac(key, f"checkpoint\n{canonical([count, head, instant(at)])}")
    return {"count": count, "head": head, "at": instant(at), "signature": signature}


@dataclass
class Report:
    """What a check found. `faults` are (row number or None, why); `cautions` what it left open."""

    count: int = 0
    head: str = GENESIS
    wordless: int = 0
    faults: list[tuple[int | None, str]] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults

    def ordered(self) -> list[tuple[int | None, str]]:
        """The faults, lowest row first, those without a row last."""
        return sorted(self.faults, key=lambda fault: (fault[0] is None, fault[0] or 0))

    def lines(self) -> Iterator[str]:
        """The report in plain words."""
        if self.whole:
            yield f"The chain is whole: {self.count} events, head {self.head[:16]}."
        for place, (number, why) in enumerate(self.ordered()):
            told = why if number is None else f"row {number}: {why}"
            yield f"  also {told}" if place else f"TAMPERED. First bad: {told}"
        if self.wordless:
            yield f"{self.wordless} events have words that are erased or not in this file."
        yield from self.cautions


class _Walk:
    """Goes through the rows in order and gathers what does not fit."""

    def __init__(self, key: bytes, wanted: set[int]) -> None:
        self.key, self.wanted, self.report, self.checked, self.bad = key, wanted, Report(), 0, 0
        self.suspects: list[tuple[Row, str]] = []  # with the seal that was before each
        self.seals: dict[int, str] = {0: GENESIS}

    def fault(self, number: int | None, why: str) -> None:
        self.report.faults.append((number, why))

    def fits(self, previous: str, row: Row, seal: Any, shift: int = 0) -> bool:
        try:
            moved = {**row, "number": row["number"] + shift}
            return hmac.compare_digest(seal_of(self.key, previous, moved), seal or "")
        except (TypeError, ValueError):
            return False  # a value that the application could never have sealed

    def step(self, row: Row) -> None:
        number, report = row["number"], self.report
        if number is None or number <= report.count:
            stray = f"event {row['id']} has no number: it was put in past the application"
            twice = "comes twice or out of order: a row was put in or moved"
            self.fault(number, stray if number is None else twice)
            return
        if number > report.count + 1:  # the seal before this row is gone: it cannot be checked
            first = report.count + 1
            self.fault(first, f"rows {first} to {number - 1} are missing: deleted")
        else:
            self.checked += 1
            if not self.fits(report.head, row, row["seal"]):
                self.bad += 1
                if len(self.suspects) < SUSPECTS:
                    self.suspects.append((row, report.head))
        if row.get("private") is None:
            report.wordless += row["commitment"] is not None
        elif not row["salt"] or commitment_of(row["salt"], row["private"]) != row["commitment"]:
            self.fault(number, "its words are not those that were recorded: edited")
        report.count, report.head = number, row["seal"] or ""
        if number in self.wanted:
            self.seals[number] = report.head

    def diagnosis(self) -> str:
        """What was done to the first row that does not fit, as far as the other bad rows tell."""
        (first, before), rest = self.suspects[0], self.suspects[1:]
        number = first["number"]
        if self.bad == self.checked > 1:
            return "no row fits: recomputed with another key, or this is not the key"
        for other, _previous in rest:
            shift = number - other["number"]
            if any(self.fits(before, other, row["seal"], shift) for row in (first, other)):
                put_in = other["number"] == number + 1 and self.bad != 2
                return "put in here" if put_in else f"swapped with row {other['number']}"
        for other, previous in rest[:3]:
            for shift in (*range(1, 101), *range(-1, -101, -1)):
                if self.fits(previous, other, other["seal"], shift):
                    what = "before it were deleted" if shift > 0 else "were put in here"
                    return f"{abs(shift)} row(s) {what} and the rest renumbered"
        if self.bad > 1 and self.bad == self.report.count - number + 1:
            return f"it and the {self.bad - 1} rows after it were recomputed with another key"
        more = f" ({self.bad - 1} later rows do not fit either)" if rest else ""
        return f"its content does not fit its seal: edited, or added without the key{more}"

    def compare(self, point: Point, name: str) -> None:
        """Hold the chain against a checkpoint."""
        count, head = point["count"], point["head"]
        honest = sign_checkpoint(self.key, count, head, point["at"])["signature"]
        if not hmac.compare_digest(honest, str(point["signature"])):
            self.fault(None, f"the {name} at {count} is not signed with this key")
        elif count > self.report.count:
            cut = f"the {name} counts {count}: the tail was cut, or an old backup put back"
            self.fault(self.report.count + 1, cut)
        elif self.seals.get(count) != head:
            self.fault(count, f"the {name} has another seal: recomputed, or another chain")


def verify_rows(
    rows: Iterable[Row],
    key: bytes,
    checkpoint: Point | None = None,
    *,
    head: tuple[int, str] | None = None,
    checkpoints: Sequence[Point] = (),
) -> Report:
    """Compute the chain over `rows` (by number, those without one last) again. `checkpoint` was
    kept outside; `head` and `checkpoints` are those stored beside the rows."""
    walk = _Walk(key, {point["count"] for point in (*checkpoints, *filter(None, [checkpoint]))})
    for row in rows:
        walk.step(row)
    report = walk.report
    if walk.suspects:
        walk.fault(walk.suspects[0][0]["number"], walk.diagnosis())
    if head is not None and head != (report.count, report.head):
        at = min(report.count, head[0]) + 1
        walk.fault(at, f"the stored head counts {head[0]} and does not fit: cut or put in")
    for point in checkpoints:
        walk.compare(point, "stored checkpoint")
    where = "Without a checkpoint from outside"
    if checkpoint is not None:
        walk.compare(checkpoint, "checkpoint")
        where = f"After the checkpoint (row {checkpoint['count']})"
    report.cautions.append(f"{where}, this cannot exclude {LEFT_OPEN}.")
    return report


def verify_file(path: Path, key: bytes, checkpoint: Point | None = None) -> Report:
    """Check a SQLite file or a JSONL export. OSError, ValueError, sqlite3.Error if unreadable."""
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            file.seek(0)
            return verify_rows(map(json.loads, file), key, checkpoint)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        head = connection.execute("SELECT count, seal FROM chain_head").fetchone()
        stored = connection.execute("SELECT count, head, at, signature FROM checkpoint").fetchall()
        rows, (count, seal) = map(dict, connection.execute(EVENTS)), head or (0, "missing")
        return verify_rows(rows, key, checkpoint, head=(count, seal), checkpoints=stored)


def main(argv: Sequence[str] | None = None) -> int:
    """Check the file named in `argv`, print the report, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check that the trail is whole.")
    parser.add_argument("file", type=Path, help="SQLite database or JSONL export")
    parser.add_argument("--key-file", type=Path, help="else the variable TRACKER_AUDIT_KEY is used")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint kept outside the data folder")
    given = parser.parse_args(argv)
    try:
        text = given.key_file.read_text() if given.key_file else os.getenv("TRACKER_AUDIT_KEY", "")
        if not text.strip():
            raise ValueError("no key: give --key-file or set TRACKER_AUDIT_KEY")
        checkpoint = json.loads(given.checkpoint.read_text()) if given.checkpoint else None
        report = verify_file(given.file, text.strip().encode(), checkpoint)
    except (OSError, ValueError, KeyError, TypeError, sqlite3.Error) as error:
        sys.stderr.write(f"Could not be checked: {error}\n")
        return 2
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 0 if report.whole else 1


if __name__ == "__main__":
    sys.exit(main())
