"""Who takes part in an initiative, and how that changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import null, select
from sqlalchemy.orm import joinedload

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.memberships import Discipline, Membership, Responsibility
from tracker.initiatives.reaching import Involvement, Participation
from tracker.organisation.people import Person

__all__ = [
    "Discipline",
    "Involvement",
    "Membership",
    "Participation",
    "Responsibility",
    "Teamed",
]


class Teamed:
    """How an initiative's team changes."""

    if TYPE_CHECKING:
        id: Any
        ref: Any
        lead_id: Any
        lead_unit_id: Any
        version: Any
        record: Any
        touch: Any
        refuse_if_stopped: Any

    _team: Any = None
    known_units: list[Any] | None = None

    def load_team(self) -> None:
        """Look up who and which units are on it, in one query, for the policy and the page."""
        people = select(
            Membership.person_id, Membership.responsibility, null().label("unit_id")
        ).where(Membership.initiative_id == self.id, Membership.left_at.is_(None))
        units = select(null(), null(), Participation.unit_id).where(
            Participation.initiative_id == self.id
        )
        rows = db.session.execute(people.union_all(units)).all()
        self.take_team(
            [row for row in rows if row.unit_id is None],
            [row.unit_id for row in rows if row.unit_id is not None],
        )

    def take_team(
        self, people: Iterable[Any], unit_ids: Iterable[int], units: list[Any] | None = None
    ) -> None:
        """Know the team from rows that were read already: (`person_id`, `responsibility`) each, and the other units.

        `units` are rows of every unit that takes part, as `participants` returns them.
        """
        self._team, self.known_units = (tuple(people), frozenset(unit_ids)), units

    def forget_team(self) -> None:
        self._team = self.known_units = None

    @property
    def member_ids(self) -> frozenset[int]:
        """Everybody on it, the lead included."""
        lead = {self.lead_id} if self.lead_id else set()
        return frozenset({row.person_id for row in self._loaded[0]} | lead)

    @property
    def working_member_ids(self) -> frozenset[int]:
        """Those who are responsible or consulted."""
        return frozenset(
            row.person_id
            for row in self._loaded[0]
            if row.responsibility != Responsibility.informed
        )

    @property
    def participating_unit_ids(self) -> frozenset[int]:
        """The lead unit and the others."""
        return self._loaded[1] | {self.lead_unit_id}

    @property
    def _loaded(self) -> Any:
        if self._team is None:
            self.load_team()
        return self._team

    def add_member(
        self,
        person: Person,
        *,
        by: Person | None,
        now: datetime,
        responsibility: Responsibility = Responsibility.responsible,
        discipline: Discipline | None = None,
        what_for: str = "",
        share: int | None = None,
    ) -> Membership:
        """Take somebody on. Raises `NotNow` for partners' contacts, auditors, those without access, and those on it already."""
        self.refuse_if_stopped()
        if not person.works_here:
            raise NotNow(
                _(
                    "%(name)s cannot join: only active internal people who are not auditors can.",
                    name=person.name,
                )
            )
        if person.id in {row.person_id for row in self._loaded[0]}:
            raise NotNow(
                _("%(name)s is on the team of %(ref)s already.", name=person.name, ref=self.ref)
            )
        membership = Membership(
            initiative_id=self.id,
            person_id=person.id,
            unit_id=person.unit_id,
            responsibility=responsibility,
            discipline=discipline,
            what_for=what_for,
            share=share,
            joined_at=now,
        )
        db.session.add(membership)
        db.session.flush()
        self.changed_team(now)
        private = {"words": what_for} if what_for else None
        self.record(Kind.member_joined, by=by, now=now, after=membership.part, private=private)
        return membership

    def change_member(
        self, membership: Membership, *, by: Person, now: datetime, **fields: Any
    ) -> None:
        """Change responsibility, discipline, what somebody is for, or their share; a new share has to be agreed anew.

        Raises `NotNow` once it was stopped, and for somebody who has left.
        """
        self.refuse_if_stopped()
        self._need_present(membership)
        changed = {key: value for key, value in fields.items() if getattr(membership, key) != value}
        if not changed:
            return
        before, was = membership.part, membership.what_for
        if "share" in changed:
            membership.share_agreed_by_id = None
        for key, value in changed.items():
            setattr(membership, key, value)
        self.changed_team(now)
        told = "what_for" in changed
        private = {"was": {"what_for": was}, "now": {"what_for": membership.what_for}}
        self.record(
            Kind.member_changed,
            by=by,
            now=now,
            before=before,
            after=membership.part,
            private=private if told else None,
        )

    def agree_share(self, membership: Membership, *, by: Person, now: datetime) -> None:
        """Agree, as the head of somebody's unit, to the share of their time. Raises `NotNow` when none is asked."""
        self.refuse_if_stopped()
        self._need_present(membership)
        if membership.share is None or membership.share_agreed_by_id is not None:
            raise NotNow(_("No share of time waits for an agreement here."))
        membership.share_agreed_by_id = by.id
        self.changed_team(now)
        after = {key: membership.part[key] for key in ("person_id", "unit_id", "share")}
        self.record(Kind.member_share_agreed, by=by, now=now, after=after)

    def remove_member(self, membership: Membership, *, by: Person | None, now: datetime) -> None:
        """Let somebody go; that they were here stays on the record. Raises `NotNow` for somebody who has left."""
        self._need_present(membership)
        membership.left_at = now
        db.session.flush()
        self.changed_team(now)
        self.record(Kind.member_left, by=by, now=now, before=membership.part)

    def members(self) -> list[Membership]:
        """Return who is on it now, with person and unit loaded, in the order they joined."""
        query = (
            select(Membership)
            .where(Membership.initiative_id == self.id, Membership.left_at.is_(None))
            .options(joinedload(Membership.person), joinedload(Membership.unit))
            .order_by(Membership.joined_at, Membership.id)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def member(self, membership_id: int) -> Membership | None:
        """Return one of `members`, or None."""
        return next((one for one in self.members() if one.id == membership_id), None)

    def changed_team(self, now: datetime) -> None:
        """Look the team up anew at the next question, and say that the card looks different."""
        self.forget_team()
        self.version += 1
        self.touch(now)

    def _need_present(self, membership: Membership) -> None:
        if membership.left_at is not None or membership.initiative_id != self.id:
            raise NotNow(_("This person is not on the team of %(ref)s any more.", ref=self.ref))
