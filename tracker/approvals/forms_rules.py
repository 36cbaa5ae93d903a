"""What is set about decisions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from tracker.approvals.rules import LONGEST, SECOND, Fresh, Rules
from tracker.db import db
from tracker.forms import Form
from tracker.initiatives.fields import Amount
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.wording import lazy as _l


class RulesForm(Form):
    """Where finance decides second, when whoever decides proves again who it is, and whether a mail alone may decide."""

    finance = SelectMultipleField(_l("Finance decides second at"))
    fresh = RadioField(_l("Sign in afresh before deciding"), [InputRequired(_l("Choose one."))])
    fresh_above = Amount(_l("Amount above which it is asked"))
    links = BooleanField(_l("Decide from a mail without signing in"))
    links_up_to = Amount(_l("Only up to this amount"))
    link_hours = IntegerField(
        _l("A link works for how many hours"), [NumberRange(1, LONGEST, _l("Choose between 1 and 168 hours."))]
    )  # fmt: skip

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.finance.choices = [(one.value, stage_name(one)) for one in SECOND]
        self.fresh.choices = [
            (Fresh.never.value, _("Never")),
            (Fresh.always.value, _("Always")),
            (Fresh.above.value, _("Above an amount")),
        ]

    @property
    def rules(self) -> Rules:
        """What was typed, as the verb takes it."""
        return Rules(
            finance=tuple(Stage(one) for one in self.finance.data or ()), fresh=Fresh(self.fresh.data),
            fresh_above=self.fresh_above.data, links=self.links.data, links_up_to=self.links_up_to.data,
            link_hours=int(self.link_hours.data or 0),
        )  # fmt: skip

    def validate_finance(self, field: Any) -> None:
        named = select(Person.id).where(Person.is_finance, Person.ended_at.is_(None)).limit(1)
        if field.data and db.session.scalar(named) is None:
            raise ValidationError(
                _("Nobody confirms money yet. Name somebody of finance in the settings first.")
            )

    def validate_fresh_above(self, field: Any) -> None:
        if self.fresh.data == Fresh.above and field.data is None and not field.errors:
            raise ValidationError(_("Type the amount above which it is asked."))

    def validate_links(self, field: Any) -> None:
        if field.data and self.fresh.data == Fresh.always:
            raise ValidationError(
                _("Whoever decides always signs in afresh here, so no link would ever work.")
            )

    def validate_links_up_to(self, field: Any) -> None:
        if self.links.data and field.data is None and not field.errors:
            raise ValidationError(_("Say up to which amount a mail alone may decide."))


def shown(rules: Rules) -> dict[str, Any]:
    """Return what the form shows of `rules`, field by field."""
    return {
        "finance": [one.value for one in SECOND if one in rules.finance], "fresh": rules.fresh.value, "fresh_above": rules.fresh_above,
        "links": rules.links, "links_up_to": rules.links_up_to, "link_hours": rules.link_hours,
    }  # fmt: skip
