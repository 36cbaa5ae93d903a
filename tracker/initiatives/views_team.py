"""Who takes part: people, units and partners; who leads, and which unit."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.activity.kinds import Kind
from tracker.clock import now
from tracker.errors import Missing
from tracker.gate import allow, me, permit
from tracker.initiatives.forms import MemberForm, PartForm, PlacesForm
from tracker.initiatives.framing import frame
from tracker.initiatives.memberships import Membership, discipline_name, responsibility_name
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import pages
from tracker.policy import May, may
from tracker.web import done, posting, render
from tracker.wording import percent, today

PLACES = (
    *(Kind.initiative_unit_joined, Kind.initiative_unit_left, Kind.initiative_lead_unit_changed),
    *(Kind.initiative_partner_joined, Kind.initiative_partner_left),
)


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
            post.same_values(form, _part(membership), of=membership)
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
        stands=_part(membership),
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
        name = membership.person.name
        if membership.share is not None:
            share = percent(membership.share / 100)
            post.still(
                membership.share,
                _("The share of time of %(name)s is %(share)s by now.", name=name, share=share),
            )
        initiative.agree_share(membership, by=post.person, now=now())
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
        post.same_values(form, _places(initiative), of=initiative, kinds=PLACES)
        initiative.revise_units(set(form.units.data or ()), by=post.person, now=moment)
        initiative.revise_partners(set(form.partners.data or ()), by=post.person, now=moment)
        post.answer(_team(initiative), _("Who takes part is saved."))
    return done(post)


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
        places={
            "units": [row.id for row in part.units],
            "partners": [row.id for row in part.partners],
        },
        may_agree={row.membership_id for row in part.people if _may_agree(row)},
        responsibility_name=responsibility_name,
        discipline_name=discipline_name,
    )


def _part(membership: Membership) -> dict[str, Any]:
    """Return what the form of a part shows now."""
    return {name: getattr(membership, name) for name in ("what_for", *Membership.DECLARED)}


def _places(initiative: Initiative) -> dict[str, Any]:
    """Return what the form of units and partners shows now."""
    return {
        "units": [unit.id for unit in initiative.other_units()],
        "partners": [partner.id for partner in initiative.partners()],
    }


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
