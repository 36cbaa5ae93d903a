"""Blockers from a file: found by outside id, else by their initiative and what they say.

Of a blocker that stands a file changes what its raiser could edit. Who holds it, what was promised
and whether it is out of the way are answered by people here.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.blockers.holders import Holder
from tracker.blockers.models import Blocker
from tracker.blockers.states import OVER, Category
from tracker.db import db
from tracker.importing.bulk import chunks
from tracker.importing.directory import Directory, Known
from tracker.importing.matching import Read, Rejected, Standing, Work, by_name, compare
from tracker.importing.matching import resolved as found_by
from tracker.importing.owners import Owner, Owners
from tracker.importing.tidy import key
from tracker.importing.units import Heading
from tracker.importing.values import several
from tracker.importing.words import BadValue
from tracker.initiatives.friction import RootCause
from tracker.organisation.roles import NO_DUTIES

EDITED = ("ref", "what", "effect", "category", "cause", "blocked_unit", "needed_by")


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the blockers that stand."""
    owners = Owners(row.values["initiative"] for row in rows)
    by_ref, by_words = _standing(rows, owners)
    remarks: dict[int, str] = {}

    def find(row: Read) -> tuple[Standing | None, str]:
        if row.values.get("ref") in by_ref:
            return by_ref[row.values["ref"]], ""
        found = by_words.get((owners.id_of(row), key(row.values["what"])))
        if found and row.values.get("ref") and found.state["ref"]:
            return None, ""
        return (found, by_name()) if found else (None, "")

    def wanted(row: Read, found: Standing | None) -> dict[str, Any]:
        if found and found.state["over"]:
            remarks[row.line] = _("It is over, and is kept as it was.")
            return {}
        values = _resolved(row, _blocked(row, owners), directory, found)
        if found is None:
            return values
        if values["holder"] != found.state["holder"]:
            remarks[row.line] = _("Another holder is named here; its answerer passes it on.")
        return {name: values.get(name) for name in EDITED}

    work = compare(
        rows,
        name_of=lambda row: row.values["what"],
        identity=lambda row: row.values.get("ref") or (owners.id_of(row), key(row.values["what"])),
        find=find,
        wanted=wanted,
        heading=heading,
    )
    work.results = [
        result._replace(words=remarks[result.line]) if result.line in remarks else result
        for result in work.results
    ]
    return work


def _blocked(row: Read, owners: Owners) -> Owner:
    """The initiative that a blocker stands in the way of. Raises `Rejected`."""
    owner = owners.of(row)
    if owner.stopped:
        words = _("%(ref)s was stopped; nothing waits for it any more.", ref=owner.ref)
        raise Rejected("initiative", words)
    return owner


def _resolved(
    row: Read, owner: Owner, directory: Directory, found: Standing | None
) -> dict[str, Any]:
    """The values of a row with ids instead of names. Raises `Rejected`."""
    values = dict(row.values)
    values["blocked_unit"] = _waiting(values.get("blocked_unit"), owner, directory, found)
    values["initiative"] = owner.id
    values["holder"] = _holder(values["holder"], directory)
    if values["holder"] == values["blocked_unit"]:
        raise Rejected("holder", _("A unit cannot wait for itself. Name another holder."))
    values["category"] = Category(values["category"]) if values.get("category") else None
    values["cause"] = RootCause(values["cause"]) if values.get("cause") else None
    answerer = found_by("answerer", directory.person, values.get("answerer"))
    values["answerer"] = _checked(answerer, values["holder"]) if answerer else None
    _check_days(values, directory.today)
    return values


def _waiting(
    text: str | None, owner: Owner, directory: Directory, found: Standing | None
) -> Holder:
    """Who waits: a unit or a partner by name; where the file names none, the partner that waits already, or the lead unit."""
    if text and directory.has_partner(text) and not directory.has_unit(text):
        return Holder(partner_id=found_by("blocked_unit", directory.partner, text))
    unit = found_by("blocked_unit", directory.unit, text)
    if unit is not None:
        return Holder(unit_id=unit)
    if found is not None and found.state["blocked_unit"].partner_id is not None:
        return found.state["blocked_unit"]
    return Holder(unit_id=owner.lead_unit_id)


def _holder(text: str, directory: Directory) -> Holder:
    """A unit or a partner that is known by this name, else an outside party in these words."""
    named = several(text)
    known = [one for one in named if _known(one, directory)]
    if len(known) > 1:
        raise Rejected(
            "holder",
            _("A blocker has one holder; this row names %(count)s.", count=len(known)),
        )
    try:
        if directory.has_unit(text):
            unit = directory.unit(text)
            return Holder(unit_id=unit if isinstance(unit, int) else None)
        if directory.has_partner(text):
            partner = directory.partner(text)
            return Holder(partner_id=partner if isinstance(partner, int) else None)
    except BadValue as error:
        raise Rejected("holder", error.words) from error
    return Holder(outside=text)


def _known(text: str, directory: Directory) -> bool:
    return directory.has_unit(text) or directory.has_partner(text)


def _checked(answerer: Known, holder: Holder) -> int:
    """The id of somebody who may answer for the holder. Raises `Rejected`."""
    if holder.partner_id is None:
        fits = answerer.role not in NO_DUTIES
    else:
        fits = answerer.partner_id == holder.partner_id
    if not (fits and answerer.active):
        raise Rejected("answerer", _("%(name)s cannot answer for this holder.", name=answerer.name))
    return answerer.id


def _check_days(values: dict[str, Any], today: date) -> None:
    raised, resolved = values.get("raised_on"), values.get("resolved_on")
    for name, day in (("raised_on", raised), ("resolved_on", resolved)):
        if day is not None and day > today:
            raise Rejected(name, _("This day lies ahead."))
    if raised and resolved and resolved < raised:
        raise Rejected("resolved_on", _("It cannot be resolved before it was raised."))


def _standing(
    rows: list[Read], owners: Owners
) -> tuple[dict[str, Standing], dict[tuple[Any, str], Standing]]:
    by_ref: dict[str, Standing] = {}
    by_words: dict[tuple[Any, str], Standing] = {}
    refs = sorted({row.values["ref"] for row in rows if row.values.get("ref")})
    table = Blocker.__table__.c
    wheres = [table.outside_id.in_(chunk) for chunk in chunks(refs)]
    wheres += [table.initiative_id.in_(chunk) for chunk in chunks(owners.ids())]
    for where in wheres:
        for row in db.session.execute(select(Blocker.__table__).where(where)):
            stands = Standing(
                row.id,
                row.version,
                {
                    "ref": row.outside_id,
                    "what": row.title,
                    "effect": row.effect,
                    "category": row.category,
                    "cause": row.root_cause,
                    "blocked_unit": Holder.waiting(row),
                    "needed_by": row.needed_by,
                    "holder": Holder.of(row),
                    "over": row.state in OVER,
                    "initiative": row.initiative_id,
                },
            )
            if row.outside_id:
                by_ref[row.outside_id] = stands
            if row.state not in OVER or (row.initiative_id, row.title_key) not in by_words:
                by_words[row.initiative_id, row.title_key] = stands
    return by_ref, by_words
