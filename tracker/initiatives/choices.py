"""What the lists of this room's forms offer."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.db import db
from tracker.initiatives.models import GOING_ON, Initiative
from tracker.initiatives.stages import ADOPTABLE, in_use, stage_name
from tracker.organisation.people import Person, Role
from tracker.wording import digits, ngettext, sort_key

Choices = list[tuple[int, str]]


def executive_choices(*, without: int | None = None) -> Choices:
    """Return the active executives by name, each with how much they sponsor already; `without` leaves out the lead."""
    load = (
        select(func.count())
        .where(Initiative.sponsor_id == Person.id, GOING_ON)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Person.id, Person.name, load.label("load")).where(
            Person.role == Role.executive, Person.ended_at.is_(None), Person.id != (without or 0)
        )
    ).all()
    return [
        (row.id, _with_load(row.name, row.load))
        for row in sorted(rows, key=lambda row: (sort_key(row.name), row.id))
    ]


def adoption_choices() -> list[tuple[str, str]]:
    """Return the stages at which work under way can be accepted as it stands, after the usual beginning."""
    begin = _("Begins at %(stage)s, or where the import said it stands", stage=stage_name("framed"))
    stages = [stage for stage in in_use() if stage in ADOPTABLE]
    return [("", begin)] + [
        (stage.value, _("As it stands at %(stage)s", stage=stage_name(stage))) for stage in stages
    ]


def _with_load(name: str, load: int) -> str:
    words = ngettext(
        "%(name)s, sponsors %(num)s initiative",
        "%(name)s, sponsors %(num)s initiatives",
        load,
        name=name,
    )
    return digits(words)
