"""Fills an empty database with the demo story, in one write transaction, through the real verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.actions.pausing import counted_by_now
from tracker.activity.kinds import Kind
from tracker.db import db, writing
from tracker.demo.accounts import ACCOUNTS
from tracker.demo.acting import act
from tracker.demo.actions import ACTIONS
from tracker.demo.aiming import aim
from tracker.demo.blockers import BLOCKERS
from tracker.demo.blocking import block
from tracker.demo.founding import found
from tracker.demo.measuring import measure
from tracker.demo.pinning import pin
from tracker.demo.planning import plan_gates, reach
from tracker.demo.portfolio import INITIATIVES
from tracker.demo.progress import UPDATES
from tracker.demo.proving import prove
from tracker.demo.reporting import report
from tracker.demo.stage_plans import keep_plans
from tracker.demo.story import Story
from tracker.demo.telling import tell
from tracker.demo.timetable import Timetable
from tracker.errors import NotNow
from tracker.notices.telling import tell_of_past
from tracker.organisation.passwords import hashed
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.partners.scores import ScoresCounted


def is_empty() -> bool:
    """Tell whether nobody is in the database yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def seed(now: datetime) -> str:
    """Tell the story so that it ends at `now` (aware), and return its sum in one line.

    Needs an application context and the schema. Raises `NotNow` when somebody is here already.
    """
    if not is_empty():
        raise NotNow(_("Somebody is here already. Demo data goes into an empty database only."))
    hashes = {password: hashed(password) for password in {a.password for a in ACCOUNTS}}
    with writing():
        story = Story(Timetable(now), hashes)
        found(story)
        for plan in INITIATIVES:
            tell(story, plan)
            aim(story, plan)
            prove(story, plan)
            plan_gates(story, plan)
            report(story, plan, UPDATES.get(plan.key, ()))
        for blocker in BLOCKERS:
            block(story, blocker)
        for action in ACTIONS:
            act(story, action)
        reach(story)
        keep_plans(story)
        measure(story)
        pin(story)
        story.timetable.run()
        counted_by_now(db.session())
        db.session.merge(ScoresCounted(id=1))
        counts = {
            "units": len(story.units),
            "partners": len(story.partners),
            "people": sum(person.is_internal for person in story.people.values()),
            "initiatives": len(story.initiatives),
            "blockers": len(BLOCKERS) + sum(len(action.stops) for action in ACTIONS),
            "actions": len(ACTIONS),
        }
        recent, fresh = now - timedelta(days=21), now - timedelta(days=14)
        tell_of_past(db.session(), since=recent, mailed_since=fresh)
        Organisation.current().record(Kind.demo_seeded, by=None, now=now, after=counts)
    return ", ".join(f"{count} {thing}" for thing, count in counts.items())
