"""Files that nobody should bring: torn, lying about what they are, or far larger inside than outside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

import xlsxwriter

from tests.hands.garbage import CORE

GOOD = "Title;Lead unit\nParcels find their door;Customer care\nBills in one letter;Billing\n"
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-7",
    "latin-1",
    "cp1256",
    "gb18030",
    "big5",
    "cp037",
)
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"+/v8-", b"\x00")
XML = (
    b"<zq", b"", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'zq:root'>]><worksheet>&b;</worksheet>", b"<a/>",
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', b"\xff\xfe\x00", b"<worksheet>" + b"<c>" * 3000,
    b'<?xml version="1.0" encoding="zq"?><a/>',
    b'<worksheet xmlns="x"><sheetData><row r="-1"><c r="ZZZZZ99999999"/></row></sheetData></worksheet>',
)  # fmt: skip


def workbook() -> bytes:
    """Return a small, valid workbook."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    for line, row in enumerate(GOOD.splitlines()):
        for place, cell in enumerate(row.split(";")):
            page.write_string(line, place, cell)
    book.close()
    return made.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP file of `parts`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in parts.items():
            out.writestr(name, body)
    return made.getvalue()


def opened(body: bytes) -> dict[str, bytes]:
    """Return the parts of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def bad(lot: random.Random) -> Iterator[tuple[str, bytes]]:
    """Give files without end as (name, content); those that are made with care come first."""
    good, parts = workbook(), opened(workbook())
    sheet = "xl/worksheets/sheet1.xml"
    yield from (("a.csv", GOOD.encode(encoding, "replace")) for encoding in ENCODINGS)  # fmt: skip
    yield from (("a.csv", bom + GOOD.encode()) for bom in BOMS)
    bomb = archive({**parts, sheet: b" " * 60_000_000})
    yield from (("bomb.xlsx", bomb), ("inner.xlsx", archive({**parts, "inner.zip": bomb})))
    yield "many.xlsx", archive({**parts, **{f"xl/zq{n}.xml": b"" for n in range(3000)}})
    yield "paths.xlsx", archive({**parts, "../../zq.xml": b"zq", "/etc/zq": b"zq"})
    for name in parts:
        yield f"without {name}.xlsx", archive({k: v for k, v in parts.items() if k != name})
        yield from ((f"{name}.xlsx", archive({**parts, name: xml})) for xml in XML)
    yield from (("a.csv", GOOD.encode() + b'"' * 999_999), ("a.csv", b";" * 500_000), ("a.csv", b"\n" * 500_000))  # fmt: skip
    yield from (
        ("", b"a"),
        ("a.csv", b""),
        ("<script>zq.csv", b"a;b\n1;2"),
        ("a\r\nb.csv", GOOD.encode()),
        ("x" * 5000 + ".csv", GOOD.encode()),
    )
    yield "cells.csv", GOOD.encode() + b"".join(b";".join((one.replace(b"\n", b" "), b"Billing")) + b"\n" for one in CORE)  # fmt: skip
    while True:
        kind = lot.randrange(4)
        if kind == 0:
            yield "lot.csv", lot.randbytes(lot.randrange(1, 3000))
        elif kind == 1:
            yield "lot.xlsx", b"PK\x03\x04" + lot.randbytes(lot.randrange(1, 3000))
        else:
            whole = bytearray(good if kind == 2 else GOOD.encode(lot.choice(ENCODINGS), "replace"))
            for _ in range(lot.randrange(1, 12)):
                whole[lot.randrange(len(whole))] = lot.randrange(256)
            yield (
                ("lot.xlsx" if kind == 2 else "lot.csv"),
                bytes(whole[: lot.randrange(len(whole) + 1)] if lot.random() < 0.3 else whole),
            )
