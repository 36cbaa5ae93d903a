"""The cards of a board, read as plain rows: a few statements however many cards there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from tracker.blockers.queries import Chip, oldest_open
from tracker.boards.filters import Filters
from tracker.clock import local_day
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Membership, Responsibility
from tracker.organisation.calendars import WorkingDays, working_days
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit

PER_STAGE = 60  # cards shown of one stage; the rest is in the list
ENDED = "ended"


@dataclass(slots=True)
class Card:
    """One initiative as its card shows it; it also answers what the policy asks of an initiative."""

    id: int
    ref: str
    title: str
    stage: str
    column: str
    stage_since: datetime
    colour: str | None
    colour_reason: str
    silent: bool
    lead_unit_id: int
    unit: str
    unit_count: int
    lead_id: int | None
    lead: str | None
    sponsor_id: int | None
    sponsor: str | None
    sponsor_interim: bool
    proposed_sponsor_id: int | None
    proposed_by_id: int | None
    proposed: str | None
    asked_stage: str | None
    asked_by_id: int | None
    held: bool
    stopped: bool
    adopted: bool
    version: int
    touches: int
    age: int = 0
    mine: bool = False
    works: bool = False
    blocker: Chip | None = None
    partners: list[tuple[int, str]] = field(default_factory=list)
    viewer_id: int = 0
    participating_unit_ids: frozenset[int] = frozenset()

    @property
    def member_ids(self) -> frozenset[int]:
        """The viewer, if on it: all the policy needs to know."""
        return frozenset({self.viewer_id} if self.mine else ())

    @property
    def working_member_ids(self) -> frozenset[int]:
        return frozenset({self.viewer_id} if self.works else ())

    @property
    def ended(self) -> bool:
        return self.stopped or self.stage == Stage.realised


def column_of() -> ColumnElement[Any]:
    """Return the column a card stands in: its stage, or `ended`."""
    return case(
        (Initiative.stopped_at.is_not(None), ENDED),
        (Initiative.stage == Stage.realised, ENDED),
        else_=Initiative.stage,
    )


def cards(
    scope: Select[Any],
    filters: Filters,
    columns: list[str],
    *,
    viewer: Person,
    day: date,
    zone: str,
) -> list[Card]:
    """Return up to `PER_STAGE` cards of each of `columns`, those longest in their stage first (that is the stated order).

    Ages are working days by the organisation's calendar, like the usual ages they are held against.
    """
    sponsor, lead, proposed = aliased(Person), aliased(Person), aliased(Person)
    membership = exists().where(
        Membership.initiative_id == Initiative.id,
        Membership.person_id == viewer.id,
        Membership.left_at.is_(None),
    )
    works = exists().where(
        Membership.initiative_id == Initiative.id,
        Membership.person_id == viewer.id,
        Membership.left_at.is_(None),
        Membership.responsibility != Responsibility.informed,
    )
    parts = []
    for column in columns:
        picked = scope.with_only_columns(Initiative.id).where(
            *filters.conditions(), _in_column(column)
        )
        order = Initiative.changed.desc() if column == ENDED else Initiative.stage_since
        parts.append(select(picked.order_by(order, Initiative.id).limit(PER_STAGE).subquery().c.id))
    chosen = union_all(*parts).subquery()
    rows = db.session.execute(
        select(
            Initiative.id,
            Initiative.ref,
            Initiative.title,
            Initiative.stage,
            column_of().label("place"),
            Initiative.stage_since,
            Initiative.colour,
            Initiative.colour_reason,
            silent_condition(Initiative, day).label("silent"),
            Initiative.lead_unit_id,
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("unit"),
            Initiative.unit_count,
            Initiative.lead_id,
            lead.name.label("lead"),
            Initiative.sponsor_id,
            sponsor.name.label("sponsor"),
            Initiative.sponsor_interim,
            Initiative.proposed_sponsor_id,
            Initiative.proposed_by_id,
            proposed.name.label("proposed"),
            Initiative.asked_stage,
            Initiative.asked_by_id,
            Initiative.held_at,
            Initiative.stopped_at,
            Initiative.adopted,
            Initiative.version,
            Initiative.touches,
            membership.label("mine"),
            works.label("works"),
        )
        .join(chosen, chosen.c.id == Initiative.id)
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(lead, lead.id == Initiative.lead_id)
        .outerjoin(sponsor, sponsor.id == Initiative.sponsor_id)
        .outerjoin(proposed, proposed.id == Initiative.proposed_sponsor_id)
        .order_by(Initiative.stage_since, Initiative.id)
    ).all()
    calendar_id = Organisation.current().calendar_id
    calendar = working_days([calendar_id])[calendar_id] if calendar_id else WorkingDays()
    made = [
        _card(row, viewer, calendar.between(local_day(row.stage_since, zone), day)) for row in rows
    ]
    _fill(made, day)
    return made


def _in_column(column: str) -> ColumnElement[bool]:
    if column == ENDED:
        return or_(Initiative.stopped_at.is_not(None), Initiative.stage == Stage.realised)
    return and_(Initiative.stopped_at.is_(None), Initiative.stage == Stage(column))


def _card(row: Any, viewer: Person, age: int) -> Card:
    return Card(
        id=row.id, ref=row.ref, title=row.title, stage=row.stage.value, column=str(row.place), stage_since=row.stage_since,
        colour=row.colour.value if row.colour else None, colour_reason=row.colour_reason, silent=bool(row.silent),
        lead_unit_id=row.lead_unit_id, unit=row.unit, unit_count=row.unit_count, lead_id=row.lead_id, lead=row.lead,
        sponsor_id=row.sponsor_id, sponsor=row.sponsor, sponsor_interim=row.sponsor_interim,
        proposed_sponsor_id=row.proposed_sponsor_id, proposed_by_id=row.proposed_by_id, proposed=row.proposed,
        asked_stage=row.asked_stage.value if row.asked_stage else None, asked_by_id=row.asked_by_id,
        held=row.held_at is not None, stopped=row.stopped_at is not None, adopted=row.adopted, version=row.version, touches=row.touches,
        age=age, mine=bool(row.mine) or row.lead_id == viewer.id,
        works=bool(row.works), viewer_id=viewer.id, participating_unit_ids=frozenset({row.lead_unit_id}),
    )  # fmt: skip


def _fill(made: list[Card], day: date) -> None:
    """Add blockers and partners, one statement each."""
    if not made:
        return
    ids = [card.id for card in made]
    chips = oldest_open(ids, day)
    partners: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in db.session.execute(
        select(Involvement.initiative_id, Partner.id, Partner.name)
        .join(Partner, Partner.id == Involvement.partner_id)
        .where(Involvement.initiative_id.in_(ids))
        .order_by(Partner.name)
    ):
        partners[row.initiative_id].append((row.id, row.name))
    for card in made:
        card.blocker = chips.get(card.id)
        card.partners = partners.get(card.id, [])
