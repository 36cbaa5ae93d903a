"""What is done to several initiatives at once; `tracker/bulk.py` says how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker import bulk
from tracker.bulk import BulkAct, Many
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.forms_bulk import (
    BulkLeadForm,
    BulkLeadUnitForm,
    BulkSponsorForm,
    BulkTeamForm,
    BulkThemeForm,
)
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.policy import May, may
from tracker.wording import lazy as _l
from tracker.wording import ngettext

MANY = Many(
    "initiatives",
    _l("Initiatives"),
    _l("No initiative is chosen. Tick some in the list first."),
    lambda count: ngettext(
        "%(num)s initiative is chosen. Each is changed by its own rules; one that refuses says why.",
        "%(num)s initiatives are chosen. Each is changed by its own rules; those that refuse say why.",
        count,
    ),
    lambda count: ngettext(
        "%(num)s initiative is changed.", "%(num)s initiatives are changed.", count
    ),
    numbered=True,
)


def could(person: Person, act: BulkAct, row: Any) -> bool:
    """Tell whether the policy lets `person` do `act` on `row`; whether it goes well is for the verb to say."""
    return not row.ended and may(person, act.may, row)


def locked(person: Person, ids: Sequence[int]) -> list[Initiative]:
    """Return those of `ids` that `person` sees, locked. Raises `Missing` for none."""
    found = bulk.locked(Initiative, person, ids)
    for initiative in found:
        initiative.forget_team()
    return found


def _propose(initiative: Initiative, person: Person, form: Any, by: Person, now: datetime) -> None:
    stage = form.adopt_at.data if form.adopt_at is not None else None
    if stage and (by.role != Role.manager or initiative.stage != Stage.idea):
        raise NotNow(_("Only managers adopt work under way, and only while it is an idea here."))
    initiative.propose_sponsor(
        person,
        by=by,
        now=now,
        words=form.words.data or "",
        adopt_at=Stage(stage) if stage else None,
    )


def _set_lead(
    initiative: Initiative, person: Person, _form: Any, by: Person, now: datetime
) -> None:
    initiative.set_lead(person, by=by, now=now)


def _set_unit(initiative: Initiative, unit: Unit, _form: Any, by: Person, now: datetime) -> None:
    initiative.change_lead_unit(unit, by=by, now=now)


def _add_member(
    initiative: Initiative, person: Person, form: Any, by: Person, now: datetime
) -> None:
    initiative.add_member(person, by=by, now=now, **form.part)


def _set_theme(initiative: Initiative, theme: str, _form: Any, by: Person, now: datetime) -> None:
    initiative.set_theme(theme, by=by, now=now)


def _person(form: Any) -> Any:
    return form.person.again()


def _unit(form: Any) -> Unit:
    return db.session.scalars(
        select(Unit)
        .where(Unit.id == form.unit.data)
        .with_for_update(read=True, of=Unit)
        .execution_options(populate_existing=True)
    ).one()


ACTS: dict[str, BulkAct] = {
    "sponsor": BulkAct(
        _l("Propose sponsor"),
        _l("Propose a sponsor for several"),
        "sign",
        May.propose_sponsor,
        BulkSponsorForm,
        _person,
        _propose,
        lambda row: [row.sponsor_id, row.proposed_sponsor_id],
    ),
    "lead": BulkAct(
        _l("Set lead"),
        _l("Set the lead of several"),
        "person",
        May.set_lead,
        BulkLeadForm,
        _person,
        _set_lead,
        lambda row: row.lead_id,
    ),
    "lead-unit": BulkAct(
        _l("Set lead unit"),
        _l("Set the lead unit of several"),
        "unit",
        May.change_lead_unit,
        BulkLeadUnitForm,
        _unit,
        _set_unit,
        lambda row: row.lead_unit_id,
    ),
    "team": BulkAct(
        _l("Add to team"),
        _l("Add somebody to several teams"),
        "people",
        May.edit_team,
        BulkTeamForm,
        _person,
        _add_member,
    ),
    "theme": BulkAct(
        _l("Set theme"),
        _l("Set the theme of several"),
        "flag",
        May.edit_initiative,
        BulkThemeForm,
        lambda form: form.theme.data or "",
        _set_theme,
        lambda row: row.theme,
    ),
}
