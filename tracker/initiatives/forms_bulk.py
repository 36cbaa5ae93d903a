"""What is typed for several initiatives at once."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms.validators import DataRequired

from tracker.forms import Form, Line, Words
from tracker.initiatives.choices import adoption_choices, executive_choices
from tracker.initiatives.fields import Pick, Someone
from tracker.initiatives.forms import Beginning, MemberForm, could_join
from tracker.initiatives.sponsorships import objection_to
from tracker.organisation.choices import people_choices, unit_choices
from tracker.organisation.fields import OneOf
from tracker.organisation.people import Person, Role
from tracker.wording import lazy as _l


class BulkSponsorForm(Form):
    """Whom to ask to sponsor them all, and whether as they stand."""

    person = Someone(_l("Executive"), [DataRequired(_l("Choose an executive."))])
    adopt_at = Pick(_l("Accept them"), choices=adoption_choices)
    words = Words(_l("Why you ask this executive"), longest=1000)

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person.offer(executive_choices(), nothing=_("Choose an executive"))
        self.person.objection = lambda person: objection_to(person, Beginning)
        if by.role != Role.manager:
            del self.adopt_at


class BulkLeadForm(Form):
    """Who runs them all."""

    person = Someone(_l("Lead"), [DataRequired(_l("Choose who leads them."))])

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **more)
        self.person.offer(people_choices(), nothing=_("Choose a person"))
        self.person.objection = could_join


class BulkLeadUnitForm(Form):
    """Which unit leads them all."""

    unit = OneOf(_l("Lead unit"), [DataRequired(_l("Choose the unit that leads them."))])

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **more)
        self.unit.offer(unit_choices(), nothing=_("Choose a unit"))


class BulkTeamForm(MemberForm):
    """Who joins their teams, and for what."""

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **more)


class BulkThemeForm(Form):
    """The label they all get; an empty one takes it away."""

    theme = Line(_l("Theme"), longest=80)

    def __init__(self, *args: Any, by: Person, **more: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **more)
