"""The client that presses a server as hard as it can: wrk, or where it cannot be had a small one of our own."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CONNECTIONS = 8
REPORT = Path(__file__).with_name("report.lua")
SLACK = 0.01  # of the bytes: requests under way at the end are counted by half


@dataclass(frozen=True)
class Target:
    """One address, how it is asked for, and how many bytes an answer has when all is well."""

    port: int
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 0  # of an answer with its head; set by `sized`

    @property
    def request(self) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True)
class Shot:
    """What one round at one target brought; `fault` says why it does not count."""

    rate: float  # answers a second
    fault: str = ""


@cache
def wrk() -> str | None:
    """Return the path of wrk, installed if this may be done, else None."""
    found = shutil.which("wrk")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "wrk"]
        subprocess.run(install, capture_output=True, check=False)
        found = shutil.which("wrk")
    return found


def shoot(target: Target, seconds: int) -> Shot:
    """Ask `target` over 8 connections kept alive for `seconds`, and return how often it answered as it should."""
    program = wrk()
    found = _by_wrk(program, target, seconds) if program else _by_ourselves(target, seconds)
    requests, lasted, size, failed = found
    if failed or not requests:
        return Shot(0.0, f"{failed} of {requests} requests at {target.path} failed")
    if target.size and abs(size / requests - target.size) > target.size * SLACK:
        return Shot(
            0.0, f"{target.path} answered with {size / requests:.0f} bytes, not {target.size}"
        )
    return Shot(requests / lasted)


def _by_wrk(program: str, target: Target, seconds: int) -> tuple[int, float, int, int]:
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(REPORT)]
    for name, value in target.headers:
        command += ["-H", f"{name}: {value}"]
    address = f"http://127.0.0.1:{target.port}{target.path}"
    said = subprocess.run([*command, address], capture_output=True, text=True, check=True)
    line = next(line for line in said.stdout.splitlines() if line.startswith("{"))
    found = json.loads(line)
    return found["requests"], found["seconds"], found["bytes"], found["failed"]


def _by_ourselves(target: Target, seconds: int) -> tuple[int, float, int, int]:
    """The same without wrk; slower than it, so ratios come out kinder than they are."""
    requests = size = failed = 0
    began = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        waiting = {}
        for _ in range(CONNECTIONS):
            line = socket.create_connection(("127.0.0.1", target.port))
            line.sendall(target.request)
            ready.register(line, selectors.EVENT_READ)
            waiting[line] = 0
        while (lasted := time.perf_counter() - began) < seconds:
            for event, _mask in ready.select(0.1):
                line: socket.socket = event.fileobj  # type: ignore[assignment]
                waiting[line] += len(line.recv(1 << 20))
                if waiting[line] >= target.size:
                    requests, size, waiting[line] = requests + 1, size + waiting[line], 0
                    line.sendall(target.request)
        for line in waiting:
            line.close()
    return requests, lasted, size, failed


def ask(target: Target) -> tuple[int, dict[str, str], bytes, int]:
    """Ask once; return status, headers, body, and how many bytes all of it has on the wire."""
    with socket.create_connection(("127.0.0.1", target.port), timeout=30) as line:
        line.sendall(target.request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += line.recv(1 << 16)
        head, _, body = received.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {}
        for pair in rest:
            name, _, value = pair.partition(": ")
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            body += line.recv(1 << 16)
    return int(first.split()[1]), headers, body, len(head) + 4 + length


def sized(target: Target, status: int) -> Target:
    """Return `target` with the size of its answer. RuntimeError unless it answers with `status`, and twice alike."""
    sizes = set()
    ask(target)  # the first may have something to make
    for _ in range(2):
        found, _headers, body, size = ask(target)
        if found != status:
            raise RuntimeError(f"{target.path} answered {found}, not {status}: {body[:200]!r}")
        sizes.add(size)
    if len(sizes) > 1:
        raise RuntimeError(f"{target.path} answers with {sorted(sizes)} bytes in turn.")
    return Target(target.port, target.path, target.headers, sizes.pop())
