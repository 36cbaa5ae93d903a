"""Reading one initiative: who and what it names, who takes part, its sponsorships. Rows in, nothing lazy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from tracker.activity.models import EVENTS
from tracker.db import db
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.friction import Friction
from tracker.initiatives.keeping import title_key
from tracker.initiatives.listing import all_rows, filter_options, list_rows
from tracker.initiatives.models import Initiative
from tracker.initiatives.spells import StageSpell
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.initiatives.taking_part import TakingPart, taking_part
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.wording import sort_key

__all__ = [
    "Beside",
    "TakingPart",
    "acted",
    "all_rows",
    "filter_options",
    "initiative_facts",
    "list_rows",
    "similar",
    "sponsorships",
    "taking_part",
]

Lead, Sponsor, Proposed, Proposer, Asker, Maker = (aliased(Person) for _ in range(6))
Source, Other = aliased(Initiative), aliased(Initiative)


@dataclass(frozen=True)
class Beside:
    """What has at most one row for an initiative and is read with its facts: a model, or an alias, that gives the row its
    name, on which condition, and how it is loaded."""

    entity: Any
    on: Any
    options: tuple[Any, ...] = ()


def initiative_facts(initiative: Initiative, beside: Iterable[Beside] = ()) -> Any:
    """Return one row with the names an initiative refers to, its friction, the words of what is open, and what stands `beside`.

    `lead`, `lead_post`, `sponsor`, `sponsor_post`, `sponsor_load` (initiatives that go on), `proposed`, `proposed_by`,
    `proposal_words`, `adopts`, `asked_by`, `ask_words`, `ask_agreed`, `entered` (the stage it began in), `lead_unit`, `lead_unit_slug`,
    `created_by`, `copied_from`, and of the friction `words`, `touchpoint`, `channel`, `root_cause`, `evidence`, `friction_version`.
    """
    return db.session.execute(_facts(tuple(beside)), {"initiative": initiative.id}).one()


@cache
def _facts(beside: tuple[Beside, ...]) -> Any:
    """Return the select of the facts of the initiative of that name; it is built once for what stands `beside`."""
    load = (
        select(func.count())
        .select_from(Other)
        .where(
            Other.sponsor_id == Initiative.sponsor_id,
            Other.stopped_at.is_(None),
            Other.stage != "realised",
        )
        .scalar_subquery()
    )
    entered = (
        select(StageSpell.stage)
        .where(StageSpell.initiative_id == Initiative.id)
        .order_by(StageSpell.id)
        .limit(1)
        .scalar_subquery()
    )
    query: Any = (
        select(
            Lead.name.label("lead"),
            Lead.job_title.label("lead_post"),
            Sponsor.name.label("sponsor"),
            Sponsor.job_title.label("sponsor_post"),
            case((Initiative.sponsor_id.is_not(None), load), else_=0).label("sponsor_load"),
            Proposed.name.label("proposed"),
            Proposer.name.label("proposed_by"),
            entered.label("entered"),
            Sponsorship.words.label("proposal_words"),
            Sponsorship.adopts,
            Asker.name.label("asked_by"),
            StageAsk.words.label("ask_words"),
            StageAsk.agreed_at.label("ask_agreed"),
            Unit.name.label("lead_unit"),
            Unit.slug.label("lead_unit_slug"),
            Maker.name.label("created_by"),
            Source.ref.label("copied_from"),
            Friction.words,
            Friction.touchpoint,
            Friction.channel,
            Friction.root_cause,
            Friction.evidence,
            Friction.version.label("friction_version"),
        )
        .select_from(Initiative)
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(Lead, Lead.id == Initiative.lead_id)
        .outerjoin(Sponsor, Sponsor.id == Initiative.sponsor_id)
        .outerjoin(Proposed, Proposed.id == Initiative.proposed_sponsor_id)
        .outerjoin(Proposer, Proposer.id == Initiative.proposed_by_id)
        .outerjoin(Asker, Asker.id == Initiative.asked_by_id)
        .outerjoin(Maker, Maker.id == Initiative.created_by_id)
        .outerjoin(Source, Source.id == Initiative.copied_from_id)
        .outerjoin(Friction, Friction.initiative_id == Initiative.id)
        .outerjoin(
            Sponsorship,
            (Sponsorship.initiative_id == Initiative.id) & (Sponsorship.answer == Answer.proposed),
        )
        .outerjoin(
            StageAsk,
            (StageAsk.initiative_id == Initiative.id) & (StageAsk.state == AskState.open),
        )
        .where(Initiative.id == bindparam("initiative"))
    )
    for more in beside:
        query = (
            query.add_columns(more.entity).outerjoin(more.entity, more.on).options(*more.options)
        )
    return query


def sponsorships(initiative: Initiative, limit: int = 50) -> list[Any]:
    """Return every turn as sponsor and every proposal, the newest first: rows with `name` and `proposed_by`."""
    query = (
        select(
            Sponsorship.id,
            Sponsorship.person_id,
            Person.name,
            Sponsorship.answer,
            Sponsorship.interim,
            Sponsorship.adopts,
            Sponsorship.words,
            Sponsorship.answer_words,
            Sponsorship.proposed_at,
            Sponsorship.answered_at,
            Sponsorship.ended_at,
            Proposer.name.label("proposed_by"),
        )
        .join(Person, Person.id == Sponsorship.person_id)
        .outerjoin(Proposer, Proposer.id == Sponsorship.proposed_by_id)
        .where(Sponsorship.initiative_id == initiative.id)
        .order_by(Sponsorship.proposed_at.desc(), Sponsorship.id.desc())
        .limit(limit)
    )
    return list(db.session.execute(query))


def acted(initiative: Initiative, limit: int = 300) -> list[tuple[int, str]]:
    """Return who has done something about an initiative, as (id, name), by name."""
    actors = select(EVENTS.c.actor_id).where(EVENTS.c.initiative_id == initiative.id)
    query = select(Person.id, Person.name).where(Person.id.in_(actors)).limit(limit)
    rows = [(row.id, row.name) for row in db.session.execute(query)]
    return sorted(rows, key=lambda row: sort_key(row[1]))


def similar(person: Person, title: str, limit: int = 5) -> list[Any]:
    """Return initiatives that `person` sees and whose title reads the same as `title`: rows with `ref` and `title`."""
    key = title_key(title)
    if not key:
        return []
    same = Initiative.visible_to(person).where(Initiative.title_key == key)
    columns = (Initiative.ref, Initiative.title)
    return list(db.session.execute(same.with_only_columns(*columns).limit(limit)))
