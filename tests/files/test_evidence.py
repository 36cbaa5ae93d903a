"""Files and links on an action: which are taken, how they are handed out, and to whom."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.doing import change
from tracker.db import db
from tracker.files import models
from tracker.files.contents import LARGEST, NotTaken, checked
from tracker.files.models import Evidence

PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"IEND\xaeB`\x82"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "word/document.xml": f"{OFFICE}.wordprocessingml.document.main+xml",
    "xl/workbook.xml": f"{OFFICE}.spreadsheetml.sheet.main+xml",
    "ppt/presentation.xml": f"{OFFICE}.presentationml.presentation.main+xml",
}


def office(*names: str, body: bytes = b"x", encrypted: bool = False, told: str | None = None) -> bytes:  # fmt: skip
    """An office document of these parts, whose list says what the main ones are, or says `told`."""
    if told is None:
        parts = (f'<Override PartName="/{name}" ContentType="{MAIN[name]}"/>' for name in names if name in MAIN)  # fmt: skip
        told = f'<?xml version="1.0"?><Types>{"".join(parts)}</Types>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", told)
        for name in names:
            archive.writestr(name, body)
    found = made.getvalue()
    return found.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01") if encrypted else found  # fmt: skip


DOCX = office("word/document.xml")


def by_name(value: str | bytes) -> str | None:
    """Keep what is in a file out of the test's name: an archive holds the time, and two workers would not find the same tests."""
    return "body" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("name", "body", "kept"),
    [
        ("ten.pdf", PDF, "ten.pdf"),
        ("../../etc/passwd.pdf", PDF, "passwd.pdf"),
        ("C:\\Users\\me\\ten.PDF", PDF, "ten.PDF"),
        ("ten\u202efdp.exe\u0000.pdf", PDF, "tenfdp.exe.pdf"),
        ("screen.png", PNG, "screen.png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0" + bytes(9), "photo.jpeg"),
        ("photo.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "photo.webp"),
        ("report.docx", DOCX, "report.docx"),
        ("list.xlsx", office("xl/workbook.xml"), "list.xlsx"),
        ("talk.pptx", office("ppt/presentation.xml"), "talk.pptx"),
        ("notes.txt", "Ten café calls — \u06f1\u06f0".encode(), "notes.txt"),
        ("list.csv", b"a;b\r\n1;2\r\n", "list.csv"),
        ("notes", b"Ten calls", "notes.txt"),
        ("x" * 300 + ".pdf", PDF, "x" * 100 + ".pdf"),
    ],
    ids=by_name,
)  # fmt: skip
def test_what_is_taken(app, name, body, kept):
    with app.test_request_context():
        assert checked(name, body)[0] == kept


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("empty.pdf", b"", "is empty"),
        ("big.pdf", PDF + bytes(LARGEST), "larger than 20 MB"),
        ("drawing.svg", SVG, "This kind of file is not taken"),
        ("drawing.png", SVG, "This kind of file is not taken"),
        ("page.html", HTML, "This kind of file is not taken"),
        ("page.txt", b"\n  " + HTML, "This kind of file is not taken"),
        ("letter.txt", b"{\\rtf1 x", "This kind of file is not taken"),
        ("run.exe", b"MZ\x90\x00", "This kind of file is not taken"),
        ("run.pdf", b"MZ\x90\x00", "This kind of file is not taken"),
        ("some.zip", office("a.txt"), "This kind of file is not taken"),
        ("macro.docx", office("word/document.xml", "word/vbaProject.bin"), "This kind of file is not taken"),
        ("two.docx", office("word/document.xml", "xl/workbook.xml"), "This kind of file is not taken"),
        ("bomb.xlsx", office("xl/workbook.xml", *(f"{n}" for n in range(6000))), "This kind of file is not taken"),
        ("bomb.docx", office("word/document.xml", *(f"{n}" for n in range(31)), body=bytes(10_000_000)), "This kind of file is not taken"),
        ("torn.docx", DOCX[:40], "This kind of file is not taken"),
        ("locked.docx", office("word/document.xml", encrypted=True), "This kind of file is not taken"),
        ("gif.png", b"GIF89a\x01\x00", "This kind of file is not taken"),
        ("half.png", PNG[:20], "This kind of file is not taken"),
        ("ten.png", PDF, "is called ten.png, and is something else inside"),
        ("ten.exe", PDF, "is called ten.exe, and is something else inside"),
        ("control.txt", b"a\x1b[2Jb", "This kind of file is not taken"),
    ],
    ids=by_name,
)  # fmt: skip
def test_what_is_not_taken_is_said(app, name, body, words):
    """Planted: the ending believed in place of the content; the endings not compared."""
    with app.test_request_context(), pytest.raises(NotTaken) as refused:
        checked(name, body)
    assert words in refused.value.words


def files_in(app) -> list[Path]:
    return [one for one in (Path(app.config["DATA_DIR"]) / "evidence").rglob("*") if one.is_file()]


