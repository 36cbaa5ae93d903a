"""How the stories of this folder begin: an initiative with a lead, and one with a sponsor."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, text

from tests.aims import aim
from tracker.activity.models import Event
from tracker.db import db, writing
from tracker.initiatives.agreements import agreement_lists, agreements_of
from tracker.initiatives.awaiting import Waiting, together
from tracker.initiatives.models import Initiative
from tracker.initiatives.unsigned import maybe_reworded
from tracker.organisation.calendars import EveryCalendar, WorkingDays

USUAL = WorkingDays()
AIMS = Event.kind.like("goal.%") | Event.kind.like("kpi.%") | Event.kind.like("checkpoint.%")


def idea(cast: SimpleNamespace, now: Any, title: str = "One bill", **more: Any) -> Initiative:
    """An idea of customer care, led by the lead, that aims at a KPI."""
    values = {"lead_unit_id": cast.care.id, "lead": cast.lead, "by": cast.manager, **more}
    with writing():
        made = Initiative.create(title=title, now=now, **values)
        aim(made)
    return made


def sponsored(cast: SimpleNamespace, now: Any, title: str = "One bill", **more: Any) -> Initiative:
    """The same, sponsored by the executive and so at `framed`."""
    made = idea(cast, now, title, **more)
    with writing():
        made.propose_sponsor(cast.executive, by=cast.manager, now=now)
        made.accept_sponsorship(by=cast.executive, now=now)
    return made


def kinds(initiative: Initiative | None = None) -> list[str]:
    """The kinds of all events but those of goals and KPIs, or of those about one initiative, in the order they happened."""
    query = select(Event.kind).where(~AIMS).order_by(Event.id)
    if initiative is not None:
        query = query.where(Event.initiative_id == initiative.id)
    return list(db.session.scalars(query))


def last_event() -> Event:
    """The latest event that is not of a goal or a KPI."""
    return db.session.scalars(select(Event).where(~AIMS).order_by(Event.id.desc()).limit(1)).one()


def business() -> dict[str, list[Any]]:
    """Every row that a refused act must leave alone."""
    tables = ("initiative", "sponsorship", "stage_ask", "hold", "membership", "participation")
    tables += ("involvement", "friction", "stage_spell", "event")
    return {
        table: db.session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
        for table in tables
    }


def waits(kind: str, person: Any, now: Any, limit: int = 9) -> list[Waiting]:
    """What waits for a person of one kind of agreement."""
    lists = agreement_lists(person, now, limit) | {"reworded": maybe_reworded(person, now)}
    return agreements_of(together(lists), now, EveryCalendar(), limit)[kind]
