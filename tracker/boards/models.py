"""A saved board: a name, filters and lanes; for everybody or for one person."""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Select, String, Text, false, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.boards.filters import Filters
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.organisation.names import slug as slug_of
from tracker.organisation.people import Person
from tracker.scoping import Scoped

TURNS = 20  # that a board of the same name as others waits for an address of its own
MOST_OWN = 30  # personal boards one may keep


class Lanes(StrEnum):
    """What the rows of a board stand for."""

    none = "none"
    kpi = "kpi"
    unit = "unit"
    sponsor = "sponsor"
    health = "health"
    partner = "partner"


class Board(Scoped, Recorded, Model):
    """Saved filters and lanes. Without an owner it is for all internal people."""

    __tablename__ = "board"
    __table_args__ = (Index("ix_board_owner_id", "owner_id"),)
    subject_type: ClassVar[str] = "board"
    address: ClassVar[str] = "slug"
    argument: ClassVar[str] = "slug"

    on_trail: ClassVar[Declared] = declare(
        "name slug owner_id filters_json lanes position created_at",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    filters_json: Mapped[str] = mapped_column(Text, default="{}")
    lanes: Mapped[Lanes] = mapped_column(enum_text(Lanes), default=Lanes.none)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def filters(self) -> Filters:
        """What the board shows, before the address narrows it."""
        return Filters.from_mapping(json.loads(self.filters_json))

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Internal people see the boards for all and their own."""
        if not person.is_internal:
            return select(cls).where(false())
        return select(cls).where(or_(cls.owner_id.is_(None), cls.owner_id == person.id))

    @classmethod
    def save(
        cls,
        *,
        name: str,
        filters: Filters,
        lanes: Lanes,
        owner: Person | None,
        by: Person | None,
        now: datetime,
        position: int = 0,
    ) -> Board:
        """Keep a board, for `owner` or, without one, for all. Raises `NotNow` when one keeps too many already."""
        if owner is not None:
            own = db.session.scalars(
                select(cls.id).where(cls.owner_id == owner.id).limit(MOST_OWN + 1)
            ).all()
            if len(own) >= MOST_OWN:
                raise NotNow(
                    _(
                        "You keep %(most)s boards already. Delete one you no longer use.",
                        most=MOST_OWN,
                    )
                )
        board = Board(
            name=name.strip(), slug=_free_slug(name), owner_id=owner.id if owner else None, filters_json=filters.as_json(),
            lanes=lanes, position=position, created_at=now, version=1,
        )  # fmt: skip
        board._take_address(name)
        board.record(
            Kind.board_saved, by=by, now=now,
            after={"name": board.name, "slug": board.slug, "shared": owner is None, "lanes": lanes.value, "filters": filters.as_dict()},
        )  # fmt: skip
        return board

    def _take_address(self, name: str) -> None:
        """Write the row; when another took the address at the same moment, under the next one."""
        for turn in range(TURNS):
            try:
                with db.session.begin_nested():
                    db.session.add(self)
            except IntegrityError:
                if turn + 1 == TURNS:
                    raise
                self.slug = _free_slug(name)
            else:
                return

    def change(
        self, *, name: str, filters: Filters, lanes: Lanes, by: Person, now: datetime
    ) -> None:
        """Change name, filters or lanes; the address stays."""
        before = {"name": self.name, "lanes": self.lanes.value, "filters": self.filters.as_dict()}
        self.name, self.filters_json, self.lanes = name.strip(), filters.as_json(), lanes
        self.version += 1
        after = {"name": self.name, "lanes": lanes.value, "filters": filters.as_dict()}
        self.record(Kind.board_changed, by=by, now=now, before=before, after=after)

    def delete(self, *, by: Person, now: datetime) -> None:
        """Remove the board. The initiatives on it are not touched."""
        self.record(
            Kind.board_deleted,
            by=by,
            now=now,
            before={"name": self.name, "slug": self.slug, "shared": self.owner_id is None},
        )
        db.session.delete(self)


def _free_slug(name: str) -> str:
    base = slug_of(name)[:80]
    taken = set(
        db.session.scalars(
            select(Board.slug).where(or_(Board.slug == base, Board.slug.like(f"{base}-%")))
        )
    )
    taken.add("new")
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
