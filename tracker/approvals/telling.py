"""Whom this room tells what: who decides that somebody asks, who asked what came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from flask import url_for
from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.approvals.models import Approval
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.notices.kinds import Tell
from tracker.notices.subjects import Thing, subjects
from tracker.notices.telling import Told, tells
from tracker.organisation.deputies import Capacity, Deputyship
from tracker.organisation.settings import day_of


def join() -> None:
    """Register everything; doing it twice changes nothing."""
    subjects["approval"] = named
    tells(Kind.approval_submitted, of_request)
    tells(Kind.approval_decided, of_decision)


def named(person: Any, ids: Collection[int]) -> Mapping[int, Thing]:
    """Return the requests with these ids as far as `person` may see them."""
    found = (
        Approval.visible_to(person)
        .with_only_columns(Approval.id, Approval.question, Initiative.ref)
        .join(Initiative, Initiative.id == Approval.initiative_id)
        .where(Approval.id.in_(ids))
    )
    return {
        row.id: Thing(f"{row.ref} {row.question}", url_for("approvals.show", key=row.id))
        for row in db.session.execute(found)
    }


def of_request(approval: Approval, event: Event) -> Iterator[Told]:
    """The sponsor, and who stands in for the sponsor today."""
    initiative = approval.initiative
    today = day_of(event.at)
    deputies = select(Deputyship.deputy_id).where(
        Deputyship.person_id == initiative.sponsor_id,
        Deputyship.capacity == Capacity.sponsor,
        Deputyship.revoked_at.is_(None),
        Deputyship.starts <= today,
        Deputyship.ends >= today,
    )
    barred = {initiative.lead_id, approval.drafted_by_id}
    people = [initiative.sponsor_id, *db.session.scalars(deputies.order_by(Deputyship.id))]
    yield _told(Tell.stage_asked, [one for one in people if one not in barred], approval, event)


def of_decision(approval: Approval, event: Event) -> Iterator[Told]:
    """Whoever asked, the lead, and the sponsor where a deputy decided."""
    initiative = approval.initiative
    people = [
        *(approval.asked_by_id, approval.drafted_by_id, initiative.lead_id),
        initiative.sponsor_id,
    ]
    yield _told(Tell.approval_decided, people, approval, event)


def _told(kind: Tell, people: list[int | None], approval: Approval, event: Event) -> Told:
    return Told(kind, people, "approval", approval.id, event.actor_id, approval.initiative_id)
