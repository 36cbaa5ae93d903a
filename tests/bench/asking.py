"""Requests over raw sockets in one event loop: for many connections that wait most of the time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """One connection that is kept alive; one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> Line:
        """Connect, and return this line."""
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self.port, limit=1 << 20
        )
        return self

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def ask(
        self, path: str, headers: dict[str, str], *, method: str = "GET", body: bytes = b""
    ) -> Answer:
        """Send one request and return its answer. ConnectionError or asyncio's own when the line breaks."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self._writer.drain()
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").strip().split("\r\n")
        found = {}
        for pair in rest:
            name, _, value = pair.partition(": ")
            found[name.lower()] = value
        length = int(found.get("content-length", 0))
        received = await self._reader.readexactly(length) if length else b""
        return Answer(int(first.split()[1]), found, received)
