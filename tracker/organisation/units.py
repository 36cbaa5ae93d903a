"""Units: the tree of departments, who heads each, and the names they go by."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    delete,
    false,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.addressing import free_slug
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.organisation.settings import bump_epoch, followers
from tracker.organisation.tree import acting
from tracker.organisation.uniqueness import flush_or
from tracker.organisation.unit_names import UnitAlias, refuse_taken
from tracker.scoping import Scoped


class Unit(Scoped, Recorded, Model):
    """A department. A vacant head's duties fall to the parent's head; at the top, to the programme
    owner."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        Index("ix_unit_acting_head_id", "acting_head_id"),
        Index("ix_unit_parent_id", "parent_id"),
    )
    subject_type: ClassVar[str] = "unit"
    address: ClassVar[str] = "slug"

    on_trail: ClassVar[Declared] = declare(
        "code name short_name slug parent_id head_id calendar_id ended_at",
        left={"acting_head_id acting_calendar_id": "kept from the tree of units"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    slug: Mapped[str] = mapped_column(String(140), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    # Both kept by settle_tree: what holds here, whether it stands on this unit or on one above.
    acting_head_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acting_calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    head: Mapped[Person | None] = relationship(foreign_keys=[head_id], lazy="raise_on_sql")
    acting_head: Mapped[Person | None] = relationship(
        foreign_keys=[acting_head_id], lazy="raise_on_sql"
    )
    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id", lazy="raise_on_sql")

    @property
    def label(self) -> str:
        """The short name where there is one: what fits on a card."""
        return self.short_name or self.name

    @property
    def of_unit_id(self) -> int:
        """The unit whose head answers for this: the unit itself."""
        return self.id

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def named(cls, name: str) -> Unit | None:
        """Return the unit whose code, name or alias reads like `name`, in any case and spacing."""
        alias = select(UnitAlias.unit_id).where(UnitAlias.key == normal(name))
        return db.session.scalars(select(Unit).where(Unit.id.in_(alias))).one_or_none()

    @classmethod
    def add(
        cls,
        *,
        code: str,
        name: str,
        by: Person | None,
        now: datetime,
        aliases: tuple[str, ...] = (),
        **more: Any,
    ) -> Unit:
        """Add a unit. Raises `NotNow` when its code, name or an alias already stands for another
        unit, and for a head who cannot be one."""
        unit = Unit(code=code.strip(), name=name.strip(), slug=free_slug(Unit, name), **more)
        # Named, so that settle_tree finds them on this object and keeps them in step.
        unit.acting_head_id = unit.acting_calendar_id = None
        refuse_taken(None, unit.names(aliases))
        _refuse_head(unit.head_id)
        db.session.add(unit)
        flush_or(_("There is a unit of this name already."))
        unit.go_by(aliases)
        settle_tree()
        told = ("name", "code", "parent_id", "head_id")
        after = {key: getattr(unit, key) for key in told}
        unit.record(Kind.unit_added, by=by, now=now, after=after)
        bump_epoch()
        return unit

    def change(
        self, *, by: Person, now: datetime, aliases: tuple[str, ...] | None = None, **fields: Any
    ) -> None:
        """Change names, head, parent or calendar. Raises `NotNow` if the unit would become its own
        ancestor, for a name that is taken, and for a head who cannot be one."""
        declared = ("name", "code", "parent_id", "head_id", "calendar_id")
        before = {key: getattr(self, key) for key in declared}
        if fields.get("parent_id"):
            self._refuse_circle(fields["parent_id"])
        if fields.get("head_id") not in {None, self.head_id}:
            _refuse_head(fields["head_id"])
        given = self.aliases() if aliases is None else aliases
        for field, value in fields.items():
            setattr(self, field, value)
        with db.session.no_autoflush:
            refuse_taken(self.id, self.names(given))
        self.version += 1
        flush_or(_("There is a unit of this name already."))
        self.go_by(given)
        settle_tree()
        after = {key: getattr(self, key) for key in declared}
        changed = [key for key in declared if before[key] != after[key]]
        self.record(
            Kind.unit_changed,
            by=by,
            now=now,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
        bump_epoch()

    def end(self, *, by: Person, now: datetime) -> None:
        """Close the unit for new work; what it did stays on the record. Raises `NotNow` while it
        has parts."""
        parts = select(Unit.id).where(Unit.parent_id == self.id, Unit.ended_at.is_(None))
        if db.session.scalar(parts.limit(1)) is not None:
            raise NotNow(_("%(unit)s still has parts. Move or end them first.", unit=self.name))
        if self.ended_at is not None:
            raise NotNow(_("%(unit)s has ended already.", unit=self.name))
        self.ended_at = now
        self.version += 1
        self.record(Kind.unit_ended, by=by, now=now)
        bump_epoch()

    def aliases(self) -> tuple[str, ...]:
        """Return the other names people use for this unit."""
        given = select(UnitAlias.text).where(UnitAlias.unit_id == self.id, UnitAlias.given)
        return tuple(db.session.scalars(given.order_by(UnitAlias.text)))

    def names(self, aliases: tuple[str, ...]) -> dict[str, tuple[str, bool]]:
        """Return what leads to this unit: {key: (text, whether it was given as an alias)}."""
        texts = (*aliases, self.short_name or "", self.name, self.code)
        return {normal(t): (t.strip(), t in aliases) for t in texts if normal(t)}

    def go_by(self, aliases: tuple[str, ...]) -> None:
        """Let code, name, short name and `aliases` all lead to this unit. Raises `NotNow` when one
        is taken."""
        db.session.execute(delete(UnitAlias).where(UnitAlias.unit_id == self.id))
        names = self.names(aliases)
        refuse_taken(self.id, names)
        db.session.add_all(
            UnitAlias(unit_id=self.id, key=key, text=text, given=given)
            for key, (text, given) in names.items()
        )
        flush_or(_("One of these names already stands for another unit."))

    def _refuse_circle(self, parent_id: int) -> None:
        # Locked, so that two moves at once cannot close a circle together.
        tree = select(Unit.id, Unit.parent_id).order_by(Unit.id).with_for_update()
        parents = dict(db.session.execute(tree).all())
        if self.id in line_above(parents, parent_id):
            raise NotNow(
                _(
                    "%(unit)s cannot stand below itself. Choose a unit that is not one of its "
                    "parts.",
                    unit=self.name,
                )
            )


def _refuse_head(person_id: int | None) -> None:
    head = db.session.get(Person, person_id) if person_id else None
    if head is not None and not head.works_here:
        raise NotNow(_("%(name)s cannot head a unit.", name=head.name))


def line_above(parents: dict[int, int | None], unit_id: int) -> list[int]:
    """Return a unit and all those above it, given every unit's parent."""
    line: list[int] = []
    above: int | None = unit_id
    while above is not None and above not in line:
        line.append(above)
        above = parents.get(above)
    return line


def settle_tree() -> None:
    """Keep every unit's acting head and calendar: its own, else the nearest above; at the top the
    programme owner, and the organisation's calendar."""
    db.session.flush()
    for unit_id, head_id, calendar_id in list(acting()):
        db.session.execute(
            update(Unit)
            .where(Unit.id == unit_id)
            .values(acting_head_id=head_id, acting_calendar_id=calendar_id)
        )


followers.append(settle_tree)


def vacate(person: Person) -> list[Unit]:
    """Return the units `person` headed, now vacant: their duties fall to the parent's head."""
    headed = list(
        db.session.scalars(select(Unit).where(Unit.head_id == person.id).order_by(Unit.id))
    )
    for unit in headed:
        unit.head_id = None
        unit.version += 1
    settle_tree()
    return headed
