"""The organisation's own settings: one row that everything else reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    false,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.clock import local_day
from tracker.db import Model, db
from tracker.errors import NotNow

if TYPE_CHECKING:
    from tracker.organisation.people import Person

MODULES = ("signatures", "priorities", "benefits")
ADMINISTRATORS = "administrators"  # stands beside roles where a second factor is asked of them

# Rooms above tell: {stage: usual name}; and words where a change cannot be (row, new values).
usual_stage_names: list[Callable[[], Mapping[str, str]]] = []
objections: list[Callable[[Any, Mapping[str, Any]], str | None]] = []
# What files above keep from the settings, and bring up to date after a change.
followers: list[Callable[[], None]] = []


class Organisation(Recorded, Model):
    """One row: names, the programme owner and alternate, modules, stages, clocks. `epoch` rises whenever boards may look different."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("id = 1", name="single_row"),
        CheckConstraint(
            "programme_owner_id IS NULL OR programme_owner_id <> alternate_id", name="two_people"
        ),
    )
    subject_type: ClassVar[str] = "organisation"

    on_trail: ClassVar[Declared] = declare(
        "name product_name prefix language time_zone currency programme_owner_id alternate_id "
        "calendar_id modules_json stage_names_json designing second_factor_json approval_rules_json",
        left={"next_number": "rises with every initiative", "epoch": "counts edits"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120), default="")
    product_name: Mapped[str] = mapped_column(String(60), default="Throughline")
    prefix: Mapped[str] = mapped_column(String(8), default="CX")
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    currency: Mapped[str] = mapped_column(String(3), default="GBP")
    programme_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    alternate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id", use_alter=True))
    modules_json: Mapped[str] = mapped_column(Text, default="[]")
    stage_names_json: Mapped[str] = mapped_column(Text, default="{}")
    designing: Mapped[bool] = mapped_column(default=True)
    second_factor_json: Mapped[str] = mapped_column(Text, default="[]", server_default="[]")
    approval_rules_json: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    next_number: Mapped[int] = mapped_column(default=1)
    epoch: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def current(cls) -> Organisation:
        """Return the one row, made on first need inside a write; outside of one, an unsaved row with the defaults."""
        row = db.session.get(cls, 1)
        if row is None:
            row = cls(
                id=1, name="", product_name="Throughline", prefix="CX", language="en", time_zone="UTC", currency="GBP",
                modules_json="[]", stage_names_json="{}", designing=True, next_number=1, epoch=1,
                second_factor_json="[]", approval_rules_json="{}", version=1,
            )  # fmt: skip
        return row

    @classmethod
    def visible_to(cls, person: Any) -> Select[Self]:
        """Internal people know of changes to the settings."""
        return select(cls).where(true() if person.is_internal else false())

    @classmethod
    def found(cls, **fields: Any) -> Organisation:
        """Make the one row, inside a write transaction."""
        row = cls.current()
        for field, value in fields.items():
            setattr(row, field, value)
        db.session.add(row)
        db.session.flush()
        return row

    @property
    def modules(self) -> frozenset[str]:
        """The modules that are switched on."""
        return frozenset(json.loads(self.modules_json))

    @property
    def stage_names(self) -> dict[str, str]:
        """The organisation's own names of stages, by stage."""
        return json.loads(self.stage_names_json)

    @property
    def second_factor(self) -> frozenset[str]:
        """The roles that a second factor is asked of, and `ADMINISTRATORS` where it is of them."""
        return frozenset(json.loads(self.second_factor_json))

    @property
    def approval_rules(self) -> dict[str, Any]:
        """By which rules decisions are made, as the room of approvals keeps them; empty as long as none is set."""
        return json.loads(self.approval_rules_json)

    def change(self, *, by: Person | None, now: datetime, **fields: Any) -> None:
        """Change settings; every board is drawn anew afterwards. Raises `NotNow` where a room objects."""
        for objection in objections:
            if words := objection(self, fields):
                raise NotNow(words)
        declared = (
            *("programme_owner_id", "alternate_id", "calendar_id", "modules", "designing"),
            *("product_name", "language", "currency", "name", "stage_names", "prefix", "time_zone"),
            *("second_factor", "approval_rules"),
        )
        before = {key: self._plain(key) for key in declared}
        for several in {"modules", "second_factor"} & fields.keys():
            fields[f"{several}_json"] = json.dumps(sorted(fields.pop(several)))
        for named in {"stage_names", "approval_rules"} & fields.keys():
            fields[f"{named}_json"] = json.dumps(
                fields.pop(named), sort_keys=True, ensure_ascii=False
            )
        for field, value in fields.items():
            setattr(self, field, value)
        self.version += 1
        self.epoch += 1
        db.session.add(self)
        db.session.flush()
        for follow in followers:
            follow()
        after = {key: self._plain(key) for key in declared}
        changed = [key for key in declared if before[key] != after[key]]
        self.record(
            Kind.settings_changed,
            by=by,
            now=now,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )

    def _plain(self, key: str) -> Any:
        value = getattr(self, key)
        return sorted(value) if isinstance(value, frozenset) else value


def day_of(moment: datetime) -> date:
    """Return the day that `moment` falls on here: clocks, ages and due dates run by the organisation's time zone, for everybody."""
    return local_day(moment, Organisation.current().time_zone)


def take_number() -> int:
    """Return the next number of an initiative; a number is never given twice, not even after a deletion."""
    Organisation.found()
    table: Any = Organisation.__table__
    taken = update(table).values(next_number=table.c.next_number + 1).returning(table.c.next_number)
    return db.session.execute(taken).scalar_one() - 1


def bump_epoch() -> None:
    """Say that boards may look different: units, people, partners, KPIs, readings or settings changed.

    It is counted where it stands, so that two who do so at once count twice.
    """
    row: Any = Organisation.found()
    row.epoch = Organisation.epoch + 1
