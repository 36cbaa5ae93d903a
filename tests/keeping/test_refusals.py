"""What is damaged, foreign, crafted or too new is refused in words, and the place stays as empty as it was.

Planted, each seen red: the trailer not compared; HMAC not asked; the manifest's members not compared; `is_proper` always
true; a folder or a database that is not empty taken; the files left lying after a refusal.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests.keeping.conftest import KEY, files, found_in, is_empty, put_back
from tests.promises import full
from tracker import create_app, migrating
from tracker.config import RESTORING, Misconfigured, settings_from_environment
from tracker.db import db
from tracker.keeping import manifest, sealing
from tracker.keeping.backing_up import Made, backup
from tracker.keeping.opening import opened
from tracker.keeping.sealing import Unusable


@pytest.fixture
def made(stamped: Flask, keep: Callable[..., Made]) -> Made:
    """A backup with a file and the keys in it."""
    mail = Path(stamped.config["DATA_DIR"]) / "mail"
    mail.mkdir()
    (mail / "1.eml").write_bytes(b"To: somebody\n\nWords\n")
    return keep(with_keys=True)


def refused(archive: Path, key: bytes | None = KEY) -> str:
    with pytest.raises(Unusable) as why, opened(archive, key):
        pass
    return why.value.words


def test_no_byte_of_an_archive_changes_unnoticed(made: Made, tmp_path: Path, promise: Any) -> None:
    whole = made.file.read_bytes()
    chance = random.Random(20260302)
    tried = full(200, 2000)
    ends = [*range(24), *range(len(whole) - sealing.LENGTH, len(whole))]
    spots = [*ends, *(chance.randrange(len(whole)) for _ in range(tried))]
    bad = tmp_path / "bad.tar.gz"
    for spot in spots:
        damaged = bytearray(whole)
        damaged[spot] ^= 1 << chance.randrange(8)
        bad.write_bytes(damaged)
        assert "backup" in refused(bad), spot
    for length in (0, 1, sealing.LENGTH, *(chance.randrange(len(whole)) for _ in range(50))):
        bad.write_bytes(whole[:length])
        assert "no backup of Throughline, or its end is missing" in refused(bad), length
    bad.write_bytes(whole + b"\0")
    assert "no backup" in refused(bad)
    promise("a damaged archive is refused", tried=len(spots) + 54, taken=0)


def test_what_is_no_archive_of_this_installation_is_refused(made: Made, tmp_path: Path) -> None:
    assert "another audit key" in refused(made.file, b"the key of somebody else, and long enough")
    assert "cannot be read" in refused(tmp_path / "nowhere")
    assert "no file" in refused(tmp_path)
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.add(made.file, "something")
    assert "no backup of Throughline" in refused(other)


def test_the_key_is_taken_from_the_archive_only_if_it_lies_there(keep: Any, made: Made) -> None:
    with opened(made.file, None) as found:
        assert (found.key, found.key_was_inside) == (KEY, True)
    without = keep()
    assert "does not hold the audit key" in refused(without.file, None)
    assert not any(name.startswith("keys/") for name in without.manifest.members)


def crafted(
    file: Path, source: Path, change: Callable[[tarfile.TarFile], None], declared: str = ""
) -> Path:
    """An archive sealed with the right key that holds more than `source` did."""
    with tarfile.open(source) as old:
        members = [(member, old.extractfile(member).read()) for member in old]  # type: ignore[union-attr]
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 6, packed) as plain, tarfile.open(fileobj=plain, mode="w") as out:
        for member, content in members[:-1]:
            out.addfile(member, io.BytesIO(content))
        change(out)
        facts = manifest.read(members[-1][1], KEY)
        if declared:  # the manifest tells of it as well, so that its name alone is what is wrong
            facts.members[declared] = {"size": 0, "sha256": hashlib.sha256().hexdigest()}
        told = manifest.written(facts, KEY)
        members[-1][0].size = len(told)
        out.addfile(members[-1][0], io.BytesIO(told))
    hashing = sealing.Hashing(file.open("wb"))
    hashing.write(packed.getvalue())
    hashing.file.write(sealing.seal(hashing.hash.digest(), KEY))
    hashing.file.close()
    return file


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("files/../../evil", tarfile.REGTYPE), ("files/a/../../../evil", tarfile.REGTYPE),
        ("/etc/evil", tarfile.REGTYPE), ("files//evil", tarfile.REGTYPE),
        ("files/mail/1.eml", tarfile.REGTYPE), ("files/link", tarfile.SYMTYPE), ("files/hard", tarfile.LNKTYPE),
        ("files/pipe", tarfile.FIFOTYPE), ("evil", tarfile.REGTYPE), ("files/more", tarfile.REGTYPE),
        ("tables/event.0009.jsonl", tarfile.REGTYPE), ("manifest.json", tarfile.REGTYPE), ("files/.", tarfile.REGTYPE),
    ],
)  # fmt: skip
def test_a_crafted_archive_is_refused_before_anything_is_written(
    made: Made, tmp_path: Path, places: Any, name: str, kind: bytes
) -> None:
    def add(out: tarfile.TarFile) -> None:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, "/etc/passwd", 0
        out.addfile(member, io.BytesIO())

    for declared in ("", name if name.startswith("files/") and "mail" not in name else ""):
        where = places("sqlite")
        if declared == "files/more":
            continue  # declared, it is a file like any other
        with pytest.raises(Unusable):
            put_back(crafted(tmp_path / "crafted.tar.gz", made.file, add, declared), where)
        assert is_empty(where)


@pytest.mark.both
def test_a_place_that_is_not_empty_is_refused_and_left_alone(
    made: Made, places: Any, database_kind: str
) -> None:
    where = places(database_kind)
    put_back(made.file, where)
    before = found_in(where), files(where["DATA_DIR"])
    assert list(before[1]) == ["mail/1.eml"]
    with pytest.raises(Unusable, match="not empty"):
        put_back(made.file, where)
    shutil.rmtree(where["DATA_DIR"] / "mail")
    with pytest.raises(Unusable, match=r"a database already|database is not empty"):
        put_back(made.file, where)
    assert (found_in(where), files(where["DATA_DIR"])) == (before[0], {})


@pytest.mark.both
def test_a_trail_that_was_changed_is_refused_unless_it_is_wanted(
    stamped: Flask, keep: Any, places: Any, database_kind: str
) -> None:
    with stamped.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE event SET subject_id = 99 WHERE number = 3"))
    where, made = places(database_kind), keep()
    with pytest.raises(Unusable, match="row 3"):
        put_back(made.file, where)
    assert is_empty(where)
    done = put_back(made.file, where, broken_trail=True)
    assert "row 3" in done.cautions[0]
    assert len(found_in(where)["event"]) == made.manifest.tables["event"]


def test_rows_that_do_not_fit_together_leave_the_place_empty(
    stamped: Flask, keep: Any, places: Any
) -> None:
    """A value that SQLite took behind the application's back comes back to SQLite, and PostgreSQL says which table it is in."""
    with stamped.app_context():
        raw = db.engine.raw_connection()
        raw.execute("UPDATE person SET is_admin = 'perhaps', created_at = x'00ff' WHERE id = 1")  # type: ignore[attr-defined]
        raw.close()
    made, same, other = keep(), places("sqlite"), places("postgresql")
    put_back(made.file, same)
    with pytest.raises(Unusable, match="does not take a row of person"):
        put_back(made.file, other)
    assert is_empty(other)


