"""What is typed about an initiative: a new one, its texts, its friction, its people."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from tracker.forms import Form, Line, Words
from tracker.initiatives.choices import adoption_choices, executive_choices
from tracker.initiatives.fields import Amount, Pick, Several, Share, Someone
from tracker.initiatives.friction import RootCause, root_cause_name
from tracker.initiatives.keeping import can_lead
from tracker.initiatives.memberships import (
    Discipline,
    Responsibility,
    discipline_name,
    responsibility_name,
)
from tracker.initiatives.models import Initiative
from tracker.initiatives.reporting import Cadence, cadence_name
from tracker.initiatives.sponsorships import objection_to
from tracker.organisation.choices import partner_choices, people_choices, unit_choices
from tracker.organisation.fields import OneOf
from tracker.organisation.people import Person
from tracker.wording import lazy as _l


class Beginning:
    """What stands for an initiative that does not exist yet, when a sponsor is proposed with it."""

    ref = ""
    sponsor_id = None
    sponsor_interim = False
    lead_id = None


class NewForm(Form):
    """The four fields of a new initiative. `known_title` carries a title whose likeness was shown already."""

    title = Line(_l("Title"), [DataRequired(_l("Give it a title."))])
    words = Words(
        _l("What goes wrong, in the customer's words"),
        [DataRequired(_l("Say what goes wrong, as a customer would."))],
    )
    lead_unit = OneOf(_l("Lead unit"), [DataRequired(_l("Choose the unit that leads it."))])
    sponsor = Someone(_l("Sponsor to propose"))
    known_title = HiddenField()

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lead_unit.offer(unit_choices(), nothing=_("Choose a unit"))
        self.sponsor.offer(executive_choices(without=by.id), nothing=_("Nobody yet"))
        self.sponsor.objection = lambda person: _fit_from_the_start(person, by)


def _fit_from_the_start(person: Person, by: Person) -> str:
    if person.id == by.id:
        return _(
            "You would lead it, and the sponsor never leads. Leave this empty, name another lead "
            "afterwards, and have yourself proposed."
        )
    return objection_to(person, Beginning)


class EditForm(Form):
    """The texts of an initiative."""

    title = Line(_l("Title"), [DataRequired(_l("Give it a title."))])
    theme = Line(_l("Theme"), longest=80)
    category = Line(_l("Category"), longest=120)
    budget = Amount(_l("Budget"))
    cadence = Pick(
        _l("How often it reports"), choices=lambda: [(c.value, cadence_name(c)) for c in Cadence]
    )
    processes = Words(_l("Processes it touches"), longest=2000)
    systems = Words(_l("Systems it touches"), longest=2000)
    pilot_scope = Words(_l("Scope of the pilot"), longest=2000)
    next_units = Words(_l("Where it goes next"), longest=2000)

    @property
    def told(self) -> dict[str, Any]:
        """Return the values as the initiative keeps them."""
        return {**self.values, "cadence": Cadence(self.cadence.data)}


class FrictionForm(Form):
    """What goes wrong for the customer, and how we know."""

    words = Words(
        _l("What goes wrong, in the customer's words"),
        [DataRequired(_l("Say what goes wrong, as a customer would."))],
    )
    touchpoint = Line(_l("Touchpoint"), longest=120)
    channel = Line(_l("Channel"), longest=120)
    root_cause = Pick(
        _l("Root cause"),
        choices=lambda: [
            ("", _("Not known yet")),
            *((c.value, root_cause_name(c)) for c in RootCause),
        ],
    )
    evidence = Words(_l("How we know"), longest=2000)

    @property
    def told(self) -> dict[str, Any]:
        """Return the values as the friction keeps them."""
        cause = self.root_cause.data
        return {**self.values, "root_cause": RootCause(cause) if cause else None}


class PartForm(Form):
    """What somebody does on the team."""

    responsibility = Pick(
        _l("Responsibility"),
        choices=lambda: [(r.value, responsibility_name(r)) for r in Responsibility],
        default=Responsibility.responsible.value,
    )
    discipline = Pick(
        _l("Discipline"),
        choices=lambda: [("", _("None")), *((d.value, discipline_name(d)) for d in Discipline)],
    )
    what_for = Line(_l("What for"), longest=300)
    share = Share(_l("Share of time, in percent"))

    @property
    def part(self) -> dict[str, Any]:
        """Return the values as the membership keeps them."""
        discipline = self.discipline.data
        return {
            "responsibility": Responsibility(self.responsibility.data),
            "discipline": Discipline(discipline) if discipline else None,
            "what_for": self.what_for.data or "",
            "share": self.share.data,
        }


class MemberForm(PartForm):
    """Somebody for the team."""

    person = Someone(_l("Person"), [DataRequired(_l("Choose who joins."))])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person.offer(people_choices(), nothing=_("Choose a person"))
        self.person.objection = could_join


def could_join(person: Person) -> str:
    """Return why `person` cannot join a team, or lead, or nothing."""
    if can_lead(person):
        return ""
    return _(
        "%(name)s cannot join: only active internal people who are not auditors can.",
        name=person.name,
    )


class PlacesForm(Form):
    """Which units and partners take part."""

    units = Several(_l("Units beside the lead unit"))
    partners = Several(_l("Partners"))

    def __init__(self, *args: Any, initiative: Initiative, present: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        units = dict(unit_choices()) | {row.id: row.name for row in present.units}
        units.pop(initiative.lead_unit_id, None)
        self.units.choices = list(units.items())
        partners = dict(partner_choices()) | {row.id: row.name for row in present.partners}
        self.partners.choices = list(partners.items())


class LeadForm(Form):
    """Who runs it."""

    person = Someone(_l("Lead"))

    def __init__(self, *args: Any, initiative: Initiative, **more: Any) -> None:
        super().__init__(*args, **more)
        barred = {initiative.sponsor_id, initiative.proposed_sponsor_id}
        people = people_choices(and_also=initiative.lead_id)
        self.person.offer([p for p in people if p[0] not in barred], nothing=_("Nobody at present"))
        self.person.objection = lambda person: lead_objection(person, initiative)


def lead_objection(person: Person, initiative: Any) -> str:
    """Return why `person` cannot lead `initiative`, or nothing."""
    if person.id == initiative.lead_id:
        return ""
    if person.id in {initiative.sponsor_id, initiative.proposed_sponsor_id}:
        return _(
            "%(name)s is the sponsor or proposed as one, and the sponsor never leads. Choose somebody else.",
            name=person.name,
        )
    if not can_lead(person):
        return _(
            "%(name)s cannot lead: only active internal people who are not auditors can.",
            name=person.name,
        )
    return ""


class LeadUnitForm(Form):
    """Which unit leads."""

    unit = OneOf(_l("Lead unit"), [DataRequired(_l("Choose the unit that leads it."))])

    def __init__(self, *args: Any, initiative: Initiative, **more: Any) -> None:
        super().__init__(*args, **more)
        self.unit.offer(unit_choices(and_also=initiative.lead_unit_id))


class ProposeForm(Form):
    """Whom to ask to sponsor; for work under way also at which stage."""

    person = Someone(_l("Executive"), [DataRequired(_l("Choose an executive."))])
    adopt_at = Pick(_l("Accept it"), choices=adoption_choices)
    words = Words(_l("Why you ask this executive"), longest=1000)

    def __init__(self, *args: Any, initiative: Initiative, adopts: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person.offer(
            executive_choices(without=initiative.lead_id), nothing=_("Choose an executive")
        )
        self.person.objection = lambda person: objection_to(person, initiative)
        if not adopts:
            del self.adopt_at


class WordsForm(Form):
    """One's reason."""

    words = Words(_l("Your words"), [DataRequired(_l("Say it in words."))], longest=2000)


class FreeWordsForm(Form):
    """A reason that may be left out."""

    words = Words(_l("Your words"), longest=2000)


class CopyForm(Form):
    """What the copy is called, and whether the team comes along."""

    title = Line(_l("Title"), [DataRequired(_l("Give it a title."))])
    with_team = BooleanField(_l("Take the team along"))
