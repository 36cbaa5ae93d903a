"""The one statement of a board: everything that its cards show, as it stood at one moment.

What belongs together comes as JSON, which both databases make alike. The initiatives that are shown are chosen once, in
front, and looked at from there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.blockers.holding import BlockerHolding
from tracker.blockers.models import Blocker
from tracker.boards.aiming import aim_of_it, kpis, measures
from tracker.boards.asjson import rows_of, together
from tracker.boards.filters import Filters
from tracker.boards.gates import gate_of_it
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import silent_condition
from tracker.initiatives.stages import Stage
from tracker.initiatives.team import Involvement, Membership, Participation
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit
from tracker.somebody import Somebody

PER_STAGE = 60  # cards shown of one stage; the rest is in the list
ENDED = "ended"
RUNNING = and_(Initiative.stopped_at.is_(None), Initiative.stage != Stage.realised)


class Anybody:
    """Whoever is internal: without an id, so that a scope which asks who it is cannot become part of what many share."""

    is_internal = True


SOMEBODY = Somebody(
    role=None, is_internal=True
)  # one of ours, for what is known of them only later


def column_of() -> ColumnElement[Any]:
    """Return the column a card stands in: its stage, or `ended`."""
    return case(
        (Initiative.stopped_at.is_not(None), ENDED),
        (Initiative.stage == Stage.realised, ENDED),
        else_=Initiative.stage,
    )


def content(
    filters: Filters, columns: tuple[str, ...], day: date, *, measured: bool = False
) -> Select[*tuple[Any, ...]]:
    """Return the statement for what everybody internal sees of a board on `day`, in the open `columns`; where lanes stand for
    KPIs, with how these are `measured`."""
    scope = Initiative.visible_to(Anybody).where(*filters.conditions())
    chosen = _of_few(scope, columns) if filters.selective else _of_many(scope, columns)
    shown = chosen.cte("shown").prefix_with("MATERIALIZED")
    parts = (
        *(_groups(scope, day), _cards(shown, day), _blockers(shown)),
        *(_partners(shown), _units(shown), _members(shown), kpis(shown)),
        *(measures(shown) if measured else ()),
    )
    return select(*(together(part).label(f"part_{n}") for n, part in enumerate(parts)))


def _of_few(scope: Select[*tuple[Any, ...]], columns: tuple[str, ...]) -> Any:
    """Return which cards are shown where an index finds the board's initiatives: one walk through them."""
    place = column_of()
    latest = case((place == ENDED, Initiative.changed)).desc()
    order = func.row_number().over(
        partition_by=place, order_by=(latest, Initiative.stage_since, Initiative.id)
    )
    ranked = scope.with_only_columns(
        Initiative.id, place.label("place"), order.label("rank")
    ).subquery()
    wanted = or_(*(ranked.c.place == column for column in columns))
    return select(ranked.c.id).where(ranked.c.rank <= PER_STAGE, wanted)


def _of_many(scope: Select[*tuple[Any, ...]], columns: tuple[str, ...]) -> Any:
    """Return which cards are shown of a board of almost everything: each stage by its own index."""
    return union_all(*(_of_one(scope, column) for column in columns))


def _of_one(scope: Select[*tuple[Any, ...]], column: str) -> Select[*tuple[Any, ...]]:
    order = Initiative.changed.desc() if column == ENDED else Initiative.stage_since
    picked = scope.with_only_columns(Initiative.id).where(_in_column(column))
    return select(picked.order_by(order, Initiative.id).limit(PER_STAGE).subquery().c.id)


def _in_column(column: str) -> ColumnElement[bool]:
    if column == ENDED:
        return or_(Initiative.stopped_at.is_not(None), Initiative.stage == Stage.realised)
    return and_(Initiative.stopped_at.is_(None), Initiative.stage == Stage(column))


def _groups(scope: Select[*tuple[Any, ...]], day: date) -> Select[*tuple[Any, ...]]:
    silent = and_(RUNNING, silent_condition(Initiative, day))
    blocked = and_(RUNNING, Initiative.open_blockers > 0)
    place = column_of().label("place")
    return scope.with_only_columns(
        place,
        Initiative.colour,
        func.count().label("n"),
        func.sum(case((silent, 1), else_=0)).label("silent"),
        func.sum(case((blocked, 1), else_=0)).label("blocked"),
    ).group_by(place, Initiative.colour)


