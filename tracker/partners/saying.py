"""What a partner says of its own scorecard: one comment a quarter; what it said before stands on the trail (rule 22)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.activity.declaring import Declared, declare
from tracker.activity.kinds import Kind
from tracker.db import Instant, Model, db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.partners.quarters import Quarter


class ScorecardComment(Model):
    """The comment of one partner on one quarter."""

    __tablename__ = "scorecard_comment"
    __table_args__ = (UniqueConstraint("partner_id", "quarter"),)
    subject_type: ClassVar[str] = "scorecard_comment"

    on_trail: ClassVar[Declared] = declare("partner_id quarter by_id said_at", "words")

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    quarter: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]

    by: Mapped[Person] = relationship(lazy="raise_on_sql", viewonly=True)

    @classmethod
    def of(cls, partner: Partner, quarter: Quarter) -> ScorecardComment:
        """Return the comment on a quarter; where nothing was said yet a blank one, which nothing keeps."""
        mine = select(cls).where(cls.partner_id == partner.id, cls.quarter == quarter.number)
        said = db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
        return said or cls(partner_id=partner.id, quarter=quarter.number, words="", version=0)

    def say(self, words: str, *, on: Partner, by: Person, now: datetime) -> None:
        """Say something of the quarter, in place of what was said before. Raises `NotNow` once the work has ended.

        The caller holds the lock of the partner, so that two contacts do not both begin.
        """
        if on.ended_at is not None:
            raise NotNow(_("The work with %(name)s has ended.", name=on.name))
        if words == self.words:
            return
        was, self.words, self.by_id, self.said_at = self.words, words, by.id, now
        self.version += 1
        db.session.add(self)
        db.session.flush()
        on.record(
            Kind.scorecard_commented,
            by=by,
            now=now,
            after={"quarter": self.quarter},
            private={"was": {"comment": was}, "now": {"comment": words}},
        )
