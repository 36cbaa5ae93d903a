"""The initiative that this folder works on, and a calendar that is read as a program would."""

from __future__ import annotations

import re

import pytest

from tests.doing import work_of


@pytest.fixture
def work(app, cast, clock):
    return work_of(app, cast, clock)


@pytest.fixture
def address(as_):
    """Make the address of somebody's calendar on their page and return its path, as it is shown this once."""

    def make(person):
        tab = as_(person)
        assert tab.fill("/settings/calendar").status_code == 303
        page = tab.get("/settings/calendar").text
        return re.search(r'value="http://localhost(/calendar/[^"]+\.ics)"', page)[1]

    return make


def read(body):
    """Return the events of a calendar, each by its properties: unfolded and unescaped as RFC 5545 says."""
    text = body.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    events = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events:
            assert name.partition(";")[0] not in events[-1] or name == "END", line
            events[-1][name.partition(";")[0]] = re.sub(
                r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value
            )
    return events
