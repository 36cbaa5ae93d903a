"""People: who is here, in which role; invited, changed, let go and let in again."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.queries import timeline
from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.organisation.choices import unit_choices
from tracker.organisation.deputies import Deputyship
from tracker.organisation.forms_people import ContactForm, NewPersonForm, PersonForm
from tracker.organisation.handed import Handover
from tracker.organisation.handing_over import duty_name, end_access, foreseen
from tracker.organisation.holding import held_by, left_alone
from tracker.organisation.inviting import hand_out, new_link, shown_once
from tracker.organisation.listing import PeopleFilters, access_counts, people_page, people_rows
from tracker.organisation.lookups import namers, names_of_people
from tracker.organisation.pages import pages
from tracker.organisation.people import Person
from tracker.organisation.words import access_names, role_name, role_names
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import ngettext, today


@pages.route("/admin/people")
@allow(May.manage_people)
def people() -> Any:
    """List people, with search, filters and pages."""
    filters = PeopleFilters.asked()
    return render(
        "organisation/people.html",
        page=people_page(me(), filters),
        filters=filters,
        counts=access_counts(),
        roles=role_names(),
        access=access_names(),
        units=unit_choices(),
    )


@pages.route("/admin/people.<any(csv, xlsx):form>")
@allow(May.manage_people)
def people_export(form: str) -> Any:
    """Download the people who match the filters of the list."""
    states = access_names()
    columns = [
        *(_("Name"), _("E-mail"), _("Job title"), _("Role"), _("Unit"), _("Partner")),
        *(_("Administrator"), _("Finance"), _("Access"), _("Access ends on"), _("Last seen")),
    ]
    rows = [
        (
            *(row.name, row.email, row.job_title, role_name(row.role), row.unit, row.partner),
            *(row.is_admin, row.is_finance, states[row.state], row.ends_on, row.last_seen),
        )
        for row in people_rows(me(), PeopleFilters.asked())
    ]
    if form == "csv":
        return as_csv(columns, rows, "people")
    right_to_left = str(get_locale()) == "fa"
    return as_xlsx(columns, rows, "people", right_to_left=right_to_left)


@pages.route("/admin/people/new", methods=["GET", "POST"])
@allow(May.manage_people, fresh=True)
def person_new() -> Any:
    """Add somebody and invite them."""
    form = NewPersonForm()
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/person_new.html", status=status, form=form)
    with posting() as post:
        person = Person.add(by=me(), now=now(), **form.fields)
        purpose, token = new_link(person, by=me(), now=now())
        words = _(
            "%(name)s is invited. Copy the link below, or forward the mail.", name=person.name
        )
        post.answer(url_for("organisation.person", key=person.id), words)
    hand_out(person, purpose, token)
    return done(post)


@pages.route("/admin/people/<int:key>")
@allow(May.manage_people, on=Person)
def person(person: Person) -> Any:
    """Show one person: details, duties, what was handed over, what happened."""
    passed = db.session.scalars(
        select(Handover)
        .where(Handover.person_id == person.id)
        .order_by(Handover.id.desc())
        .limit(200)
    ).all()
    deputyships = db.session.scalars(
        select(Deputyship)
        .where(
            (Deputyship.person_id == person.id) | (Deputyship.deputy_id == person.id),
            Deputyship.revoked_at.is_(None),
        )
        .order_by(Deputyship.ends.desc())
        .limit(20)
    ).all()
    ids = {h.heir_id for h in passed} | {d.person_id for d in deputyships}
    return render(
        "organisation/person.html",
        person=person,
        role=role_name(person.role),
        place=_place(person),
        state=access_names()[_state(person)],
        held=[(duty_name(h.duty), h) for h in held_by(person)],
        passed=[(duty_name(h.duty), h) for h in passed],
        deputyships=deputyships,
        names=names_of_people(ids | {d.deputy_id for d in deputyships}),
        link=shown_once(person.id),
        feed=timeline(me(), subject=("person", person.id), limit=20),
    )


def _state(person: Person) -> str:
    if not person.is_active:
        return "ended"
    return "open" if person.password_hash else "invited"


def _place(person: Person) -> str | None:
    """Return the name of the unit or partner that somebody belongs to."""
    kind, id_ = ("partner", person.partner_id) if person.partner_id else ("unit", person.unit_id)
    return namers[kind]({id_}).get(id_) if id_ else None


@pages.route("/admin/people/<int:key>/edit", methods=["GET", "POST"])
@allow(May.manage_people, on=Person, fresh=True)
def person_edit(person: Person) -> Any:
    """Change somebody's details, role, unit and flags."""
    form_of = PersonForm if person.is_internal else ContactForm
    form = form_of(obj=person, person=person)
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/person_edit.html", status=status, form=form, person=person)
    with posting() as post:
        person = post.again(person)
        post.same_version(person, form)
        person.change(by=me(), now=now(), **form.fields)
        post.answer(url_for("organisation.person", key=person.id), _("Saved."))
    return done(post)


