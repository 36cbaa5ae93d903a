"""The customer's result beside a scorecard: the KPIs of what a partner serves, and how each moved. Never mixed in (rule 22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select, union

from tracker.actions.models import Action
from tracker.actions.states import CAME_TO_AN_END
from tracker.db import db
from tracker.goals.models import Goal
from tracker.initiatives.models import Initiative
from tracker.kpis.measures import Good
from tracker.kpis.models import Kpi
from tracker.kpis.saying import value_told
from tracker.kpis.standing import KpiStanding, points_from
from tracker.kpis.xmr import Point
from tracker.organisation.people import Person
from tracker.partners.cards import Card
from tracker.partners.scores import Measure
from tracker.partners.scoring import ROWS
from tracker.wording import number

MOST_ACTIONS = (
    100  # that are looked at for what they serve: the newest accepted, and those due next
)
MOST = 12  # KPIs


@dataclass(frozen=True)
class Result:
    """One KPI, however many initiatives it is a goal of: `initiatives`, each with its number.

    `moved` says how it moved in the quarter; `values`, from what to what, is for our own people.
    """

    name: str
    url: str | None
    initiatives: list[str]
    moved: str
    mark: str
    values: str | None


def results(card: Card, person: Person) -> list[Result]:
    """Return the KPIs of the initiatives that the partner worked on in the quarter, in two statements.

    A partner's contact learns of a KPI its name and how it moved, and only of initiatives whose actions it sees.
    """
    # Materialized: a database that begins with a KPI walks the goals of the whole company that aim at it.
    goals = (
        select(Goal.id, Goal.kpi_id, Goal.initiative_id)
        .where(Goal.initiative_id.in_(sorted(_served(card, person))), Goal.dropped_at.is_(None))
        .cte("served")
        .prefix_with("MATERIALIZED")
    )
    some = select(Kpi.id).where(Kpi.id.in_(select(goals.c.kpi_id)))
    some = some.order_by(Kpi.name, Kpi.id).limit(MOST).subquery()
    told = (Kpi.id, Kpi.name, Kpi.code, Kpi.measure, Kpi.places, Kpi.good, KpiStanding.points_json)
    query = (
        select(*told, Initiative.ref, Initiative.title)
        .select_from(goals)
        .join(Kpi, Kpi.id == goals.c.kpi_id)
        .join(Initiative, Initiative.id == goals.c.initiative_id)
        .outerjoin(KpiStanding, KpiStanding.kpi_id == Kpi.id)
        .where(Kpi.id.in_(select(some.c.id)))
        .order_by(Kpi.name, Kpi.id, Initiative.id, goals.c.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.id, []).append(row)
    return [_told(rows, card, person) for rows in found.values()]


def _served(card: Card, person: Person) -> set[int]:
    seen = Action.visible_to(person).with_only_columns(Action.initiative_id)
    counted = (
        select(ROWS.c.action_id)
        .where(
            ROWS.c.partner_id == card.partner.id,
            ROWS.c.quarter == card.quarter.number,
            ROWS.c.measure == Measure.accepted,
        )
        .order_by(ROWS.c.day.desc(), ROWS.c.id.desc())
        .limit(MOST_ACTIONS)
    )
    done = seen.where(Action.id.in_(counted), Action.state.in_(CAME_TO_AN_END))
    if not card.is_present:
        return set(db.session.scalars(done))
    going = seen.where(Action.partner_id == card.partner.id, Action.closed_at.is_(None))
    going = going.order_by(Action.due_on, Action.id).limit(MOST_ACTIONS).subquery()
    return set(db.session.scalars(union(done, select(going.c.initiative_id))))


def _told(rows: Sequence[Any], card: Card, person: Person) -> Result:
    row, served = rows[0], dict.fromkeys(f"{row.ref} {row.title}" for row in rows)
    points = points_from(row.points_json) if row.points_json else []
    before, after = _at(points, card.quarter.before.last), _at(points, card.quarter.last)
    moved, mark = _moved(before, after, row)
    inside = person.is_internal
    values = None
    if inside and after is not None:
        values = _(
            "%(before)s → %(after)s", before=value_told(before, row), after=value_told(after, row)
        )
    return Result(
        name=row.name,
        url=url_for("kpis.show", code=row.code) if inside else None,
        initiatives=list(served),
        moved=moved,
        mark=mark,
        values=values,
    )  # fmt: skip


def _at(points: Sequence[Point], day: date) -> float | None:
    """Return the value that stood on `day`: that of the newest reading by then."""
    return next((point.value for point in reversed(points) if point.day <= day), None)


def _moved(before: float | None, after: float | None, kpi: Any) -> tuple[str, str]:
    if before is None or after is None:
        return _("no two readings to compare"), "none"
    by = round(round(after, kpi.places) - round(before, kpi.places), kpi.places)  # as it is shown
    if by == 0:
        return _("unchanged"), "none"
    amount = _amount(abs(by), kpi)
    good = (by > 0) == (kpi.good == Good.up)
    if by > 0:
        return _("up by %(amount)s", amount=amount), "ok" if good else "warn"
    return _("down by %(amount)s", amount=amount), "ok" if good else "warn"


def _amount(by: float, kpi: Any) -> str:
    if kpi.measure == "%":
        return _("%(points)s percentage points", points=number(by, kpi.places))
    return value_told(by, kpi)
