"""Who works here: the same units, people, partners and boards at every size of the work load."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from tests.signed_in import let_everybody_in
from tracker.boards.models import Board
from tracker.organisation.calendars import Calendar
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role, Standing
from tracker.organisation.settings import Organisation
from tracker.organisation.units import Unit, UnitAlias, settle_tree

UNITS = range(1, 21)  # the first is the company itself
PARTNERS = range(1, 21)
MANAGER = 1
EXECUTIVES = range(2, 14)
MEMBERS = range(14, 254)
CONTACTS = range(254, 294)
BOARDS = (
    "Sixty",
    *(f"Watched {n}" for n in range(1, 21)),
)  # name, and theme of the 60 initiatives on it
FIRST = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hana", "Ivo", "Jun", "Kai", "Lea")
LAST = (
    "Adler",
    "Bruun",
    "Costa",
    "Dietz",
    "Ekman",
    "Falk",
    "Garza",
    "Holm",
    "Ito",
    "Jansen",
    "Kraus",
)


def company(session: Any, clock: datetime) -> None:
    """Write everybody and everything that initiatives refer to, in the transaction of `session`."""
    session.execute(insert(Calendar), [{"id": 1, "name": "Usual", "weekend": "6,7"}])
    own = Organisation.__table__
    session.execute(insert(Organisation), [{"id": 1, "name": "Bench"}])
    session.execute(insert(Unit), [_unit(n) for n in UNITS])
    session.execute(
        insert(UnitAlias), [_alias(n, text) for n in UNITS for text in (f"U{n}", f"Unit {n}")]
    )
    session.execute(insert(Partner), [_partner(n) for n in PARTNERS])
    session.execute(insert(Person), [_person(n, clock) for n in range(1, CONTACTS[-1] + 1)])
    let_everybody_in(session)
    heads = Unit.__table__
    session.execute(update(heads).values(head_id=heads.c.id + MEMBERS[0]))
    session.execute(update(Partner.__table__).values(relationship_owner_id=MANAGER))
    session.execute(insert(Board), [_board(n, name, clock) for n, name in enumerate(BOARDS, 1)])
    session.execute(
        update(own).values(
            calendar_id=1, programme_owner_id=EXECUTIVES[0], alternate_id=EXECUTIVES[1]
        )
    )
    settle_tree()


def slug(name: str) -> str:
    """Return the address of the board of this name."""
    return name.lower().replace(" ", "-")


def _unit(n: int) -> dict[str, Any]:
    parent = None if n == 1 else 1
    return {"id": n, "code": f"U{n}", "name": f"Unit {n}", "slug": f"unit-{n}", "parent_id": parent}


def _alias(n: int, text: str) -> dict[str, Any]:
    return {"unit_id": n, "key": normal(text), "text": text, "given": False}


def _partner(n: int) -> dict[str, Any]:
    name = f"Partner {n}"
    return {"id": n, "name": name, "key": normal(name), "slug": f"partner-{n}"}


def _person(n: int, clock: datetime) -> dict[str, Any]:
    role = (
        Role.manager if n == MANAGER
        else Role.executive if n in EXECUTIVES
        else Role.partner if n in CONTACTS
        else Role.member
    )  # fmt: skip
    inside = role in {Role.manager, Role.member}
    return {
        "id": n, "email": f"person{n}@example.org", "name": f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}", "role": role,
        "standing": Standing.executive if role == Role.executive else Standing.other,
        "unit_id": UNITS[1 + n % (len(UNITS) - 1)] if inside else None,
        "partner_id": PARTNERS[n % len(PARTNERS)] if role == Role.partner else None,
        "language": "en", "created_at": clock, "last_seen": clock,
    }  # fmt: skip


def _board(n: int, name: str, clock: datetime) -> dict[str, Any]:
    filters = f'{{"theme": "{name}"}}'
    return {
        "id": n,
        "name": name,
        "slug": slug(name),
        "filters_json": filters,
        "position": n,
        "created_at": clock,
    }
