"""What is installed is what is in the checkout, and works from any folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.live import environment
from tracker import paths

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
SIGN_IN_PAGE = """
from tracker import create_app, paths
print(paths.ROOT, create_app().test_client().get("/sign-in").status_code)
"""
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", target],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A fresh environment with the wheel in it; its dependencies are borrowed from this one."""
    place = tmp_path_factory.mktemp("another place")
    venv.create(place, with_pip=False, symlinks=True)
    install = ["install", "--quiet", "--no-deps", "--no-index", "--find-links", wheel.parent, wheel]
    python = place / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
    (site,) = (place / "lib").glob("python*/site-packages")
    # Only the folder itself is added: the .pth file of the editable install in it is not read.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place


def run_in(folder, command, **variables):
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(folder / "data", PYTHONPATH="", **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def committed(*folders):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return {
            str(file.relative_to(ROOT))
            for folder in folders
            for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}


# Planted fault: without the force-include of "migrations" in pyproject.toml this is red.
def test_the_wheel_holds_every_file_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    bundled = {f"tracker/_bundle/{name}" for name in committed("templates", "static", "migrations")}
    assert committed("tracker") | bundled <= names
    others = names - committed("tracker") - bundled
    strange = [
        name
        for name in others
        if not name.startswith("tracker/") or name.endswith((".mo", ".pyc", ".db", ".key"))
    ]
    assert strange == []


def test_the_wheel_works_from_another_folder(installed, tmp_path):
    command = installed / "bin" / "tracker"
    assert "serve" in run_in(tmp_path, [command, "--help"]).stdout
    migrated = run_in(tmp_path, [command, "migrate"])
    assert "from empty to revision" in migrated.stdout, migrated.stderr
    assert "Safe to run" in run_in(tmp_path, [command, "check"]).stdout
    page = run_in(
        tmp_path,
        [
            installed / "bin" / "python",
            "-c",
            SIGN_IN_PAGE,
        ],
    )
    assert page.stdout.split() == ["None", "200"], page.stderr


def test_the_editable_install_works_from_another_folder(tmp_path):
    shown = run_in(
        tmp_path, [sys.executable, "-c", "from tracker import paths; print(paths.TEMPLATES)"]
    )
    assert shown.stdout.strip() == str(ROOT / "templates")


# Planted fault: a checkout_of that looks for _bundle first makes this red.
def test_a_stale_bundle_in_a_checkout_is_not_used(tmp_path):
    package = tmp_path / "tracker"
    (package / "_bundle" / "templates").mkdir(parents=True)
    assert paths.checkout_of(package) is None
    (tmp_path / "templates").mkdir()
    assert paths.checkout_of(package) is None
    (tmp_path / "pyproject.toml").write_text("")
    assert paths.checkout_of(package) == tmp_path


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_has_a_hash_for_everything_and_names_no_host(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--find-links|--extra-index|--trusted", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    unhashed = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert unhashed == []


def test_the_lock_files_agree_with_the_project_and_with_each_other():
    few, many = (dict(PINNED.findall((ROOT / lock).read_text("utf-8"))) for lock in LOCKS)
    assert few.items() <= many.items()
    for wanted in PROJECT["project"]["dependencies"]:
        name, _, version = wanted.split(";")[0].strip().partition("==")
        name = re.split(r"[<>=\[]", name)[0]
        assert name in few, f"run 'make lock': {name} is not locked"
        assert version in ("", few[name]), f"run 'make lock': {name} is at {few[name]}"


def test_an_old_python_is_refused_in_plain_words(tmp_path):
    place = tmp_path / "a path with spaces"
    place.mkdir()
    shutil.copy(ROOT / "Makefile", place)
    old = place / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    refused = subprocess.run(
        ["make", "run", f"PYTHON={old}"], cwd=place, capture_output=True, text=True, check=False
    )
    assert refused.returncode
    assert "Throughline needs Python 3.11 or newer" in refused.stderr
    assert not (place / ".venv").exists()