@pages.route("/admin/people/<int:key>/link", methods=["POST"])
@allow(May.manage_people, on=Person, fresh=True)
def person_link(person: Person) -> Any:
    """Make a new link: an invitation, or for somebody who is in already one for a new password."""
    with posting() as post:
        person = post.again(person)
        purpose, token = new_link(person, by=me(), now=now())
        words = _("A mail with a link is ready for %(name)s.", name=person.name)
        post.answer(url_for("organisation.person", key=person.id), words)
    hand_out(person, purpose, token)
    return done(post)


@pages.route("/admin/people/<int:key>/ending", methods=["GET", "POST"])
@allow(May.manage_people, on=Person, fresh=True)
def person_ending(person: Person) -> Any:
    """Say what would pass to whom, and end somebody's access at once."""
    back = url_for("organisation.person", key=person.id)
    if request.method != "POST":
        return ask_ending(person, action=request.path, back=back)
    with posting() as post:
        person = post.again(person)
        handed = end_access(person, by=me(), now=now())
        post.answer(back, ended_words(person, len(handed)))
    return done(post)


@pages.route("/admin/people/<int:key>/restoration", methods=["POST"])
@allow(May.manage_people, on=Person, fresh=True)
def person_restoration(person: Person) -> Any:
    """Let somebody in again, by an invitation."""
    with posting() as post:
        person = post.again(person)
        person.restore(by=me(), now=now())
        purpose, token = new_link(person, by=me(), now=now())
        words = _(
            "%(name)s may come back. Copy the link below, or forward the mail.", name=person.name
        )
        post.answer(url_for("organisation.person", key=person.id), words)
    hand_out(person, purpose, token)
    return done(post)


def ask_ending(person: Person, *, action: str, back: str) -> Any:
    """Return the page that says what ending the access of `person` would do, or why it cannot be."""
    who, refusal, handed = me(), None, []
    try:
        handed = foreseen(lambda: end_access(person.again(who), by=who, now=now()))
    except NotNow as reason:
        refusal = reason.words
    db.session.refresh(person)  # what was foreseen is taken back, and so is all that was loaded
    return render(
        "organisation/person_ending.html",
        person=person,
        action=action,
        back=back,
        refusal=refusal,
        handed=[(duty_name(h.duty), h) for h in handed],
        names=names_of_people({h.heir_id for h in handed}),
        stays=[h for h in held_by(person) if h.stays] if person.partner_id else [],
        alone=left_alone(person, today()),
        place=_place(person),
    )


def ended_words(person: Person, duties: int) -> str:
    """Return what the page says once access has ended."""
    return ngettext(
        "The access of %(name)s has ended. %(num)s duty was handed over.",
        "The access of %(name)s has ended. %(num)s duties were handed over.",
        duties,
        name=person.name,
    )
