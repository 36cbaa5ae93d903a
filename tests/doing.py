"""One initiative on which something is to be done, and short ways to give it to somebody."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

DUE = date(2026, 3, 20)  # a Friday; the clock stands on Monday, the 2nd


def work_of(app, cast, clock):
    """Make an initiative of customer care that Lena leads and Milo works on, and `make(**who)` for its actions."""
    with app.app_context(), writing():
        initiative = Initiative.create(
            title="One bill that anybody can read",
            lead_unit_id=cast.care.id,
            by=cast.manager,
            now=clock(),
            lead=cast.lead,
        )
        initiative.add_member(cast.member, by=cast.manager, now=clock())

    def adds(by=None, **fields):
        who = {
            key: fields.pop(key)
            for key in ("person_id", "partner_id", "contact_id")
            if key in fields
        }
        return Action.add(
            db.session.get_one(Initiative, initiative.id),
            **{"title": "Record ten welcome calls", "due_on": DUE, **fields},
            assignee=Assignee(**(who or {"partner_id": cast.vendor.id})),
            by=by or cast.lead,
            now=clock(),
        )  # fmt: skip

    def make(**fields):
        with app.app_context(), writing():
            return adds(**fields)

    return SimpleNamespace(initiative=initiative, adds=adds, make=make)


def stored(app, action):
    """Return an action as it stands in the database."""
    with app.app_context():
        return db.session.get_one(Action, action.id)


def change(app, action, do):
    """Do something with an action in a write of its own, and return it as it stands then."""
    with app.app_context():
        with writing():
            do(db.session.get_one(Action, action.id))
        db.session.expire_all()
        return db.session.get_one(Action, action.id)
