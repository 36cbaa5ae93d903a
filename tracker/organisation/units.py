"""Units: the tree of departments, who heads each, and the names they go by."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, false, or_, select, true, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.names import normal, slug
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.scoping import Scoped


class Unit(Scoped, Recorded, Model):
    """A department. A vacant head's duties fall to the parent's head; at the top, to the programme owner."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index("ix_unit_acting_head_id", "acting_head_id"),
        Index("ix_unit_parent_id", "parent_id"),
    )
    subject_type: ClassVar[str] = "unit"
    address: ClassVar[str] = "slug"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    acting_head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # kept by settle_tree
    acting_calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))  # kept by settle_tree
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    head: Mapped[Person | None] = relationship(foreign_keys=[head_id], lazy="raise_on_sql")
    acting_head: Mapped[Person | None] = relationship(foreign_keys=[acting_head_id], lazy="raise_on_sql")
    parent: Mapped[Unit | None] = relationship(remote_side=[id], lazy="raise_on_sql")

    @property
    def label(self) -> str:
        """The short name where there is one: what fits on a card."""
        return self.short_name or self.name

    @classmethod
    def visible_to(cls, person: Any) -> Select[tuple[Self]]:
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def named(cls, name: str) -> Unit | None:
        """Return the unit whose code, name or alias reads like `name`, in any case and spacing."""
        key = normal(name)
        return db.session.scalars(
            select(Unit).join(UnitAlias, UnitAlias.unit_id == Unit.id).where(UnitAlias.key == key)
        ).one_or_none()

    @classmethod
    def add(
        cls, *, code: str, name: str, by: Person | None, now: datetime, aliases: tuple[str, ...] = (), **more: Any
    ) -> Unit:
        """Add a unit. Raises `NotNow` when its code, name or an alias already stands for another unit."""
        unit = Unit(code=code.strip(), name=name.strip(), slug=_free_slug(name), **more)
        db.session.add(unit)
        db.session.flush()
        unit.go_by(aliases)
        settle_tree()
        unit.record(Kind.unit_added, by=by, now=now, after={"parent_id": unit.parent_id, "head_id": unit.head_id})
        return unit

    def change(self, *, by: Person, now: datetime, aliases: tuple[str, ...] | None = None, **fields: Any) -> None:
        """Change names, head, parent or calendar. Raises `NotNow` if the unit would become its own ancestor."""
        declared = ("parent_id", "head_id", "calendar_id")
        before = {key: getattr(self, key) for key in declared}
        if fields.get("parent_id"):
            self._refuse_circle(fields["parent_id"])
        for field, value in fields.items():
            setattr(self, field, value)
        self.version += 1
        db.session.flush()
        self.go_by(self.aliases() if aliases is None else aliases)
        settle_tree()
        after = {key: getattr(self, key) for key in declared}
        changed = [key for key in declared if before[key] != after[key]]
        self.record(
            Kind.unit_changed, by=by, now=now, before={k: before[k] for k in changed}, after={k: after[k] for k in changed}
        )

    def end(self, *, by: Person, now: datetime) -> None:
        """Close the unit for new work; what it did stays on the record. Raises `NotNow` while it has parts."""
        if db.session.scalar(select(Unit.id).where(Unit.parent_id == self.id, Unit.ended_at.is_(None)).limit(1)):
            raise NotNow(_("%(unit)s still has parts. Move or end them first.", unit=self.name))
        self.ended_at = now
        self.version += 1
        self.record(Kind.unit_ended, by=by, now=now)

    def aliases(self) -> tuple[str, ...]:
        """Return the other names people use for this unit."""
        rows = db.session.scalars(
            select(UnitAlias.text).where(UnitAlias.unit_id == self.id, UnitAlias.given).order_by(UnitAlias.text)
        )
        return tuple(rows)

    def go_by(self, aliases: tuple[str, ...]) -> None:
        """Let code, name, short name and `aliases` all lead to this unit. Raises `NotNow` when one is taken."""
        db.session.execute(UnitAlias.__table__.delete().where(UnitAlias.unit_id == self.id))
        texts = {normal(t): (t.strip(), t in aliases) for t in (*aliases, self.short_name or "", self.name, self.code) if t.strip()}
        taken = db.session.execute(
            select(UnitAlias.text, Unit.name).join(Unit, Unit.id == UnitAlias.unit_id).where(UnitAlias.key.in_(texts))
        ).first()
        if taken:
            raise NotNow(_("“%(name)s” already stands for %(unit)s.", name=taken.text, unit=taken.name))
        db.session.add_all(UnitAlias(unit_id=self.id, key=key, text=text, given=given) for key, (text, given) in texts.items())
        db.session.flush()

    def _refuse_circle(self, parent_id: int) -> None:
        parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).all())
        above: int | None = parent_id
        while above is not None:
            if above == self.id:
                raise NotNow(_("%(unit)s cannot stand below itself. Choose a unit that is not one of its parts.", unit=self.name))
            above = parents.get(above)


class UnitAlias(Model):
    """A name that leads to a unit, compared by `normal`; `given` marks those an administrator typed."""

    __tablename__ = "unit_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    text: Mapped[str] = mapped_column(String(160))
    given: Mapped[bool] = mapped_column(default=True)


def settle_tree() -> None:
    """Keep every unit's acting head and calendar: its own, else the parent's, at the top the organisation's."""
    db.session.flush()
    organisation = Organisation.current()
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id, Unit.head_id, Unit.calendar_id, Unit.acting_head_id, Unit.acting_calendar_id).order_by(Unit.id)
    ).all()
    by_id = {row.id: row for row in rows}

    def climb(row: Any, field: str, top: int | None) -> int | None:
        while row is not None:
            if getattr(row, field) is not None:
                return getattr(row, field)
            row = by_id.get(row.parent_id)
        return top

    for row in rows:
        head = climb(row, "head_id", organisation.programme_owner_id)
        calendar = climb(row, "calendar_id", organisation.calendar_id)
        if (head, calendar) != (row.acting_head_id, row.acting_calendar_id):
            db.session.execute(
                update(Unit)
                .where(Unit.id == row.id)
                .values(acting_head_id=head, acting_calendar_id=calendar)
                .execution_options(synchronize_session="fetch")
            )


def vacate(person: Person) -> list[Unit]:
    """Return the units `person` headed, now vacant: their duties fall to the parent's head."""
    headed = list(db.session.scalars(select(Unit).where(Unit.head_id == person.id).order_by(Unit.id)))
    for unit in headed:
        unit.head_id = None
    settle_tree()
    return headed


def _free_slug(name: str) -> str:
    base = slug(name)
    taken = set(db.session.scalars(select(Unit.slug).where(or_(Unit.slug == base, Unit.slug.like(f"{base}-%")))))
    number = 1
    candidate = base
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
