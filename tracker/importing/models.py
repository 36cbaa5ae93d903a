"""What imports keep: each run until it expires, named column maps, and which period described what."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.declaring import Declared, declare, left_out
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db, enum_text
from tracker.importing.columns import Mapping
from tracker.importing.fields import What
from tracker.importing.maps import from_toml, to_toml
from tracker.importing.tidy import key
from tracker.scoping import Scoped

WAITS = timedelta(hours=24)
"""How long an uploaded file waits to be applied."""
KEEPS = timedelta(days=30)
"""How long the report of an applied file can be downloaded."""


class ImportRun(Scoped, Recorded, Model):
    """One file that somebody gave us, and what became of it; nobody else ever sees it."""

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_person_id", "person_id"),
        Index("ix_import_run_expires_at", "expires_at"),
    )
    subject_type: ClassVar[str] = "import"
    address: ClassVar[str] = "id"

    on_trail: ClassVar[Declared] = left_out(
        "how a file passed through: what it changed is on the trail itself"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: a command
    what: Mapped[What] = mapped_column(enum_text(What))
    filename: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(40), unique=True)  # its folder among the data files
    sha256: Mapped[str] = mapped_column(String(64))
    map_toml: Mapped[str] = mapped_column(Text, default="")
    sure_json: Mapped[str] = mapped_column(
        Text, default="{}"
    )  # how sure the guess of each column is
    create_missing: Mapped[bool] = mapped_column(default=False)
    skip_bad: Mapped[bool] = mapped_column(default=False)
    totals_json: Mapped[str] = mapped_column(Text, default="{}")
    at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def visible_to(cls, person: Any) -> Select[Any]:
        """Only whoever gave the file sees it."""
        return select(cls).where(cls.person_id == person.id)

    @property
    def waiting(self) -> bool:
        """Whether the file was not imported yet."""
        return self.applied_at is None

    @property
    def mapping(self) -> Mapping:
        """The column map as it stands for this file."""
        return from_toml(self.map_toml, self.what)

    @property
    def sure(self) -> dict[str, str]:
        """How sure the guess of each field is; fields that somebody chose are not in it."""
        return json.loads(self.sure_json)

    @property
    def totals(self) -> dict[str, int]:
        """The totals of the report, once applied."""
        return json.loads(self.totals_json)

    def use(self, mapping: Mapping, *, create_missing: bool, skip_bad: bool) -> None:
        """Keep what was chosen on the page; the dry run is made anew from it."""
        before = self.mapping.columns
        kept = {n: c for n, c in self.sure.items() if mapping.columns.get(n) == before.get(n)}
        self.map_toml, self.sure_json = to_toml(mapping), json.dumps(kept)
        self.create_missing, self.skip_bad = create_missing, skip_bad
        self.version += 1

    def applied(self, totals: dict[str, int], *, by: Any, now: datetime) -> None:
        """Say that the file was written, and keep its report for a while."""
        self.applied_at, self.expires_at = now, now + KEEPS
        self.totals_json = json.dumps(totals)
        self.version += 1
        self.record(
            Kind.import_applied,
            by=by,
            now=now,
            after={"what": self.what.value, "sha256": self.sha256, "import_id": self.id, **totals},
            private={"words": self.filename},
        )


class ImportMap(Recorded, Model):
    """A named column map, for everybody who imports files of that kind."""

    __tablename__ = "import_map"
    __table_args__ = (UniqueConstraint("what", "key"),)
    subject_type: ClassVar[str] = "import_map"

    on_trail: ClassVar[Declared] = declare("what name key saved_by_id saved_at", "map_toml")

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[What] = mapped_column(enum_text(What))
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(120))
    map_toml: Mapped[str] = mapped_column(Text)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(Instant)

    @property
    def mapping(self) -> Mapping:
        """The map itself."""
        return from_toml(self.map_toml, self.what)

    @classmethod
    def of(cls, what: What) -> list[ImportMap]:
        """The maps for files of that kind, by name."""
        query = select(cls).where(cls.what == what).order_by(cls.key)
        return list(db.session.scalars(query))

    @classmethod
    def save(cls, name: str, mapping: Mapping, *, by: Any, now: datetime) -> ImportMap:
        """Keep a map under a name; one of that name is replaced."""
        known_as = key(name)[:120]
        found = db.session.scalars(
            select(cls).where(cls.what == mapping.what, cls.key == known_as)
        ).one_or_none()
        kept = found or cls(what=mapping.what, key=known_as)
        kept.name, kept.map_toml = name.strip(), to_toml(mapping)
        kept.saved_by_id, kept.saved_at = by.id if by else None, now
        db.session.add(kept)
        db.session.flush()
        after = {"what": mapping.what.value, "name": kept.name, "columns": len(mapping.columns)}
        kept.record(Kind.import_map_saved, by=by, now=now, after=after)
        return kept


class ImportMark(Model):
    """The latest period that an import described an initiative for (its name, unit and budget)."""

    __tablename__ = "import_mark"

    on_trail: ClassVar[Declared] = left_out(
        "which period a file described last: it only orders imports"
    )

    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    as_of: Mapped[date]
