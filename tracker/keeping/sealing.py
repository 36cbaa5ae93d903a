"""How an archive is sealed: its last bytes hold the hash of all that is before them, and an HMAC of that hash.

The seal is a gzip member of its own without content, whose extra field carries it (RFC 1952, 2.3.1.1): `tar xzf` and
`gzip -t` read such a file like any other, and no byte of it can change unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
from typing import IO, Any

from tracker.errors import Said

_MARK = b"TL"
_HEAD = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff"  # gzip, deflate, an extra field, no time, any system
_NOTHING = b"\x03\0" + b"\0" * 8  # an empty deflate stream, its CRC-32 and its length
_HASH = 32
LENGTH = len(_HEAD) + 2 + 4 + 2 * _HASH + len(_NOTHING)
AT_ONCE = 1 << 20


class Unusable(Said):
    """An archive is refused, or a place to restore into; the words say why."""


def seal(digest: bytes, key: bytes) -> bytes:
    """Return the last bytes of an archive whose content has this SHA-256."""
    return _trailer(digest, hmac.digest(key, b"backup\n" + digest, "sha256"))


def fingerprint(key: bytes) -> str:
    """Eight characters that tell one installation's key from another's, and nothing more of it."""
    return hmac.digest(key, b"backup fingerprint", "sha256").hex()[:8]


def _trailer(digest: bytes, mac: bytes) -> bytes:
    extra = _MARK + struct.pack("<H", 2 * _HASH) + digest + mac
    return _HEAD + struct.pack("<H", len(extra)) + extra + _NOTHING


class Hashing(io.RawIOBase):
    """A file to write to that remembers the SHA-256 of everything written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        self.file.write(data)
        return memoryview(data).nbytes


def whole(file: IO[bytes]) -> bytes:
    """Read all of an archive and return its seal, still unproved. Raises `Unusable` for one that is cut, damaged or none."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - LENGTH))
    tail = file.read()
    if size <= LENGTH or not tail.startswith(_HEAD) or not tail.endswith(_NOTHING):
        raise Unusable("This is no backup of Throughline, or its end is missing.")
    file.seek(0)
    digest, left = hashlib.sha256(), size - LENGTH
    while left and (block := file.read(min(left, AT_ONCE))):
        digest.update(block)
        left -= len(block)
    mac = tail[-len(_NOTHING) - _HASH : -len(_NOTHING)]
    if left or not hmac.compare_digest(_trailer(digest.digest(), mac), tail):
        raise Unusable("This backup is damaged: its content does not fit its own hash.")
    file.seek(0)
    return tail


def is_sealed_with(key: bytes, tail: bytes) -> bool:
    """Tell whether `tail`, which `whole` returned, was made with `key`."""
    start = len(_HEAD) + 2 + 4
    return hmac.compare_digest(seal(tail[start : start + _HASH], key), tail)
