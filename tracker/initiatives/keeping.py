"""What the lead keeps: the texts of an initiative, its theme, and who runs it."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.errors import NotNow
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.wording import lazy as _l
from tracker.wording import sort_key

TEXT_LABELS: dict[str, Any] = {
    "title": _l("Title"),
    "theme": _l("Theme"),
    "category": _l("Category"),
    "budget": _l("Budget"),
    "cadence": _l("How often it reports"),
    "processes": _l("Processes it touches"),
    "systems": _l("Systems it touches"),
    "pilot_scope": _l("Scope of the pilot"),
    "next_units": _l("Where it goes next"),
    "words": _l("In the customer's words"),
    "evidence": _l("How we know"),
    "root_cause": _l("Root cause"),
    "what_for": _l("What for"),
}


class Kept:
    """How the texts, the theme and the lead of an initiative change."""

    if TYPE_CHECKING:
        ref: Any
        title: Any
        title_key: Any
        theme: Any
        lead_id: Any
        sponsor_id: Any
        proposed_sponsor_id: Any
        stopped_at: Any
        version: Any
        record: Any
        touch: Any

    EDITABLE: ClassVar[tuple[str, ...]] = (
        *("title", "theme", "category", "budget", "cadence"),
        *("processes", "systems", "pilot_scope", "next_units"),
    )

    DECLARED: ClassVar[frozenset[str]] = frozenset({"theme", "budget", "cadence"})

    @property
    def texts(self) -> dict[str, Any]:
        """What people edit together on one form."""
        return {field: getattr(self, field) for field in self.EDITABLE}

    @property
    def text_version(self) -> int:
        """A checksum of `texts`: a form filled from other texts is stale, whatever else happened since."""
        told = json.dumps(self.texts, default=str, sort_keys=True, ensure_ascii=False)
        return zlib.crc32(told.encode("utf-8", "surrogatepass"))

    def edit(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change title, theme, budget, cadence, processes, systems or scope. Raises `NotNow` once it was stopped."""
        self.refuse_if_stopped()
        changed = {
            key: value
            for key, value in fields.items()
            if key in self.EDITABLE and getattr(self, key) != value
        }
        if not changed:
            return
        was = {key: getattr(self, key) for key in changed}
        for key, value in changed.items():
            setattr(self, key, value)
        if "title" in changed:
            self.title_key = title_key(self.title)
        self.version += 1
        self.touch(now)
        words = changed.keys() - self.DECLARED
        self.record(
            Kind.initiative_changed,
            by=by,
            now=now,
            before=_declared(was, self.DECLARED),
            after=_declared(changed, self.DECLARED) | {"fields": sorted(changed)},
            private={
                "was": {key: was[key] for key in sorted(words)},
                "now": {key: changed[key] for key in sorted(words)},
            }
            if words
            else None,
        )

    def set_theme(self, theme: str, *, by: Person, now: datetime) -> None:
        """Give it the one free label. Raises `NotNow` once it was stopped."""
        self.refuse_if_stopped()
        theme = theme.strip()
        if self.theme == theme:
            return
        was, self.theme = self.theme, theme
        self.version += 1
        self.touch(now)
        self.record(
            Kind.initiative_theme_set,
            by=by,
            now=now,
            before={"theme": was},
            after={"theme": theme},
        )

    def set_lead(self, person: Person | None, *, by: Person | None, now: datetime) -> None:
        """Say who runs it, or with None that nobody does.

        Raises `NotNow` once it was stopped, and for a sponsor, a partner, an auditor or somebody without access.
        """
        self.refuse_if_stopped()
        if person is not None:
            self._could_lead(person)
        self.pass_lead(person, by=by, now=now)

    def pass_lead(self, person: Person | None, *, by: Person | None, now: datetime) -> None:
        """Let `person`, who was found fit, lead from now on; also where it has ended, because access ends always."""
        heir_id = person.id if person else None
        if self.lead_id == heir_id:
            return
        was, self.lead_id = self.lead_id, heir_id
        self.version += 1
        self.touch(now)
        kind = Kind.initiative_lead_set if person else Kind.initiative_lead_vacated
        self.record(kind, by=by, now=now, before={"lead_id": was}, after={"lead_id": heir_id})

    def _could_lead(self, person: Person) -> None:
        if person.id == self.sponsor_id:
            raise NotNow(
                _(
                    "%(name)s is the sponsor, and the sponsor never leads. Choose somebody else.",
                    name=person.name,
                )
            )
        if person.id == self.proposed_sponsor_id:
            raise NotNow(
                _(
                    "%(name)s is proposed as sponsor, and the sponsor never leads. "
                    "Choose somebody else, or withdraw the proposal first.",
                    name=person.name,
                )
            )
        if not can_lead(person):
            raise NotNow(
                _(
                    "%(name)s cannot lead: only active internal people who are not auditors can.",
                    name=person.name,
                )
            )

    def refuse_if_stopped(self) -> None:
        """Raise `NotNow` once it was stopped: it is kept as it was."""
        if self.stopped_at is not None:
            raise NotNow(_("%(ref)s was stopped. It is kept as it was.", ref=self.ref))


def can_lead(person: Person) -> bool:
    """Tell whether somebody may run an initiative at all."""
    return person.works_here


def title_key(title: str) -> str:
    """Return what titles are ordered and compared by, alike on both databases."""
    return sort_key(normal(title))[:200]


def _declared(values: dict[str, Any], declared: frozenset[str]) -> dict[str, Any]:
    """Return what of `values` stands on the trail itself, as JSON holds it."""
    return {
        key: float(value) if isinstance(value, Decimal) else value
        for key, value in values.items()
        if key in declared
    }
