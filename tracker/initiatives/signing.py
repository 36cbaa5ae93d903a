"""Signing the charter: the heads of the units that take part, or their deputies, sign or object (rule 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.agreeing import Agreement, Position, State
from tracker.initiatives.participants import speaks_for
from tracker.initiatives.signatures import Signature, Stance
from tracker.initiatives.stages import stage_name
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or
from tracker.wording import digits


def sign(
    agreement: Agreement, unit_id: int, *, number: int, by: Person, now: datetime, words: str = ""
) -> Signature:
    """Agree, for a unit, to the version numbered `number`, which the page showed.

    Raises `Refused` for who neither heads the unit nor is its head's deputy; `NotNow` when another
    version stands by now, the unit takes no part, it has signed this one, or nothing is to be agreed any more.
    """
    position, head = _answerable(agreement, unit_id, number, by)
    if position.state == State.signed and position.number == number:
        raise NotNow(_("%(unit)s has signed this version already.", unit=position.unit))
    signature = keep(
        agreement, position, Stance.signed, by=by, now=now, words=words, on_behalf_of=head
    )
    signature.record(
        Kind.signature_signed,
        by=by,
        now=now,
        after={"unit_id": unit_id, "version": number, "also": signature.also or None},
        private={"words": signature.words} if signature.words else None,
        on_behalf_of=head,
    )
    return signature


def object_to(
    agreement: Agreement, unit_id: int, *, number: int, by: Person, now: datetime, words: str
) -> Signature:
    """Object, for a unit, to the version numbered `number`, and say why. Words are mandatory.

    Raises as `sign` does, and `NotNow` without words, once the unit has signed this very version,
    or once the sponsor overrode its objection to it.
    """
    position, head = _answerable(agreement, unit_id, number, by)
    if not words.strip():
        raise NotNow(_("Say what you object to."))
    if position.number == number and position.state in {State.signed, State.overridden}:
        raise NotNow(
            _(
                "What %(unit)s said to version %(version)s is settled. Ask the lead for a new version.",
                unit=position.unit,
                version=digits(str(number)),
            )
        )
    signature = keep(
        agreement, position, Stance.objected, by=by, now=now, words=words, on_behalf_of=head
    )
    signature.record(
        Kind.signature_objected,
        by=by,
        now=now,
        after={"unit_id": unit_id, "version": number},
        private={"words": signature.words},
        on_behalf_of=head,
    )
    return signature


def duty_of(initiative: Any, person: Person) -> str:
    """Return what else whoever signs is on the initiative: "lead", "sponsor" or nothing."""
    if person.id == initiative.lead_id:
        return "lead"
    return "sponsor" if person.id == initiative.sponsor_id else ""


def also_name(duty: str) -> str:
    """Return the words of what a signer is as well; none for none."""
    return {"lead": _("also the lead"), "sponsor": _("also the sponsor")}.get(duty, "")


def _answerable(
    agreement: Agreement, unit_id: int, number: int, by: Person
) -> tuple[Position, Person | None]:
    """Return where the unit stands, and the head whom a deputy answers for."""
    refuse_if_over(agreement)
    position = agreement.position(unit_id)
    if position is None:
        raise NotNow(_("This unit does not take part any more."))
    head = speaks_for(unit_id, position.unit, position.head_id, by)
    if number != agreement.current.number:
        raise NotNow(
            _(
                "Version %(version)s was published meanwhile. Read it before you answer.",
                version=digits(str(agreement.current.number)),
            )
        )
    return position, head


def refuse_if_over(agreement: Agreement) -> None:
    """Raise `NotNow` once nothing is to be agreed any more."""
    initiative = agreement.initiative
    initiative.refuse_if_stopped()
    if initiative.ended:
        raise NotNow(
            _(
                "%(ref)s has reached %(stage)s; its charter waits for nobody.",
                ref=initiative.ref,
                stage=stage_name(initiative.stage),
            )
        )


def keep(
    agreement: Agreement,
    position: Position,
    stance: Stance,
    *,
    by: Person,
    now: datetime,
    words: str,
    on_behalf_of: Person | None = None,
) -> Signature:
    """Put on the record where a unit stands with the present version, in place of what it said to it before."""
    before = position.signature
    if before is not None and before.version_id == agreement.current.id:
        before.replaced_at = now
        db.session.flush()
    kept = Signature(
        initiative_id=agreement.initiative.id,
        version_id=agreement.current.id,
        unit_id=position.unit_id,
        stance=stance,
        words=words.strip(),
        also="" if stance == Stance.passed else duty_of(agreement.initiative, by),
        by_id=by.id,
        on_behalf_of_id=on_behalf_of.id if on_behalf_of else None,
        at=now,
    )
    db.session.add(kept)
    flush_or(_("%(unit)s has answered just now. Look at it again.", unit=position.unit))
    return kept
