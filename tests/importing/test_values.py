"""Rows become values, or problems with their column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.importing.columns import Mapping, guessed
from tracker.importing.fields import What
from tracker.importing.reading import Table, read
from tracker.importing.values import Problem, Reader


def table(*rows: str) -> Table:
    return read("\n".join(rows).encode(), "file.csv")


def test_a_row_is_read_by_the_shapes_of_its_fields() -> None:
    read_ = table(
        "name;department;y;cost_m;rating;partners;report date",
        "NEW  IT SYSTEM;CO;;558,5;AMBER;Acme; Beta;03/04/2025".replace("; Beta", "|Beta"),
        "Other;CO;;1.059;;;04/13/2025",
    )
    mapping, _sure = guessed(What.initiatives, read_)
    values, problems = Reader(mapping, read_).read(read_.rows[0])
    assert problems == []
    assert values["name"] == "New IT System"
    assert values["budget"].amount == Decimal(558_500_000)
    assert values["colour"] == "at_risk"
    assert values["partners"] == ["Acme", "Beta"]
    assert values["period"].last == date(2025, 3, 4)
    values, _problems = Reader(mapping, read_).read(read_.rows[1])
    assert values["budget"].amount == Decimal(1_059_000_000)
    assert values["colour"] is None


def test_every_problem_of_a_row_is_told_with_its_column() -> None:
    # Canary: Reader.read() stopping at the first problem.
    read_ = table("Title,RAG,Report date,Budget", ",PURPLE,0000-00-00,lots")
    mapping, _sure = guessed(What.initiatives, read_)
    _values, problems = Reader(mapping, read_).read(read_.rows[0])
    assert [p.column for p in problems] == ["Title", "Report date", "RAG", "Budget"]
    assert "blank" in problems[0].words
    assert "PURPLE" in problems[2].words


def test_a_ragged_row_is_a_problem_of_the_row() -> None:
    read_ = table("Name,Unit", "A,B,C")
    mapping, _sure = guessed(What.initiatives, read_)
    assert Reader(mapping, read_).read(read_.rows[0]) == (
        {},
        [Problem("", read_.rows[0].trouble)],
    )


def test_words_of_the_file_may_be_given_a_meaning_and_blanks_a_default() -> None:
    read_ = table("Name,RAG,Mail", "A,Amber/Red,x@y.example", "B,,not an address")
    mapping = Mapping(
        What.initiatives,
        {"name": "Name", "colour": "RAG"},
        {"colour": "green", "stage": "piloting"},
        {"colour": {"amber / red": "off track"}},
    )
    reader = Reader(mapping, read_)
    assert reader.read(read_.rows[0])[0] == {
        "name": "A",
        "colour": "off_track",
        "stage": "piloting",
    }
    assert reader.read(read_.rows[1])[0]["colour"] == "on_track"


def test_addresses_and_lengths_are_checked() -> None:
    read_ = table("Email,Name", "Nora@Example.COM,Nora", f"nora,{'x' * 200}")
    mapping, _sure = guessed(What.people, read_)
    reader = Reader(mapping, read_)
    assert reader.read(read_.rows[0])[0]["email"] == "nora@example.com"
    _values, problems = reader.read(read_.rows[1])
    assert "e-mail" in problems[0].words
    assert "200 characters" in problems[1].words
