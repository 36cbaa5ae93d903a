"""Reading one initiative: who and what it names, who takes part, its sponsorships. Rows in, nothing lazy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from tracker.activity.models import EVENTS
from tracker.db import db
from tracker.initiatives.asking import AskState, StageAsk
from tracker.initiatives.friction import Friction
from tracker.initiatives.keeping import title_key
from tracker.initiatives.listing import all_rows, filter_options, list_rows
from tracker.initiatives.memberships import Membership, Responsibility
from tracker.initiatives.models import Initiative
from tracker.initiatives.reaching import Involvement, Participation
from tracker.initiatives.sponsorships import Answer, Sponsorship
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.wording import sort_key

__all__ = [
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


def initiative_facts(initiative: Initiative) -> Any:
    """Return one row with the names an initiative refers to, its friction, and the words of what is open.

    `lead`, `lead_post`, `sponsor`, `sponsor_post`, `sponsor_load` (initiatives that go on), `proposed`, `proposed_by`,
    `proposal_words`, `adopts`, `asked_by`, `ask_words`, `lead_unit`, `lead_unit_slug`, `created_by`, `copied_from`, and of
    the friction `words`, `touchpoint`, `channel`, `root_cause`, `evidence`, `friction_version`.
    """
    lead, sponsor, proposed, proposer, asker, maker = (aliased(Person) for _ in range(6))
    source, other = aliased(Initiative), aliased(Initiative)
    load = (
        select(func.count())
        .select_from(other)
        .where(
            other.sponsor_id == Initiative.sponsor_id,
            other.stopped_at.is_(None),
            other.stage != "realised",
        )
        .scalar_subquery()
    )
    query = (
        select(
            lead.name.label("lead"),
            lead.job_title.label("lead_post"),
            sponsor.name.label("sponsor"),
            sponsor.job_title.label("sponsor_post"),
            case((Initiative.sponsor_id.is_not(None), load), else_=0).label("sponsor_load"),
            proposed.name.label("proposed"),
            proposer.name.label("proposed_by"),
            Sponsorship.words.label("proposal_words"),
            Sponsorship.adopts,
            asker.name.label("asked_by"),
            StageAsk.words.label("ask_words"),
            Unit.name.label("lead_unit"),
            Unit.slug.label("lead_unit_slug"),
            maker.name.label("created_by"),
            source.ref.label("copied_from"),
            Friction.words,
            Friction.touchpoint,
            Friction.channel,
            Friction.root_cause,
            Friction.evidence,
            Friction.version.label("friction_version"),
        )
        .select_from(Initiative)
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(lead, lead.id == Initiative.lead_id)
        .outerjoin(sponsor, sponsor.id == Initiative.sponsor_id)
        .outerjoin(proposed, proposed.id == Initiative.proposed_sponsor_id)
        .outerjoin(proposer, proposer.id == Initiative.proposed_by_id)
        .outerjoin(asker, asker.id == Initiative.asked_by_id)
        .outerjoin(maker, maker.id == Initiative.created_by_id)
        .outerjoin(source, source.id == Initiative.copied_from_id)
        .outerjoin(Friction, Friction.initiative_id == Initiative.id)
        .outerjoin(
            Sponsorship,
            (Sponsorship.initiative_id == Initiative.id) & (Sponsorship.answer == Answer.proposed),
        )
        .outerjoin(
            StageAsk,
            (StageAsk.initiative_id == Initiative.id) & (StageAsk.state == AskState.open),
        )
        .where(Initiative.id == initiative.id)
    )
    return db.session.execute(query).one()


@dataclass(frozen=True)
class TakingPart:
    """Who takes part: `people` (rows with `membership_id`, `person_id`, `name`, `place` and the part they have),
    `units` and `partners` (rows with `id`, `name`, `place`, their slug)."""

    people: list[Any]
    units: list[Any]
    partners: list[Any]


def taking_part(initiative: Initiative) -> TakingPart:
    """Return who takes part, in one statement; the initiative then knows its team."""
    nothing = (null(),) * 7
    people = (
        select(
            literal("person").label("kind"),
            Membership.person_id.label("id"),
            Person.name,
            Unit.name.label("place"),
            Membership.id.label("membership_id"),
            Membership.responsibility.label("responsibility"),
            Membership.discipline.label("discipline"),
            Membership.what_for.label("what_for"),
            Membership.share.label("share"),
            Membership.share_agreed_by_id.label("agreed_by_id"),
            Membership.unit_id.label("of_unit_id"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Membership.initiative_id == initiative.id, Membership.left_at.is_(None))
    )
    units = (
        select(literal("unit"), Unit.id, Unit.name, Unit.slug, *nothing)
        .join(Participation, Participation.unit_id == Unit.id)
        .where(Participation.initiative_id == initiative.id)
    )
    partners = (
        select(literal("partner"), Partner.id, Partner.name, Partner.slug, *nothing)
        .join(Involvement, Involvement.partner_id == Partner.id)
        .where(Involvement.initiative_id == initiative.id)
    )
    rows = db.session.execute(union_all(people, units, partners)).all()
    found: dict[str, list[Any]] = {"person": [], "unit": [], "partner": []}
    for row in rows:
        found[row.kind].append(row)
    order = {part: place for place, part in enumerate(Responsibility)}
    team = sorted(found["person"], key=lambda row: (order[row.responsibility], row.membership_id))
    initiative.take_team(
        [_Seat(row.id, row.responsibility) for row in team], [row.id for row in found["unit"]]
    )
    places = (
        sorted(found[kind], key=lambda row: row.name.casefold()) for kind in ("unit", "partner")
    )
    return TakingPart(team, *places)


@dataclass(frozen=True)
class _Seat:
    person_id: int
    responsibility: Responsibility


def sponsorships(initiative: Initiative, limit: int = 50) -> list[Any]:
    """Return every turn as sponsor and every proposal, the newest first: rows with `name` and `proposed_by`."""
    proposer = aliased(Person)
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
            proposer.name.label("proposed_by"),
        )
        .join(Person, Person.id == Sponsorship.person_id)
        .outerjoin(proposer, proposer.id == Sponsorship.proposed_by_id)
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
