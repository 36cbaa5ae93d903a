"""The charter of each initiative: drafted at the beginning, published once a sponsor stands for it."""

from __future__ import annotations

from datetime import datetime

from tracker.demo.shapes import CharterPlan, InitiativePlan, RevisionPlan
from tracker.demo.story import Story
from tracker.initiatives.charter import CharterDraft

DRAFTED, PUBLISHED = 1, 2  # days after the beginning; days after the sponsor's yes


def charter(story: Story, plan: InitiativePlan, agreed: CharterPlan | None, begun: int) -> None:
    """Put the charter on the timetable; `begun` is how many days ago the initiative began.

    An idea has a draft alone: there is no sponsor yet to stand for it.
    """
    on = story.timetable.on
    on(begun - DRAFTED, lambda now: _draft(story, plan, agreed, now))
    if agreed is None:
        return
    on(plan.path[0].ago - PUBLISHED, lambda now: _publish(story, plan, "", now))
    change = agreed.revision
    if change is not None:
        on(change.ago, lambda now: _revise(story, plan, change, now))


def _draft(story: Story, plan: InitiativePlan, agreed: CharterPlan | None, now: datetime) -> None:
    sections = {"purpose": plan.charter}
    if agreed is not None:
        sections |= {
            "for_customer": agreed.customer,
            "in_scope": agreed.inside,
            "out_of_scope": agreed.outside,
            "taking_part": "\n".join(
                f"{story.people[seat.who].name}: {seat.what_for}"
                for seat in plan.team
                if seat.since is None
            ),
            "measures": agreed.measures,
            "time_budget": agreed.time,
            "risks": agreed.risks,
        }
    _save(story, plan, sections, now)


def _revise(story: Story, plan: InitiativePlan, change: RevisionPlan, now: datetime) -> None:
    written = {
        "in_scope": change.inside,
        "out_of_scope": change.outside,
        "measures": change.measures,
        "time_budget": change.time,
    }
    _save(story, plan, {section: text for section, text in written.items() if text}, now)
    _publish(story, plan, change.note, now, wording_only=change.wording_only)


def _save(story: Story, plan: InitiativePlan, sections: dict[str, str], now: datetime) -> None:
    initiative = story.initiatives[plan.key]
    CharterDraft.of(initiative).save(initiative, by=story.people[plan.lead], now=now, **sections)


def _publish(
    story: Story, plan: InitiativePlan, note: str, now: datetime, *, wording_only: bool = False
) -> None:
    initiative = story.initiatives[plan.key]
    CharterDraft.of(initiative).publish(
        initiative, note=note, wording_only=wording_only, by=story.people[plan.lead], now=now
    )
