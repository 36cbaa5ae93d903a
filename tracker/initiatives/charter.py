"""The charter: what an initiative agreed to do, in numbered versions that nobody edits, and the draft of the next one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.activity.recording import Recorded
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.wording import digits
from tracker.wording import lazy as _l

if TYPE_CHECKING:
    from tracker.initiatives.models import Initiative

SECTION_NAMES: Mapping[str, Any] = {
    "purpose": _l("Purpose"),
    "for_customer": _l("What changes for the customer"),
    "in_scope": _l("In scope"),
    "out_of_scope": _l("Out of scope"),
    "taking_part": _l("Who takes part, and what for"),
    "measures": _l("How we will know"),
    "time_budget": _l("Time and budget"),
    "risks": _l("Risks"),
}
SECTIONS = tuple(SECTION_NAMES)
LONGEST = 6000  # characters of a section


class Sections:
    """The text of a charter, section by section, in the order they are read."""

    purpose: Mapped[str] = mapped_column(Text, default="")
    for_customer: Mapped[str] = mapped_column(Text, default="")
    in_scope: Mapped[str] = mapped_column(Text, default="")
    out_of_scope: Mapped[str] = mapped_column(Text, default="")
    taking_part: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    time_budget: Mapped[str] = mapped_column(Text, default="")
    risks: Mapped[str] = mapped_column(Text, default="")

    @property
    def texts(self) -> dict[str, str]:
        """Every section's text, by section."""
        return {section: getattr(self, section) or "" for section in SECTIONS}


