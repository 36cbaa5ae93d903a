"""What the pages show of a charter: its sections, who has agreed to it, and what each reader can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from tracker.clock import now
from tracker.db import db
from tracker.differences import Line, differences
from tracker.initiatives.agreeing import Agreement, Position, State
from tracker.initiatives.charter import SECTION_NAMES, CharterDraft, CharterVersion
from tracker.initiatives.framing import Seen
from tracker.initiatives.models import Initiative
from tracker.initiatives.queries import Beside
from tracker.initiatives.signatures import signatures_on
from tracker.organisation.calendars import EveryCalendar
from tracker.organisation.people import Person
from tracker.policy import May, may
from tracker.wording import digits

MOST_VERSIONS = 100  # in the history


@dataclass(frozen=True)
class Compared:
    """One section of two versions: how it reads now, and what was taken out and put in, if anything was."""

    key: str
    name: str
    lines: list[Line]

    @property
    def changed(self) -> bool:
        return any(kind != "same" for line in self.lines for kind, _text in line.pieces)


@dataclass(frozen=True)
class Row:
    """Where one unit stands, for a page: `mark` ok, warn, bad or none; an address for each act the reader may do."""

    position: Position
    mark: str
    words: str
    answer_url: str | None = None
    override_url: str | None = None
    go_on_url: str | None = None


MARKS = {
    State.signed: "ok",
    State.overridden: "none",
    State.passed: "none",
    State.waiting: "warn",
    State.silent: "bad",
    State.objected: "bad",
}


NEWEST = aliased(CharterVersion, name="newest")
CHARTER = (
    Beside(
        NEWEST,
        NEWEST.id
        == select(CharterVersion.id)
        .where(CharterVersion.initiative_id == Initiative.id)
        .order_by(CharterVersion.number.desc())
        .limit(1)
        .correlate(Initiative)
        .scalar_subquery(),
    ),
    Beside(CharterDraft, CharterDraft.initiative_id == Initiative.id),
)


def charter_panel(initiative: Initiative, person: Person, seen: Seen) -> dict[str, Any] | None:
    """Return what the page of an initiative shows of its charter, or None once it ended without one.

    `version` (number, published_at, note, wording_only) or None; `purpose`; `unpublished`: whether the draft says
    more than the version; `edit_url`, `publish_url` where the reader may; `rows`, `agreed`, `in_force`: see `agreement_shown`.
    """
    version, draft = seen.facts.newest, seen.facts.CharterDraft or CharterDraft.blank(initiative)
    if version is None and not any(draft.texts.values()) and initiative.ended:
        return None
    return {
        "initiative": initiative,
        "version": version,
        "purpose": (version or draft).purpose,
        "url": url_for("initiatives.charter", ref=initiative.ref),
        **drafted(initiative, draft, version, person),
        **agreement_shown(initiative, person, seen.calendars),
    }


def drafted(
    initiative: Initiative, draft: CharterDraft, latest: CharterVersion | None, person: Person
) -> dict[str, Any]:
    """Return `unpublished` (the draft differs from the newest version), and `edit_url`, `publish_url` where the reader may."""
    ref, over = initiative.ref, initiative.stopped_at is not None
    edits = not over and may(person, May.edit_charter, initiative)
    publishes = not over and may(person, May.publish_charter, initiative)
    ready = not draft.why_not(latest)
    said = latest.texts if latest else dict.fromkeys(SECTION_NAMES, "")
    return {
        "unpublished": draft.version > 0 and draft.texts != said,
        "edit_url": url_for("initiatives.charter_draft", ref=ref) if edits else None,
        "publish_url": url_for("initiatives.charter_publish", ref=ref)
        if publishes and ready
        else None,
    }


def agreement_shown(
    initiative: Initiative, person: Person, calendars: EveryCalendar | None = None
) -> dict[str, Any]:
    """Return `rows`, one `Row` for each unit that takes part, `agreed` and `in_force` (a version's row, or None).

    `rows` is None while signatures are off, and before the first version.
    """
    agreement = Agreement.of(initiative, now(), calendars) if signatures_on() else None
    if agreement is None:
        return {"rows": None, "agreed": False, "in_force": None, "agreement": None}
    return {
        "rows": [row_of(agreement, position, person) for position in agreement.positions],
        "agreed": not agreement.open,
        "in_force": agreement.in_force,
        "agreement": agreement,
    }


def row_of(agreement: Agreement, position: Position, person: Person) -> Row:
    """Return how one unit is shown to `person`."""
    initiative, current = agreement.initiative, agreement.current
    told = {"ref": initiative.ref, "unit": position.slug}
    heads = position.unit_id in person.duties.heads and may(person, May.sign, initiative)
    decides = may(person, May.override_objection, initiative)
    signed_this = position.state == State.signed and position.number == current.number
    goes_on = not initiative.ended
    return Row(
        position=position,
        mark=MARKS[position.state],
        words=state_words(position, current.number),
        answer_url=url_for("initiatives.charter_sign", **told)
        if heads and goes_on and not signed_this
        else None,
        override_url=url_for("initiatives.charter_override", **told)
        if decides and goes_on and position.state == State.objected
        else None,
        go_on_url=url_for("initiatives.charter_unsigned", **told)
        if decides and goes_on and position.state == State.silent
        else None,
    )


def state_words(position: Position, number: int) -> str:
    """Return the words of where a unit stands with version `number`."""
    if position.state == State.signed and position.number != number:
        return _("Signed version %(version)s", version=digits(str(position.number)))
    return {
        State.signed: _("Signed"),
        State.overridden: _("Objection overridden"),
        State.passed: _("Went on unsigned"),
        State.waiting: _("Asked"),
        State.silent: _("Silent"),
        State.objected: _("Objects"),
    }[position.state]


def history(initiative: Initiative) -> list[CharterVersion]:
    """Return the versions of an initiative with who published them, the newest first."""
    query = (
        select(CharterVersion)
        .where(CharterVersion.initiative_id == initiative.id)
        .options(joinedload(CharterVersion.published_by))
        .order_by(CharterVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    return list(db.session.scalars(query))


def sections(text: CharterVersion | CharterDraft) -> list[tuple[str, str, str]]:
    """Return (key, name, text) of each section that says something, in order."""
    return [(key, str(SECTION_NAMES[key]), said) for key, said in text.texts.items() if said]


def compared(was: dict[str, str], now_: dict[str, str]) -> list[Compared]:
    """Return every section of two texts that says something in either, in order."""
    return [
        Compared(key, str(name), differences(was.get(key, ""), now_.get(key, "")))
        for key, name in SECTION_NAMES.items()
        if was.get(key) or now_.get(key)
    ]
