"""What a lead brings in of actions: nothing that no form of theirs allows."""

from __future__ import annotations

import pytest

from tests.cast import START
from tests.importing.test_actions import HEAD, initiative, stood  # noqa: F401
from tests.importing.test_blockers import outcomes
from tracker.actions.states import State
from tracker.db import writing
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import plan, write
from tracker.importing.reading import read


@pytest.fixture
def bring_as(inside, initiative):  # noqa: F811
    """Import a file as its page does, on the word of somebody; return the plan."""

    def brought(who, *rows, head=HEAD, **chosen):
        table = read("\n".join((head, *rows)).encode(), "file.csv")
        mapping = guessed(What.actions, table)[0]
        planned = plan(table, mapping, today=START.date(), importer=who, skip_bad=True, **chosen)
        if planned.alters:
            with writing():
                write(planned, by=who, now=START)
        return planned

    return brought


def test_own_work_with_criteria_comes_in_as_in_progress(bring_as, cast):
    """Canary: the look at the importer left out of `_new`."""
    rows = (
        "T1,CX-1,Own work,Lena Lead,,,2026-03-20,accepted,,,It works,",
        "T2,CX-1,Without criteria,Lena Lead,,,2026-03-20,accepted,,,,",
        "T3,CX-1,Of somebody else,Milo Member,,,2026-03-20,accepted,,,It works,",
    )
    found = bring_as(cast.lead, *rows)
    assert outcomes(found) == ["created"] * 3, [r.words for r in found.report.results]
    assert [one.state for one in stood()] == [State.in_progress, State.done, State.accepted]
    assert "nobody accepts their own work" in found.report.results[0].words


def test_a_partners_work_is_accepted_by_a_managers_file_alone(bring_as, cast):
    """Canary: the look at the importer left out of `may_say_accepted`."""
    row = "T1,CX-1,Theirs,Brightline,,,2026-03-20,accepted,,,,"
    found = bring_as(cast.lead, row)
    assert "the partner hands it in here" in found.report.results[0].words
    bring_as(cast.manager, row.replace("T1", "T2").replace("Theirs", "Long over"))
    assert [one.state for one in stood()] == [State.in_progress, State.accepted]
