"""The server that ``tracker serve`` starts: granian, with its sharp edges taken off.

One process supervises, its workers answer. A data folder is served by one supervisor at a time, a
taken port is noticed, and a worker never outlives its supervisor.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from sqlalchemy import make_url

from tracker import clockwork, create_app, logs
from tracker.config import Misconfigured

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# More than requests that are worked on (front.PLACES): those that still send, or wait, hold a thread too.
THREADS = 96
# Per worker, idle ones too: every open board keeps one. More wait in the kernel's queue.
CONNECTIONS = 2048
GRACE = 10  # seconds that a worker has to finish its requests
PATIENCE = 30  # seconds after which the start message is given up
_PR_SET_PDEATHSIG = 1


def check_workers(database_url: str, workers: int) -> None:
    """Raise ``Misconfigured`` for several workers on SQLite.

    SQLite has one writer at a time. Within a process writers queue fairly; between processes they
    poll, and the slowest move of a card takes twenty to fifty times as long.
    """
    if workers > 1 and database_url.startswith("sqlite"):
        raise Misconfigured(
            f"{workers} workers cannot share a SQLite database without long waits. Use one, or "
            "set TRACKER_DATABASE_URL to a PostgreSQL database."
        )


def check_address(host: str, port: int) -> str:
    """The IP address of ``host``, when nothing listens at ``port`` there yet.

    The server itself would share a taken port silently. Raises ``Misconfigured``.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise Misconfigured(f"TRACKER_HOST is '{host}', which is no address here.") from error
    except OSError as error:
        raise Misconfigured(
            f"Port {port} of {host} cannot be used ({error.strerror}). "
            "Stop the other program, or choose another port with TRACKER_PORT."
        ) from error
    return str(address[0])


@contextlib.contextmanager
def sole_port(host: str, port: int) -> Iterator[str]:
    """Hold ``port`` of ``host`` for this server and yield its IP address; raises ``Misconfigured``.

    Another server that starts at the same moment listens as little as this one, so a name is taken
    too, which goes with the process (Linux; elsewhere the supervisor binds the port by itself).
    """
    ip = check_address(host, port)
    with contextlib.ExitStack() as held:
        if sys.platform == "linux":
            name = held.enter_context(socket.socket(socket.AF_UNIX))
            try:
                name.bind(f"\0throughline {ip} {port}")
            except OSError as error:
                raise Misconfigured(
                    f"Port {port} of {host} is about to be served by another process that is "
                    "starting. Stop it, or choose another port with TRACKER_PORT."
                ) from error
        yield ip


@contextlib.contextmanager
def sole_server(data_dir: Path, address: str, database_url: str = "") -> Iterator[None]:
    """Hold the data folder, and a SQLite database wherever it lies, for this server.

    Raises ``Misconfigured`` when another server holds one of them.
    """
    places = [(data_dir / "serve.lock", f"data folder {data_dir}", "TRACKER_DATA_DIR")]
    if database_url.startswith("sqlite") and (database := make_url(database_url).database):
        file = Path(database).resolve()
        lock = file.with_name(f"{file.name}.serve.lock")
        places.append((lock, f"database {file}", "TRACKER_DATABASE_URL"))
    with contextlib.ExitStack() as held:
        for place, what, setting in places:
            lock = held.enter_context(place.open("a+", encoding="utf-8"))
            if not _locked(lock):
                lock.seek(0)
                raise Misconfigured(
                    f"The {what} is already served ({lock.read().strip()}). "
                    f"Stop that server first, or choose another with {setting}."
                )
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, {address}\n")
            lock.flush()
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def run(
    settings: Mapping[str, Any],
    *,
    ip: str,
    workers: int = 1,
    access_log: bool = False,
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is called once, when the server answers.

    ``ip`` comes from ``sole_port``. Exits with 1 when a worker dies.
    """
    server = _Server(
        "tracker",
        address=ip,
        port=settings["PORT"],
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        websockets=False,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(settings),
    )
    server.ready = ready
    own = {**settings, "ACCESS_LOG": access_log, "WORKERS": workers}
    loader = partial(_worker, own, os.getpid(), alone=workers == 1)
    server.serve(target_loader=loader, wrap_loader=False)


class _Server(Granian):  # pyright: ignore[reportGeneralTypeIssues]
    ready: Callable[[], None]

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        super().startup(spawn_target, target_loader)
        threading.Thread(target=self._tell_when_ready, daemon=True).start()

    def _tell_when_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self.main_loop_interrupt.is_set():
            with contextlib.suppress(OSError):
                socket.create_connection((self.bind_addr, self.bind_port), timeout=1).close()
                self.ready()
                return
            time.sleep(0.02)


def _worker(settings: dict[str, Any], supervisor: int, *, alone: bool) -> Flask:
    """Runs in each worker, and makes its application; a worker that is alone does the jobs too."""
    _end_with(supervisor)
    logs.configure(settings)
    app = create_app(settings)
    if alone:
        clockwork.start(app)
    gc.collect()
    gc.freeze()  # what is there by now stays, and need not be looked through again and again
    return app


def _end_with(supervisor: int) -> None:
    """Make this worker end at once when its supervisor is gone, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != supervisor:
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(supervisor,), daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os._exit(1)
