"""A calendar as text: what was typed stays in its line, and no line is too long (CVE-2026-8496)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.conftest import read
from tracker.feeds.ics import Entry, calendar, escaped, folded

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def entry(**more):
    return Entry(
        **{
            "uid": "action-x@localhost", "day": date(2026, 3, 20), "summary": "Ten calls", "url": "http://localhost/x",
            "description": "CX-1", "changed": AT, "sequence": 3,
            **more,
        }
    )  # fmt: skip


def made(*entries):
    return calendar("Throughline", entries, again=timedelta(hours=6))


def test_a_day_is_a_whole_day_and_says_when_it_changed():
    (one,) = read(made(entry()))
    assert (one["DTSTART"], one["DTEND"]) == ("20260320", "20260321")
    assert (one["DTSTAMP"], one["LAST-MODIFIED"], one["SEQUENCE"]) == ("20260302T093000Z", "20260302T093000Z", "3")  # fmt: skip
    assert one["UID"] == "action-x@localhost"
    assert b"DTSTART;VALUE=DATE:20260320\r\n" in made(entry())


@pytest.mark.parametrize(
    "typed",
    [
        "Ten\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:http://evil.example",
        "Ten\nATTENDEE:mailto:all@example.org",
        "Ten\rDESCRIPTION:x",
        "Ten\u2028BEGIN:VEVENT\u2029\x85\x0b\x0c\x1c\x1d\x1e",
        "a\\nb; c, d\\",
        "\x00\x07\x1b[31m",
    ],
)
def test_what_is_typed_ends_no_line(typed):
    """Canaries: line feeds left as they are; the backslash escaped last, which undoes the others."""
    (one,) = read(made(entry(summary=typed, description=typed)))
    assert set(one) == {
        *("BEGIN", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY"),
        *("DESCRIPTION", "URL", "TRANSP", "CLASS", "END"),
    } - {"BEGIN"}
    assert len(made(entry(summary=typed)).decode().splitlines()) == len(made(entry(summary=typed)).split(b"\r\n")) - 1  # fmt: skip
    plain = typed.replace("\r\n", "\n").replace("\r", "\n")
    assert [c for c in one["SUMMARY"] if c.isprintable() and c != " "] == [c for c in plain if c.isprintable() and c != " "]  # fmt: skip


@given(st.text(max_size=400))
def test_a_line_is_folded_between_characters(text):
    """Canary: folded by characters instead of octets; no room left for the blank."""
    line = "SUMMARY:" + escaped(text)
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(st.lists(st.text(max_size=120), max_size=5))
def test_there_are_as_many_events_as_entries(titles):
    events = read(made(*(entry(summary=title) for title in titles)))
    assert len(events) == len(titles)
