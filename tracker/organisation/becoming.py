"""What somebody cannot become, or cease to be, while something hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import Model, db
from tracker.errors import NotNow
from tracker.organisation.duties import duties_of
from tracker.organisation.roles import NO_DUTIES, Role


def refuse_becoming(person: Any, fields: Mapping[str, Any]) -> None:
    """Raise `NotNow` when `person` cannot take on the role and the flags in `fields`."""
    role = fields.get("role", person.role)
    admin = fields.get("is_admin", person.is_admin)
    if (role == Role.partner) != (person.role == Role.partner):
        raise NotNow(
            _("Nobody moves between us and a partner. End this access and invite them anew.")
        )
    refuse_flags(role, admin)
    if person.is_admin and not admin:
        refuse_last_administrator(person)
    if person.role == Role.executive != role:
        for check in executive_duties:
            if words := check(person):
                raise NotNow(words)
    if role == Role.auditor != person.role:
        _refuse_auditor(person)


def rises(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether somebody may do by now what they could not do before: another role, or one flag more."""
    gained = any(after[flag] and not before[flag] for flag in ("is_admin", "is_finance"))
    return gained or before["role"] != after["role"]


def refuse_flags(role: Role, is_admin: bool) -> None:
    """Raise `NotNow` for an administrator whose role changes nothing here."""
    if is_admin and role in NO_DUTIES:
        raise NotNow(_("An administrator can be neither an auditor nor a partner's contact."))


def refuse_last_administrator(person: Any) -> None:
    """Raise `NotNow` when nobody else administers. The rows are locked, so that two cannot leave
    at once."""
    people = Model.metadata.tables["person"].c
    admins = select(people.id).where(people.is_admin, people.ended_at.is_(None))
    if set(db.session.scalars(admins.order_by(people.id).with_for_update())) <= {person.id}:
        raise NotNow(
            _(
                "%(name)s is the last administrator. Make somebody else an administrator first.",
                name=person.name,
            )
        )


def refuse_return(person: Any) -> None:
    """Raise `NotNow` for a contact whose partner has ended."""
    if person.partner_id is None:
        return
    partner = Model.metadata.tables["partner"].c
    ended = select(partner.ended_at).where(partner.id == person.partner_id)
    if db.session.scalar(ended) is not None:
        raise NotNow(_("The work with this partner has ended, so its contacts stay out."))


def _refuse_auditor(person: Any) -> None:
    """Refuse what an auditor cannot be: a head, or a partner's relationship owner."""
    unit, partner = (Model.metadata.tables[name].c for name in ("unit", "partner"))
    held = (
        select(unit.name)
        .where(unit.head_id == person.id)
        .union(select(partner.name).where(partner.relationship_owner_id == person.id))
    )
    about = db.session.scalars(held).first()
    if about is not None:
        raise NotNow(
            _(
                "%(name)s still answers for %(about)s. An auditor changes nothing, so hand that "
                "over first.",
                name=person.name,
                about=about,
            )
        )


def _answers_for_the_programme(person: Any) -> str | None:
    if duties_of(person).is_owner or duties_of(person).is_alternate:
        return _(
            "%(name)s is the programme owner or the alternate. Name another one in the settings "
            "first.",
            name=person.name,
        )
    return None


# Rooms above add what only an executive may hold; each check returns words, or nothing.
executive_duties: list[Callable[[Any], str | None]] = [_answers_for_the_programme]
