"""Files of every kind become tables, or plain words with the place."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from openpyxl import Workbook

from tests.hands.files import archive, opened
from tracker.importing.reading import UnreadableFile, read
from tracker.importing.table import LONGEST_CELL, MOST_ROWS

PERSIAN = "نام,واحد\nکاهش زمان انتظار,مرکز تماس\nوب‌گاه تازه,فناوری\n"
SIMPLIFIED = "名称,部门\n客户服务中心的新流程,客户服务\n合同和数据,数据部门\n"
TRADITIONAL = "名稱,部門\n客戶服務中心的新流程,客戶服務\n合約和網站,資訊部門\n"
WESTERN = "Name,Unité\nRéduire l’attente – téléphone,Qualité\nÜbergabe prüfen,Beschwerden\n"
CYRILLIC = "Название,Отдел\nНовый договор,Клиенты\nСайт,Связь\n"


def refused(body: bytes, filename: str = "file.csv", **chosen: str) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as raised:
        read(body, filename, **chosen)
    return raised.value


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (PERSIAN, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (WESTERN, "utf-32", "utf-32"),
        (WESTERN, "cp1252", "cp1252"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (PERSIAN.replace("ی", "ي"), "cp1256", "cp1256"),
        (CYRILLIC, "cp1251", "cp1251"),
    ],
)
def test_each_usual_encoding_is_found(text: str, encoding: str, found: str) -> None:
    # Canary: _SCORES with cp1252 alone.
    table = read(text.encode(encoding), "file.csv")
    assert [table.headers, *(row.cells for row in table.rows)] == [
        tuple(line.split(",")) for line in text.splitlines()
    ]
    assert table.encoding == found
    assert bool(table.notes) == (found != "utf-8")


def test_a_chosen_encoding_holds_and_a_wrong_one_is_refused_with_its_line() -> None:
    assert read(WESTERN.encode("cp1252"), "f", encoding="cp1252").headers[1] == "Unité"
    trouble = refused(WESTERN.encode("cp1252"), encoding="utf-8")
    assert trouble.line == 1
    assert "UTF-8" in trouble.words
    assert "klingon" in refused(b"a,b\n1,2\n", encoding="klingon").words


def test_utf8_with_a_few_foreign_bytes_is_refused_not_guessed() -> None:
    trouble = refused(SIMPLIFIED.encode() + b"caf\xe9,x\n")
    assert trouble.line == 4


@pytest.mark.parametrize(
    "body",
    [bytes(range(256)) * 4, b"\x7fELF" + b"\x01\x02\x03" * 90, b"a,b\n" + bytes(range(128, 256))],
)
def test_what_is_no_text_is_refused(body: bytes) -> None:
    assert "UTF-8" in refused(body).words


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = [["Name", "Cost"], ["A; b", "1,5"], ["C|d", "2,5"], ["e\tf", "3"]]
    text = "\r\n".join(delimiter.join(f'"{c}"' for c in row) for row in rows)
    table = read(text.encode(), "file.csv")
    assert table.delimiter == delimiter
    assert [list(row.cells) for row in table.rows] == rows[1:]


def test_decimal_commas_do_not_make_a_comma_the_delimiter() -> None:
    assert read(b"Name;Cost\nA;1,5\nB;2,5\n", "f").delimiter == ";"


def test_excels_own_line_for_the_delimiter_is_understood() -> None:
    table = read(b"sep=;\r\nName;Unit\r\nA, b;C\r\n", "f")
    assert table.headers == ("Name", "Unit")
    assert table.rows[0].line == 3


def test_a_line_break_inside_quotes_stays_and_lines_are_counted_in_the_file() -> None:
    table = read(b'Name,Text\nA,"one\ntwo ""2"""\n\nB,three\n', "f")
    assert table.rows[0].cells == ("A", 'one\ntwo "2"')
    assert [row.line for row in table.rows] == [2, 5]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b'Name,Unit\nA,x\n"B,y\nC,z\n', 3),
        (b'Name,Unit\nA,x\n"B,y\nC,"z"\n', 3),
        (b'Name,Unit\nA,"said "hi" to"\n', 2),
        (b'Name,Unit\nA,"' + b"x\n" * 90_000, 2),
    ],
)
def test_quotes_that_never_close_are_refused_with_their_line(body: bytes, line: int) -> None:
    # Canary: csv.reader(strict=False).
    trouble = refused(body)
    assert trouble.line == line
    assert str(line) in trouble.words


