"""What pretends to be something else: nothing of it is kept, and what is kept goes out as a file and under a name that is one.

Each row goes through the form, as a partner's contact sends it.
"""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from sqlalchemy import select

from tests.files.test_evidence import HTML, MAIN, OFFICE, PDF, PNG, SVG, files_in, office
from tracker.db import db
from tracker.files.models import Evidence

WORD, CELLS = "word/document.xml", "xl/workbook.xml"
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
RUNS = "application/vnd.ms-word.document.macroEnabled.main+xml"
CELLS_RUN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, body in parts.items():
            zipped.writestr(name, body)
    return made.getvalue()


def saying(part: str, kind: str) -> str:
    return f'<Types><Override PartName="/{part}" ContentType="{kind}"/></Types>'


def lying(size: int) -> bytes:
    """A document one of whose parts says that it unfolds to `size` bytes."""
    body = office(WORD, "word/media/image1.png")
    at = body.rindex(b"PK\x01\x02")  # the last part's line of the list at the end
    return body[: at + 24] + struct.pack("<L", size) + body[at + 28 :]


NOT_TAKEN = {
    "an SVG that calls itself PNG": ("drawing.png", SVG),
    "an SVG behind a mark and blanks": ("drawing.png", b"\xef\xbb\xbf \n" + SVG),
    "an SVG behind an XML line": ("drawing.txt", b'<?xml version="1.0"?>' + SVG),
    "a page": ("page.pdf", HTML),
    "a page in UTF-16": ("page.txt", HTML.decode().encode("utf-16")),
    "a GIF that is a script": ("pixel.gif", b"GIF89a/*" + bytes(8) + b"*/=1;alert(1)//"),
    "a GIF that is a script, as an image": ("pixel.png", b"GIF89a=1;alert(1)//"),
    "a PDF that is an archive": ("both.pdf", PDF + archive(a=b"x")),
    "an image that is an archive": ("both.jpg", JPEG + archive(a=b"x")),
    "a drawing that is an archive": ("both.png", PNG[:-12] + archive(a=b"x") + PNG[-12:]),
    "an archive": ("some.docx", archive(a=b"x")),
    "a Java archive": ("run.docx", archive(**{"META-INF/MANIFEST.MF": b"Main-Class: x"})),
    "a document without its list": ("list.docx", archive(**{WORD: b"x"})),
    "a list that names nothing": ("list.docx", office(WORD, told="<Types/>")),
    "a list whose part is not there": ("list.docx", office("word/other.xml", told=saying(WORD, MAIN[WORD]))),
    "a list that says so in a comment": ("list.docx", office(WORD, told=f"<Types><!--{saying(WORD, MAIN[WORD])}--></Types>")),
    "cells that call themselves words": ("list.docx", office(CELLS)),
    "words with macros": ("run.docx", office(WORD, told=saying(WORD, RUNS))),
    "cells with macros": ("run.xlsx", office(CELLS, told=saying(CELLS, CELLS_RUN))),
    "macros that no list names": ("run.docx", office(WORD, "word/vbaProject.bin")),
    "macros under another name": (
        "run.docx",
        office(WORD, "word/x.bin", told=saying(WORD, MAIN[WORD]) + saying("word/x.bin", "application/vnd.ms-office.vbaProject")),
    ),
    "an old macro sheet": ("run.xlsx", office(CELLS, "xl/macrosheets/sheet1.xml")),
    "a program inside": ("run.docx", office(WORD, "word/embeddings/oleObject1.bin")),
    "a bomb of many parts": ("bomb.docx", office(WORD, *(f"{n}" for n in range(5_001)))),
    "a bomb of large parts": ("bomb.docx", office(WORD, *(f"word/{n}.xml" for n in range(31)), body=bytes(10_000_000))),
    "a bomb that says how large it is": ("bomb.docx", lying(2**31)),
    "a template": ("list.docx", office(WORD, told=saying(WORD, f"{OFFICE}.wordprocessingml.template.main+xml"))),
    "a program that calls itself an image": ("run.png", b"MZ\x90\x00" + PNG),
    "an old document": ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "one octet of nothing": ("nothing.txt", b"\x00"),
}  # fmt: skip


@pytest.mark.parametrize("row", NOT_TAKEN)
def test_what_pretends_is_not_kept(app, cast, as_, work, row):
    """Canaries, each seen red on rows of its own: `is_zipfile` not asked; the parts looked for without their list; the
    comment left in; the declared sizes not added up; `_RUNS` not looked for."""
    name, body = NOT_TAKEN[row]
    action = work.make()
    answer = as_(cast.contact).submit(
        f"/actions/{action.ref}/evidence", file=(io.BytesIO(body), name)
    )
    assert answer.status_code == 422
    assert "is not taken" in answer.text or "something else inside" in answer.text
    assert files_in(app) == []
    with app.app_context():
        assert db.session.scalars(select(Evidence)).first() is None


TAKEN = {
    "../../x.pdf": "x.pdf",
    "..\\..\\x.pdf": "x.pdf",
    "/etc/cron.d/x.pdf": "x.pdf",
    "....pdf": "pdf.pdf",
    "..": "file.pdf",
    ".pdf": "pdf.pdf",
    "ten.pdf...": "ten.pdf",
    "ten.pdf . .": "ten.pdf",
    "ten\u202efdp.pdf": "tenfdp.pdf",
    "ten\u200b\u2066.pdf": "ten.pdf",
    "%2e%2e%2fx.pdf": "%2e%2e%2fx.pdf",
    "\u06f1\u06f0 تماس.pdf": "\u06f1\u06f0 تماس.pdf",
    "é" * 300 + ".pdf": "é" * 100 + ".pdf",
    "\U0001f600" * 300 + ".pdf": "\U0001f600" * 50 + ".pdf",
}


@pytest.mark.parametrize("name", TAKEN, ids=ascii)
def test_a_name_is_a_name_and_no_way_to_anywhere(app, cast, as_, work, name):
    """Canaries: the octets of the name not counted; the folders left in it. Where it lies has nothing of its name."""
    action, vendor = work.make(), as_(cast.contact)
    there = f"/actions/{action.ref}/evidence"
    assert vendor.submit(there, file=(io.BytesIO(PDF), name)).status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(Evidence)).one()
    assert kept.name == TAKEN[name]
    assert len(kept.name.encode()) <= 216
    (file,) = files_in(app)
    assert file.name.isalnum()
    said = vendor.get(f"/files/{kept.ref}").headers.getlist("Content-Disposition")
    assert len(said) == 1
    assert said[0].startswith("attachment; filename=")
    assert said[0].isascii()
    assert said[0].count('"') == 2
