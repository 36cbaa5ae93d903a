"""An SMTP server that can be told to fail: by number of the conversation, and by the address that a mail is for."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

# What a conversation may do beside taking the mail.
BUSY, CUT_BEFORE, CUT_AFTER, HANG, BOUNCE = "451", "cut before", "cut after", "hang", "550"
FAULTS = (BUSY, CUT_BEFORE, CUT_AFTER, HANG)


class Post(socketserver.ThreadingTCPServer):
    """Takes mails, and keeps whom each was for with what it said. `plan(number, recipient)` names the fault of a conversation."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        plan: Callable[[int, str], str] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.plan, self.tls = plan or (lambda _number, _to: ""), tls
        self.taken: list[tuple[str, EmailMessage]] = []
        self.faults: Counter[str] = Counter()
        self.lock, self.number = threading.Lock(), 0
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def next_number(self) -> int:
        with self.lock:
            self.number += 1
            return self.number

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults[what] += 1


class _Conversation(socketserver.StreamRequestHandler):
    server: Post

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self) -> None:
        self.number, self.to, self.fault = self.server.next_number(), "", ""
        answers = {
            "EHLO": self._greet,
            "STAR": self._secured,
            "RCPT": self._recipient,
            "DATA": self._mail,
        }
        self.say("220 here")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            answer = answers.get(line[:4].upper())
            if answer is None:
                self.say("250 fine")
            elif not answer(line):
                return

    def _greet(self, _line: str) -> bool:
        self.say("250-here")
        self.say("250 STARTTLS" if self.server.tls else "250 8BITMIME")
        return True

    def _recipient(self, line: str) -> bool:
        self.to = line.partition("<")[2].partition(">")[0]
        self.fault = fault = self.server.plan(self.number, self.to)
        if fault:
            self.server.fault(fault)
        refusals = {BUSY: "451 not now: ", BOUNCE: "550 not here: "}
        self.say(f"{refusals[fault]}{self.to}" if fault in refusals else "250 fine")
        return True

    def _mail(self, _line: str) -> bool:
        self.say("354 go on")
        data = self._data()
        if self.fault == HANG:
            self.server.over.wait(20)
        if self.fault in {HANG, CUT_BEFORE}:
            return False
        with self.server.lock:
            mail: Any = message_from_bytes(data, policy=default)
            self.server.taken.append((self.to, mail))
        if self.fault == CUT_AFTER:
            return False
        self.say("250 taken")
        return True

    def _secured(self, _line: str) -> bool:
        """Begin TLS; False when the other side does not trust the certificate."""
        self.say("220 go on")
        tls: Any = self.server.tls
        safe = tls.wrap_socket(self.connection, server_side=True, do_handshake_on_connect=False)
        self.made.append(safe)
        try:
            safe.do_handshake()
        except OSError:
            return False
        self.connection = safe
        self.rfile, self.wfile = safe.makefile("rb"), safe.makefile("wb", 0)
        self.made += [self.rfile, self.wfile]
        return True

    def setup(self) -> None:
        super().setup()
        self.made: list[Any] = []

    def finish(self) -> None:
        super().finish()
        for one in self.made:
            one.close()

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


@contextmanager
def serving(
    plan: Callable[[int, str], str] | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    port: int = 0,
) -> Iterator[Post]:
    """Run such a server on this machine for a while."""
    with Post(plan, tls=tls, port=port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
