"""The lists of the administration pages: rows for a page at a time, and their counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.paging import Page, asked_number, asked_page, offset

Head, Acting, Owner = aliased(Person), aliased(Person), aliased(Person)

PER_PAGE = 50
LONGEST_EXPORT = 50_000  # rows

_OPEN = and_(Person.ended_at.is_(None), Person.password_hash.is_not(None))
_INVITED = and_(Person.ended_at.is_(None), Person.password_hash.is_(None))
_ENDED = Person.ended_at.is_not(None)
ACCESS: dict[str, ColumnElement[bool]] = {"open": _OPEN, "invited": _INVITED, "ended": _ENDED}
STATE = case((_ENDED, "ended"), (_INVITED, "invited"), else_="open").label("state")
_SORTS: dict[str, Any] = {
    "name": func.lower(Person.name),
    "role": Person.role,
    "place": func.lower(func.coalesce(Unit.name, Partner.name)),
    "seen": Person.last_seen,
}


@dataclass(frozen=True)
class PeopleFilters:
    """What the address asks for; anything unknown counts as not asked."""

    q: str = ""
    role: str = ""
    unit: int | None = None
    access: str = ""
    sort: str = "name"

    @classmethod
    def asked(cls) -> PeopleFilters:
        """Read them from the present address."""
        args = request.args
        role, access, sort = args.get("role", ""), args.get("access", ""), args.get("sort", "")
        return cls(
            q=args.get("q", "").strip()[:200],
            role=role if role in set(Role) else "",
            unit=asked_number("unit") or None,
            access=access if access in ACCESS else "",
            sort=sort if sort.removeprefix("-") in _SORTS else "name",
        )

    def narrow(self, query: Any) -> Any:
        """Return `query` over people with only those asked for."""
        if self.q:
            query = query.where(
                or_(*(holds(column, self.q) for column in (Person.name, Person.email)))
            )
        if self.role:
            query = query.where(Person.role == Role(self.role))
        if self.unit:
            query = query.where(Person.unit_id == self.unit)
        if self.access:
            query = query.where(ACCESS[self.access])
        return query


def holds(column: Any, text: str) -> ColumnElement[bool]:
    """Return the condition that `column` contains `text`, in any case."""
    return or_(
        func.lower(column).contains(text.lower(), autoescape=True),
        column.contains(text, autoescape=True),
    )


def _people(viewer: Person) -> Any:
    return (
        Person.visible_to(viewer)
        .with_only_columns(
            Person.id,
            Person.name,
            Person.email,
            Person.job_title,
            Person.role,
            Person.is_admin,
            Person.is_finance,
            Person.last_seen,
            Person.ends_on,
            Person.unit_id,
            Unit.name.label("unit"),
            Partner.name.label("partner"),
            STATE,
        )
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Partner, Partner.id == Person.partner_id)
    )


def _ordered(query: Any, sort: str) -> Any:
    column = _SORTS[sort.removeprefix("-")]
    down = sort.startswith("-")
    ranked = column.desc().nulls_last() if down else column.asc().nulls_last()
    return query.order_by(ranked, func.lower(Person.name), Person.id)


def people_page(viewer: Person, filters: PeopleFilters) -> Page[Any]:
    """Return the asked page of the people who match."""
    number = asked_page()
    query = filters.narrow(_people(viewer))
    counting = filters.narrow(select(func.count()).select_from(Person))
    rows = _ordered(query, filters.sort).limit(PER_PAGE).offset(offset(number, PER_PAGE))
    return Page(db.session.execute(rows).all(), number, PER_PAGE, db.session.scalar(counting) or 0)


def people_rows(viewer: Person, filters: PeopleFilters) -> list[Any]:
    """Return everybody who matches, for an export."""
    query = _ordered(filters.narrow(_people(viewer)), filters.sort).limit(LONGEST_EXPORT)
    return list(db.session.execute(query))


def access_counts() -> dict[str, int]:
    """Return how many accounts are open, invited and ended."""
    counted = db.session.execute(select(STATE, func.count()).group_by(STATE)).all()
    return {"open": 0, "invited": 0, "ended": 0, **dict(counted)}


def unit_rows(viewer: Person, q: str = "", *, ended: bool = False) -> list[Any]:
    """Return the units with their heads, in the order of names; the tree is the page's to draw."""
    people = (
        select(func.count())
        .where(Person.unit_id == Unit.id, Person.ended_at.is_(None))
        .correlate(Unit)
        .scalar_subquery()
    )
    query = (
        Unit.visible_to(viewer)
        .with_only_columns(
            Unit.id,
            Unit.name,
            Unit.code,
            Unit.short_name,
            Unit.slug,
            Unit.parent_id,
            Unit.ended_at,
            Head.name.label("head"),
            Acting.name.label("acting_head"),
            people.label("people"),
        )
        .outerjoin(Head, Head.id == Unit.head_id)
        .outerjoin(Acting, Acting.id == Unit.acting_head_id)
        .where(Unit.ended_at.is_not(None) if ended else Unit.ended_at.is_(None))
        .order_by(func.lower(Unit.name), Unit.id)
    )
    if q:
        query = query.where(
            or_(*(holds(column, q) for column in (Unit.name, Unit.code, Unit.short_name)))
        )
    return list(db.session.execute(query))


def partner_rows(
    viewer: Person, q: str = "", *, ended: bool = False, per_page: int = PER_PAGE
) -> Page[Any]:
    """Return the asked page of partners, with their relationship owners and numbers of contacts."""
    number = asked_page()
    contacts = (
        select(func.count())
        .where(Person.partner_id == Partner.id, Person.ended_at.is_(None))
        .correlate(Partner)
        .scalar_subquery()
    )
    found = Partner.visible_to(viewer).where(
        Partner.ended_at.is_not(None) if ended else Partner.ended_at.is_(None)
    )
    if q:
        found = found.where(or_(holds(Partner.name, q), holds(Partner.serves, q)))
    rows = (
        found.with_only_columns(
            Partner.id,
            Partner.name,
            Partner.slug,
            Partner.serves,
            Owner.name.label("owner"),
            contacts.label("contacts"),
        )
        .outerjoin(Owner, Owner.id == Partner.relationship_owner_id)
        .order_by(func.lower(Partner.name), Partner.id)
    )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = rows.limit(per_page).offset(offset(number, per_page))
    return Page(db.session.execute(shown).all(), number, per_page, total)


def contact_rows(partner: Partner) -> list[Any]:
    """Return the contacts of a partner, those with access first."""
    query = (
        select(
            *(Person.id, Person.name, Person.email, Person.job_title),
            *(Person.last_seen, Person.ends_on, STATE),
        )
        .where(Person.partner_id == partner.id)
        .order_by(_ENDED, func.lower(Person.name), Person.id)
        .limit(500)
    )
    return list(db.session.execute(query))
