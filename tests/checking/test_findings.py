"""Whatever makes an installation unsafe is found, said in words, and what is well is called good.

Planted, seen red: `findings.wrong` answering good.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from tests.cast import START
from tracker.activity import chain
from tracker.checking import database, place, settings, trail
from tracker.checking.findings import Finding, Level
from tracker.db import db, writing
from tracker.sqlite import dbapi

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /srv/share\\040d rw - nfs4 server:/x rw
31 22 0:27 / /srv rw - xfs /dev/vdb rw
32 22 0:28 / /run/data rw - tmpfs tmpfs rw
"""


def levels(found: Any) -> dict[str, Level]:
    """The worst level by what was looked at."""
    worst: dict[str, Level] = {}
    for one in found:
        assert isinstance(one, Finding)
        assert one.words
        if worst.get(one.about) is not Level.wrong:
            worst[one.about] = one.level
    return worst


def config(folder: Path, **more: Any) -> dict[str, Any]:
    return {
        "ENVIRONMENT": "production", "BASE_URL": "https://cx.example.org", "AUDIT_KEY": b"an0ther-K3y-of-the-right-length-1234",
        "SECRET_KEY": "Some-0ther-k3y-of-the-right-length-567", "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/tracker.db",
        "SMTP_URL": None, "DATA_DIR": folder, "BACKUP_DIR": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("about", "level", "more", "environ"),
    [
        ("environment", Level.good, {}, {}),
        ("environment", Level.look, {"ENVIRONMENT": "demo"}, {}),
        ("address", Level.look, {"BASE_URL": "http://cx.example.org"}, {}),
        ("address", Level.good, {"BASE_URL": "http://127.0.0.1:8000"}, {}),
        ("address", Level.good, {"BASE_URL": "http://[::1]:8000"}, {}),
        ("audit key", Level.wrong, {"AUDIT_KEY": b"short"}, {}),
        ("secret key", Level.look, {"SECRET_KEY": "s" * 40}, {}),
        ("secret key", Level.good, {}, {}),
        ("workers", Level.wrong, {}, {"TRACKER_WORKERS": "2"}),
        ("workers", Level.good, {}, {}),
        ("workers", Level.look, {"SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://h/d"}, {"TRACKER_WORKERS": "2"}),
        ("mail", Level.look, {}, {}),
        ("mail", Level.look, {"SMTP_URL": "smtp://mail.example.org"}, {}),
        ("mail", Level.good, {"SMTP_URL": "smtp://127.0.0.1:25"}, {}),
        ("mail", Level.good, {"SMTP_URL": "smtp+starttls://me:secret@mail.example.org:587"}, {}),
    ],
)  # fmt: skip
def test_settings(about: str, level: Level, more: Any, environ: Any, tmp_path: Path) -> None:
    found = list(settings.of_settings(config(tmp_path, **more), environ))
    assert levels(found)[about] is level
    assert not any("me:secret" in one.words for one in found)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "ext4"), ("/home/x", "ext4"), ("/srv/a", "xfs"), ("/srv/share d/data", "nfs4"), ("/srv/share", "xfs"), ("/srvx", "ext4"),
     ("/run/data", "tmpfs")],
)  # fmt: skip
def test_the_kind_of_file_system_is_that_of_the_longest_mount(path: str, kind: str) -> None:
    assert place.file_system(Path(path), MOUNTS) == kind


