"""Bytes to text: which encoding a file is written in."""

from __future__ import annotations

import codecs
import re

from flask_babel import gettext as _

from tracker.importing.table import UnreadableFile
from tracker.wording import listed

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1256": "Windows-1256",
    "cp1251": "Windows-1251",
    "gb18030": "GB 18030",
    "big5": "Big5",
}
"""Encodings that may be chosen by hand, with the names people know them by."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FREQUENT = frozenset(  # the characters that any longer Chinese text uses, in both scripts
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后"
    "這個來國們說為時會過學對裡後單部門項目名稱客戶服務数据部门项目名称客户服务電話网站合同协议协作流程"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def text_of(body: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of `body` and the encoding it was read in.

    `encoding` is one of `ENCODINGS` when somebody chose it; else a byte order mark decides, then
    UTF-8, then the likeliest of the older ones. Raises `UnreadableFile`.
    """
    if encoding:
        text, used = _chosen(body, encoding), encoding
    else:
        text, used = _found(body)
    spoilt = _CONTROLS.search(text)
    if spoilt:
        raise UnreadableFile(
            _(
                "Line %(line)s holds characters that no text has. Is this really a CSV file? "
                "Save the table as CSV (UTF-8) or XLSX.",
                line=_line(text, spoilt.start()),
            ),
            _line(text, spoilt.start()),
        )
    return text.removeprefix("\ufeff"), used


def _chosen(body: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise UnreadableFile(
            _(
                "The encoding “%(name)s” is not known here. Choose one of: %(names)s.",
                name=encoding,
                names=listed(ENCODINGS),
            )
        )
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            _(
                "The file is not written in %(encoding)s: line %(line)s does not fit. Choose "
                "another encoding, or save the file as CSV (UTF-8).",
                encoding=ENCODINGS[encoding],
                line=line,
            ),
            line,
        ) from error


def _found(body: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding), encoding.removesuffix("-le")
    low, high = body[0::2].count(0), body[1::2].count(0)
    # One zero alone is a mistake in a cell: of every ten characters at least one is a separator or a digit.
    if (
        max(low, high) * 20 >= len(body) > 0
        and min(low, high) * 9 <= max(low, high)
        and len(body) % 2 == 0
    ):
        encoding = "utf-16-le" if high > low else "utf-16-be"
        return _decoded(body, encoding), encoding
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _older(body, error)


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            _(
                "The file says that it is %(encoding)s, but line %(line)s does not fit. Save it "
                "again as CSV (UTF-8).",
                encoding=encoding.upper(),
                line=line,
            ),
            line,
        ) from error


def _older(body: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    if _is_broken_utf8(body):
        line = body.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            _(
                "The file is written in UTF-8, but line %(line)s holds bytes of another "
                "encoding. Save it again as CSV (UTF-8).",
                line=line,
            ),
            line,
        )
    scores = {encoding: _score(body, encoding) for encoding in _SCORES}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] <= 0:
        raise UnreadableFile(
            _(
                "The encoding of the file is not known. Save it as CSV (UTF-8) or XLSX, "
                "or choose the encoding yourself."
            )
        )
    return body.decode(best), best


def _is_broken_utf8(body: bytes) -> bool:
    """Whether nearly all letters beyond ASCII are good UTF-8 and only a few bytes are not."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - bad
    return good > bad * 3


def _score(body: bytes, encoding: str) -> float:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    beyond = [c for c in text if c > "\x7f"]
    return _SCORES[encoding](beyond, body) if beyond else 0.0


def _simplified(beyond: list[str], body: bytes) -> float:
    return _chinese(beyond, _share_below(body, 0xB0, 0xF7))


def _traditional(beyond: list[str], body: bytes) -> float:
    return _chinese(beyond, _share_below(body, 0xA4, 0xC6))


def _share_below(body: bytes, first: int, last: int) -> float:
    """Share of two-byte letters whose lead byte lies where the usual characters are."""
    leads = [pair[0] for pair in re.findall(rb"[\x81-\xfe][\x40-\xfe]", body)]
    return sum(1 for lead in leads if first <= lead <= last or 0xA1 <= lead <= 0xA3) / len(leads)


def _chinese(beyond: list[str], level: float) -> float:
    ideographs = [c for c in beyond if "\u4e00" <= c <= "\u9fff"]
    usual = sum(
        1
        for c in beyond
        if "\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uff60" or c in "“”‘’·…—"
    )
    if usual < len(beyond) * 0.95 or not ideographs or level < 0.6:
        return 0.0
    return 1 + level + sum(1 for c in ideographs if c in _FREQUENT) / len(ideographs)


def _runs(body: bytes) -> float:
    """Mean length of stretches beyond ASCII: long in scripts of their own, 1 in accents."""
    runs = re.findall(rb"[\x80-\xff]+", body)
    return sum(map(len, runs)) / len(runs) if runs else 0.0


def _arabic(beyond: list[str], body: bytes) -> float:
    share = sum(1 for c in beyond if "\u0600" <= c <= "\u06ff" or c in "\u200c\u200d«»") / len(
        beyond
    )
    return 1 + share if share > 0.9 and _runs(body) > 1.8 else 0.0


def _cyrillic(beyond: list[str], body: bytes) -> float:
    share = sum(1 for c in beyond if "\u0410" <= c <= "\u044f" or c in "Ёё№«»") / len(beyond)
    return 0.9 + share if share > 0.9 and _runs(body) > 1.8 else 0.0


def _western(beyond: list[str], body: bytes) -> float:
    usual = sum(1 for c in beyond if c.isalpha() or c in "‘’“”–—•…€£¥§©®°±²³·«»½¼¾ºª\u00a0") / len(
        beyond
    )
    return usual if usual > 0.9 and _runs(body) < 3 else 0.0


_SCORES = {
    "gb18030": _simplified,
    "big5": _traditional,
    "cp1256": _arabic,
    "cp1251": _cyrillic,
    "cp1252": _western,
}


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
