"""While somebody is away: who stands in for a head or an executive, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.organisation.deputies import Capacity, Deputyship, heads_a_unit
from tracker.organisation.forms_profile import DeputyForm
from tracker.organisation.lookups import names_of_people
from tracker.organisation.pages import pages
from tracker.organisation.people import Person, Role
from tracker.organisation.settings import day_of
from tracker.policy import May, may
from tracker.web import done, posting, render

ACTS = {Capacity.sponsor: May.appoint_deputy, Capacity.head: May.appoint_heads_deputy}


@dataclass(frozen=True)
class Absence:
    """Who stands in for a person now or later, and what the viewer may arrange."""

    person: Person
    deputyships: list[tuple[Deputyship, str, bool]]  # with the deputy's name; whether it runs today
    forms: list[DeputyForm]


@pages.route("/people/<int:key>/deputies")
@allow(May.read_internal, on=Person)
def deputies(person: Person) -> Any:
    """Show who stands in for somebody."""
    return render("organisation/deputies.html", absence=absence_of(person), person=person)


@pages.route("/people/<int:key>/deputies/sponsor", methods=["POST"])
@allow(May.appoint_deputy, on=Person)
def appoint_sponsors_deputy(person: Person) -> Any:
    """Appoint who decides in an executive's stead."""
    return _appoint(person, Capacity.sponsor)


@pages.route("/people/<int:key>/deputies/head", methods=["POST"])
@allow(May.appoint_heads_deputy, on=Person)
def appoint_heads_deputy(person: Person) -> Any:
    """Appoint who answers in a head's stead."""
    return _appoint(person, Capacity.head)


@pages.route("/deputyships/<int:key>/ending", methods=["POST"])
@allow(May.end_deputyship, on=Deputyship)
def end_deputyship(deputyship: Deputyship) -> Any:
    """End a deputy's time before it is over."""
    with posting() as post:
        deputyship = post.again(deputyship)
        deputyship.revoke(by=me(), now=now())
        post.answer(_back_to(deputyship.person_id), _("The deputy no longer stands in."))
    return done(post)


def _appoint(person: Person, capacity: Capacity) -> Any:
    form = DeputyForm(person, capacity)
    starts, ends = form.starts.data, form.ends.data
    if not form.validate() or starts is None or ends is None:
        absence = absence_of(person, typed=form)
        return render("organisation/deputies.html", status=422, absence=absence, person=person)
    with posting() as post:
        person = post.again(person)
        deputy = db.session.get_one(Person, form.deputy_id.data)
        Deputyship.appoint(
            person,
            deputy,
            capacity,
            starts=starts,
            ends=ends,
            by=me(),
            now=now(),
        )
        words = _("%(deputy)s stands in for %(name)s.", deputy=deputy.name, name=person.name)
        post.answer(_back_to(person.id), words)
    return done(post)


def _back_to(person_id: int) -> str:
    if person_id == me().id:
        return url_for("organisation.profile")
    return url_for("organisation.deputies", key=person_id)


def absence_of(person: Person, *, typed: DeputyForm | None = None) -> Absence | None:
    """Return who stands in for `person`, with empty forms for what the viewer may arrange (or the
    one that was `typed`). None for somebody who has nothing to stand in for."""
    capacities = [Capacity.head] if heads_a_unit(person) else []
    if person.role == Role.executive and person.is_active:
        capacities.append(Capacity.sponsor)
    today = day_of(now())
    rows = db.session.scalars(
        select(Deputyship)
        .where(
            Deputyship.person_id == person.id,
            Deputyship.revoked_at.is_(None),
            Deputyship.ends >= today,
        )
        .order_by(Deputyship.starts, Deputyship.id)
        .limit(50)
    ).all()
    if not capacities and not rows:
        return None
    names = names_of_people({row.deputy_id for row in rows})
    forms = [
        typed
        if typed is not None and typed.capacity == capacity
        else DeputyForm(person, capacity, formdata=None)
        for capacity in capacities
        if may(me(), ACTS[capacity], person)
    ]
    return Absence(
        person, [(row, names[row.deputy_id], row.starts <= today) for row in rows], forms
    )
