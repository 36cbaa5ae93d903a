"""What a file may hold: for each kind of import its fields. The headings that mean them stand in `headings.py`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class What(StrEnum):
    """The kinds of import, by the word that stands in addresses and commands."""

    initiatives = "initiatives"
    people = "people"
    units = "units"
    partners = "partners"
    blockers = "blockers"
    readings = "readings"
    goals = "goals"
    actions = "actions"
    milestones = "milestones"


# What makes the units and partners that it names, where a manager brings it: all but what everybody who leads brings.
PORTFOLIO = tuple(what for what in What if what not in (What.actions, What.milestones))


class Shape(StrEnum):
    """How a cell of a field is read."""

    text = "text"
    label = "label"
    money = "money"
    figure = "figure"
    day = "day"
    period = "period"
    colour = "colour"
    stage = "stage"
    role = "role"
    category = "category"
    cause = "cause"
    email = "email"
    several = "several"
    horizon = "horizon"
    aim = "aim"
    confidence = "confidence"
    share = "share"
    state = "state"
    reached = "reached"


class Field(NamedTuple):
    """One thing a column can hold. `longest` is in characters."""

    name: str
    label: Any
    shape: Shape
    longest: int = 200
    required: bool = False


WHAT: Mapping[What, Any] = {
    What.initiatives: _l("Initiatives"),
    What.people: _l("People"),
    What.units: _l("Units"),
    What.partners: _l("Partners"),
    What.blockers: _l("Blockers"),
    What.readings: _l("Readings of KPIs"),
    What.goals: _l("Goals of initiatives"),
    What.actions: _l("Actions"),
    What.milestones: _l("Milestones"),
}

IMPORT_OF: Mapping[What, Any] = {
    What.initiatives: _l("Import of initiatives"),
    What.people: _l("Import of people"),
    What.units: _l("Import of units"),
    What.partners: _l("Import of partners"),
    What.blockers: _l("Import of blockers"),
    What.readings: _l("Import of readings of KPIs"),
    What.goals: _l("Import of goals of initiatives"),
    What.actions: _l("Import of actions"),
    What.milestones: _l("Import of milestones"),
}

INITIATIVES = (
    Field("ref", _l("Outside id"), Shape.text, 120),
    Field("name", _l("Name"), Shape.label, 200, required=True),
    Field("unit", _l("Lead unit"), Shape.label, 120),
    Field("units", _l("Other units"), Shape.several),
    Field("partners", _l("Partners"), Shape.several),
    Field("lead", _l("Lead"), Shape.label, 254),
    Field("sponsor", _l("Sponsor"), Shape.label, 254),
    Field("stage", _l("Stage"), Shape.stage),
    Field("theme", _l("Theme"), Shape.label, 80),
    Field("category", _l("Category"), Shape.label, 120),
    Field("period", _l("Period or day of the report"), Shape.period),
    Field("colour", _l("Colour"), Shape.colour),
    Field("reason", _l("Reason for the colour"), Shape.text, 4000),
    Field("help_needed", _l("Help needed"), Shape.text, 1000),
    Field("changed", _l("What changed"), Shape.text, 4000),
    Field("friction", _l("Friction, in the customer's words"), Shape.text, 4000),
    Field("touchpoint", _l("Touchpoint"), Shape.label, 120),
    Field("channel", _l("Channel"), Shape.label, 120),
    Field("cause", _l("Root-cause area"), Shape.cause),
    Field("budget", _l("Budget planned"), Shape.money),
)

PEOPLE = (
    Field("email", _l("E-mail"), Shape.email, 254, required=True),
    Field("name", _l("Name"), Shape.label, 120, required=True),
    Field("role", _l("Role"), Shape.role),
    Field("job_title", _l("Job title"), Shape.label, 120),
    Field("unit", _l("Unit"), Shape.label, 120),
    Field("partner", _l("Partner"), Shape.label, 120),
)

UNITS = (
    Field("code", _l("Code"), Shape.text, 40),
    Field("name", _l("Name"), Shape.label, 120, required=True),
    Field("short_name", _l("Short name"), Shape.label, 40),
    Field("parent", _l("Part of"), Shape.label, 120),
    Field("head", _l("Head"), Shape.label, 254),
    Field("aliases", _l("Other names"), Shape.several),
)

PARTNERS = (
    Field("name", _l("Name"), Shape.label, 120, required=True),
    Field("serves", _l("What they serve"), Shape.label, 200),
    Field("terms", _l("Agreed terms"), Shape.text, 10000),
    Field("relationship_owner", _l("Relationship owner"), Shape.label, 254),
)

BLOCKERS = (
    Field("ref", _l("Outside id"), Shape.text, 120),
    Field(
        "initiative", _l("Initiative (number, outside id or name)"), Shape.label, 200, required=True
    ),
    Field("what", _l("What stops work"), Shape.text, 500, required=True),
    Field("blocked_unit", _l("Blocked unit"), Shape.label, 120),
    Field("holder", _l("Holder (unit, partner or outside party)"), Shape.label, 200, required=True),
    Field("answerer", _l("Answerer"), Shape.label, 254),
    Field("category", _l("Category"), Shape.category),
    Field("cause", _l("Root-cause area"), Shape.cause),
    Field("effect", _l("Effect if nothing changes"), Shape.text, 2000),
    Field("raised_on", _l("Raised"), Shape.day),
    Field("needed_by", _l("Needed by"), Shape.day),
    Field("promised_on", _l("Promised for"), Shape.day),
    Field("resolved_on", _l("Resolved"), Shape.day),
)

READINGS = (
    Field("kpi", _l("KPI (code or name)"), Shape.label, 120, required=True),
    Field("unit", _l("Unit"), Shape.label, 120),
    Field("segment", _l("Segment"), Shape.text, 80),
    Field("day", _l("Day or period"), Shape.period),
    Field("year", _l("Year"), Shape.text, 20),
    Field("quarter", _l("Quarter"), Shape.text, 20),
    Field("month", _l("Month"), Shape.text, 20),
    Field("value", _l("Value"), Shape.figure, 200),
    Field("numerator", _l("Part of the whole"), Shape.figure, 200),
    Field("failed", _l("Part that failed (whole less part)"), Shape.figure, 200),
    Field("denominator", _l("Whole"), Shape.figure, 200),
    Field("note", _l("Remark"), Shape.text, 1000),
    Field("wording", _l("Wording of the question"), Shape.text, 2000),
)

GOALS = (
    Field(
        "initiative", _l("Initiative (number, outside id or name)"), Shape.label, 200, required=True
    ),
    Field("kpi", _l("KPI (code or name)"), Shape.label, 120, required=True),
    Field("horizon", _l("How far it looks"), Shape.horizon),
    Field("aim", _l("What it serves"), Shape.aim),
    Field("baseline", _l("Baseline"), Shape.figure, 200),
    Field("baseline_on", _l("Day of the baseline"), Shape.period),
    Field("target", _l("Target"), Shape.figure, 200),
    Field("target_on", _l("Day of the target"), Shape.period),
    Field("claimed", _l("Contribution it claims"), Shape.figure, 200),
    Field("confidence", _l("How sure are you?"), Shape.confidence),
    Field("method", _l("How the contribution is told apart"), Shape.text, 2000),
    Field("owner", _l("Who answers for the benefit"), Shape.label, 254),
)

ACTIONS = (
    Field("ref", _l("Outside id"), Shape.text, 120),
    Field(
        "initiative", _l("Initiative (number, outside id or name)"), Shape.label, 200, required=True
    ),
    Field("title", _l("What is to be done"), Shape.text, 500, required=True),
    Field("assignee", _l("Who does it"), Shape.label, 254),
    Field("partner", _l("Partner"), Shape.label, 120),
    Field("contact", _l("Contact"), Shape.label, 254),
    Field("host", _l("Host"), Shape.label, 254),
    Field("due", _l("Due date"), Shape.day),
    Field("state", _l("State"), Shape.state),
    Field("progress", _l("Progress in per cent"), Shape.share),
    Field("why", _l("Why it matters to the customer"), Shape.text, 2000),
    Field("criteria", _l("Acceptance criteria"), Shape.text, 4000),
    Field("description", _l("More about it"), Shape.text, 4000),
)

MILESTONES = (
    Field(
        "initiative", _l("Initiative (number, outside id or name)"), Shape.label, 200, required=True
    ),
    Field("name", _l("What is reached then"), Shape.text, 200),
    Field("opens", _l("Stage that it opens"), Shape.stage),
    Field("due", _l("Due date"), Shape.day),
    Field("state", _l("State"), Shape.reached),
    Field("criteria", _l("Criteria"), Shape.text, 4000),
    Field("words", _l("Why it got another day, or was dropped"), Shape.text, 1000),
)

FIELDS: Mapping[What, tuple[Field, ...]] = {
    What.initiatives: INITIATIVES,
    What.people: PEOPLE,
    What.units: UNITS,
    What.partners: PARTNERS,
    What.blockers: BLOCKERS,
    What.readings: READINGS,
    What.goals: GOALS,
    What.actions: ACTIONS,
    What.milestones: MILESTONES,
}

# Of each group a file has to have one; the first is named where it has none.
ONE_OF: Mapping[What, tuple[tuple[str, ...], ...]] = {
    What.readings: (("day", "year", "quarter", "month"), ("value", "numerator", "failed")),
}


def field_named(what: What, name: str) -> Field | None:
    """The field of that name, or None."""
    return next((field for field in FIELDS[what] if field.name == name), None)
