"""`tracker serve` guards its data folder and its port, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import select
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest

from tests.live import COMMAND, Server, children, environment, free_port
from tests.postgres import database
from tracker import serve
from tracker.config import Misconfigured

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched by Linux")
KEYS = {"TRACKER_SECRET_KEY": "s" * 40, "TRACKER_AUDIT_KEY": "a" * 40}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with Server(tmp_path_factory.mktemp("served")) as server:
        yield server


def tracker(data_dir, *arguments, **variables):
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def workers_of(process):
    """Handles of the children of ``process``; a handle becomes readable when its process ends."""
    return [os.pidfd_open(child) for child in children(process.pid)]


def all_ended(handles, seconds):
    waiting = set(handles)
    while waiting:
        ended, _, _ = select.select(list(waiting), [], [], seconds)
        if not ended:
            return False
        waiting -= set(ended)
    return True


def status_of(server, path):
    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    ) as client:
        client.request("GET", path)
        return client.getresponse().status


def test_it_answers_as_soon_as_it_says_so(running):
    assert f"answers at {running.url}" in running.text
    assert status_of(running, "/health/ready") == 200
    assert status_of(running, "/sign-in") == 200


def test_an_empty_demo_is_seeded_and_its_accounts_are_printed(running):
    rows = [line.split("  ") for line in running.text.splitlines() if "@" in line]
    roles = [row[1] for row in rows]
    assert roles == [
        *("manager", "executive", "owner", "head", "member"),
        *("partner", "partner b", "finance", "auditor", "admin"),
    ]


def test_everything_lies_in_the_data_folder(running):
    names = {file.name for file in running.data_dir.iterdir()}
    assert {"tracker.db", "secret.key", "audit.key", "serve.lock"} <= names


# Planted fault: 64 connections at most, which as many open boards hold for good.
def test_hundreds_of_open_boards_keep_nobody_out(running):
    with contextlib.ExitStack() as open_ones:
        for _ in range(200):
            line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
            open_ones.callback(line.close)
            line.request("GET", "/health/live")
            assert line.getresponse().read()
        assert status_of(running, "/sign-in") == 200


# Planted fault: without the lock on serve.lock, the port check alone lets this one start.
def test_a_second_server_of_the_same_folder_is_refused(running, tmp_path):
    refused = tracker(running.data_dir, "serve", TRACKER_PORT="1")
    assert refused.returncode == 2
    assert f"process {running.process.pid}" in refused.stderr
    assert status_of(running, "/health/live") == 200


# Planted fault: granian alone binds with SO_REUSEPORT and starts silently beside the first.
def test_a_second_server_on_the_same_port_is_refused(running, tmp_path):
    refused = tracker(tmp_path, "serve", TRACKER_PORT=str(running.port))
    assert refused.returncode == 2
    assert "TRACKER_PORT" in refused.stderr


def test_a_taken_port_is_noticed_and_a_free_one_is_not():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match="TRACKER_PORT"):
            serve.check_address("127.0.0.1", port)
    assert serve.check_address("127.0.0.1", port) == "127.0.0.1"
    with pytest.raises(Misconfigured, match="no address"):
        serve.check_address("nowhere.invalid", port)


# Planted fault: looking at the port alone, which nobody listens at while both still migrate.
def test_two_servers_that_start_at_the_same_moment_do_not_share_a_port():
    port = free_port()
    with (
        serve.sole_port("127.0.0.1", port) as ip,
        pytest.raises(Misconfigured, match="TRACKER_PORT"),
        serve.sole_port("127.0.0.1", port),
    ):
        pass
    assert ip == "127.0.0.1"
    with serve.sole_port("127.0.0.1", port):
        pass


# Planted fault: a lock on the data folder alone lets two servers, and two queues of writers, at one SQLite file.
def test_a_second_server_of_the_same_sqlite_file_is_refused(running, tmp_path):
    url = f"sqlite:///{running.data_dir / 'tracker.db'}"
    refused = tracker(tmp_path, "serve", TRACKER_PORT="1", TRACKER_DATABASE_URL=url)
    assert refused.returncode == 2
    assert f"process {running.process.pid}" in refused.stderr
    assert "TRACKER_DATABASE_URL" in refused.stderr


def test_more_workers_on_sqlite_are_refused_naming_postgresql(tmp_path):
    refused = tracker(tmp_path, "serve", "--workers", "2")
    assert refused.returncode == 2
    assert "PostgreSQL" in refused.stderr
    serve.check_workers("postgresql+psycopg://host/db", 8)


def test_several_workers_share_postgresql(tmp_path, postgres_server, worker_id):
    with database(postgres_server, f"tracker_served_{worker_id}") as url:
        settings = {"TRACKER_ENV": "production", "TRACKER_DATABASE_URL": url, **KEYS}
        with Server(tmp_path, settings, arguments=("--workers", "2")) as server:
            handles = workers_of(server.process)
            assert len(handles) == 2
            assert status_of(server, "/health/ready") == 200
            server.process.kill()
            assert all_ended(handles, seconds=5)
    assert not (tmp_path / "tracker.db").exists()


def test_production_without_keys_says_all_that_is_missing(tmp_path):
    refused = tracker(tmp_path, "serve", TRACKER_ENV="production")
    assert refused.returncode == 2
    assert "TRACKER_SECRET_KEY" in refused.stderr
    assert "TRACKER_AUDIT_KEY" in refused.stderr


def test_production_is_never_seeded(tmp_path):
    with Server(tmp_path, {"TRACKER_ENV": "production", **KEYS}) as server:
        assert status_of(server, "/set-up") == 200
        assert "@" not in server.text
        assert re.search(r"/set-up and type this code.*\n\n {4}(\w{4}-){3}\w{4}\n", server.text)


def test_it_stops_when_asked_and_starts_again(tmp_path):
    server = Server(tmp_path, {"TRACKER_ENV": "production", **KEYS})
    for _ in range(2):
        server.start()
        handles = workers_of(server.process)
        assert handles
        assert server.stop() == 0
        assert all_ended(handles, seconds=5)
    assert "Traceback" not in server.text


@pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM])
def test_either_signal_ends_it_cleanly(tmp_path, signalled):
    with Server(tmp_path, {"TRACKER_ENV": "production", **KEYS}) as server:
        server.process.send_signal(signalled)
        assert server.process.wait(15) == 0


# Planted fault: without PR_SET_PDEATHSIG the worker goes on answering and holds the port.
def test_a_killed_supervisor_takes_its_worker_along(tmp_path):
    with Server(tmp_path, {"TRACKER_ENV": "production", **KEYS}) as server:
        handles = workers_of(server.process)
        server.process.kill()
        assert all_ended(handles, seconds=5)
        assert serve.check_address("127.0.0.1", server.port) == "127.0.0.1"
    with Server(tmp_path, {"TRACKER_ENV": "production", **KEYS}, port=server.port):
        pass


def test_migrations_that_start_together_do_not_collide(tmp_path):
    started = [
        subprocess.Popen(
            [COMMAND, "migrate"],
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said


# Planted fault: an upgrade that does not look at what it finds says "Can't locate revision" in a traceback.
def test_a_schema_of_a_newer_version_is_refused_in_words(tmp_path):
    assert tracker(tmp_path, "migrate").returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "tracker.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    for command in ("serve", "migrate"):
        refused = tracker(tmp_path, command, TRACKER_PORT=str(free_port()))
        assert refused.returncode == 2
        assert "revision 9999" in refused.stderr
        assert "newer version" in refused.stderr
        assert "Traceback" not in refused.stderr
