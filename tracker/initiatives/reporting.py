"""How an initiative stands: the colour declared with its last report, and how often one is due (rule 28)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_

from tracker.initiatives.stages import Stage


class Colour(StrEnum):
    """What an update declares."""

    on_track = "on_track"
    at_risk = "at_risk"
    off_track = "off_track"


class Cadence(StrEnum):
    """How often an update is due."""

    weekly = "weekly"
    fortnightly = "fortnightly"
    monthly = "monthly"
    quarterly = "quarterly"
    half_yearly = "half_yearly"
    yearly = "yearly"


CADENCE_DAYS = {
    Cadence.weekly: 7,
    Cadence.fortnightly: 14,
    Cadence.monthly: 31,
    Cadence.quarterly: 92,
    Cadence.half_yearly: 183,
    Cadence.yearly: 366,
}
SILENT_AFTER = 1.5  # cadences without a report (rule 28)
MARKS = {Colour.on_track: "ok", Colour.at_risk: "warn", Colour.off_track: "bad"}


def patience(cadence: Cadence) -> timedelta:
    """Return how long a report may be old before "no update" stands beside its colour."""
    return timedelta(days=int(CADENCE_DAYS[cadence] * SILENT_AFTER))


def silent(thing: Any, day: date) -> bool:
    """Tell whether `thing` (an initiative or a row of one) owes a report on `day`.

    One that never reported is given the same patience from the day on which it entered its stage. An idea owes none,
    even if an import brought reports of it: nobody has accepted to answer for it yet. Nor does what is on hold.
    """
    if thing.stage == Stage.idea or thing.held_at is not None:
        return False
    latest = day - patience(thing.cadence)
    if thing.reported_on is not None:
        return thing.reported_on < latest
    return thing.stage_since < _morning(latest)


def silent_condition(model: Any, day: date) -> ColumnElement[bool]:
    """Return `silent` as a condition on the columns of `model`."""
    late = []
    for cadence in Cadence:
        latest = day - patience(cadence)
        never = and_(model.reported_on.is_(None), model.stage_since < _morning(latest))
        late.append(and_(model.cadence == cadence, or_(model.reported_on < latest, never)))
    return and_(model.stage != Stage.idea, model.held_at.is_(None), or_(*late))


def _morning(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def colour_mark(colour: str | None) -> str:
    """Return the mark of a colour: ok, warn, bad, or none."""
    return MARKS[Colour(colour)] if colour else "none"


def colour_name(colour: str | None) -> str:
    """Return the words of a colour; without one nothing was ever reported."""
    if colour is None:
        return _("No update")
    names = {
        Colour.on_track: _("On track"),
        Colour.at_risk: _("At risk"),
        Colour.off_track: _("Off track"),
    }
    return names[Colour(colour)]


def cadence_name(cadence: str) -> str:
    """Return the words of a cadence."""
    names = {
        Cadence.weekly: _("Weekly"),
        Cadence.fortnightly: _("Every two weeks"),
        Cadence.monthly: _("Monthly"),
        Cadence.quarterly: _("Quarterly"),
        Cadence.half_yearly: _("Half-yearly"),
        Cadence.yearly: _("Yearly"),
    }
    return names[Cadence(cadence)]
