"""Settings come from the environment, are checked together, and never weaken production."""

from __future__ import annotations

import stat
import types
from datetime import UTC, datetime, timedelta

import pytest

from tracker import key_files, sqlite
from tracker.config import Misconfigured, settings_from_environment

KEYS = {"TRACKER_SECRET_KEY": "s" * 40, "TRACKER_AUDIT_KEY": "a" * 40}


def settings(tmp_path, **variables):
    return settings_from_environment({"TRACKER_DATA_DIR": str(tmp_path / "data"), **variables})


def problems(tmp_path, **variables):
    with pytest.raises(Misconfigured) as refused:
        settings(tmp_path, **variables)
    return refused.value.problems


def test_a_demo_needs_nothing_and_keeps_its_keys(tmp_path):
    first, second = settings(tmp_path), settings(tmp_path)
    assert first["ENVIRONMENT"] == "demo"
    assert first["SECRET_KEY"] == second["SECRET_KEY"] != first["AUDIT_KEY"].decode()
    assert first["AUDIT_KEY"] == second["AUDIT_KEY"]
    for name in ("secret.key", "audit.key"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert {file.name for file in (tmp_path / "data").iterdir()} == {"secret.key", "audit.key"}


def test_production_refuses_to_start_without_its_keys_and_makes_none(tmp_path):
    said = " ".join(problems(tmp_path, TRACKER_ENV="production"))
    assert "TRACKER_SECRET_KEY is not set" in said
    assert "TRACKER_AUDIT_KEY is not set" in said
    assert list((tmp_path / "data").iterdir()) == []


def test_production_takes_no_key_of_an_earlier_demo(tmp_path):
    settings(tmp_path)
    assert len(problems(tmp_path, TRACKER_ENV="production")) == 2


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"TRACKER_SECRET_KEY": "short"}, "too short"),
        ({"TRACKER_SECRET_KEY": KEYS["TRACKER_AUDIT_KEY"]}, "must not be the same"),
    ],
)
def test_production_refuses_weak_keys(tmp_path, variables, word):
    (said,) = problems(tmp_path, TRACKER_ENV="production", **{**KEYS, **variables})
    assert word in said


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    said = problems(
        tmp_path,
        TRACKER_ENV="staging",
        TRACKER_PORT="eighty",
        TRACKER_BASE_URL="tracker.example.org",
        TRACKER_SMTP_URL="mail.example.org",
        TRACKER_DATABASE_URL="mysql://somewhere/db",
        TRACKER_TRUSTED_PROXIES="-1",
        **KEYS,
    )
    assert len(said) == 6


@pytest.mark.parametrize("port", ["0", "65536", "80.5", "٨٠", " 80"])
def test_a_port_is_a_number_of_a_port(tmp_path, port):
    assert problems(tmp_path, TRACKER_PORT=port)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    (said,) = problems(
        tmp_path, TRACKER_DATA_DIR=str(tmp_path / "file" / "data"), TRACKER_ENV="production", **KEYS
    )
    assert str(tmp_path / "file") in said


def test_the_database_lies_in_the_data_folder(tmp_path):
    assert settings(tmp_path)["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/data/tracker.db"
    named = settings(tmp_path, TRACKER_DATABASE_URL="sqlite:///other.db")
    assert named["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/data/other.db"
    assert "keeps nothing" in problems(tmp_path, TRACKER_DATABASE_URL="sqlite://")[0]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_uses_the_one_driver(tmp_path, scheme):
    url = settings(tmp_path, TRACKER_DATABASE_URL=f"{scheme}://me:p%40ss@host/db")
    assert url["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://me:p%40ss@host/db"


def test_cookies_are_for_this_site_alone_and_secure_behind_https(tmp_path):
    plain = settings(tmp_path)
    secure = settings(tmp_path, TRACKER_BASE_URL="https://tracker.example.org/")
    assert plain["BASE_URL"] == "http://127.0.0.1:8000"
    assert secure["BASE_URL"] == "https://tracker.example.org"
    for cookie in ("SESSION_COOKIE", "REMEMBER_COOKIE"):
        assert not plain[f"{cookie}_SECURE"]
        assert secure[f"{cookie}_SECURE"]
        assert plain[f"{cookie}_HTTPONLY"]
        assert plain[f"{cookie}_SAMESITE"] == "Lax"


def test_two_processes_that_start_together_get_one_key(tmp_path, monkeypatch):
    file = tmp_path / "secret.key"
    link = key_files.os.link

    def somebody_was_faster(draft, target):
        target.write_text("theirs\n")
        link(draft, target)

    monkeypatch.setattr(key_files.os, "link", somebody_was_faster)
    assert key_files.key_kept_in(file) == "theirs"
    assert [left.name for left in tmp_path.iterdir()] == ["secret.key"]


def test_a_sqlite_that_could_damage_the_database_is_refused_in_plain_words():
    old = types.SimpleNamespace(sqlite_version_info=(3, 51, 2), sqlite_version="3.51.2")
    new = types.SimpleNamespace(sqlite_version_info=(3, 51, 3), sqlite_version="3.51.3")
    with pytest.raises(Misconfigured, match=r"3\.51\.2.*3\.51\.3.*PostgreSQL"):
        sqlite.check_version(old)
    sqlite.check_version(new)
    sqlite.check_version()


def test_only_a_demo_may_look_into_the_days_to_come(tmp_path):
    """Planted: the environment not asked for."""
    assert settings(tmp_path)["CLOCK"] is None
    moved = settings(tmp_path, TRACKER_CLOCK_AHEAD_HOURS="26")["CLOCK"]
    assert timedelta(hours=25) < moved() - datetime.now(UTC) < timedelta(hours=27)
    said = problems(tmp_path, TRACKER_ENV="production", TRACKER_CLOCK_AHEAD_HOURS="26", **KEYS)
    assert "time is what it is" in said[0]