@pytest.mark.both
def test_an_older_schema_is_restored_and_brought_up_to_date_and_a_newer_one_refused(
    places: Any, database_kind: str, tmp_path: Path, monkeypatch: Any
) -> None:
    """Planted: the schema made at its newest before the rows are loaded."""
    went, go = [], migrating.go_to
    monkeypatch.setattr(migrating, "go_to", lambda revision: (went.append(revision), go(revision)))
    old = places(database_kind)
    application = create_app(old)
    with application.app_context():
        migrating.upgrade("0001")
        with db.engine.begin() as connection:
            connection.execute(text("INSERT INTO calendar (id, name, weekend, version) VALUES (7, 'Old', '6,7', 1)"))  # fmt: skip
        made = backup(tmp_path)
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        newer = backup(tmp_path)
        db.engine.dispose()
    assert (made.manifest.revision, newer.manifest.revision) == ("0001", "9999")
    where = places(database_kind)
    with pytest.raises(Unusable, match="later version"):
        put_back(newer.file, where)
    assert is_empty(where)
    assert put_back(made.file, where).after == migrating.newest()
    assert went == ["0001", "head"]
    assert found_in(where)["calendar"][0][0] == 7


def test_nothing_starts_beside_a_restore(tmp_path: Path) -> None:
    (tmp_path / RESTORING).mkdir()
    variables = {"TRACKER_DATA_DIR": str(tmp_path)}
    with pytest.raises(Misconfigured, match="tracker restore"):
        settings_from_environment(variables)
    assert settings_from_environment(variables, restoring=True)["DATA_DIR"] == tmp_path


def test_a_manifest_of_a_later_format_says_so(made: Made) -> None:
    facts = manifest.written(made.manifest, KEY).replace(b'"format": 1', b'"format": 2')
    with pytest.raises(Unusable, match="format 2"):
        manifest.read(facts, KEY)
    with pytest.raises(Unusable, match="not signed"):
        manifest.read(facts.replace(b'"format": 2', b'"format": 1').replace(b"sqlite", b"sqlity"), KEY)  # fmt: skip
