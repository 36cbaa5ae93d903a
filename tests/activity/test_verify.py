"""Every way of tampering with the stored trail is found, and the first bad row is named."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.activity.conftest import change
from tracker.activity import chain, trail, verify
from tracker.db import db, writing


@pytest.fixture
def kept(fresh, tmp_path):
    """Twelve sealed events, the checkpoint taken at the ninth, and the means to tamper."""
    with writing():
        for n in range(9):
            change(fresh.executive, fresh.manager, words=f"remark {n}")
    checkpoint = tmp_path / "outside.json"
    with writing():
        assert trail.checkpoint(checkpoint)
    with writing():
        for n in range(3):
            change(fresh.executive, fresh.manager, words=f"later {n}")
    file, key = Path(db.engine.url.database or ""), chain.key()
    db.session.remove()
    db.engine.dispose()
    key_file = tmp_path / "audit.key"
    key_file.write_bytes(key + b"\n")
    return SimpleNamespace(file=file, key=key_file, checkpoint=checkpoint, count=9, secret=key)


def tamper(kept, *statements):
    with closing(sqlite3.connect(kept.file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def check(kept, capsys, *more):
    """The exit code and the first line of the command."""
    code = verify.main([str(kept.file), "--key-file", str(kept.key), *more])
    return code, capsys.readouterr().out.splitlines()


def seal_again(kept, first: int, key: bytes) -> None:
    """Compute the chain again from row `first` on, as somebody with `key` would."""
    with closing(sqlite3.connect(kept.file)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM event ORDER BY number").fetchall()
        seal = rows[first - 2]["seal"] if first > 1 else verify.GENESIS
        for row in rows[first - 1 :]:
            seal = verify.seal_of(key, seal, row)
            connection.execute("UPDATE event SET seal = ? WHERE id = ?", (seal, row["id"]))
        connection.execute("UPDATE chain_head SET count = ?, seal = ?", (len(rows), seal))
        connection.commit()


RENUMBER_DOWN = "UPDATE event SET number = number - 1 WHERE number > 6"
MAKE_ROOM = (
    "UPDATE event SET number = number + 1000 WHERE number >= 6",
    "UPDATE event SET number = number - 999 WHERE number >= 1006",
)
COPY = (
    "INSERT INTO event (number, at, actor_id, kind, subject_type, subject_id, seal) "
    "SELECT {number}, at, actor_id, 'person.access_ended', subject_type, subject_id, seal "
    "FROM event WHERE number = 4"
)


SWAPPED = ("at", "private", "salt", "commitment")
SWAP = [
    "CREATE TEMP TABLE held AS SELECT * FROM event WHERE number IN (5, 7)",
    *(
        f"UPDATE event SET {column} = "
        f"(SELECT held.{column} FROM held WHERE held.number = 12 - event.number) "
        "WHERE number IN (5, 7)"
        for column in SWAPPED
    ),
]


ATTACKS = {
    "value edited": (
        ["UPDATE event SET after = '{\"is_admin\":false}' WHERE number = 6"],
        "row 6: its content does not fit its seal: edited",
    ),
    "actor edited": (
        ["UPDATE event SET actor_id = actor_id + 1 WHERE number = 3"],
        "row 3: its content does not fit its seal",
    ),
    "time edited": (
        ["UPDATE event SET at = '2026-03-02 09:00:00.000001' WHERE number = 7"],
        "row 7: its content does not fit its seal: edited",
    ),
    "seal edited": (["UPDATE event SET seal = 'f00' WHERE number = 6"], "row 6: its content"),
    "commitment edited": (
        ["UPDATE event SET commitment = 'f00', private = NULL WHERE number = 6"],
        "row 6: its content does not fit its seal",
    ),
    "words edited": (
        ['UPDATE event SET private = \'{"words":"yes"}\' WHERE number = 6'],
        "row 6: its words are not those that were recorded",
    ),
    "words put in": (
        ["UPDATE event SET private = '{\"words\":\"yes\"}', salt = '00' WHERE number = 2"],
        "row 2: its words are not those that were recorded",
    ),
    "row deleted": (["DELETE FROM event WHERE number = 6"], "row 6: rows 6 to 6 are missing"),
    "rows deleted": (
        ["DELETE FROM event WHERE number IN (6, 7, 8)"],
        "row 6: rows 6 to 8 are missing: deleted",
    ),
    "row deleted, rest renumbered": (
        ["DELETE FROM event WHERE number = 6", RENUMBER_DOWN],
        "row 6: 1 row(s) before it were deleted and the rest renumbered",
    ),
    "first row deleted": (["DELETE FROM event WHERE number = 1"], "row 1: rows 1 to 1 are missing"),
    "contents swapped": (SWAP, "row 5: swapped with row 7"),
    "places swapped": (
        [
            "UPDATE event SET number = -7 WHERE number = 5",
            "UPDATE event SET number = 5 WHERE number = 7",
            "UPDATE event SET number = 7 WHERE number = -7",
        ],
        "row 5: swapped with row 7",
    ),
    "row put in, rest renumbered": (
        [*MAKE_ROOM, COPY.format(number=6)],
        "row 6: put in here",
    ),
    "row put in at the end": (
        [COPY.format(number=13), "UPDATE chain_head SET count = 13"],
        "row 13: its content does not fit its seal: edited, or added without the key",
    ),
    "row put in without a number": (
        [COPY.format(number="NULL")],
        "event 13 has no number: it was put in past the application",
    ),
    "tail cut": (
        ["DELETE FROM event WHERE number > 11"],
        "row 12: the stored head counts 12 and does not fit",
    ),
    "head removed": (["DELETE FROM chain_head"], "row 1: the stored head counts 0"),
    "stored checkpoint edited": (
        ["UPDATE checkpoint SET count = count - 1"],
        "is not signed with this key",
    ),
}


def test_an_honest_trail_is_whole(kept, capsys):
    """Canary: the verifier leaving one field out of SEALED called it tampered."""
    code, lines = check(kept, capsys)
    assert (code, lines[0].startswith("The chain is whole: 12 events")) == (0, True)
    assert "Without a checkpoint from outside, this cannot exclude a cut tail" in lines[-1]
    code, lines = check(kept, capsys, "--checkpoint", str(kept.checkpoint))
    assert code == 0
    assert lines[-1].startswith(f"After the checkpoint (row {kept.count})")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_and_the_first_bad_row_named(kept, capsys, attack):
    """Canary: `_Walk.fits` answering True made every attack but the deletions pass unseen."""
    statements, words = ATTACKS[attack]
    tamper(kept, *statements)
    code, lines = check(kept, capsys)
    assert code == 1
    assert lines[0].startswith("TAMPERED. First bad: ")
    assert words in lines[0], "\n".join(lines)


def test_a_chain_recomputed_with_another_key_is_found(kept, capsys):
    """Canary: verifying with the key of the attacker calls it whole (last lines)."""
    seal_again(kept, 1, b"another key")
    code, lines = check(kept, capsys)
    assert (code, "no row fits: recomputed with another key" in lines[0]) == (1, True)
    kept.key.write_text("another key")
    tamper(kept, "DELETE FROM checkpoint")
    assert check(kept, capsys)[0] == 0


def test_a_tail_recomputed_with_another_key_is_found_at_its_first_row(kept, capsys):
    """Canary: without the count of bad rows up to the end it was called a plain edit."""
    seal_again(kept, 6, b"another key")
    code, lines = check(kept, capsys)
    assert code == 1
    assert "row 6: it and the 6 rows after it were recomputed with another key" in lines[0]


def test_what_only_a_checkpoint_from_outside_can_show(kept, capsys):
    """A cut tail whose head was set back, and a chain recomputed by a holder of the key.
    Canary: `compare` not asking for `count > report.count` let the cut pass."""
    with closing(sqlite3.connect(kept.file)) as connection:
        cut = kept.count - 2
        seal = connection.execute("SELECT seal FROM event WHERE number = ?", (cut,)).fetchone()[0]
        connection.execute("DELETE FROM event WHERE number > ?", (cut,))
        connection.execute("UPDATE chain_head SET count = ?, seal = ?", (cut, seal))
        connection.execute("DELETE FROM checkpoint")
        connection.commit()
    code, lines = check(kept, capsys)
    assert (code, "cannot exclude a cut tail" in lines[-1]) == (0, True)
    code, lines = check(kept, capsys, "--checkpoint", str(kept.checkpoint))
    assert code == 1
    assert f"row {cut + 1}: the checkpoint counts {kept.count}: the tail was cut" in lines[0]


def test_a_chain_recomputed_with_the_key_itself_is_found_by_the_checkpoint(kept, capsys):
    """Canary: comparing only the count of the checkpoint, not its seal."""
    tamper(kept, "UPDATE event SET subject_id = 2 WHERE number = 3", "DELETE FROM checkpoint")
    seal_again(kept, 3, kept.secret)
    assert check(kept, capsys)[0] == 0
    code, lines = check(kept, capsys, "--checkpoint", str(kept.checkpoint))
    assert (code, f"row {kept.count}: the checkpoint has another seal" in lines[0]) == (1, True)


def test_a_forged_checkpoint_is_not_believed(kept, capsys):
    """Canary: leaving the signature out of `compare`."""
    point = json.loads(kept.checkpoint.read_text())
    kept.checkpoint.write_text(json.dumps(point | {"count": point["count"] - 1}))
    code, lines = check(kept, capsys, "--checkpoint", str(kept.checkpoint))
    assert (code, "is not signed with this key" in lines[0]) == (1, True)


@pytest.mark.parametrize("words", [True, False])
def test_an_export_can_be_checked_without_the_database(kept, capsys, tmp_path, words):
    """Canary: exporting `after` as an object instead of its stored text broke every seal."""
    file = tmp_path / "trail.jsonl"
    assert trail.export_trail(file, words=words) == 12
    assert ("remark 3" in file.read_text()) is words
    kept.file = file
    code, lines = check(kept, capsys, "--checkpoint", str(kept.checkpoint))
    assert code == 0, lines
    assert any("have words that are erased or not in this file" in line for line in lines) != words
    lines = file.read_text().splitlines()
    lines[4], lines[5] = lines[5], lines[4]
    file.write_text("\n".join(lines) + "\n")
    code, lines = check(kept, capsys)
    assert (code, "row 5: " in lines[0]) == (1, True)


def test_it_runs_alone_with_the_standard_library(kept, tmp_path):
    """The file is copied away and run without site-packages.
    Canary: an import of tracker in verify.py ended it with a traceback and code 1."""
    alone = tmp_path / "verify_alone.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", alone, kept.file, "--key-file", kept.key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The chain is whole: 12 events")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"not json\n", b"k"),
        (b"{}\n", b"k"),
        (b"[1]\n", b"k"),
        (b"SQLite format 3\0", b"k"),
        (b"", b""),
    ],
)
def test_what_cannot_be_read_ends_with_two(tmp_path, capsys, content, key, monkeypatch):
    """Canary: an uncaught KeyError ended with 1, which means tampered."""
    monkeypatch.delenv("TRACKER_AUDIT_KEY", raising=False)
    file, key_file = tmp_path / "odd", tmp_path / "key"
    file.write_bytes(content)
    key_file.write_bytes(key)
    assert verify.main([str(file), "--key-file", str(key_file)]) == 2
    assert capsys.readouterr().err.startswith("Could not be checked: ")
