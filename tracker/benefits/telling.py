"""Whom this room tells what: finance, that money which is said to be realised waits for its word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.benefits.models import Benefit
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tells
from tracker.organisation.people import Person


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["benefit"] = named
    tells(Kind.benefit_entered, of_realised)


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the benefits with these ids by their initiatives, as far as `person` may see them."""
    seen = Benefit.visible_to(person).with_only_columns(Benefit.id).where(Benefit.id.in_(ids))
    of = Initiative.id == Benefit.initiative_id
    columns = select(Benefit.id, Initiative.ref, Initiative.title).join(Initiative, of)
    return {
        row.id: Thing(f"{row.ref} {row.title}", url_for("benefits.show", ref=row.ref))
        for row in db.session.execute(columns.where(Benefit.id.in_(seen)))
    }


def of_realised(benefit: Benefit, event: Event) -> Iterator[Told]:
    """Everybody of finance, once an amount is realised that nobody confirmed yet."""
    if event.facts.get("realised") is None:
        return
    finance = select(Person.id).where(Person.is_finance, Person.ended_at.is_(None))
    yield Told(
        Tell.benefit_waits, db.session.scalars(finance.order_by(Person.id)).all(), "benefit", benefit.id, event.actor_id,
        benefit.initiative_id,
    )  # fmt: skip
