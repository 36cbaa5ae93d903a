"""Readings: dated values of a KPI. One is never edited; a later one corrects it by naming it (rule 9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    exists,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db, enum_text
from tracker.errors import NotNow
from tracker.kpis.figures import LARGEST
from tracker.kpis.measures import period_end, period_name
from tracker.kpis.models import Kpi
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.organisation.units import Unit
from tracker.scoping import Scoped

FIRST = "corrects_id IS NULL"  # of the readings that correct nothing there is one a period


class Source(StrEnum):
    """How a reading came in."""

    typed = "typed"
    imported = "imported"


class Reading(Scoped, Model):
    """A value of the period that ends on `day`, for the whole company or a unit, and for everybody or one segment.

    Without a value it says that there is none for this period, and `note` why: a gap is no zero.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint(
            "(numerator IS NULL) = (denominator IS NULL)", name="a_part_has_its_whole"
        ),
        CheckConstraint("denominator IS NULL OR denominator >= 0", name="no_negative_whole"),
        Index(
            "uq_reading_of_the_company", "kpi_id", "segment", "day", unique=True,
            sqlite_where=text(f"unit_id IS NULL AND {FIRST}"), postgresql_where=text(f"unit_id IS NULL AND {FIRST}"),
        ),
        Index(
            "uq_reading_of_a_unit", "kpi_id", "unit_id", "segment", "day", unique=True,
            sqlite_where=text(f"unit_id IS NOT NULL AND {FIRST}"), postgresql_where=text(f"unit_id IS NOT NULL AND {FIRST}"),
        ),
        Index("ix_reading_kpi_id_day", "kpi_id", "day"),
    )  # fmt: skip

    on_trail: ClassVar[Declared] = declare(
        "kpi_id unit_id segment day value numerator denominator source added_by_id added_at corrects_id",
        "note wording breaks",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kpi_id: Mapped[int] = mapped_column(ForeignKey("kpi.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    segment: Mapped[str] = mapped_column(String(80), default="")
    day: Mapped[date]
    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    note: Mapped[str] = mapped_column(Text, default="")
    wording: Mapped[str] = mapped_column(Text, default="")  # of the question behind it
    breaks: Mapped[str] = mapped_column(Text, default="")  # why the series begins anew here
    source: Mapped[Source] = mapped_column(enum_text(Source), default=Source.typed)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), unique=True)

    added_by: Mapped[Person | None] = relationship(foreign_keys=[added_by_id], lazy="raise_on_sql")
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the KPI sees its readings."""
        seen = Kpi.visible_to(person).where(Kpi.id == cls.kpi_id).with_only_columns(Kpi.id)
        return select(cls).where(exists(seen))

    @classmethod
    def add(
        cls, kpi: Kpi, *, day: date, by: Person | None, now: datetime, value: float | None = None, numerator: float | None = None,
        denominator: float | None = None, unit_id: int | None = None, segment: str = "", note: str = "", breaks: str = "",
        wording: str = "",
    ) -> Reading:  # fmt: skip
        """Enter what was measured for the period that `day` lies in.

        Raises `NotNow` for a day ahead, a period that has its reading already, and for neither figures nor a reason why
        there are none.
        """
        last = period_end(day, kpi.cadence)
        if day > now.date() + timedelta(days=1):  # it may be tomorrow already where they are
            raise NotNow(_("A reading cannot be dated ahead."))
        reading = cls(
            kpi_id=kpi.id, unit_id=unit_id, segment=segment.strip(), day=last, numerator=numerator, denominator=denominator,
            value=worked_out(kpi, value, numerator, denominator), note=note.strip(), breaks=breaks.strip(), wording=wording.strip(),
            source=Source.typed, added_by_id=by.id if by else None, added_at=now,
        )  # fmt: skip
        _refuse_nothing(reading)
        db.session.add(reading)
        flush_or(taken(last, kpi))
        _tell(kpi, reading, Kind.reading_added, by=by, now=now)
        return reading

    def correct(
        self, kpi: Kpi, *, by: Person, now: datetime, value: float | None = None, numerator: float | None = None,
        denominator: float | None = None, note: str = "", breaks: str = "",
    ) -> Reading:  # fmt: skip
        """Enter what was really measured; this reading stays on record. Raises `NotNow` where it was corrected already."""
        better = type(self)(
            kpi_id=kpi.id, unit_id=self.unit_id, segment=self.segment, day=self.day, numerator=numerator, denominator=denominator,
            value=worked_out(kpi, value, numerator, denominator), note=note.strip(), breaks=breaks.strip(), wording=self.wording,
            source=Source.typed, added_by_id=by.id, added_at=now, corrects_id=self.id,
        )  # fmt: skip
        _refuse_nothing(better)
        db.session.add(better)
        flush_or(_("That reading was corrected already. Correct the newest one."))
        _tell(kpi, better, Kind.reading_corrected, by=by, now=now, was=self)
        return better


def worked_out(
    kpi: Kpi, value: float | None, numerator: float | None, denominator: float | None
) -> float | None:
    """Return the value of a reading: part / whole x factor where it has parts; None where the whole is nothing.

    Raises `NotNow` for a part of nothing, and for a value that no page could show.
    """
    if numerator is None or denominator is None:
        return value
    if not denominator and numerator:
        raise NotNow(_("The whole is 0, so nothing can be a part of it."))
    found = numerator / denominator * kpi.factor if denominator else None
    if found is not None and abs(found) >= LARGEST:
        raise NotNow(_("Part and whole give a value that is too large."))
    return found


def taken(last: date, kpi: Kpi) -> str:
    """Return what is said of a second reading of one period."""
    return _(
        "There is a reading for %(period)s already. Correct that one instead.",
        period=period_name(last, kpi.cadence),
    )


def _refuse_nothing(reading: Reading) -> None:
    if reading.value is None and not reading.note and reading.denominator is None:
        raise NotNow(_("Give a figure, or say why there is none for this period."))


def _tell(
    kpi: Kpi, reading: Reading, kind: Kind, *, by: Person | None, now: datetime, was: Reading | None = None
) -> None:  # fmt: skip
    told = {"reading_id": reading.id, "figure": figure(reading.value), "as_of": reading.day.isoformat()}  # fmt: skip
    if reading.unit_id is not None:
        told["unit_id"] = reading.unit_id
    words = reading.breaks or reading.note
    kpi.record(
        kind, by=by, now=now, before={"figure": figure(was.value)} if was else None,
        after={**told, "corrects_id": was.id} if was else told, private={"words": words} if words else None,
    )  # fmt: skip


def figure(value: float | None) -> str | None:
    """Return a value as the trail writes it: every digit, as text."""
    return None if value is None else f"{value:.15g}"
