"""What leads reported, each report on the day it was written."""

from __future__ import annotations

from datetime import datetime

from tracker.demo.shapes import InitiativePlan, UpdatePlan
from tracker.demo.story import Story
from tracker.initiatives.reporting import Colour
from tracker.updates.models import Update


def report(story: Story, plan: InitiativePlan, updates: tuple[UpdatePlan, ...]) -> None:
    """Put the reports of one initiative on the timetable."""
    for update in updates:
        story.timetable.on(update.ago, lambda now, update=update: _post(story, plan, update, now))


def _post(story: Story, plan: InitiativePlan, update: UpdatePlan, now: datetime) -> None:
    Update.post(
        story.initiatives[plan.key],
        colour=Colour(update.colour),
        day=now.date(),
        reason=update.why,
        help_needed=update.ask,
        what_changed=update.changed,
        what_next=update.coming,
        by=story.people[plan.lead],
        now=now,
    )
