"""A file that somebody gives us becomes a table, or plain words that say why it cannot."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from tracker.importing import delimited, workbook
from tracker.importing.decoding import ENCODINGS, text_of
from tracker.importing.notes import Note, sentence
from tracker.importing.table import LARGEST_FILE, Row, Table, UnreadableFile, column_letter

__all__ = ["Row", "Table", "UnreadableFile", "read"]

_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DATA_LIKE = re.compile(
    r"""
      [^@\s]+@[^@\s]+\.[^@\s]+                  # an e-mail address
    | [£$€¥]?\s*[+-]?\d+([.,]\d+)+\s*%?         # a number with a fraction or thousands
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}           # a day
    | \d{5,}                                    # a long number
    """,
    re.VERBOSE,
)


def read(
    body: bytes,
    filename: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Table:
    """The table in an uploaded file: CSV in any usual encoding and delimiter, or XLSX.

    `filename` only helps with the words; the content decides what the file is. At most 10 MB,
    50,000 rows and 32,000 characters in a cell. Raises `UnreadableFile`.
    """
    if len(body) > LARGEST_FILE:
        raise UnreadableFile(
            _(
                "The file has %(size)s MB; at most %(most)s MB can be imported at once.",
                size=f"{len(body) / 1024 / 1024:.1f}",
                most=LARGEST_FILE // 1024 // 1024,
            )
        )
    if not body.strip():
        raise UnreadableFile(_("The file “%(name)s” is empty.", name=filename))
    if body.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            _(
                "This is an old (.xls) or a password-protected Excel file. Save it as XLSX "
                "without a password, or as CSV."
            )
        )
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        table = workbook.table_from(body, sheet)
    else:
        if body.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"GIF8")):
            raise UnreadableFile(
                _("This is not a table but another kind of file. Save the table as XLSX or CSV.")
            )
        text, used = text_of(body, encoding)
        table = delimited.table_from(text, delimiter)
        table.encoding = used
        if used != "utf-8":
            table.notes.append(Note("encoding", {"encoding": ENCODINGS.get(used, used.upper())}))
        if "\ufffd" in text:
            table.notes.append(Note("lost_letters", {}))
    _check_headings(table)
    return table


@sentence("encoding")
def _read_as(encoding: str) -> str:
    return _(
        "Read as %(encoding)s. If letters look wrong, choose another encoding.", encoding=encoding
    )


@sentence("lost_letters")
def _lost_letters() -> str:
    return _("Some letters were already lost when the file was saved (they show as \ufffd).")


def _check_headings(table: Table) -> None:
    for place, header in enumerate(table.headers):
        if _DATA_LIKE.fullmatch(header):
            raise UnreadableFile(
                _(
                    "The first row looks like data, not like headings: column %(letter)s holds "
                    "“%(value)s”. Put a row of headings above it.",
                    letter=column_letter(place),
                    value=header,
                ),
                1,
            )
    if len(table.headers) == 1 and any(row.trouble for row in table.rows[:50]):
        raise UnreadableFile(
            _(
                "The first row holds one text only: “%(value)s”. Put the headings there, and "
                "take away titles above them.",
                value=table.headers[0],
            ),
            1,
        )