def test_a_file_is_brought_read_and_taken_away(app, cast, as_, work):
    """Planted, each seen red: handed out inline; scoped by the action alone, so that a partner reads ours;
    the button on the action posting at once."""
    action = work.make()
    address, vendor = f"/actions/{action.ref}/evidence", as_(cast.contact)
    answer = vendor.submit(address, file=(io.BytesIO(PDF), "../../ten calls.pdf"))
    assert answer.location == f"/partner/actions/{action.ref}"
    assert "ten calls.pdf" in vendor.get(answer.location).text
    with app.app_context():
        evidence = db.session.scalars(select(Evidence)).one()
    assert (evidence.partner_id, evidence.size, evidence.name) == (cast.vendor.id, len(PDF), "ten calls.pdf")  # fmt: skip
    there = f"/files/{evidence.ref}"
    for reader in (vendor, as_(cast.lead), as_(cast.auditor)):
        read = reader.get(there)
        assert read.data == PDF
        assert read.headers["Content-Disposition"].startswith('attachment; filename="ten-calls.pdf"')  # fmt: skip
        assert read.headers["X-Content-Type-Options"] == "nosniff"
        assert read.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert as_(cast.other_contact).get(there).status_code == 404
    assert as_(cast.lead).submit(f"{there}/removal").status_code == 403
    assert as_(cast.other_contact).submit(f"{there}/removal").status_code == 404

    ours = as_(cast.lead).submit(address, url="https://example.org/ours", name="Ours")
    assert ours.status_code == 303
    assert "Ours" not in vendor.get(f"/partner/actions/{action.ref}").text
    assert len(files_in(app)) == 1
    page = vendor.get(f"/partner/actions/{action.ref}").text
    assert f'href="{there}/removal"' in page
    assert f'action="{there}/removal"' not in page, "it is asked first"
    asked = vendor.get(f"{there}/removal").text
    assert ("does not come back" in asked, f'action="{there}/removal"' in asked) == (True, True)
    assert (as_(cast.lead).get(f"{there}/removal").status_code, len(files_in(app))) == (403, 1)
    assert vendor.submit(f"{there}/removal").status_code == 303
    assert (vendor.get(there).status_code, files_in(app)) == (404, [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a file, or type a link."),
        ({"url": "javascript:alert(1)"}, "begins with https:// or http://"),
        ({"url": "//example.org"}, "begins with https:// or http://"),
        ({"url": "https://me:secret@example.org"}, "begins with https:// or http://"),
        ({"url": "http://[::1"}, "begins with https:// or http://"),
        ({"file": (io.BytesIO(b""), "ten.pdf")}, "is empty"),
        ({"file": (io.BytesIO(SVG), "ten.png")}, "This kind of file is not taken"),
        ({"file": (io.BytesIO(PDF), "ten.pdf"), "url": "https://example.org"}, "one at a time"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_left(
    app, cast, as_, work, fields, words
):
    action = work.make()
    answer = as_(cast.contact).submit(f"/actions/{action.ref}/evidence", **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert files_in(app) == []


@pytest.mark.parametrize("link", ["http://intranet.example.org/ten", "https://example.org/ten"])
def test_a_link_is_taken_as_the_words_say(app, cast, as_, work, link):
    """What is inside a house is often shown without TLS. Planted: https alone taken; the words that name https alone, as
    they were."""
    action = work.make()
    answer = as_(cast.contact).submit(f"/actions/{action.ref}/evidence", url=link)
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Evidence.url)).one() == link
    refused = as_(cast.contact).submit(f"/actions/{action.ref}/evidence", url="ftp://example.org/x")
    assert (refused.status_code, f"{link.partition('//')[0]}//" in refused.text) == (422, True)


def test_no_file_is_left_where_the_write_is_refused(app, cast, as_, work, monkeypatch):
    """Planted: `finally` taken out of `_keep`. A partner's room is its own."""
    monkeypatch.setattr(models, "QUOTA", 2 * len(PDF) - 1)
    action = work.make()
    vendor, address = as_(cast.contact), f"/actions/{action.ref}/evidence"
    assert vendor.submit(address, file=(io.BytesIO(PDF), "one.pdf")).status_code == 303
    full = vendor.submit(address, file=(io.BytesIO(PDF), "two.pdf"))
    assert (full.status_code, "take 500 MB" in full.text) == (409, True)
    assert len(files_in(app)) == 1
    assert as_(cast.lead).submit(address, file=(io.BytesIO(PDF), "ours.pdf")).status_code == 303


def test_what_it_was_accepted_by_stays(app, cast, as_, clock, work):
    action = work.make()
    vendor = as_(cast.contact)
    vendor.submit(f"/actions/{action.ref}/evidence", url="https://example.org", name="The ten")
    change(app, action, lambda row: row.submit(by=cast.contact, now=clock()))
    change(app, action, lambda row: row.accept(by=cast.lead, now=clock()))
    with app.app_context():
        ref = db.session.scalars(select(Evidence.ref)).one()
    kept = vendor.submit(f"/files/{ref}/removal")
    assert (kept.status_code, "its evidence stays" in kept.text) == (409, True)
    assert vendor.get(f"/files/{ref}/removal").status_code == 409
    late = vendor.submit(f"/actions/{action.ref}/evidence", url="https://example.org/2")
    assert (late.status_code, "nothing is added" in late.text) == (409, True)


@pytest.mark.both
def test_the_database_refuses_what_is_neither_link_nor_file(app, cast, clock, work):
    action = work.make()
    for what in ({}, {"url": "https://example.org", "token": "a" * 32}):
        wrong = {"name": "x", **what}
        with pytest.raises(IntegrityError):
            change(
                app,
                action,
                lambda row, wrong=wrong: Evidence.add(row, by=cast.contact, now=clock(), **wrong),
            )
