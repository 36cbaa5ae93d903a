"""The body of a request is read before anything else is done for it, and whoever sends it too slowly is cut off.

The server reads a body when the application asks for it, and then waits for as long as the client cares to be silent. So
few may wait at the same time, and on Linux a connection that was silent for too long is shut down for reading, which
ends the wait: what came is too short, and is answered with 408.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import struct
import sys
import tempfile
import threading
from time import monotonic
from typing import Any

WAITING = 48  # bodies that may be on their way at the same time
SILENCE = 10.0  # seconds after which a client that sends nothing is cut off
PIECE = 64 * 1024  # bytes read at a time
IN_MEMORY = 512 * 1024  # bytes; the rest of a body lies in a file
_LAST_DATA = 52  # where Linux says in TCP_INFO how many milliseconds ago something came

CUT_SHORT, TOO_MANY = "cut short", "too many"


class Bodies:
    """Reads the bodies of requests; `most` is how many bytes a body may have (None: any number)."""

    def __init__(self, most: int | None) -> None:
        self.most = most
        self._places = threading.BoundedSemaphore(WAITING)
        self._waiting: dict[int, tuple[float, str, str]] = {}
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None

    def gather(self, environ: dict[str, Any]) -> str:
        """Put all of the body in place of the server's stream; return what was wrong: nothing, `CUT_SHORT`, `TOO_MANY`."""
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = not length and "HTTP_TRANSFER_ENCODING" in environ
        wanted = int(length) if length.isdecimal() else None
        if not (wanted or chunked):
            return ""
        if self.most is not None and (wanted or 0) > self.most:
            return ""  # nobody is going to read it: the answer is 413
        if not self._places.acquire(blocking=False):
            return _without_a_body(environ, TOO_MANY)
        try:
            body, read = self._read(environ, wanted)
        finally:
            self._places.release()
        if wanted is not None and read < wanted:
            body.close()
            return _without_a_body(environ, CUT_SHORT)
        environ["wsgi.input"] = body
        if chunked:
            environ["CONTENT_LENGTH"] = str(read)
            del environ["HTTP_TRANSFER_ENCODING"]
        return ""

    def _read(self, environ: dict[str, Any], wanted: int | None) -> tuple[Any, int]:
        small = wanted is not None and wanted <= IN_MEMORY
        body: Any = io.BytesIO() if small else tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        stream, read = environ["wsgi.input"], 0
        most = wanted if wanted is not None else (self.most or sys.maxsize) + 1
        with self._watched(environ):
            while read < most:
                piece = stream.read(min(PIECE, most - read))
                if not piece:
                    break
                body.write(piece)
                read += len(piece)
        body.seek(0)
        return body, read

    @contextlib.contextmanager
    def _watched(self, environ: dict[str, Any]) -> Any:
        me = threading.get_ident()
        self._waiting[me] = (
            monotonic(),
            environ.get("REMOTE_ADDR", ""),
            environ.get("SERVER_PORT", ""),
        )
        try:
            if sys.platform == "linux" and self._watch is None:
                self._begin_to_watch()
            yield
        finally:
            del self._waiting[me]

    def _begin_to_watch(self) -> None:
        with self._lock:
            if self._watch is None:
                self._watch = threading.Thread(target=self._look, name="bodies", daemon=True)
                self._watch.start()

    def _look(self) -> None:
        """Cut off, every second, who was silent for too long."""
        pause = threading.Event()
        while not pause.wait(1):
            late = {
                (address, port)
                for since, address, port in list(self._waiting.values())
                if monotonic() - since >= SILENCE
            }
            if late:
                _cut_off(late)


def _cut_off(late: set[tuple[str, str]]) -> None:
    """Shut the connections of these clients that were silent; one that only rests is closed by that, and opened anew.

    The server does not tell which connection a request came by, so all silent ones of the same client are taken.
    """
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError, ValueError), _own(int(name)) as connection:
            client, server = connection.getpeername(), connection.getsockname()
            told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            silent = struct.unpack_from("I", told, _LAST_DATA)[0] / 1000
            if (client[0], str(server[1])) in late and silent >= SILENCE:
                connection.shutdown(socket.SHUT_RD)


def _own(number: int) -> socket.socket:
    """Return a handle of our own of a TCP socket. OSError or ValueError if it is something else; then nothing stays open."""
    copy = os.dup(number)
    try:
        handle = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
    if handle.family not in {socket.AF_INET, socket.AF_INET6} or handle.type != socket.SOCK_STREAM:
        handle.close()
        raise ValueError(number)
    return handle


def let_go(environ: dict[str, Any]) -> None:
    """Close the file of a body that was too long for the memory."""
    body = environ.get("wsgi.input")
    if isinstance(body, tempfile.SpooledTemporaryFile):
        body.close()


def _without_a_body(environ: dict[str, Any], why: str) -> str:
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"
    return why
