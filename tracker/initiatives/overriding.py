"""What the sponsor decides about missing signatures, and how the next stage waits for them (rule 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.errors import NotNow
from tracker.initiatives.agreeing import Agreement, Position, State
from tracker.initiatives.signatures import Signature, Stance, signatures_on
from tracker.initiatives.signing import keep, refuse_if_over
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.wording import day, digits, ngettext

NAMED = 5  # units that a refusal names; the rest are counted


def override(
    agreement: Agreement,
    unit_id: int,
    *,
    by: Person,
    now: datetime,
    words: str,
    for_sponsor: Person | None = None,
) -> None:
    """Decide, as sponsor and in words, that the objection of a unit does not hold the initiative up.

    `for_sponsor` names the sponsor when a deputy decides. Raises `NotNow` without words, and when
    the unit does not object any more.
    """
    refuse_if_over(agreement)
    position = agreement.position(unit_id)
    if position is None or position.signature is None or position.state != State.objected:
        raise NotNow(_("This unit does not object any more. Look at the charter again."))
    if not words.strip():
        raise NotNow(_("Say why the objection does not hold the initiative up."))
    objection = position.signature
    objection.overridden_at, objection.overridden_by_id = now, by.id
    objection.override_words = words.strip()
    objection.override_for_id = for_sponsor.id if for_sponsor else None
    objection.record(
        Kind.signature_overridden,
        by=by,
        now=now,
        after={"unit_id": unit_id, "version": position.number},
        private={"words": objection.override_words},
        on_behalf_of=for_sponsor,
    )


def go_on_unsigned(
    agreement: Agreement,
    unit_id: int,
    *,
    by: Person,
    now: datetime,
    words: str = "",
    for_sponsor: Person | None = None,
) -> Signature:
    """Go on, as sponsor, without the signature of a unit that was silent for ten working days.

    `for_sponsor` names the sponsor when a deputy decides. Raises `NotNow` while the unit may still
    answer, and when it has answered.
    """
    refuse_if_over(agreement)
    position = agreement.position(unit_id)
    if position is None or position.state not in {State.waiting, State.silent}:
        raise NotNow(_("This unit has answered, or takes no part any more. Look at it again."))
    if position.state == State.waiting:
        raise NotNow(
            _(
                "%(unit)s has until %(day)s to answer. Go on without it after that.",
                unit=position.unit,
                day=day(position.until),
            )
        )
    passed = keep(
        agreement, position, Stance.passed, by=by, now=now, words=words, on_behalf_of=for_sponsor
    )
    passed.record(
        Kind.signature_passed_unsigned,
        by=by,
        now=now,
        after={"unit_id": unit_id, "version": agreement.current.number},
        private={"words": passed.words} if passed.words else None,
        on_behalf_of=for_sponsor,
    )
    return passed


def unsigned(initiative: Any, _stage: Stage, now: datetime) -> str | None:
    """Return what keeps the next stage shut: the units that have not signed, and until when; None if nothing does.

    The first stage after `framed` needs a charter that all agree to. Later ones need agreement to
    the newest version, if there is one: until then work goes on under the last that was agreed to.
    """
    if not signatures_on():
        return None
    agreement = Agreement.of(initiative, now)
    if agreement is None:
        if initiative.stage != Stage.framed:
            return None
        return _(
            "%(ref)s has no published charter that its units could sign. Publish one first.",
            ref=initiative.ref,
        )
    missing = agreement.open
    if not missing:
        return None
    said = [in_the_way(position, agreement.current.number) for position in missing[:NAMED]]
    more = len(missing) - NAMED
    if more > 0:
        said.append(
            ngettext(
                "%(num)s more unit has not agreed.", "%(num)s more units have not agreed.", more
            )
        )
    return " ".join(said)


def in_the_way(position: Position, number: int) -> str:
    """Return, as one sentence, how a unit stands in the way of the next stage."""
    told = {"unit": position.unit, "version": digits(str(number)), "day": day(position.until)}
    if position.state == State.objected:
        return _(
            "%(unit)s objects to version %(version)s of the charter: change it, or let the sponsor "
            "override the objection in words.",
            **told,
        )
    if position.state == State.silent:
        return _(
            "%(unit)s did not answer on version %(version)s of the charter by %(day)s: on the page "
            "of the charter the sponsor may decide to go on without its signature.",
            **told,
        )
    return _(
        "%(unit)s has not signed version %(version)s of the charter; it has until %(day)s.", **told
    )
