"""Check the trail without the application: this file needs Python's standard library alone.

    python verify.py DATABASE_OR_JSONL --key-file KEY [--checkpoint FILE]

It reads a SQLite file or a JSONL export, computes every seal again, and names the first bad row and
why. Exit code: 0 whole, 1 tampered with, 2 could not be read. The form of what is sealed is defined
here once; the application seals with the same functions.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import secrets
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
SEALED = (
    *("number", "at", "actor_id", "on_behalf_of_id", "kind", "subject_type", "subject_id"),
    *("initiative_id", "before", "after", "commitment", "request_id"),
)
COLUMNS = ("id", *SEALED, "private", "salt", "seal")
SUSPECTS = 1000  # bad rows kept to find out what was done; all of them are counted
Row = Mapping[str, Any]


def canonical(value: Any) -> str:
    """The one JSON text of `value`: keys sorted, no spaces, no escapes beyond need. TypeError if not JSON."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def instant(value: str | datetime) -> str:
    """A moment as the chain writes it: UTC with microseconds, from a datetime or any ISO text of one."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def mac(key: bytes, text: str) -> str:
    """HMAC-SHA256 of `text` in hexadecimal."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def seal_of(key: bytes, previous: str, row: Row) -> str:
    """The seal of `row` after a row sealed `previous`; `before` and `after` are their stored texts."""
    sealed = [instant(row[name]) if name == "at" else row[name] for name in SEALED]
    return mac(key, f"{previous}\n{canonical(sealed)}")


def new_salt() -> str:
    return secrets.token_hex(16)


def commitment_of(salt: str, private: str) -> str:
    """What stands for the text `private` inside the seal; says nothing of it once the salt is gone."""
    return mac(bytes.fromhex(salt), private)


