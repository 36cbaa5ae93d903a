"""The money of one quarter of an initiative: planned, forecast, realised, and whether finance confirmed it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Numeric,
    Select,
    UniqueConstraint,
    exists,
    false,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person
from tracker.organisation.settings import Organisation
from tracker.organisation.uniqueness import flush_or
from tracker.scoping import Scoped

MODULE = "benefits"
AMOUNTS = ("planned", "forecast", "realised")


class Benefit(Scoped, Recorded, Model):
    """One quarter. Amounts are in the organisation's currency; None is not said, which is something else than nothing."""

    __tablename__ = "benefit"
    __table_args__ = (
        UniqueConstraint("initiative_id", "quarter"),
        CheckConstraint("confirmed_at IS NULL OR realised IS NOT NULL", name="confirms_something"),
    )
    subject_type: ClassVar[str] = "benefit"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id quarter planned forecast realised confirmed_at confirmed_by_id"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    quarter: Mapped[date]  # its first day
    planned: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    forecast: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    realised: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    confirmed_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Whoever sees the initiative sees its benefits; partners see none."""
        if not person.is_internal:
            return select(cls).where(false())
        seen = Initiative.visible_to(person).where(Initiative.id == cls.initiative_id)
        return select(cls).where(exists(seen.with_only_columns(Initiative.id)))

    @classmethod
    def of(cls, initiative: Any, quarter: date) -> Benefit | None:
        """Return the row of a quarter as it stands, or None."""
        mine = select(cls).where(cls.initiative_id == initiative.id, cls.quarter == quarter)
        return db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()

    @classmethod
    def put(
        cls, initiative: Any, quarter: date, *, planned: Decimal | None, forecast: Decimal | None, realised: Decimal | None,
        by: Person | None, now: datetime,
    ) -> Benefit:  # fmt: skip
        """Say what a quarter brings. What finance confirmed has to be confirmed anew once another amount was realised.

        Raises `NotNow` for an initiative that was stopped, for what was realised in a quarter that lies ahead, and where
        somebody did the same just now.
        """
        if initiative.stopped_at is not None:
            raise NotNow(_("%(ref)s was stopped, so it brings nothing more.", ref=initiative.ref))
        if realised is not None and quarter > now.date():
            raise NotNow(_("That quarter lies ahead, so nothing was realised in it yet."))
        row = cls.of(initiative, quarter)
        if row is None:
            row = cls(initiative_id=initiative.id, quarter=quarter)
            db.session.add(row)
        before = row.told
        given = {"planned": planned, "forecast": forecast, "realised": realised}
        changed = [name for name, amount in given.items() if getattr(row, name) != amount]
        if row.id is not None and not changed:
            return row
        for name in changed:
            setattr(row, name, given[name])
        if "realised" in changed:
            row.confirmed_at = row.confirmed_by_id = None
        row.version = (row.version or 0) + 1
        flush_or(_("Somebody entered this quarter just now. Look at it first."))
        after = row.told
        row.record(
            Kind.benefit_entered, by=by, now=now, before={name: before[name] for name in changed},
            after={name: after[name] for name in (*changed, "quarter_on")} | {"currency": Organisation.current().currency},
        )  # fmt: skip
        initiative.touch(now)
        return row

    def confirm(self, initiative: Any, *, by: Person, now: datetime) -> None:
        """Let finance say that what is realised is so. Raises `NotNow` where nothing is, and a second time."""
        if self.realised is None:
            raise NotNow(_("Nothing was realised in this quarter yet, so there is nothing to confirm."))  # fmt: skip
        if self.confirmed_at is not None:
            raise NotNow(_("This is confirmed already."))
        self.confirmed_at, self.confirmed_by_id = now, by.id
        self.version += 1
        db.session.flush()
        told = self.told
        self.record(
            Kind.benefit_confirmed, by=by, now=now,
            after={"quarter_on": told["quarter_on"], "realised": told["realised"], "currency": Organisation.current().currency},
        )  # fmt: skip
        initiative.touch(now)

    @property
    def told(self) -> dict[str, Any]:
        """What its events say of it."""
        amounts = {name: getattr(self, name) for name in AMOUNTS}
        told = {
            name: None if amount is None else f"{amount:.2f}" for name, amount in amounts.items()
        }
        return told | {"quarter_on": self.quarter.isoformat()}
