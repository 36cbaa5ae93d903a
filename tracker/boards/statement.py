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
from tracker.boards.aiming import aim_of, kpis, measures
from tracker.boards.asjson import rows_of, together
from tracker.boards.filters import Filters
from tracker.boards.gates import gate_of
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
    chosen = _of_few(scope, columns, day) if filters.selective else _of_many(scope, columns, day)
    shown = _aimed(chosen.subquery()).cte("shown").prefix_with("MATERIALIZED")
    standing = _standing(shown).cte("standing").prefix_with("MATERIALIZED")
    parts = (
        *(_groups(scope, day), _cards(shown), _blockers(standing)),
        *(_partners(shown), _units(shown), _members(shown), kpis(shown)),
        *(_unit_names(shown, standing), _names(shown)),
        *(measures(shown) if measured else ()),
    )
    return select(*(together(part).label(f"part_{n}") for n, part in enumerate(parts)))


def _of_few(scope: Select[*tuple[Any, ...]], columns: tuple[str, ...], day: date) -> Any:
    """Return the cards that are shown where an index finds the board's initiatives: one walk through them."""
    place = column_of()
    latest = case((place == ENDED, Initiative.changed)).desc()
    order = func.row_number().over(
        partition_by=place, order_by=(latest, Initiative.stage_since, Initiative.id)
    )
    ranked = scope.with_only_columns(*_own(day), order.label("rank")).subquery()
    wanted = or_(*(ranked.c.place == column for column in columns))
    rest = [column for column in ranked.c if column.key != "rank"]
    return select(*rest).where(ranked.c.rank <= PER_STAGE, wanted)


def _of_many(scope: Select[*tuple[Any, ...]], columns: tuple[str, ...], day: date) -> Any:
    """Return the cards that are shown of a board of almost everything: each stage by its own index."""
    return union_all(*(_of_one(scope, column, day) for column in columns))


def _of_one(scope: Select[*tuple[Any, ...]], column: str, day: date) -> Select[*tuple[Any, ...]]:
    order = Initiative.changed.desc() if column == ENDED else Initiative.stage_since
    picked = scope.with_only_columns(*_own(day)).where(_in_column(column))
    return select(picked.order_by(order, Initiative.id).limit(PER_STAGE).subquery())


def _own(day: date) -> tuple[Any, ...]:
    """Return what a card shows of its own row: read in the walk that finds it, so that nothing looks it up again."""
    return (
        *(Initiative.id, Initiative.ref, Initiative.title, Initiative.stage),
        *(column_of().label("place"), Initiative.stage_since, Initiative.colour),
        *(silent_condition(Initiative, day).label("silent"), Initiative.lead_unit_id),
        *(Initiative.unit_count, Initiative.lead_id, Initiative.sponsor_id),
        *(Initiative.sponsor_interim, Initiative.proposed_sponsor_id, Initiative.proposed_by_id),
        *(Initiative.asked_stage, Initiative.asked_by_id, Initiative.held_at),
        *(Initiative.stopped_at, Initiative.adopted, Initiative.touches, Initiative.open_blockers),
    )


def _aimed(chosen: Any) -> Select[*tuple[Any, ...]]:
    """Return the `chosen` cards with the KPI that each aims at."""
    return select(chosen, aim_of(chosen.c.id).label("kpi_id"))


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


def _cards(shown: Any) -> Select[*tuple[Any, ...]]:
    """Return the cards, in the order of the fields of `cards.Card`, whose names stand for themselves."""
    own = shown.c
    return select(
        *(own.id, own.ref, own.title, own.stage, own.place, own.stage_since, own.colour),
        *(own.silent, own.lead_unit_id, own.unit_count, own.lead_id, own.sponsor_id),
        *(own.sponsor_interim, own.proposed_sponsor_id, own.proposed_by_id),
        *(own.asked_stage, own.asked_by_id),
        *(own.held_at.is_not(None).label("held"), own.stopped_at.is_not(None).label("stopped")),
        *(own.adopted, own.touches, own.kpi_id, gate_of(own).label("gate_on")),
    ).select_from(shown)


def _standing(shown: Any) -> Select[*tuple[Any, ...]]:
    """Return of each card that something blocks the oldest of it."""
    order = func.row_number().over(
        partition_by=Blocker.initiative_id, order_by=(Blocker.open_since, Blocker.id)
    )
    blocked = select(shown.c.id).where(shown.c.open_blockers > 0)
    ranked = (
        select(
            *(Blocker.id, Blocker.initiative_id, Blocker.due_on, Blocker.raised_at),
            *(Blocker.holder_unit_id, Blocker.holder_partner_id, Blocker.holder_outside),
            *(Blocker.hand_overs, order.label("rank")),
        )
        .where(Blocker.initiative_id.in_(blocked), Blocker.open_since.is_not(None))
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1)


def _blockers(standing: Any) -> Select[*tuple[Any, ...]]:
    """Return what blocks the cards, and who held it before, for those that were passed on; a unit that holds it by its id."""
    own = standing.c
    return (
        select(
            *(own.initiative_id, own.holder_unit_id),
            func.coalesce(Partner.name, own.holder_outside).label("holder"),
            *(own.due_on, own.raised_at, Partner.calendar_id),
            case((own.hand_overs > 0, _turns(own.id))).label("turns"),
        )
        .select_from(standing)
        .outerjoin(Partner, Partner.id == own.holder_partner_id)
    )


def _unit_names(shown: Any, standing: Any) -> Select[*tuple[Any, ...]]:
    """Return the units that lead a card or hold a blocker, each once however many name it: name, calendar."""
    name = func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("name")
    ids = union_all(select(shown.c.lead_unit_id), select(standing.c.holder_unit_id))
    return select(Unit.id, name, Unit.acting_calendar_id).where(Unit.id.in_(ids))


def _names(shown: Any) -> Select[*tuple[Any, ...]]:
    """Return the people who sponsor a card or are proposed to, each once."""
    ids = union_all(select(shown.c.sponsor_id), select(shown.c.proposed_sponsor_id))
    return select(Person.id, Person.name).where(Person.id.in_(ids))


def _turns(blocker_id: Any) -> Any:
    """Return the holding periods of this blocker: begin, end, calendar of the holder."""
    unit, partner = aliased(Unit), aliased(Partner)
    calendar = func.coalesce(unit.acting_calendar_id, partner.calendar_id)
    return (
        select(rows_of(BlockerHolding.starts, BlockerHolding.ends, calendar))
        .select_from(BlockerHolding)
        .outerjoin(unit, unit.id == BlockerHolding.holder_unit_id)
        .outerjoin(partner, partner.id == BlockerHolding.holder_partner_id)
        .where(BlockerHolding.blocker_id == blocker_id)
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
