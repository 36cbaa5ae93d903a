"""Acts on several initiatives at once: the same rules, row by row; those that refuse say why (one transaction)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.forms import Form
from tracker.initiatives.forms_bulk import (
    BulkLeadForm,
    BulkLeadUnitForm,
    BulkSponsorForm,
    BulkTeamForm,
    BulkThemeForm,
)
from tracker.initiatives.models import Initiative
from tracker.initiatives.stages import Stage
from tracker.meeting import mark
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit
from tracker.policy import May, may
from tracker.wording import lazy as _l

Do = Callable[[Any, Any, Form, Person, datetime], None]


@dataclass(frozen=True)
class BulkAct:
    """One act: what it is called, who may, what it asks, whom or what it is about (looked up once), the verb, and what of a
    row it takes the place of."""

    words: Any
    heading: Any
    icon: str
    may: May
    form: type[Form]
    about: Callable[[Any], Any]
    do: Do
    replaces: Callable[[Any], Any] = lambda _row: 0

    def seen(self, row: Any) -> str:
        """Return what the form carries of `row`: its id, and a checksum of what stands there."""
        return f"{row.id}.{mark(self.replaces(row))}"


@dataclass
class Outcome:
    """What came of it: the things that were changed, and those that were not with the reason."""

    done: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


def could(person: Person, act: BulkAct, row: Any) -> bool:
    """Tell whether the policy lets `person` do `act` on `row`; whether it goes well is for the verb to say."""
    return not row.ended and may(person, act.may, row)


def locked(person: Person, ids: Sequence[int]) -> list[Initiative]:
    """Return those of `ids` that `person` sees, as they stand now, locked in ascending order. Raises `Missing` for none."""
    found = db.session.scalars(
        Initiative.visible_to(person)
        .where(Initiative.id.in_(ids))
        .order_by(Initiative.id)
        .with_for_update(of=Initiative)
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        raise Missing
    for initiative in found:
        initiative.forget_team()
    return list(found)


def carry_out(
    act: BulkAct,
    form: Any,
    things: Iterable[Any],
    *,
    by: Person,
    now: datetime,
    seen: Iterable[str] = (),
    named: Callable[[Any], str] = lambda initiative: initiative.ref,
) -> Outcome:
    """Do `act` on each of `things`; one that its verb or the policy refuses is left as it was.

    So is one that `seen`, what the form carried of each, shows to have changed since. `named` says what a sentence calls one.
    """
    outcome, about = Outcome(), act.about(form)
    known = dict(one.split(".", 1) for one in seen if "." in one)
    for thing in things:
        if not may(by, act.may, thing):
            outcome.refused.append((thing, _("This is not yours to do.")))
            continue
        if known.get(str(thing.id), present := act.seen(thing).split(".")[1]) != present:
            outcome.refused.append((thing, _changed(named(thing))))
            continue
        try:
            act.do(thing, about, form, by, now)
        except NotNow as refusal:
            outcome.refused.append((thing, refusal.words))
        else:
            outcome.done.append(thing)
    return outcome


def _changed(name: str) -> str:
    return _(
        "Somebody else changed %(ref)s meanwhile. Look at it again before you change it.",
        ref=name,
    )


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
