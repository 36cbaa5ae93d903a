"""Reading an archive: nothing in it is believed before its seal is proved, and nothing is used before all of it was read."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import stat
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tracker.keeping import manifest, sealing
from tracker.keeping.manifest import Manifest
from tracker.keeping.sealing import AT_ONCE, Unusable

LONGEST_KEY = 4096
_BROKEN = (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError, OverflowError)


class Archive:
    """An archive that was found whole and ours."""

    def __init__(
        self, file: IO[bytes], found: Manifest, key: bytes, *, key_was_inside: bool
    ) -> None:
        self._file, self.manifest, self.key = file, found, key
        self.key_was_inside = key_was_inside

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Every member in order, with its content; read it before asking for the next."""
        yield from _members(self._file)

    def text(self, name: str) -> str | None:
        """The content of a small member; None when it is not inside."""
        if name not in self.manifest.members:
            return None
        return next(content.read().decode() for each, content in self.members() if each == name)


@contextlib.contextmanager
def opened(path: Path, key: bytes | None) -> Iterator[Archive]:
    """Open an archive and read all of it once.

    With `key` None the key inside is taken, if there is one. Raises `Unusable`, in words, when the archive is damaged,
    cut, of another installation or of a later format, or holds what it should not.
    """
    with _file(path) as file:
        tail = sealing.whole(file)
        inside = key is None
        key = key or _key_inside(file)
        if not sealing.is_sealed_with(key, tail):
            raise Unusable(
                "This backup was made with another audit key: it belongs to another installation, or the key was "
                "changed. Give the key it was made with (TRACKER_AUDIT_KEY or --key-file)."
            )
        yield Archive(file, _proved(file, key), key, key_was_inside=inside)


@contextlib.contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unusable(f"{path} is no file.")
        file = path.open("rb")
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}).") from error
    with file:
        yield file


def _members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file) as plain, tarfile.open(fileobj=plain, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not manifest.is_proper(member.name):
                    raise Unusable(
                        f"This backup holds {member.name!r}, which no backup of ours holds."
                    )
                yield member.name, content
    except _BROKEN as error:
        raise Unusable("This backup is damaged: it cannot be unpacked.") from error


def _key_inside(file: IO[bytes]) -> bytes:
    name, content = next(_members(file), ("", None))
    if name != manifest.AUDIT_KEY or content is None:
        raise Unusable(
            "This backup does not hold the audit key, and none is given: set TRACKER_AUDIT_KEY to the key of the "
            "installation that it comes from, or name a file that holds it with --key-file."
        )
    return content.read(LONGEST_KEY).strip()


def _proved(file: IO[bytes], key: bytes) -> Manifest:
    """Read every member, and return the manifest that fits all of them."""
    seen: dict[str, dict[str, object]] = {}
    last = b""
    for name, content in _members(file):
        if name in seen or manifest.NAME in seen:
            raise Unusable(
                f"This backup is damaged: {name} comes twice, or after what should be last."
            )
        digest, size = hashlib.sha256(), 0
        while block := content.read(AT_ONCE):
            digest.update(block)
            size += len(block)
            last = last + block if name == manifest.NAME else b""
        seen[name] = {"size": size, "sha256": digest.hexdigest()}
    if seen.pop(manifest.NAME, None) is None:
        raise Unusable("This backup has no manifest.")
    found = manifest.read(last, key)
    if found.members != seen:
        wrong = sorted(set(found.members) ^ set(seen)) or sorted(
            name for name in seen if seen[name] != found.members[name]
        )
        raise Unusable(f"This backup is damaged: {wrong[0]} is not what its manifest says.")
    return found