def test_the_data_folder(tmp_path: Path, monkeypatch: Any) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "audit.key").write_text("key")
    (tmp_path / "audit.key").chmod(0o600)
    usual = levels(place.of_place(config(tmp_path)))
    assert {usual["data folder"], usual["key file"]} == {Level.good}
    tmp_path.chmod(0o750)
    assert levels(place.of_place(config(tmp_path)))["data folder"] is Level.look
    tmp_path.chmod(0o755)
    (tmp_path / "audit.key").chmod(0o640)
    open_to_all = levels(place.of_place(config(tmp_path)))
    assert {open_to_all["data folder"], open_to_all["key file"]} == {Level.wrong}

    mounts = tmp_path / "mounts"
    monkeypatch.setattr(place, "MOUNTS", mounts)
    seen = []
    for kind in ("ext4", "tmpfs", "nfs4"):
        mounts.write_text(f"22 1 254:0 / / rw - {kind} /dev/vda rw\n")
        seen.append(levels(place.of_place(config(tmp_path)))["file system"])
    assert seen == [Level.good, Level.look, Level.wrong]
    remote = config(tmp_path, SQLALCHEMY_DATABASE_URI="postgresql+psycopg://h/d")
    assert levels(place.of_place(remote))["file system"] is Level.good
    monkeypatch.setattr(place, "ROOM_NEEDED", 2**80)
    assert levels(place.of_place(config(tmp_path)))["disk"] is Level.wrong


def test_what_sqlite_shows(app: Flask, cast: Any, inside: None) -> None:
    # Opened as the application opens it: the tests themselves wait for no disk. Planted: synchronous=NORMAL in db.py.
    shipped = create_engine(db.engine.url, module=dbapi())
    with shipped.connect() as connection:
        usual = levels(database.of_database(connection))
    shipped.dispose()
    assert {about for about, level in usual.items() if level is not Level.good} == {"schema"}
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("UPDATE unit SET parent_id = 4711 WHERE parent_id IS NOT NULL")
        raw.execute("PRAGMA synchronous=NORMAL")
        assert levels(database.of_database(connection))["foreign keys"] is Level.wrong
        raw.execute("PRAGMA foreign_keys=ON")
        bad = levels(database.of_database(connection))
        connection.invalidate()
    assert {bad["foreign keys"], bad["synchronous"]} == {Level.wrong}
    assert database.of_library().level is Level.good


@pytest.mark.both
def test_the_schema_and_the_ends_of_the_trail(app: Flask, cast: Any, inside: None) -> None:
    now, key = START + timedelta(hours=1), app.config["AUDIT_KEY"]

    def seen(when: datetime = now) -> dict[str, Level]:
        with db.engine.connect() as connection:
            return levels(trail.of_trail(connection, key, when))

    assert (seen()["trail"], seen()["checkpoint"], seen()["clock"]) == (Level.good, Level.look, Level.good)  # fmt: skip
    with writing() as session:
        chain.keep_checkpoint(session)
    assert seen()["checkpoint"] is Level.good
    assert seen(START - timedelta(days=1))["clock"] is Level.wrong
    assert seen(START.replace(year=1970))["clock"] is Level.wrong
    for statement, about in (
        ("UPDATE checkpoint SET signature = 'x'", "checkpoint"),
        ("UPDATE checkpoint SET head = 'x'", "checkpoint"),
        ("UPDATE chain_head SET count = count - 1", "trail"),
        ("DELETE FROM chain_head", "trail"),
    ):
        with db.engine.begin() as connection:
            connection.execute(text(statement))
        assert seen()[about] is Level.wrong, statement


@pytest.mark.both
def test_a_database_without_its_revision_is_wrong(app: Flask, inside: None) -> None:
    with db.engine.connect() as connection:
        assert levels(database.of_database(connection))["schema"] is Level.wrong


def test_what_postgresql_shows() -> None:
    fine = {
        "server_encoding": "UTF8", "default_transaction_isolation": "read committed", "fsync": "on", "full_page_writes": "on",
        "synchronous_commit": "on",
    }  # fmt: skip
    assert set(fine) == set(database.SERVER)
    assert set(levels(database.of_server(fine)).values()) == {Level.good}
    bad = {
        "server_encoding": "SQL_ASCII", "default_transaction_isolation": "serializable", "fsync": "off",
        "full_page_writes": "off", "synchronous_commit": "off",
    }  # fmt: skip
    assert set(levels(database.of_server(bad)).values()) == {Level.wrong}