@pytest.mark.parametrize("body", [b"", b"  \r\n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_refused(body: bytes) -> None:
    assert "empty" in refused(body).words


def test_headings_without_rows_are_refused() -> None:
    assert "no rows" in refused(b"Name,Unit\n").words


@pytest.mark.parametrize(
    "body",
    [
        b"Manchester Hub,CO,2024-25,558.0\nB,MOD,2024-25,3.5\n",
        b"Nora,nora@example.com\nAli,ali@example.com\n",
        b"A,2024-05-31\nB,2024-06-30\n",
        b"My report\nName,Unit\nA,B\n",
    ],
)
def test_a_file_without_headings_is_refused(body: bytes) -> None:
    assert refused(body).line == 1


@pytest.mark.parametrize("second", ["Name", "NAME", " name ", "Ｎａｍｅ"])
def test_two_same_headings_are_refused_naming_both_columns(second: str) -> None:
    # Canary: comparing headings without key().
    trouble = refused(f"Name,Unit,{second}\na,b,c\n".encode())
    assert "A and C" in trouble.words


def test_a_column_without_heading_is_named_by_its_letter() -> None:
    table = read(b",Name,,\n1,A,,\n", "f")
    assert table.headers == ("(column A)", "Name")
    assert [str(note) for note in table.notes] == ["Column A has no heading."]


def test_ragged_rows_are_reported_by_row_and_the_others_stay_good() -> None:
    table = read(b"Name,Unit\nA,x,extra\nB,y,\nC\nD,z\n", "f")
    assert [bool(row.trouble) for row in table.rows] == [True, False, True, False]
    assert "3" in table.rows[0].trouble
    assert all(len(row.cells) == 2 for row in table.rows)


def test_the_limits_are_refused_in_words() -> None:
    assert "10.0 MB" in refused(b"x" * (10 * 1024 * 1024 + 1)).words
    long = refused(b"Name,Unit\nA," + b"y" * (LONGEST_CELL + 1) + b"\n")
    assert long.line == 2
    assert "column B" in long.words
    rows = b"Name,Unit\n" + b"A,x\n" * MOST_ROWS
    assert len(read(rows, "f").rows) == MOST_ROWS
    assert refused(rows + b"A,x\n").line == MOST_ROWS + 2


def test_a_workbook_is_read_like_a_csv_file() -> None:
    table = read(
        workbook([["Name", "Amount", "Note"], [" A ", 25.0, None], [None], ["B", 1.5, "=1+1"]]),
        "file.csv",
    )
    assert [row.cells for row in table.rows] == [(" A ", "25", ""), ("B", "1.5", "")]
    assert [row.line for row in table.rows] == [2, 4]


def test_a_workbook_says_which_sheet_was_read_and_another_may_be_chosen() -> None:
    book = Workbook()
    book.active.title = "Cover"
    book.active.append(["Name"])
    book.active.append(["A"])
    other = book.create_sheet("Projects")
    other.append(["Name"])
    other.append(["B"])
    book.create_sheet("Secret").sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    table = read(written.getvalue(), "f.xlsx")
    assert (table.sheet, table.sheets) == ("Cover", ("Cover", "Projects"))
    assert "Projects" in str(table.notes[0])
    assert read(written.getvalue(), "f.xlsx", sheet="Projects").rows[0].cells == ("B",)
    assert "Cover, Projects" in refused(written.getvalue(), sheet="Secret").words


def test_days_errors_and_truths_in_a_workbook() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Day", "Yes", "Broken", "Break"])
    page.write_number(1, 0, 45747, book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_boolean(1, 1, True)
    page.write_string(1, 2, "#REF!")
    page.write_string(1, 3, "a\rb")
    book.close()
    row = read(written.getvalue(), "f").rows[0]
    assert row.cells == ("2025-03-31", "TRUE", "#REF!", "a\rb")
    assert "#REF!" in row.trouble


def replaced(body: bytes, part: str, text: bytes) -> bytes:
    return archive({**opened(body), part: text})


def test_an_archive_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    # Canary: check_archive() without the sums.
    monkeypatch.setattr("tracker.importing.workbook.load_workbook", pytest.fail)
    one = archive({"[Content_Types].xml": b"", "xl/workbook.xml": b" " * 60_000_000})
    many = archive(
        {"[Content_Types].xml": b""} | {f"xl/{n}.xml": b"ab" * 500_000 for n in range(130)}
    )
    parts = archive({"[Content_Types].xml": b""} | {f"xl/{n}": b"" for n in range(2_001)})
    for bomb in (one, many, parts):
        assert len(bomb) < 1_000_000
        assert "not opened" in refused(bomb, "bomb.xlsx").words


def test_entities_in_a_workbook_are_refused() -> None:
    # Canary: without defusedxml the entity is expanded.
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    body = replaced(workbook([["Name"], ["A"]]), "xl/worksheets/sheet1.xml", laughs)
    assert "not opened" in refused(body, "f.xlsx").words


def test_a_cell_in_the_last_column_or_row_costs_nothing() -> None:
    book = Workbook()
    book.active["A1"], book.active["A2"], book.active["A1048576"] = "Name", "A", "B"
    written = io.BytesIO()
    book.save(written)
    assert [row.cells for row in read(written.getvalue(), "f").rows] == [("A",)]
    book.active["XFD1"] = "far"
    written = io.BytesIO()
    book.save(written)
    assert read(written.getvalue(), "f").headers == ("Name",)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
        (b"%PDF-1.7\n", "another kind"),
        (b"PK\x03\x04 and then nonsense", "damaged"),
        (archive({"word/document.xml": b"<w/>"}), "not an Excel workbook"),
        (archive({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<b/>"}), "damaged"),
        (
            replaced(workbook([["A"], ["b"]]), "xl/worksheets/sheet1.xml", b"<worksheet><"),
            "damaged",
        ),
    ],
)
def test_other_kinds_of_files_are_refused_in_their_own_words(body: bytes, word: str) -> None:
    assert word in refused(body).words


def test_one_nought_in_a_cell_makes_no_file_of_two_bytes_a_character() -> None:
    """Planted: no share of noughts asked for."""
    lines = "\r\n".join(f"Initiative {n};Care" for n in range(60))
    body = f"Title;Lead unit\r\n{lines}\x00".encode()
    for more in (b"", b" "):
        with pytest.raises(UnreadableFile, match="characters that no text has"):
            read(body + more, "file.csv")