def _cards(shown: Any, day: date) -> Select[*tuple[Any, ...]]:
    """Return the cards, in the order of the fields of `cards.Card`."""
    sponsor, proposed = aliased(Person), aliased(Person)
    return (
        select(
            Initiative.id,
            Initiative.ref,
            Initiative.title,
            Initiative.stage,
            column_of().label("place"),
            Initiative.stage_since,
            Initiative.colour,
            silent_condition(Initiative, day).label("silent"),
            Initiative.lead_unit_id,
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("unit"),
            Initiative.unit_count,
            Initiative.lead_id,
            Initiative.sponsor_id,
            sponsor.name.label("sponsor"),
            Initiative.sponsor_interim,
            Initiative.proposed_sponsor_id,
            Initiative.proposed_by_id,
            proposed.name.label("proposed"),
            Initiative.asked_stage,
            Initiative.asked_by_id,
            Initiative.held_at.is_not(None).label("held"),
            Initiative.stopped_at.is_not(None).label("stopped"),
            Initiative.adopted,
            Initiative.touches,
            aim_of_it().label("kpi_id"),
            gate_of_it().label("gate_on"),
        )
        .join(shown, shown.c.id == Initiative.id)
        .join(Unit, Unit.id == Initiative.lead_unit_id)
        .outerjoin(sponsor, sponsor.id == Initiative.sponsor_id)
        .outerjoin(proposed, proposed.id == Initiative.proposed_sponsor_id)
    )


def _blockers(shown: Any) -> Select[*tuple[Any, ...]]:
    """Return of each card that something blocks the oldest of it; who held it before, for those that were passed on."""
    other = aliased(Blocker)
    oldest = (
        select(other.id)
        .where(other.initiative_id == shown.c.id, other.open_since.is_not(None))
        .order_by(other.open_since, other.id)
        .limit(1)
        .scalar_subquery()
    )
    name = func.coalesce(
        func.nullif(Unit.short_name, ""), Unit.name, Partner.name, Blocker.holder_outside
    )
    calendar = func.coalesce(Unit.acting_calendar_id, Partner.calendar_id)
    return (
        select(
            Blocker.initiative_id,
            name.label("holder"),
            Blocker.due_on,
            Blocker.raised_at,
            calendar.label("calendar_id"),
            case((Blocker.hand_overs > 0, _turns())).label("turns"),
        )
        .select_from(shown)
        .join(Blocker, Blocker.id == oldest)
        .outerjoin(Unit, Unit.id == Blocker.holder_unit_id)
        .outerjoin(Partner, Partner.id == Blocker.holder_partner_id)
    )


def _turns() -> Any:
    """Return the holding periods of the blocker beside it: begin, end, calendar of the holder."""
    unit, partner = aliased(Unit), aliased(Partner)
    calendar = func.coalesce(unit.acting_calendar_id, partner.calendar_id)
    return (
        select(rows_of(BlockerHolding.starts, BlockerHolding.ends, calendar))
        .select_from(BlockerHolding)
        .outerjoin(unit, unit.id == BlockerHolding.holder_unit_id)
        .outerjoin(partner, partner.id == BlockerHolding.holder_partner_id)
        .where(BlockerHolding.blocker_id == Blocker.id)
        .correlate(Blocker)
        .scalar_subquery()
    )


def _partners(shown: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(Involvement.initiative_id, Partner.id, Partner.name)
        .join(Partner, Partner.id == Involvement.partner_id)
        .where(Involvement.initiative_id.in_(select(shown.c.id)))
    )


def _units(shown: Any) -> Select[*tuple[Any, ...]]:
    return select(Participation.initiative_id, Participation.unit_id).where(
        Participation.initiative_id.in_(select(shown.c.id))
    )


def _members(shown: Any) -> Select[*tuple[Any, ...]]:
    return select(Membership.initiative_id, Membership.person_id, Membership.responsibility).where(
        Membership.initiative_id.in_(select(shown.c.id)), Membership.left_at.is_(None)
    )