def sign_checkpoint(key: bytes, count: int, head: str, at: str | datetime) -> dict[str, Any]:
    """A checkpoint: `count` events were sealed and `head` was the last seal, at the moment `at`."""
    signature = mac(key, f"checkpoint\n{canonical([count, head, instant(at)])}")
    return {"count": count, "head": head, "at": instant(at), "signature": signature}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, at the row with this number (None: it has none)."""

    number: int | None
    why: str

    def __str__(self) -> str:
        return self.why if self.number is None else f"Row {self.number}: {self.why}"


@dataclass
class Report:
    """What a check found. `cautions` say what it could not exclude."""

    count: int = 0
    head: str = GENESIS
    wordless: int = 0
    faults: list[Fault] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return not self.faults

    @property
    def first(self) -> Fault | None:
        """The fault at the lowest row; one without a row only if there is no other."""
        return min(self.faults, key=lambda f: (f.number is None, f.number or 0), default=None)

    def lines(self) -> Iterator[str]:
        """The report in plain words."""
        if self.first is None:
            yield f"The chain is whole: {self.count} events, head {self.head[:16]}."
        else:
            yield f"TAMPERED. First bad row: {self.first}"
            yield from (f"  also: {fault}" for fault in self.faults if fault is not self.first)
        if self.wordless:
            yield f"{self.wordless} events have words that are erased or not in this file."
        yield from self.cautions


class _Walk:
    """Goes through the rows in order and gathers what does not fit."""

    def __init__(self, key: bytes, wanted: set[int]) -> None:
        self.key, self.wanted = key, wanted
        self.report = Report()
        self.checked = self.bad = 0
        self.suspects: list[
            tuple[Row, str]
        ] = []  # a row whose seal does not fit, and the seal before it
        self.seals: dict[int, str] = {0: GENESIS}

    def step(self, row: Row) -> None:
        number, report = row["number"], self.report
        if number is None:
            why = f"A row without number and seal (id {row['id']}) was put in past the application."
            report.faults.append(Fault(None, why))
            return
        if number <= report.count:
            why = "it stands out of order or comes twice: a row was put in or moved."
            report.faults.append(Fault(number, why))
            return
        if (
            number > report.count + 1
        ):  # what the next row was sealed after is gone: it cannot be checked
            gone = number - report.count - 1
            why = f"it is missing: {gone} row(s) up to {number - 1} were deleted."
            report.faults.append(Fault(report.count + 1, why))
        else:
            self.checked += 1
            if not _fits(self.key, report.head, row, row["seal"]):
                self.bad += 1
                if len(self.suspects) < SUSPECTS:
                    self.suspects.append((row, report.head))
        self._words(row)
        report.count, report.head = number, row["seal"] or ""
        if number in self.wanted:
            self.seals[number] = report.head

    def _words(self, row: Row) -> None:
        if row.get("private") is None:
            self.report.wordless += row["commitment"] is not None
        elif not row.get("salt") or commitment_of(row["salt"], row["private"]) != row["commitment"]:
            why = "its words are not those that were recorded: they were edited."
            self.report.faults.append(Fault(row["number"], why))

    def finish(self) -> None:
        if self.suspects:
            self.report.faults.append(Fault(self.suspects[0][0]["number"], self._diagnosis()))

    def _diagnosis(self) -> str:
        first, before = self.suspects[0]
        number, rest = first["number"], self.suspects[1:]
        if self.bad == self.checked > 1:
            return (
                "no row fits this key. The whole chain was recomputed with another key, "
                "or this is not its key."
            )
        for other, _before in rest:
            here = {**other, "number": number}
            if any(_fits(self.key, before, here, row["seal"]) for row in (first, other)):
                return f"it was swapped with row {other['number']}."
        if rest and _fits(self.key, before, {**rest[0][0], "number": number}, rest[0][0]["seal"]):
            return "it was put in, and the rows after it were renumbered."
        for other, seal in rest[:3]:
            for shift in range(1, 101):
                if _fits(
                    self.key, seal, {**other, "number": other["number"] + shift}, other["seal"]
                ):
                    return f"{shift} row(s) before it were deleted and the rest renumbered."
                if _fits(
                    self.key, seal, {**other, "number": other["number"] - shift}, other["seal"]
                ):
                    return f"{shift} row(s) were put in here and the rest renumbered."
        if self.bad > 1 and self.bad == self.report.count - number + 1:
            return f"it and all {self.bad - 1} rows after it were recomputed with another key."
        others = f" {self.bad - 1} later row(s) do not fit either." if rest else ""
        return (
            f"its content does not fit its seal: it was edited, or added without the key.{others}"
        )

    def compare(self, point: Mapping[str, Any], name: str) -> None:
        """Hold the chain against a checkpoint."""
        count, head = point["count"], point["head"]
        honest = sign_checkpoint(self.key, count, head, point["at"])["signature"]
        if not hmac.compare_digest(honest, str(point["signature"])):
            self.report.faults.append(
                Fault(None, f"The {name} at {count} is not signed with this key.")
            )
        elif count > self.report.count:
            why = f"the {name} counts {count} events: the tail was cut, or an old backup put back."
            self.report.faults.append(Fault(self.report.count + 1, why))
        elif self.seals.get(count) != head:
            why = f"the {name} has another seal here: the chain was recomputed, or is another one."
            self.report.faults.append(Fault(count, why))


def _fits(key: bytes, previous: str, row: Row, seal: str | None) -> bool:
    try:
        return hmac.compare_digest(seal_of(key, previous, row), seal or "")
    except (TypeError, ValueError):
        return False  # a value that the application could never have sealed


def verify_rows(
    rows: Iterable[Row],
    key: bytes,
    checkpoint: Mapping[str, Any] | None = None,
    *,
    head: tuple[int, str] | None = None,
    checkpoints: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """Compute the chain over `rows` (ordered by number, those without one last) again.

    `checkpoint` was kept outside; `head` and `checkpoints` are those stored beside the rows, if any.
    """
    points = [*checkpoints, *([checkpoint] if checkpoint else [])]
    walk = _Walk(key, {point["count"] for point in points})
    for row in rows:
        walk.step(row)
    walk.finish()
    report = walk.report
    if head is not None and head != (report.count, report.head):
        why = f"the stored head counts {head[0]} events and does not fit: the tail was cut or changed."
        report.faults.append(Fault(min(report.count, head[0]) + 1, why))
    for point in checkpoints:
        walk.compare(point, "stored checkpoint")
    if checkpoint is None:
        report.cautions.append(
            "No checkpoint from outside was given: a cut tail, an old backup put back, and a chain "
            "recomputed by a holder of the key cannot be excluded."
        )
    else:
        walk.compare(checkpoint, "checkpoint")
        later = report.count - checkpoint["count"]
        if later > 0:
            report.cautions.append(
                f"For the {later} rows after the checkpoint, a cut tail and forgery by a holder of "
                "the key cannot be excluded."
            )
    return report


def verify_file(path: Path, key: bytes, checkpoint: Mapping[str, Any] | None = None) -> Report:
    """Check a SQLite file or a JSONL export. Raises OSError, ValueError or sqlite3.Error if unreadable."""
    with path.open("rb") as file:
        is_sqlite = file.read(16) == b"SQLite format 3\0"
    if not is_sqlite:
        with path.open(encoding="utf-8") as file:
            return verify_rows((json.loads(line) for line in file if line.strip()), key, checkpoint)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        head = connection.execute("SELECT count, seal FROM chain_head").fetchone()
        stored = connection.execute("SELECT count, head, at, signature FROM checkpoint").fetchall()
        rows = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM event ORDER BY number IS NULL, number"  # noqa: S608
        )
        return verify_rows(
            map(dict, rows),
            key,
            checkpoint,
            head=tuple(head) if head else (0, "missing"),
            checkpoints=[dict(point) for point in stored],
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Check the file named in `argv`, print the report, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check that the trail is whole.")
    parser.add_argument("file", type=Path, help="SQLite database or JSONL export")
    parser.add_argument("--key-file", type=Path, help="else the variable TRACKER_AUDIT_KEY is used")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint kept outside the data folder")
    given = parser.parse_args(argv)
    try:
        text = (
            given.key_file.read_text()
            if given.key_file
            else os.environ.get("TRACKER_AUDIT_KEY", "")
        )
        if not text.strip():
            raise ValueError("no key: give --key-file or set TRACKER_AUDIT_KEY")
        checkpoint = json.loads(given.checkpoint.read_text()) if given.checkpoint else None
        report = verify_file(given.file, text.strip().encode(), checkpoint)
    except (OSError, ValueError, KeyError, TypeError, sqlite3.Error) as error:
        print(f"Could not be checked: {error}", file=sys.stderr)
        return 2
    print("\n".join(report.lines()))
    return 0 if report.whole else 1


if __name__ == "__main__":
    sys.exit(main())
