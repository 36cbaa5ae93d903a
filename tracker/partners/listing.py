"""All partners side by side: the same measures for each, narrowed and ordered as the address asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from tracker.actions.models import Action
from tracker.blockers.holders import Calendars
from tracker.db import db
from tracker.organisation.listing import holds
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.paging import Page, offset
from tracker.partners.cards import SHOWN, scores_of, telling
from tracker.partners.figure_kinds import ENOUGH
from tracker.partners.figures import Figure, figures
from tracker.partners.going import going_on, late, late_actions
from tracker.partners.quarters import Quarter
from tracker.partners.scoring import SCORES
from tracker.partners.sums import Open

PER_PAGE = 50
MOST_IN_A_FILE = 5_000
Owner = aliased(Person)


def _share(part: Any) -> Any:
    return case((SCORES.c.accepted >= ENOUGH, part * 1.0 / SCORES.c.accepted))


_KEPT: dict[str, Any] = {
    "name": func.lower(Partner.name),
    "owner": func.lower(Owner.name),
    "on-time": _share(SCORES.c.in_time),
    "first-time": _share(SCORES.c.first_time),
    "acknowledgement": case((SCORES.c.acknowledged >= ENOUGH, SCORES.c.wait)),
    "returned": func.coalesce(SCORES.c.returned, 0),
    "dates": func.coalesce(SCORES.c.dated, 0),
    "our-review": func.coalesce(SCORES.c.review_days, 0),
}
SORTS = frozenset({*_KEPT, "overdue"})


def _order(sort: str, today: date) -> Any:
    """Return the column to sort by. Days of blockers are none: those of open ones are counted up to today, outside SQL."""
    if sort == "overdue":
        mine = Action.partner_id == Partner.id
        return select(func.count()).where(mine, late_actions(today)).scalar_subquery()
    return _KEPT[sort]


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything that makes no sense counts as not asked."""

    quarter: Quarter
    q: str = ""
    mine: bool = False  # whose relationship is mine
    late: bool = False
    ended: bool = False
    sort: str = "name"

    @classmethod
    def asked(cls, args: Mapping[str, str], person: Person, today: date) -> Filters:
        """Read them from the questions of an address; without a quarter it is the newest that says something of anybody."""
        everybody = Partner.visible_to(person).with_only_columns(Partner.id)
        sort = args.get("sort", "")
        return cls(
            quarter=Quarter.asked(args.get("quarter"), today) or telling(everybody, today),
            q=args.get("q", "").strip()[:200],
            mine=args.get("mine") == "1",
            late=args.get("late") == "1",
            ended=args.get("ended") == "1",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    def query(self, person: Person, today: date) -> Any:
        """Return the select of the partners that `person` may see and that were asked for."""
        query = Partner.visible_to(person)
        ended = Partner.ended_at
        query = query.where(ended.is_not(None) if self.ended else ended.is_(None))
        if self.q:
            query = query.where(or_(holds(Partner.name, self.q), holds(Partner.serves, self.q)))
        if self.mine:
            query = query.where(Partner.relationship_owner_id == person.id)
        if self.late:
            late = exists().where(Action.partner_id == Partner.id, late_actions(today))
            query = query.where(late)
        return query


@dataclass(frozen=True)
class Line:
    """One partner with its figures, by code."""

    id: int
    name: str
    slug: str
    serves: str
    terms: str
    owner: str | None
    relationship_owner_id: int | None
    figures: Mapping[str, Figure]


def partners_page(person: Person, filters: Filters, today: date, number: int) -> Page[Line]:
    """Return the asked page of partners, in a number of statements that does not grow."""
    query = filters.query(person, today)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = lines(query, filters, today, PER_PAGE, offset(number, PER_PAGE))
    return Page(found, number, PER_PAGE, total)


def lines(query: Any, filters: Filters, today: date, limit: int, start: int = 0) -> list[Line]:
    """Return the partners of `query` in their order, each with the figures of the quarter."""
    column = _order(filters.sort.removeprefix("-"), today)
    ranked = column.desc() if filters.sort.startswith("-") else column.asc()
    query = (
        query.with_only_columns(
            *(Partner.id, Partner.name, Partner.slug, Partner.serves, Partner.terms),
            *(Owner.name.label("owner"), Partner.relationship_owner_id),
        )
        .outerjoin(Owner, Owner.id == Partner.relationship_owner_id)
        .outerjoin(
            SCORES,
            and_(SCORES.c.partner_id == Partner.id, SCORES.c.quarter == filters.quarter.number),
        )
        .order_by(ranked.nulls_last(), func.lower(Partner.name), Partner.id)
    )
    rows = db.session.execute(query.limit(limit).offset(start)).all()
    ids, quarters = [row.id for row in rows], filters.quarter.back(SHOWN)
    scores = scores_of(ids, quarters)
    if filters.quarter == Quarter.of(today):
        going = going_on(ids, today, Calendars(everyone=True))
    else:  # what is overdue is so at present, whichever quarter is looked at
        going = {id_: Open(overdue=count) for id_, count in late(ids, today).items()}
    return [
        Line(
            *(row.id, row.name, row.slug, row.serves, row.terms, row.owner),
            row.relationship_owner_id,
            figures(scores[row.id], quarters, going.get(row.id, Open())),
        )
        for row in rows
    ]
