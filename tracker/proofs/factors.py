"""What somebody has beside a password, who must have something, and how it is lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person
from tracker.organisation.settings import ADMINISTRATORS, Organisation
from tracker.proofs import recovery
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.passkeys import Passkey
from tracker.proofs.recovery import RecoveryCode, in_turn


@dataclass(frozen=True)
class Factors:
    """What one person has."""

    app: bool
    passkeys: int
    codes: int  # recovery codes that still work; they stand in for a factor and are none

    @property
    def any(self) -> bool:
        """Whether a password alone lets this person in no longer."""
        return self.app or self.passkeys > 0


def factors_of(person: Person) -> Factors:
    """Return what `person` has, in one statement."""
    counted = (
        select(func.count()).select_from(model).where(model.person_id == person.id, *more)
        for model, more in (
            (AuthenticatorApp, ()),
            (Passkey, ()),
            (RecoveryCode, (RecoveryCode.used_at.is_(None),)),
        )
    )
    app, passkeys, codes = map(
        int, db.session.execute(select(*(one.scalar_subquery() for one in counted))).one()
    )
    return Factors(bool(app), passkeys, codes)


def is_required(person: Person, organisation: Organisation) -> bool:
    """Tell whether a second factor is asked of `person`: by role or as an administrator in the settings, or of all contacts
    of their partner."""
    asked = organisation.second_factor
    by_role = person.role.value in asked or (person.is_admin and ADMINISTRATORS in asked)
    return by_role or asked_by_partner(person)


def asked_by_partner(person: Person) -> bool:
    """Tell whether the contacts of the partner that `person` belongs to need a second factor."""
    its = select(Partner.needs_second_factor).where(Partner.id == person.partner_id)
    return person.partner_id is not None and bool(db.session.scalar(its))


def is_asked(person: Person) -> bool:
    """Tell whether `person` comes in by a password alone no longer: something is there beside it, or has to be."""
    return is_required(person, Organisation.current()) or factors_of(person).any


def require(
    organisation: Organisation, asked: Collection[str], *, by: Person, now: datetime
) -> None:
    """Ask a second factor of the roles in `asked`, and of administrators where `ADMINISTRATORS` is among them.

    Whoever asks it of themselves has one already: so the rule is tried before it binds, and some administrator can always
    come in. Raises `NotNow` otherwise.
    """
    organisation.change(by=by, now=now, second_factor=sorted(asked))
    if is_required(by, organisation) and not factors_of(by).any:
        raise NotNow(_("This would bind you as well. Set up a second factor of your own first."))


def remove_app(person: Person, *, now: datetime) -> None:
    """Forget the app of `person`, who asks for it. Raises `NotNow` without one, and for the last factor where one is required."""
    in_turn(person)
    app = AuthenticatorApp.of(person, locked=True)
    if app is None:
        raise NotNow(_("There is no app."))
    app.remove(person, by=person, now=now)
    _after_removal(person)


def remove_passkey(passkey: Passkey, person: Person, *, now: datetime) -> None:
    """Forget a passkey of `person`, who asks for it. Raises `NotNow` where it is their last factor and one is required."""
    in_turn(person)
    passkey.remove(person, by=person, now=now)
    _after_removal(person)


def _after_removal(person: Person) -> None:
    db.session.flush()
    if factors_of(person).any:
        return
    if is_required(person, Organisation.current()):
        raise NotNow(
            _("A second factor is needed here. Set up another one first, then remove this one.")
        )
    recovery.forget(person)


def reset(person: Person, words: str, *, by: Person | None, now: datetime) -> None:
    """Take every second factor and recovery code from `person`, for a reason in `words`; all their sessions end.

    At the next sign-in their password is enough to set up another, where one is required. Raises `NotNow` for oneself,
    who can do it on the page of one's own, and where there is none.
    """
    if by is not None and by.id == person.id:
        raise NotNow(_("Your own second factors are on your page about signing in."))
    if not forget(person):
        raise NotNow(_("%(name)s has no second factor.", name=person.name))
    person.epoch += 1
    person.version += 1
    person.record(Kind.person_second_factor_reset, by=by, now=now, private={"words": words})


def forget(person: Person) -> bool:
    """Delete whatever `person` could prove themselves by, beside the password; tell whether there was something."""
    had = factors_of(person)
    for model in (AuthenticatorApp, Passkey):
        of_them: Any = select(model).where(model.person_id == person.id)
        for row in db.session.scalars(of_them):
            db.session.delete(row)
    recovery.forget(person)
    return had.any or had.codes > 0


def codes_for_the_first(person: Person, *, now: datetime) -> list[str]:
    """Return new recovery codes where `person` has none left, after a factor was added; else nothing."""
    db.session.flush()
    return [] if recovery.left(person) else recovery.make_new(person, by=person, now=now)
