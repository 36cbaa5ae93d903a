"""A KPI, and the verbs that add and change one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.kpis.framing import against_turning
from tracker.kpis.measures import Cadence, Good, Layer
from tracker.kpis.tree import refuse_circle
from tracker.organisation.people import Person
from tracker.organisation.settings import bump_epoch
from tracker.organisation.uniqueness import flush_or
from tracker.organisation.units import Unit
from tracker.scoping import Scoped

CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
TAKEN = frozenset({"NEW", "LIBRARY"})  # words that stand in addresses themselves
SETTLED = frozenset({"measure", "factor", "cadence"})  # what gives readings their meaning


class Kpi(Scoped, Recorded, Model):
    """A company measure. A reading of a part and a whole is part / whole x `factor` (100 for per cent)."""

    __tablename__ = "kpi"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("factor > 0", name="factor_is_positive"),
        Index("ix_kpi_parent_id", "parent_id"),
        Index("ix_kpi_owner_id", "owner_id"),
        Index("ix_kpi_unit_id", "unit_id"),
    )
    subject_type: ClassVar[str] = "kpi"
    address: ClassVar[str] = "code"
    argument: ClassVar[str] = "code"

    on_trail: ClassVar[Declared] = declare(
        "code measure by_parts factor places good scale_low scale_high layer parent_id unit_id owner_id cadence alert_low "
        "alert_high added_at",
        "name definition formula origin source",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text, default="")
    formula: Mapped[str] = mapped_column(String(400), default="")
    origin: Mapped[str] = mapped_column(String(300), default="")  # where the definition comes from
    source: Mapped[str] = mapped_column(String(200), default="")  # where the readings come from
    measure: Mapped[str] = mapped_column(String(40), default="")  # its unit of measure: %, days
    by_parts: Mapped[bool] = mapped_column(default=False)  # readings are a part and a whole
    factor: Mapped[float] = mapped_column(default=1.0)
    places: Mapped[int] = mapped_column(default=1)  # decimals that are shown
    good: Mapped[Good] = mapped_column(enum_text(Good), default=Good.up)
    scale_low: Mapped[float | None]
    scale_high: Mapped[float | None]
    layer: Mapped[Layer] = mapped_column(enum_text(Layer), default=Layer.driver)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("kpi.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cadence: Mapped[Cadence] = mapped_column(enum_text(Cadence), default=Cadence.monthly)
    alert_low: Mapped[float | None]
    alert_high: Mapped[float | None]
    added_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")

    @property
    def up_is_good(self) -> bool:
        """Whether higher is better."""
        return self.good == Good.up

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Internal people see every KPI; for partners there is none."""
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def add(cls, *, code: str, name: str, by: Person | None, now: datetime, **more: Any) -> Kpi:
        """Add a KPI. Raises `NotNow` for a code that is taken or is none, and for an owner who can own nothing."""
        kpi = cls(code=as_code(code), name=name.strip(), added_at=now, **more)
        refuse_code(kpi.code)
        _refuse_owner(kpi.owner_id)
        db.session.add(kpi)
        flush_or(_code_taken(kpi.code))
        kpi.record(Kind.kpi_added, by=by, now=now, after=kpi.told)
        bump_epoch()
        return kpi

    def change(self, *, by: Person | None, now: datetime, **fields: Any) -> None:
        """Change what it is. Raises `NotNow` where it would stand below itself, where it would turn round what others agreed
        on, and what `add` raises.

        What the readings mean cannot change under them: the unit of measure and the way from parts to a value
        stay once there are readings; a new measure is a new KPI.
        """
        before = self.told
        if "code" in fields:
            fields["code"] = as_code(fields["code"])
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        if SETTLED & set(changed):
            self._refuse_once_read()
        if "good" in changed:
            _refuse_turning(self)
        if fields.get("parent_id") not in {None, self.parent_id}:
            refuse_circle(type(self), self, fields["parent_id"])
        if fields.get("owner_id") not in {None, self.owner_id}:
            _refuse_owner(fields["owner_id"])
        if "code" in fields:
            refuse_code(fields["code"])
        for name in changed:
            setattr(self, name, fields[name])
        if not changed:
            return
        self.version += 1
        flush_or(_code_taken(self.code))
        after = self.told
        differ = [key for key in after if before[key] != after[key]]
        self.record(
            Kind.kpi_changed,
            by=by,
            now=now,
            before={key: before[key] for key in differ},
            after={key: after[key] for key in differ} | {"fields": changed},
        )
        bump_epoch()

    def _refuse_once_read(self) -> None:
        reading = Model.metadata.tables["reading"].c
        if db.session.scalar(select(reading.id).where(reading.kpi_id == self.id).limit(1)):
            raise NotNow(once_read())

    def pass_to(self, heir_id: int | None) -> None:
        """Let somebody else own it, or nobody for now."""
        self.owner_id = heir_id
        self.version += 1

    @property
    def told(self) -> dict[str, Any]:
        """What its events say of it."""
        return {
            "code": self.code,
            "layer": str(self.layer),
            "cadence": str(self.cadence),
            "parent_kpi_id": self.parent_id,
            "unit_id": self.unit_id,
            "owner_id": self.owner_id,
        }


def _refuse_turning(kpi: Kpi) -> None:
    for objection in against_turning:
        if words := objection(kpi):
            raise NotNow(words)


def as_code(text: str) -> str:
    """Return a code as it is kept: in capitals, without blanks."""
    return "".join(text.upper().split())


def refuse_code(code: str) -> None:
    """Raise `NotNow` for a code that cannot stand in an address."""
    if not CODE.fullmatch(code) or code in TAKEN:
        raise NotNow(bad_code())


def bad_code() -> str:
    """Return what is said of a code that cannot stand in an address."""
    return _("Use letters A to Z, figures, and . _ - in a code, such as NPS or CARE-FCR.")


def once_read() -> str:
    """Return what is said where the meaning of readings would change under them."""
    return _(
        "There are readings in this unit and rhythm. What is measured otherwise is another KPI: add that one."
    )


def _code_taken(code: str) -> str:
    return _("There is a KPI with the code %(code)s already.", code=code)


def _refuse_owner(person_id: int | None) -> None:
    owner = db.session.get(Person, person_id) if person_id else None
    if owner is not None and not owner.works_here:
        raise NotNow(_("%(name)s cannot own a KPI.", name=owner.name))
