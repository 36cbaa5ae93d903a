"""What is typed about people and the contacts of partners."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, ValidationError

from tracker.forms import Form, Line
from tracker.organisation.choices import partner_choices, unit_choices
from tracker.organisation.fields import EmailLine, EndDay, NameLine, OneOf
from tracker.organisation.people import Person, Role
from tracker.organisation.words import role_names
from tracker.wording import lazy as _l


class EndForm(Form):
    """The day on which a contact's access ends by itself."""

    ends_on = EndDay()


class ContactForm(Form):
    """Somebody who signs in for a partner."""

    name = NameLine()
    email = EmailLine()
    job_title = Line(_l("Job title"), longest=120)
    ends_on = EndDay()

    def __init__(self, *args: Any, person: Person | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person

    @property
    def fields(self) -> dict[str, Any]:
        """What the verbs take."""
        return self.values

    def validate_email(self, field: Any) -> None:
        other = Person.by_email(field.data or "")
        if other is not None and (self.person is None or other.id != self.person.id):
            raise ValidationError(_("%(name)s is already here with this address.", name=other.name))


class PersonForm(ContactForm):
    """Somebody of our own."""

    role = SelectField(_l("Role"), [DataRequired(_l("Choose a role."))])
    unit_id = OneOf(_l("Unit"))
    is_admin = BooleanField(_l("Administrator: manages people, units, partners and settings"))
    is_finance = BooleanField(_l("Finance: confirms money"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.role.choices = [pair for pair in role_names().items() if pair[0] != Role.partner]
        self.unit_id.offer(unit_choices(and_also=self.unit_id.object_data), nothing=_("No unit"))

    def validate_is_admin(self, field: Any) -> None:
        if field.data and self.role.data == Role.auditor:
            raise ValidationError(
                _("An auditor reads everything and changes nothing, so cannot be an administrator.")
            )

    @property
    def fields(self) -> dict[str, Any]:
        return {**self.values, "role": Role(self.role.data)}

    def validate_ends_on(self, field: Any) -> None:
        if field.data and self.is_admin.data:
            raise ValidationError(_("The access of an administrator does not end by itself."))


class NewPersonForm(PersonForm):
    """Somebody new: of our own, or a partner's contact."""

    partner_id = OneOf(_l("Partner"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.role.choices = list(role_names().items())
        if not self.is_submitted():
            self.role.data = Role.member.value  # whoever forgets to choose grants the least
        self.partner_id.offer(partner_choices(), nothing=_("None: one of our own"))

    def validate_partner_id(self, field: Any) -> None:
        is_contact = self.role.data == Role.partner
        if is_contact and field.data is None:
            raise ValidationError(_("Choose the partner that this contact signs in for."))
        if not is_contact and field.data is not None:
            raise ValidationError(_("Only a partner contact belongs to a partner."))

    def validate_unit_id(self, field: Any) -> None:
        if self.role.data == Role.partner and field.data is not None:
            raise ValidationError(_("A partner contact belongs to no unit of ours."))

    def validate_is_admin(self, field: Any) -> None:
        super().validate_is_admin(field)
        if field.data and self.role.data == Role.partner:
            raise ValidationError(_("A partner contact cannot be an administrator."))

    def validate_is_finance(self, field: Any) -> None:
        if field.data and self.role.data == Role.partner:
            raise ValidationError(_("A partner contact confirms no money."))
