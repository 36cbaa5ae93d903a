"""What a KPI is to reach by when, and what others reach: its targets and its outside benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.kpis.models import Kpi
from tracker.kpis.readings import figure
from tracker.organisation.people import Person
from tracker.organisation.settings import bump_epoch
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped


class Target(Scoped, Model):
    """A value by a day. What it was before stands on the trail."""

    __tablename__ = "kpi_target"
    __table_args__ = (UniqueConstraint("kpi_id", "day"),)

    on_trail: ClassVar[Declared] = declare("kpi_id day value set_by_id set_at")

    id: Mapped[int] = mapped_column(primary_key=True)
    kpi_id: Mapped[int] = mapped_column(ForeignKey("kpi.id", ondelete="CASCADE"))
    day: Mapped[date]
    value: Mapped[float]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the KPI sees its targets."""
        seen = Kpi.visible_to(person).where(Kpi.id == cls.kpi_id).with_only_columns(Kpi.id)
        return select(cls).where(exists(seen))

    @classmethod
    def put(cls, kpi: Kpi, *, day: date, value: float, by: Person | None, now: datetime) -> Target:
        """Set what is to be reached by `day`; one that stood for that day gives way to it."""
        target = db.session.scalars(select(cls).where(cls.kpi_id == kpi.id, cls.day == day)).first()
        was = target.value if target else None
        if target is None:
            target = cls(kpi_id=kpi.id, day=day, value=value)
            db.session.add(target)
        target.value, target.set_by_id, target.set_at = value, by.id if by else None, now
        flush_or(_("Somebody set a target for that day just now. Look at it first."))
        kpi.record(
            Kind.kpi_target_set, by=by, now=now, before={"figure": figure(was)},
            after={"figure": figure(value), "until": day.isoformat()},
        )  # fmt: skip
        bump_epoch()
        return target

    def remove(self, kpi: Kpi, *, by: Person, now: datetime) -> None:
        """Take it back."""
        db.session.delete(self)
        db.session.flush()
        kpi.record(
            Kind.kpi_target_removed, by=by, now=now,
            after={"figure": figure(self.value), "until": self.day.isoformat()},
        )  # fmt: skip
        bump_epoch()


class Benchmark(Scoped, Model):
    """What others reach: a value, whose word it is, and of when."""

    __tablename__ = "kpi_benchmark"
    __table_args__ = (Index("ix_kpi_benchmark_kpi_id_day", "kpi_id", "day"),)

    on_trail: ClassVar[Declared] = declare("kpi_id day value added_by_id added_at", "source")

    id: Mapped[int] = mapped_column(primary_key=True)
    kpi_id: Mapped[int] = mapped_column(ForeignKey("kpi.id", ondelete="CASCADE"))
    day: Mapped[date]
    value: Mapped[float]
    source: Mapped[str] = mapped_column(String(300))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the KPI sees its benchmarks."""
        seen = Kpi.visible_to(person).where(Kpi.id == cls.kpi_id).with_only_columns(Kpi.id)
        return select(cls).where(exists(seen))

    @classmethod
    def add(
        cls, kpi: Kpi, *, day: date, value: float, source: str, by: Person | None, now: datetime
    ) -> Benchmark:
        """Note what others reach."""
        benchmark = cls(
            kpi_id=kpi.id, day=day, value=value, source=source.strip(), added_by_id=by.id if by else None, added_at=now
        )  # fmt: skip
        db.session.add(benchmark)
        db.session.flush()
        kpi.record(
            Kind.kpi_benchmark_added, by=by, now=now,
            after={"figure": figure(value), "as_of": day.isoformat()}, private={"words": benchmark.source},
        )  # fmt: skip
        return benchmark

    def remove(self, kpi: Kpi, *, by: Person, now: datetime) -> None:
        """Take it back."""
        db.session.delete(self)
        db.session.flush()
        kpi.record(
            Kind.kpi_benchmark_removed, by=by, now=now,
            after={"figure": figure(self.value), "as_of": self.day.isoformat()},
        )  # fmt: skip


def target_on(targets: Sequence[Any], day: date) -> Any:
    """Return the target that counts on `day`: the next one that is due, else the last that was; None without any.

    `targets` have `day` and `value` and are in the order of their days.
    """
    ahead = [one for one in targets if one.day >= day]
    return ahead[0] if ahead else targets[-1] if targets else None
