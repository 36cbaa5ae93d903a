"""Which files are taken: told by what is in them, never by what they call themselves."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_babel import gettext as _

LARGEST = 20 * 1024 * 1024  # bytes
MOST_PARTS = 5_000  # of an office document
LONGEST_LIST = 1024 * 1024  # bytes of it that are read
LARGEST_INSIDE = 300 * 1024 * 1024  # bytes that an office document may unfold to
LONGEST_STEM = 200  # octets of a name before its ending: a file system takes 255 of all of it
SAFE_TEXT = "\t\n\r"


@dataclass(frozen=True)
class Content:
    """What a file is: its media type, and the endings it may have; the first is the usual one."""

    media_type: str
    endings: tuple[str, ...]


PDF = Content("application/pdf", (".pdf",))
PNG = Content("image/png", (".png",))
JPEG = Content("image/jpeg", (".jpg", ".jpeg"))
WEBP = Content("image/webp", (".webp",))
TEXT = Content("text/plain; charset=utf-8", (".txt", ".csv", ".md"))
OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENT = Content(f"{OFFICE}.wordprocessingml.document", (".docx",))
SHEET = Content(f"{OFFICE}.spreadsheetml.sheet", (".xlsx",))
SLIDES = Content(f"{OFFICE}.presentationml.presentation", (".pptx",))
# What the list of parts calls the main one (ECMA-376, part 1): those that cannot run, and are no templates.
_MAIN = {
    f"{OFFICE}.wordprocessingml.document.main+xml".encode(): DOCUMENT,
    f"{OFFICE}.spreadsheetml.sheet.main+xml".encode(): SHEET,
    f"{OFFICE}.presentationml.presentation.main+xml".encode(): SLIDES,
}
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PART = re.compile(rb"<override\s[^>]*>")
_SAYS = re.compile(rb"""\s(partname|contenttype)\s*=\s*["']([^"']*)["']""")
_ACTIVE = ("vba", "activex", "embeddings/", "macrosheet", ".exe", ".dll")  # parts that can run
_RUNS = (
    b"macroenabled",
    b"vbaproject",
    b"macrosheet",
)  # said of parts by the list of what they are
ACCEPTED = tuple(e for one in (PDF, PNG, JPEG, WEBP, DOCUMENT, SHEET, SLIDES, TEXT) for e in one.endings)  # fmt: skip


class NotTaken(Exception):
    """A file that is not taken; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def checked(name: str, body: bytes) -> tuple[str, Content]:
    """Return the name that an uploaded file is kept under, tidied, and what it is. Raises `NotTaken`."""
    if not body:
        raise NotTaken(_("This file is empty."))
    if len(body) > LARGEST:
        raise NotTaken(_("This file is larger than 20 MB. Send a smaller one, or a link to it."))
    content = content_of(body)
    if content is None:
        raise NotTaken(
            _("This kind of file is not taken. Send a PDF, an image (PNG, JPEG, WebP), an Office document or plain text.")
        )  # fmt: skip
    clean = clean_name(name, content)
    if PurePosixPath(clean).suffix.lower() not in content.endings:
        raise NotTaken(
            _("This file is called %(name)s, and is something else inside. Save it again as what it is.", name=clean)
        )  # fmt: skip
    return clean, content


def content_of(body: bytes) -> Content | None:
    """Return what a file is by its content; None for what is not taken."""
    plain = _by_its_beginning(body)
    if plain is not None:
        return None if zipfile.is_zipfile(io.BytesIO(body)) else plain  # two things at once
    if body.startswith(b"PK\x03\x04"):
        return _office(body)
    return TEXT if _is_text(body) else None


def _by_its_beginning(body: bytes) -> Content | None:
    if body.startswith(b"%PDF-"):
        return PDF
    if body.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in body[-64:]:
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    return WEBP if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None


def clean_name(name: str, content: Content) -> str:
    """Return a name without folders and signs that are not seen, of at most 120 characters; one without an ending gets its own."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(one for one in last if one.isprintable()).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if not dot:
        stem, ending = seen, content.endings[0].lstrip(".")
    stem = stem.strip(" .")[:100].encode()[:LONGEST_STEM].decode("utf-8", "ignore").strip()
    stem = stem or _("file")
    return f"{stem}.{ending[:15]}"


def _office(body: bytes) -> Content | None:
    """Return which office document it is; None for any other archive, one that unfolds too far, is locked, or can run."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
            told = _told(archive, parts)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, zlib.error):
        return None
    names = [part.filename.lower().replace("\\", "/") for part in parts]
    if any(sign in told for sign in _RUNS):
        return None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        return None
    if any(part.flag_bits & 1 for part in parts) or "[content_types].xml" not in names:
        return None
    if any(sign in name for name in names for sign in _ACTIVE):
        return None
    found = {content for name, content in _main_parts(told) if name in names}
    return found.pop() if len(found) == 1 else None


def _main_parts(told: bytes) -> Iterator[tuple[str, Content]]:
    """Yield (name, what it is) of the main parts that a document's list names, in small letters as `_told` gives it."""
    for part in _PART.findall(_COMMENT.sub(b"", told)):
        says = dict(_SAYS.findall(part))
        content = _MAIN.get(says.get(b"contenttype", b""))
        if content is not None:
            yield says.get(b"partname", b"").decode("utf-8", "replace").lstrip("/"), content


def _told(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bytes:
    """Return what a document says of its parts, as far as it is short."""
    lists = [part for part in parts if part.filename.lower() == "[content_types].xml"]
    return b"".join(archive.open(part).read(LONGEST_LIST).lower() for part in lists[:2])


def _is_text(body: bytes) -> bool:
    """Tell whether it is words alone: UTF-8, nothing that is not seen, and no page or drawing of the web."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if any((one < " " and one not in SAFE_TEXT) or one == "\x7f" for one in text):
        return False
    return not text.lstrip().startswith(("<", "{\\rtf"))
