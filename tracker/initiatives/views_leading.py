"""Who leads, and which unit. Whoever chooses sees first that somebody else has chosen meanwhile."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.kinds import Kind
from tracker.clock import now
from tracker.db import db
from tracker.gate import allow
from tracker.initiatives.forms import LeadForm, LeadUnitForm
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward, pages
from tracker.organisation.units import Unit
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render

LEADS = (Kind.initiative_lead_set, Kind.initiative_lead_vacated)
LEAD_UNITS = (Kind.initiative_lead_unit_changed,)


@pages.route("/initiatives/<ref>/lead", methods=["GET", "POST"])
@allow(May.set_lead, on=Initiative)
def lead(initiative: Initiative) -> Any:
    """Say who runs it."""
    form = LeadForm(initiative=initiative)
    if request.method == "GET":
        form.person.data = asked_number("person", initiative.lead_id)
    elif form.validate():
        with posting() as post:
            person = form.person.again()
            initiative = post.again(initiative)
            post.same_values(form, {"person": initiative.lead_id}, of=initiative, kinds=LEADS)
            initiative.set_lead(person, by=post.person, now=now())
            words = _("Nobody leads %(ref)s now.", ref=initiative.ref)
            if person is not None:
                words = _("%(name)s leads %(ref)s now.", name=person.name, ref=initiative.ref)
            post.answer(onward(initiative), words)
        return done(post)
    return render(
        "initiatives/lead.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        stands={"person": initiative.lead_id},
        back=onward(initiative),
    )


@pages.route("/initiatives/<ref>/lead-unit", methods=["GET", "POST"])
@allow(May.change_lead_unit, on=Initiative)
def lead_unit(initiative: Initiative) -> Any:
    """Give it another lead unit; the board's lanes lead here with `?unit=`."""
    form = LeadUnitForm(initiative=initiative)
    if request.method == "GET":
        form.unit.data = asked_number("unit", initiative.lead_unit_id)
    elif form.validate():
        with posting() as post:
            unit = db.session.get_one(
                Unit, form.unit.data, populate_existing=True, with_for_update={"read": True}
            )
            initiative = post.again(initiative)
            stands = {"unit": initiative.lead_unit_id}
            post.same_values(form, stands, of=initiative, kinds=LEAD_UNITS)
            initiative.change_lead_unit(unit, by=post.person, now=now())
            words = _("%(unit)s leads %(ref)s now.", unit=unit.name, ref=initiative.ref)
            post.answer(onward(initiative), words)
        return done(post)
    present = select(Unit.name).where(Unit.id == initiative.lead_unit_id)
    return render(
        "initiatives/lead_unit.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        stands={"unit": initiative.lead_unit_id},
        present=db.session.scalar(present),
        back=onward(initiative),
    )
