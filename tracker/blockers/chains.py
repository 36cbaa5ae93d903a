"""What a blocker waits for and what it holds up, as its page shows it: direct links, roots, and how many in all (rule 27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from tracker.blockers.models import Blocker
from tracker.blockers.states import STATE_WORDS, State
from tracker.blockers.waits import BlockerWait
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

MOST_SHOWN = 20  # of those that one holds up, and of the roots
MOST_OFFERED = 25  # blockers among which one chooses
_OLDEST_FIRST = (Blocker.open_since.is_(None), Blocker.open_since, Blocker.id)


@dataclass(frozen=True, slots=True)
class Link:
    """Another blocker of a chain. A `root` waits for nothing that is still open."""

    id: int
    ref: str
    title: str
    state: State
    holder: str
    initiative: str
    is_open: bool
    root: bool

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])


@dataclass(frozen=True, slots=True)
class Chain:
    """What one blocker waits for, the roots of that further down, what it holds up, and how many that are in all."""

    waits_for: list[Link]
    roots: list[Link]
    holds_up: list[Link]
    held_up: int


def chain_of(blocker: Blocker) -> Chain:
    """Return the chain of a blocker, in one statement."""
    behind, before = _open_behind(blocker.id), _open_before(blocker.id)
    direct = select(BlockerWait.waits_for_id).where(BlockerWait.blocker_id == blocker.id)
    waiting = select(BlockerWait.blocker_id).where(BlockerWait.waits_for_id == blocker.id)
    roots = select(behind.c.id).where(behind.c.id.not_in(direct))
    parts = union_all(
        _part(0, Blocker.id.in_(direct)),
        _part(1, Blocker.id.in_(roots), ~waits_for_open(Blocker)),
        _part(2, Blocker.id.in_(waiting), Blocker.open_since.is_not(None)),
    ).subquery()
    held_up = select(func.count()).select_from(before).scalar_subquery()
    query = _shown().add_columns(parts.c.part, held_up.label("held_up"))
    query = query.join(parts, parts.c.id == Blocker.id).order_by(parts.c.part, *_OLDEST_FIRST)
    found: tuple[list[Link], list[Link], list[Link]] = ([], [], [])
    count = 0
    for row in db.session.execute(query):
        found[row.part].append(_link(row))
        count = row.held_up
    return Chain(*found, count)


def _part(part: int, *conditions: Any) -> Select[*tuple[Any, ...]]:
    """Return the first of one part of a chain, by number of the part and id."""
    few = select(literal(part).label("part"), Blocker.id).where(*conditions)
    return select(few.order_by(*_OLDEST_FIRST).limit(MOST_SHOWN).subquery())


def offered(blocker: Blocker, person: Person, words: str) -> list[Link]:
    """Return the open blockers that `blocker` may come to wait for: those of its initiative first, or those found by `words`."""
    known = select(BlockerWait.waits_for_id).where(BlockerWait.blocker_id == blocker.id)
    may_see = Blocker.visible_to(person).with_only_columns(Blocker.id)
    conditions = [
        *(Blocker.open_since.is_not(None), Blocker.id != blocker.id),
        *(Blocker.id.not_in(known), Blocker.id.in_(may_see)),
    ]
    if words:
        conditions.append(Blocker.title_key.contains(normal(words), autoescape=True))
    elsewhere = Blocker.initiative_id != blocker.initiative_id
    query = _shown().where(*conditions).order_by(elsewhere, *_OLDEST_FIRST).limit(MOST_OFFERED)
    return [_link(row) for row in db.session.execute(query)]


def waits_for_open(blocker: Any) -> ColumnElement[bool]:
    """Return the condition that something that `blocker` waits for is open."""
    return _next_is_open(blocker, BlockerWait.blocker_id, BlockerWait.waits_for_id)


def holds_up_open(blocker: Any) -> ColumnElement[bool]:
    """Return the condition that something open waits for `blocker`."""
    return _next_is_open(blocker, BlockerWait.waits_for_id, BlockerWait.blocker_id)


def _next_is_open(blocker: Any, here: Any, there: Any) -> ColumnElement[bool]:
    other = aliased(Blocker)
    return exists(
        select(BlockerWait.id)
        .join(other, other.id == there)
        .where(here == blocker.id, other.open_since.is_not(None))
        .correlate(blocker)
    )


def _open_behind(blocker_id: int) -> CTE:
    """Return the ids of everything open that a blocker waits for: what is over holds up nothing."""
    return _walk(blocker_id, BlockerWait.blocker_id, BlockerWait.waits_for_id, "behind")


def _open_before(blocker_id: int) -> CTE:
    """Return the ids of everything open that waits for a blocker."""
    return _walk(blocker_id, BlockerWait.waits_for_id, BlockerWait.blocker_id, "before")


def _walk(blocker_id: int, here: Any, there: Any, name: str) -> CTE:
    steps = select(there.label("id")).join(Blocker, Blocker.id == there)
    steps = steps.where(Blocker.open_since.is_not(None))
    walk = steps.where(here == blocker_id).cte(name, recursive=True)
    return walk.union(steps.join(walk, walk.c.id == here))


def _shown() -> Select[*tuple[Any, ...]]:
    """Return the select of everything that a link shows."""
    root = and_(Blocker.open_since.is_not(None), ~waits_for_open(Blocker)).label("root")
    return (
        select(
            *(Blocker.id, Blocker.ref, Blocker.title, Blocker.state, Blocker.open_since, root),
            func.coalesce(Unit.name, Partner.name, Blocker.holder_outside).label("holder"),
            Initiative.ref.label("initiative"),
        )
        .join(Initiative, Initiative.id == Blocker.initiative_id)
        .outerjoin(Unit, Unit.id == Blocker.holder_unit_id)
        .outerjoin(Partner, Partner.id == Blocker.holder_partner_id)
    )


def _link(row: Any) -> Link:
    named = (row.id, row.ref, row.title, row.state, row.holder, row.initiative)
    return Link(*named, is_open=row.open_since is not None, root=bool(row.root))
