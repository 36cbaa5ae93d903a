"""A calendar of whole days as text (RFC 5545): who typed a title can break out of no line, and every line is short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, without its end (RFC 5545, 3.1)
END = "\r\n"
# What no program takes for a line break or for nothing: control characters, and the line ends of Unicode.
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on one day. `uid` stays the same for ever, `sequence` rises when it changes; `changed` is in UTC."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    changed: datetime
    sequence: int


def calendar(name: str, entries: Iterable[Entry], *, again: timedelta) -> bytes:
    """Return the calendar called `name`; programs may ask for it anew after `again`."""
    hours = f"PT{int(again.total_seconds() // 3600)}H"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Throughline//Due dates//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",  # RFC 7986
        f"X-WR-CALNAME:{escaped(name)}",  # what programs read before there was one
        f"REFRESH-INTERVAL;VALUE=DURATION:{hours}",
        f"X-PUBLISHED-TTL:{hours}",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(piece + END for line in lines for piece in folded(line)).encode()


def escaped(text: str) -> str:
    """Return a value of type TEXT (RFC 5545, 3.3.11): a line break in it is two characters, and nothing else ends a line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSEEN.sub(" ", text)
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most `LONGEST` octets, of which all but the first begin with a blank.

    No character is cut in two: each octet of UTF-8 stays with its own.
    """
    piece, length = "", 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > LONGEST:
            yield piece
            piece, length = " ", 1
        piece, length = piece + sign, length + octets
    yield piece


def _event(entry: Entry) -> list[str]:
    changed = entry.changed.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    after = entry.day + timedelta(days=1)
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{escaped(entry.summary)}",
        f"DESCRIPTION:{escaped(entry.description)}",
        f"URL:{_UNSEEN.sub('', entry.url)}",
        "TRANSP:TRANSPARENT",  # the day stays free
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]
