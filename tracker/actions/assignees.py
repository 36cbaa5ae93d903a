"""Who does it: exactly one person of ours, or one partner and perhaps one of its contacts (rule 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKeyConstraint

from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person


def one_assignee() -> tuple[CheckConstraint | ForeignKeyConstraint, ...]:
    """Return the constraints by which the database itself refuses two assignees, none, and a contact of another partner."""
    return (
        CheckConstraint("(assignee_id IS NULL) <> (partner_id IS NULL)", name="one_assignee"),
        CheckConstraint(
            "contact_id IS NULL OR partner_id IS NOT NULL", name="contact_of_a_partner"
        ),
        ForeignKeyConstraint(
            ["contact_id", "partner_id"],
            ["person.id", "person.partner_id"],
            name="fk_action_contact_id_person",
        ),
    )


@dataclass(frozen=True)
class Assignee:
    """A person of ours, or a partner with an optional contact."""

    person_id: int | None = None
    partner_id: int | None = None
    contact_id: int | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """The three columns that name an assignee."""
        return {
            "assignee_id": self.person_id,
            "partner_id": self.partner_id,
            "contact_id": self.contact_id,
        }

    def stays_with(self, partner_id: int | None) -> bool:
        """Tell whether the partner with this id keeps it, and perhaps another contact of it does it."""
        return partner_id is not None and self.partner_id == partner_id

    @classmethod
    def of(cls, row: Any) -> Assignee:
        """Return the assignee that the columns of `row` name."""
        return cls(row.assignee_id, row.partner_id, row.contact_id)

    @property
    def key(self) -> str:
        """What a list of choices calls it: `i12`, `p3`, or `c3-45` for one contact of a partner."""
        if self.person_id:
            return f"i{self.person_id}"
        return f"c{self.partner_id}-{self.contact_id}" if self.contact_id else f"p{self.partner_id}"

    @classmethod
    def from_key(cls, key: str | None) -> Assignee | None:
        """Return the assignee that a choice names; None for what is no choice."""
        kind, rest = (key or "")[:1], (key or "")[1:]
        first, dash, second = rest.partition("-")
        numbers = [first, second] if dash else [first]
        if not all(n.isascii() and n.isdecimal() and len(n) < 10 for n in numbers):
            return None
        if kind == "i" and not dash:
            return cls(person_id=int(first))
        if kind == "p" and not dash:
            return cls(partner_id=int(first))
        return cls(partner_id=int(first), contact_id=int(second)) if kind == "c" and dash else None

    def checked(self, now: datetime) -> Assignee:
        """Return it. Raises `NotNow` unless it is exactly one that is still there at `now`, and may work here."""
        if (self.person_id is None) == (self.partner_id is None):
            raise NotNow(_("An action has one assignee: a person of ours, or a partner."))
        if self.person_id is not None:
            able(self.person_id)
            return self
        partner = db.session.get(Partner, self.partner_id)
        if partner is None or partner.ended_at is not None:
            raise NotNow(_("The work with this partner has ended. Choose somebody else."))
        if self.contact_id is not None:
            contact = db.session.get(Person, self.contact_id)
            if contact is None or contact.partner_id != partner.id:
                raise NotNow(
                    _("Choose a contact of %(partner)s, or nobody in particular.", partner=partner.name)
                )  # fmt: skip
            if not contact.may_enter(now):
                raise NotNow(_("The access of %(name)s has ended.", name=contact.name))
        return self


def able(person_id: int | None) -> Person:
    """Return the person of ours with this id. Raises `NotNow` for one without access, an auditor, and a partner's contact."""
    person = db.session.get(Person, person_id) if person_id else None
    if person is None or not person.works_here:
        raise NotNow(_("Choose somebody of ours who has access and works here."))
    return person