class CharterVersion(Sections, Recorded, Model):
    """A published charter. It is never edited; its checksum stands on the trail as well.

    `binding` is the number of the version whose signatures count for this one: its own, or an
    earlier one where only the wording changed since (rule 3).
    """

    __tablename__ = "charter_version"
    __table_args__ = (
        UniqueConstraint("initiative_id", "number"),
        CheckConstraint("binding >= 1 AND binding <= number", name="binding"),
    )
    subject_type: ClassVar[str] = "charter_version"

    on_trail: ClassVar[Declared] = declare(
        "initiative_id number binding sha256 published_at published_by_id", " ".join(("note", *SECTIONS))
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    number: Mapped[int]
    binding: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    published_by: Mapped[Person | None] = relationship(
        foreign_keys=[published_by_id], lazy="raise_on_sql"
    )

    @property
    def wording_only(self) -> bool:
        """Whether it changed no more than words, so that signatures keep."""
        return self.binding < self.number

    @property
    def intact(self) -> bool:
        """Whether the text still is the one that was published."""
        return self.sha256 == checksum(self.number, self.texts)

    @classmethod
    def current(cls, initiative: Any) -> CharterVersion | None:
        """Return the newest version of an initiative as it stands now, or None before the first."""
        newest = select(cls).where(cls.initiative_id == initiative.id).order_by(cls.number.desc())
        return db.session.scalars(newest.limit(1)).one_or_none()

    @classmethod
    def numbered(cls, initiative: Any, number: int) -> CharterVersion | None:
        """Return one version of an initiative, or None."""
        one = select(cls).where(cls.initiative_id == initiative.id, cls.number == number)
        return db.session.scalars(one).one_or_none()


@event.listens_for(CharterVersion, "before_update")
def _never_edited(*_of: Any) -> None:
    raise RuntimeError("A published charter is never edited. Publish a new version.")


class CharterDraft(Sections, Recorded, Model):
    """The text that is being written: one row for each initiative, edited together, hence its version."""

    __tablename__ = "charter_draft"
    subject_type: ClassVar[str] = "charter_draft"

    on_trail: ClassVar[Declared] = declare("initiative_id saved_at saved_by_id", " ".join(SECTIONS), key="initiative_id")  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(
        ForeignKey("initiative.id", ondelete="CASCADE"), unique=True
    )
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    saved_by: Mapped[Person | None] = relationship(foreign_keys=[saved_by_id], lazy="raise_on_sql")

    @classmethod
    def of(cls, initiative: Any) -> CharterDraft:
        """Return the draft of an initiative as it stands now; an unsaved one of version 0 if nobody has written yet."""
        kept = select(cls).where(cls.initiative_id == initiative.id)
        row = db.session.scalars(kept.execution_options(populate_existing=True)).one_or_none()
        return row or cls.blank(initiative)

    @classmethod
    def blank(cls, initiative: Any) -> CharterDraft:
        """Return an unsaved draft of version 0."""
        return cls(initiative_id=initiative.id, version=0, **dict.fromkeys(SECTIONS, ""))

    def save(self, initiative: Initiative, *, by: Person, now: datetime, **sections: str) -> None:
        """Keep what was typed. Raises `NotNow` once the initiative was stopped, and if somebody began the draft just now."""
        initiative.refuse_if_stopped()
        was = self.texts
        changed = {key: text for key, text in sections.items() if was[key] != text}
        if not changed:
            return
        for key, text in changed.items():
            setattr(self, key, text)
        self.version, self.saved_at, self.saved_by_id = self.version + 1, now, by.id
        db.session.add(self)
        flush_or(_("Somebody began this draft just now. Open it again."))
        self.record(
            Kind.charter_draft_saved, by=by, now=now, after={"fields": sorted(changed)},
            private={"was": {key: was[key] for key in changed}, "now": changed},
        )  # fmt: skip

    def publish(
        self, initiative: Initiative, *, note: str, wording_only: bool, by: Person, now: datetime
    ) -> CharterVersion:
        """Make the draft the next version. `note` says in short what changed; `wording_only` keeps signatures (rule 3).

        Raises `NotNow` without a purpose, when nothing differs from the present version, for a
        first version that would change wording only, and once the initiative was stopped.
        """
        initiative.refuse_if_stopped()
        latest = CharterVersion.current(initiative)
        words = self.why_not(latest)
        if words:
            raise NotNow(words)
        if wording_only and latest is None:
            raise NotNow(_("The first version changes more than wording."))
        number = latest.number + 1 if latest else 1
        version = CharterVersion(
            initiative_id=initiative.id,
            number=number,
            binding=latest.binding if latest and wording_only else number,
            note=note.strip(),
            sha256=checksum(number, self.texts),
            published_at=now,
            published_by_id=by.id,
            **self.texts,
        )
        db.session.add(version)
        flush_or(
            _(
                "Somebody published version %(number)s just now. Look at it first.",
                number=digits(str(number)),
            )
        )
        version.record(
            Kind.charter_published,
            by=by,
            now=now,
            after={"version": number, "wording_only": wording_only, "sha256": version.sha256},
            private={"words": version.note} if version.note else None,
        )
        return version

    def why_not(self, latest: CharterVersion | None) -> str:
        """Return why this cannot be published after `latest`, in words; nothing if it can."""
        if not self.purpose.strip():
            return _("Write the purpose first: a charter without one says nothing.")
        if latest is not None and latest.texts == self.texts:
            return _(
                "The draft reads like version %(number)s. Change it first.",
                number=digits(str(latest.number)),
            )
        return ""


def checksum(number: int, texts: Mapping[str, str]) -> str:
    """Return the SHA-256, in hexadecimal, of a version: its number and sections as JSON in UTF-8.

    Keys are sorted, nothing stands between the parts, and no character is escaped that need not be.
    """
    told = {"number": number, "sections": {section: texts[section] for section in SECTIONS}}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def copy_charter(source: Any, target: Any, *, by: Person | None, now: datetime) -> bool:
    """Begin the draft of `target` with the charter of `source`: what was published last, else its draft.

    Returns whether there was one. The event that says where the initiative was copied from speaks
    for this too; versions, notes and signatures stay behind.
    """
    found = CharterVersion.current(source) or CharterDraft.of(source)
    if not any(found.texts.values()):
        return False
    db.session.add(
        CharterDraft(
            initiative_id=target.id,
            version=1,
            saved_at=now,
            saved_by_id=by.id if by else None,
            **found.texts,
        )
    )
    db.session.flush()
    return True
