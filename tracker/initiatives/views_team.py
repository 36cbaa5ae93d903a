"""Who takes part: people, units and partners; who leads, and which unit."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me, permit
from tracker.initiatives.forms import LeadForm, LeadUnitForm, MemberForm, PartForm, PlacesForm
from tracker.initiatives.framing import frame
from tracker.initiatives.memberships import Membership, discipline_name, responsibility_name
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward, pages
from tracker.organisation.units import Unit
from tracker.policy import May, may
from tracker.web import done, posting, render
from tracker.wording import today


@pages.get("/initiatives/<ref>/team")
@allow(May.read_internal, on=Initiative)
def team(initiative: Initiative) -> Any:
    """Show who takes part; the lead adds, changes and lets go."""
    return _page(initiative)


@pages.post("/initiatives/<ref>/team/members")
@allow(May.edit_team, on=Initiative)
def add_member(initiative: Initiative) -> Any:
    """Take somebody on."""
    form = MemberForm()
    if not form.validate():
        return _page(initiative, member_form=form)
    with posting() as post:
        person = form.person.again()
        initiative = post.again(initiative)
        initiative.add_member(person, by=post.person, now=now(), **form.part)
        post.answer(_team(initiative), _("%(name)s is on the team.", name=person.name))
    return done(post)


@pages.route("/initiatives/<ref>/team/members/<int:member>", methods=["GET", "POST"])
@allow(May.edit_team, on=Initiative)
def change_member(initiative: Initiative, member: int) -> Any:
    """Change what somebody does on the team."""
    membership = _member(initiative, member)
    form = PartForm()
    if request.method == "GET":
        form.fill(membership)
    elif form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            membership = _member(initiative, member)
            initiative.change_member(membership, by=post.person, now=now(), **form.part)
            name = membership.person.name
            post.answer(_team(initiative), _("The part of %(name)s is saved.", name=name))
        return done(post)
    return render(
        "initiatives/member.html",
        status=422 if request.method == "POST" else 200,
        form=form,
        initiative=initiative,
        membership=membership,
        back=_team(initiative),
    )


@pages.post("/initiatives/<ref>/team/members/<int:member>/removal")
@allow(May.edit_team, on=Initiative)
def remove_member(initiative: Initiative, member: int) -> Any:
    """Let somebody go."""
    with posting() as post:
        initiative = post.again(initiative)
        initiative.refuse_if_stopped()  # the verb lets go of whoever leaves the organisation, here too
        membership = _member(initiative, member)
        initiative.remove_member(membership, by=post.person, now=now())
        name = membership.person.name
        post.answer(_team(initiative), _("%(name)s is no longer on the team.", name=name))
    return done(post)


@pages.post("/initiatives/<ref>/team/members/<int:member>/agreement")
@allow(May.read_internal, on=Initiative)
def agree_share(initiative: Initiative, member: int) -> Any:
    """Agree, as head of somebody's unit, to the share of their time."""
    permit(May.agree_share, _member(initiative, member))
    with posting() as post:
        initiative = post.again(initiative)
        membership = _member(initiative, member)
        permit(May.agree_share, membership)
        initiative.agree_share(membership, by=post.person, now=now())
        name = membership.person.name
        post.answer(_team(initiative), _("The share of time of %(name)s is agreed.", name=name))
    return done(post)


@pages.post("/initiatives/<ref>/team/places")
@allow(May.edit_team, on=Initiative)
def places(initiative: Initiative) -> Any:
    """Set which units and partners take part."""
    framed = frame(initiative, me(), "initiatives.team", today())
    form = PlacesForm(initiative=initiative, present=framed["part"])
    if not form.validate():
        return _page(initiative, places_form=form)
    with posting() as post:
        initiative, moment = post.again(initiative), now()
        initiative.revise_units(set(form.units.data or ()), by=post.person, now=moment)
        initiative.revise_partners(set(form.partners.data or ()), by=post.person, now=moment)
        post.answer(_team(initiative), _("Who takes part is saved."))
    return done(post)


@pages.route("/initiatives/<ref>/lead", methods=["GET", "POST"])
@allow(May.set_lead, on=Initiative)
def lead(initiative: Initiative) -> Any:
    """Say who runs it."""
    form = LeadForm(initiative=initiative)
    if request.method == "GET":
        form.person.data = request.args.get("person", initiative.lead_id, type=int)
    elif form.validate():
        with posting() as post:
            person = form.person.again()
            initiative = post.again(initiative)
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
        back=onward(initiative),
    )


@pages.route("/initiatives/<ref>/lead-unit", methods=["GET", "POST"])
@allow(May.change_lead_unit, on=Initiative)
def lead_unit(initiative: Initiative) -> Any:
    """Give it another lead unit; the board's lanes lead here with `?unit=`."""
    form = LeadUnitForm(initiative=initiative)
    if request.method == "GET":
        form.unit.data = request.args.get("unit", initiative.lead_unit_id, type=int)
    elif form.validate():
        with posting() as post:
            unit = db.session.get_one(
                Unit, form.unit.data, populate_existing=True, with_for_update={"read": True}
            )
            initiative = post.again(initiative)
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
        present=db.session.scalar(present),
        back=onward(initiative),
    )


def _page(
    initiative: Initiative,
    member_form: MemberForm | None = None,
    places_form: PlacesForm | None = None,
) -> Any:
    """Show the team with its forms, or with the one that has to be looked at again."""
    framed = frame(initiative, me(), "initiatives.team", today())
    part = framed["part"]
    if framed["acts"].edit_team:
        member_form = member_form or MemberForm(formdata=None)
        if places_form is None:
            places_form = PlacesForm(formdata=None, initiative=initiative, present=part)
            places_form.units.data = [row.id for row in part.units]
            places_form.partners.data = [row.id for row in part.partners]
    return render(
        "initiatives/team.html",
        status=422 if request.method == "POST" else 200,
        **framed,
        member_form=member_form,
        places_form=places_form,
        may_agree={row.membership_id for row in part.people if _may_agree(row)},
        responsibility_name=responsibility_name,
        discipline_name=discipline_name,
    )


def _may_agree(row: Any) -> bool:
    waits = row.share is not None and row.agreed_by_id is None
    return waits and may(me(), May.agree_share, row)


def _team(initiative: Initiative) -> str:
    return url_for("initiatives.team", ref=initiative.ref)


def _member(initiative: Initiative, member: int) -> Membership:
    """Return one of the present members with this id. Raises `Missing` for everybody else's."""
    membership = initiative.member(member)
    if membership is None:
        raise Missing
    return membership
