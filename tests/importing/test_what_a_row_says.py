"""What the rows of a preview are called, and what becomes of a stage that a file names."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.importing.fields import What
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage

IDEA = "It comes in as an idea, and stands at Framed once somebody accepts to sponsor it."


def test_a_rejected_row_is_called_by_its_title(bring, cast):
    """Planted: the titles of actions left out of what a row is called by: it was called by the number of its initiative."""
    bring(What.initiatives, "name,unit", "One bill,CARE")
    found = bring(
        What.actions, "initiative,task,assignee,due", "CX-1,Record ten calls,Milo Member,some day", dry_run=True
    )  # fmt: skip
    assert [(one.outcome.value, one.name) for one in found.report.results] == [("rejected", "Record ten calls")]  # fmt: skip
    found = bring(What.initiatives, "id,title,unit,stage", "7,Shorter waits,CARE,nowhere", dry_run=True)  # fmt: skip
    assert [one.name for one in found.report.results] == ["Shorter waits"]


def test_a_new_row_with_a_stage_says_that_it_comes_in_as_an_idea(bring, cast):
    """Planted: `as_it_stands` left out of what is said of a new row."""
    found = bring(What.initiatives, "name,unit,stage", "One,CARE,Framed", "Two,CARE,idea", "Three,CARE,")  # fmt: skip
    assert [one.words for one in found.report.results] == [IDEA, "", ""]
    one = db.session.scalars(select(Initiative).where(Initiative.title == "One")).one()
    assert (one.stage, one.adopt_stage) == (Stage.idea, Stage.framed)
