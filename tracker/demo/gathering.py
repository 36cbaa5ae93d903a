"""The team of each initiative: units, partners, people, and the shares of time that heads agree to."""

from __future__ import annotations

from datetime import datetime

from tracker.demo.company import UNITS
from tracker.demo.people import PEOPLE
from tracker.demo.shapes import InitiativePlan, SeatPlan
from tracker.demo.story import Story
from tracker.initiatives.team import Discipline, Responsibility

AGREED_AFTER = 6  # days
ASKED_STILL = 140  # a share asked for later than this many days ago still waits for the head

HEAD_OF = {unit.code: unit.head for unit in UNITS}
UNIT_OF = {person.key: person.unit for person in PEOPLE}


def gather(story: Story, plan: InitiativePlan, ago: int) -> None:
    """Put on the timetable that a team comes together `ago` days ago, and who joins it later."""
    on = story.timetable.on
    on(ago, lambda now: _invite(story, plan, now))
    for seat in plan.team:
        on(seat.since or ago, lambda now, seat=seat: _join(story, plan, seat, now))
        if seat.share and ago > ASKED_STILL:
            on(ago - AGREED_AFTER, lambda now, seat=seat: _agree(story, plan, seat, now))


def _invite(story: Story, plan: InitiativePlan, now: datetime) -> None:
    initiative, lead = story.initiatives[plan.key], story.people[plan.lead]
    initiative.revise_units({story.units[code].id for code in plan.units}, by=lead, now=now)
    initiative.revise_partners({story.partners[key].id for key in plan.partners}, by=lead, now=now)


def _join(story: Story, plan: InitiativePlan, seat: SeatPlan, now: datetime) -> None:
    story.seats[plan.key, seat.who] = story.initiatives[plan.key].add_member(
        story.people[seat.who],
        responsibility=Responsibility(seat.part),
        discipline=Discipline(seat.discipline),
        what_for=seat.what_for,
        share=seat.share,
        by=story.people[plan.lead],
        now=now,
    )


def _agree(story: Story, plan: InitiativePlan, seat: SeatPlan, now: datetime) -> None:
    head = story.people[HEAD_OF[UNIT_OF[seat.who]]]
    story.initiatives[plan.key].agree_share(story.seats[plan.key, seat.who], by=head, now=now)
