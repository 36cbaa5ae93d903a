"""Search over everything one may see: initiatives, blockers, people, units, partners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.blockers.models import Blocker
from tracker.db import db
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.organisation.units import Unit

EACH = 20
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, what stands beside it, and where it is."""

    name: str
    beside: str
    url: str


def search(person: Person, words: str) -> dict[str, list[Hit]]:
    """Return hits by kind, at most `EACH` of one, each read through what `person` may see. Every word must occur."""
    parts = [part.replace("%", "").replace("_", "") for part in normal(words).split()[:6]]
    parts = [part for part in parts if part]
    if len("".join(parts)) < SHORTEST:
        return {}
    found = {
        _("Initiatives"): [
            Hit(row.title, row.ref, url_for("initiatives.show", ref=row.ref))
            for row in _rows(
                Initiative.visible_to(person),
                (Initiative.title, Initiative.ref),
                parts,
                Initiative.changed.desc(),
            )
        ],
        _("Actions"): [
            Hit(row.title, "", page_of(row.ref, person))
            for row in _rows(Action.visible_to(person), (Action.title,), parts, Action.id.desc())
        ],
        _("Blockers"): [
            Hit(row.title, "", url_for("blockers.show", ref=row.ref))
            for row in _rows(
                Blocker.visible_to(person), (Blocker.title,), parts, Blocker.raised_at.desc()
            )
        ],
    }
    if person.is_internal:
        found[_("Units")] = [
            Hit(row.name, row.code, url_for("blockers.unit", slug=row.slug))
            for row in _rows(Unit.visible_to(person), (Unit.name, Unit.code), parts, Unit.name)
        ]
        found[_("People")] = [
            Hit(row.name, row.email, url_for("initiatives.index", lead=row.id))
            for row in _rows(
                Person.visible_to(person), (Person.name, Person.email), parts, Person.name
            )
        ]
    return {kind: hits for kind, hits in found.items() if hits}


def _rows(scope: Select[Any], columns: tuple[Any, ...], parts: list[str], order: Any) -> list[Any]:
    for part in parts:
        scope = scope.where(or_(*[column.ilike(f"%{part}%") for column in columns]))
    return list(db.session.scalars(scope.order_by(order).limit(EACH)))
