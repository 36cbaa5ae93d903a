"""People from a file: found by e-mail address, written in bulk; nobody is invited by it.

Administrators and finance are named on the pages of people and settings, never by a file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.batches import bulk_events
from tracker.activity.gathering import birth, change
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.importing.bulk import event, hold, insert_many, same, typed, update_many
from tracker.importing.directory import Directory, Known
from tracker.importing.matching import Item, Read, Rejected, Standing, Work, compare, resolved
from tracker.importing.units import Heading
from tracker.organisation.people import Person, Role, executive_duties
from tracker.organisation.people import Standing as Stands
from tracker.organisation.settings import bump_epoch

_TEXTS = ("name", "job_title")


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the people who are here."""
    standing = _standing()

    def wanted(row: Read, found: Standing | None) -> dict[str, Any]:
        values = dict(row.values)
        values["unit"] = resolved("unit", directory.unit, values.get("unit"))
        values["partner"] = resolved("partner", directory.partner, values.get("partner"))
        role = values.get("role")
        if role is None and found is None:
            role = Role.partner if values["partner"] is not None else Role.member
        values["role"] = Role(role) if role else None
        known = directory.by_email(row.values["email"])
        if known is None:
            _check_new(values)
        else:
            _check_known(values, known)
        return values

    return compare(
        rows,
        name_of=lambda row: row.values["name"],
        identity=lambda row: row.values["email"],
        find=lambda row: (standing.get(row.values["email"]), ""),
        wanted=wanted,
        heading=heading,
    )


def write(work: Work, made: dict[Any, int], *, by: Any, now: datetime) -> None:
    """Write what was compared. Raises `Moved` if somebody was changed since."""
    changed = [item for item in work.items if item.found and item.changes]
    new = [item for item in work.items if item.found is None]
    hold(Person, {item.found.id: item.found.version for item in changed})
    rows = [_new_row(item.changes, made, now) for item in new]
    ids = insert_many(Person, rows)
    events = [
        event(
            Kind.person_added, "person", id_, by=by, now=now,
            after={n: row[n] for n in ("unit_id", "partner_id")} | {"role": row["role"].value},
            tables=birth(Person, row | {"id": id_}),
        )
        for id_, row in zip(ids, rows, strict=True)
    ]  # fmt: skip
    updates = []
    for item in changed:
        row, told = _change(item, made, by=by, now=now)
        updates.append(row)
        events.append(told)
    update_many(Person, updates, bumps=("version",))
    bulk_events(db.session(), events)
    bump_epoch()


def _check_new(values: dict[str, Any]) -> None:
    """Raise `Rejected` where role, unit and partner do not go together."""
    contact = values["role"] == Role.partner
    if contact and values["partner"] is None:
        raise Rejected("partner", _("A contact belongs to a partner: name it."))
    if not contact and values["partner"] is not None:
        raise Rejected("role", _("Somebody who belongs to a partner has the role partner."))
    if contact and values["unit"] is not None:
        raise Rejected("unit", _("A partner's contact belongs to no unit."))


def _check_known(values: dict[str, Any], known: Known) -> None:
    """Raise `Rejected` where the change is one that a file cannot make."""
    if not known.active:
        raise Rejected(
            "email",
            _("The access of %(name)s has ended. Restore it on their page first.", name=known.name),
        )
    contact = known.role == Role.partner
    if contact and values["unit"] is not None:
        raise Rejected("unit", _("A partner's contact belongs to no unit."))
    crossed = values["role"] is not None and (values["role"] == Role.partner) != contact
    other = values["partner"] is not None and values["partner"] != known.partner_id
    if crossed or other:
        raise Rejected(
            "partner" if other else "role",
            _(
                "%(name)s cannot move between us and a partner. End this access and add a new "
                "one with another address.",
                name=known.name,
            ),
        )
    _check_role(values["role"], known)


def _check_role(role: Role | None, known: Known) -> None:
    if role is None or role == known.role:
        return
    if known.is_admin and role == Role.auditor:
        raise Rejected("role", _("An administrator cannot be an auditor."))
    if known.role == Role.executive:
        person = db.session.get_one(Person, known.id)
        for check in executive_duties:
            if words := check(person):
                raise Rejected("role", words)


def _standing() -> dict[str, Standing]:
    columns = (Person.id, Person.version, Person.email, Person.name, Person.job_title)
    return {
        row.email.lower(): Standing(
            row.id,
            row.version,
            {
                "email": row.email.lower(),
                "name": row.name,
                "job_title": row.job_title,
                "role": row.role,
                "unit": row.unit_id,
                "partner": row.partner_id,
            },
        )
        for row in db.session.execute(
            select(*columns, Person.role, Person.unit_id, Person.partner_id)
        )
    }


def _stands(role: Role) -> Stands:
    return Stands.executive if role == Role.executive else Stands.other


def _new_row(changes: dict[str, Any], made: dict[Any, int], now: datetime) -> dict[str, Any]:
    return {
        "email": changes["email"],
        "name": changes["name"],
        "job_title": changes.get("job_title") or "",
        "role": changes["role"],
        "standing": _stands(changes["role"]),
        "unit_id": made.get(changes.get("unit"), changes.get("unit")),
        "partner_id": made.get(changes.get("partner"), changes.get("partner")),
        "created_at": now,
    }


def _change(
    item: Item, made: dict[Any, int], *, by: Any, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    assert item.found is not None  # noqa: S101 - only those who are here are changed
    state, changes = item.found.state, item.changes
    row = {name: changes[name] for name in _TEXTS if name in changes}
    before, after = {}, {}
    texts = [name for name in _TEXTS if name in changes]
    if texts:
        after["fields"] = texts
    if "role" in changes:
        row |= {"role": changes["role"], "standing": _stands(changes["role"])}
        before["role"], after["role"] = state["role"].value, changes["role"].value
    if "unit" in changes:
        row["unit_id"] = made.get(changes["unit"], changes["unit"])
        before["unit_id"], after["unit_id"] = state["unit"], row["unit_id"]
    row["id"] = item.found.id
    told = event(
        Kind.person_changed, "person", item.found.id, by=by, now=now, before=before, after=after,
        tables=change(Person, row), **typed(state, changes, same(*_TEXTS)),
    )  # fmt: skip
    return row, told
