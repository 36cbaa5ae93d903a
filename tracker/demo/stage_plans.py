"""The kinds of initiatives of the company, and by which gates each goes."""

from __future__ import annotations

from datetime import datetime

from tracker.demo.people import ADMINISTRATOR
from tracker.demo.story import Story
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Measure
from tracker.milestones.plans import StagePlan
from tracker.milestones.usual import GateTerms, usual_terms

SETTLED = 12  # days ago: the newest sponsor had accepted by then, so leads planned the gates before it by hand
CHANGE = {
    Stage.designing: GateTerms(
        "", ("Ten customers told us in their own words what goes wrong",), usual_terms(Stage.designing).measures, 15
    ),
    Stage.piloting: GateTerms(
        "", ("Eight of ten customers who tried the design would use it",), usual_terms(Stage.piloting).measures, 30
    ),
    Stage.rolling_out: GateTerms(
        "", ("Customers of the pilot say that it is better",), usual_terms(Stage.rolling_out).measures, 45
    ),
    Stage.proving: GateTerms("", ("Every customer it is meant for has it",), usual_terms(Stage.proving).measures, 60),
}  # fmt: skip
LETTER = {
    Stage.designing: GateTerms("The text is drafted", ("Five customers read it aloud and say what it asks of them",), (), 5),
    Stage.piloting: GateTerms("The first letters go out", (), (Measure.goal_whole,), 10),
    Stage.rolling_out: GateTerms("Fewer people call about it", ("Calls about the letter went down",), (Measure.no_blockers,), 20),
    Stage.proving: GateTerms("All letters read so", ("Every customer gets the new text",), (), 10),
}  # fmt: skip


def keep_plans(story: Story) -> None:
    """Put the two plans on the timetable."""
    story.timetable.on(SETTLED, lambda now: _add(story, now))


def _add(story: Story, now: datetime) -> None:
    by = story.people[ADMINISTRATOR]
    StagePlan.add(name="Change of a process", gates=CHANGE, at_acceptance=True, usual=True, by=by, now=now)  # fmt: skip
    StagePlan.add(name="New wording of a letter or a page", gates=LETTER, by=by, now=now)
