"""Partners and their contacts: kept by administrators, and each by its relationship owner."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.activity.queries import timeline
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.exporting.sheets import as_csv, as_xlsx
from tracker.gate import allow, me
from tracker.organisation.forms_people import ContactForm, EndForm
from tracker.organisation.forms_units import PartnerForm
from tracker.organisation.handing_over import duty_name, end_access, end_partner, foreseen
from tracker.organisation.inviting import hand_out, new_link, shown_once
from tracker.organisation.listing import contact_rows, partner_rows
from tracker.organisation.lookups import namers, names_of_people
from tracker.organisation.pages import pages
from tracker.organisation.partners import Partner
from tracker.organisation.people import Person, Role
from tracker.organisation.views_people import ask_ending, ended_words
from tracker.organisation.words import access_names
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import ngettext


@pages.route("/admin/partners")
@allow(May.manage_partners)
def partners() -> Any:
    """List partners, with their relationship owners."""
    q = request.args.get("q", "").strip()[:200]
    ended = "ended" in request.args
    page = partner_rows(me(), q, ended=ended)
    return render("organisation/partners.html", page=page, q=q, ended=ended)


@pages.route("/admin/partners.<any(csv, xlsx):form>")
@allow(May.manage_partners)
def partners_export(form: str) -> Any:
    """Download the partners we work with."""
    columns = [_("Name"), _("What it serves"), _("Relationship owner"), _("Contacts")]
    rows = partner_rows(me(), per_page=5_000).items
    cells = [(row.name, row.serves, row.owner, row.contacts) for row in rows]
    if form == "csv":
        return as_csv(columns, cells, "partners")
    return as_xlsx(columns, cells, "partners", right_to_left=str(get_locale()) == "fa")


@pages.route("/admin/partners/new", methods=["GET", "POST"])
@allow(May.manage_partners)
def partner_new() -> Any:
    """Add a partner."""
    form = PartnerForm()
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/partner_edit.html", status=status, form=form, partner=None)
    with posting() as post:
        partner = Partner.add(by=me(), now=now(), **form.values)
        words = _("%(name)s was added. Invite its contacts next.", name=partner.name)
        post.answer(url_for("organisation.partner", key=partner.slug), words)
    return done(post)


@pages.route("/admin/partners/<key>")
@allow(May.invite_contact, on=Partner)
def partner(partner: Partner) -> Any:
    """Show one partner: terms, who keeps the relationship, its contacts."""
    contacts = contact_rows(partner)
    calendar_id = partner.calendar_id
    return render(
        "organisation/partner.html",
        partner=partner,
        contacts=contacts,
        states=access_names(),
        names=names_of_people({partner.relationship_owner_id}),
        calendar=namers["calendar"]({calendar_id}).get(calendar_id) if calendar_id else None,
        link=shown_once(*(contact.id for contact in contacts)),
        feed=timeline(me(), subject=("partner", partner.id), limit=20),
    )


@pages.route("/admin/partners/<key>/edit", methods=["GET", "POST"])
@allow(May.manage_partners, on=Partner)
def partner_edit(partner: Partner) -> Any:
    """Change a partner's name, terms, calendar or relationship owner."""
    form = PartnerForm(obj=partner, partner=partner)
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/partner_edit.html", status=status, form=form, partner=partner)
    with posting() as post:
        partner = post.again(partner)
        post.same_version(partner, form)
        partner.change(by=me(), now=now(), **form.values)
        words = _("%(name)s was saved.", name=partner.name)
        post.answer(url_for("organisation.partner", key=partner.slug), words)
    return done(post)


@pages.route("/admin/partners/<key>/ending", methods=["GET", "POST"])
@allow(May.manage_partners, on=Partner, fresh=True)
def partner_ending(partner: Partner) -> Any:
    """Say what would happen, and end the work with a partner at once."""
    if request.method != "POST":
        return _ask_partner_ending(partner)
    with posting() as post:
        partner = post.again(partner)
        handed = end_partner(partner, by=me(), now=now())
        words = ngettext(
            "The work with %(name)s has ended. %(num)s duty was handed over.",
            "The work with %(name)s has ended. %(num)s duties were handed over.",
            len(handed),
            name=partner.name,
        )
        post.answer(url_for("organisation.partner", key=partner.slug), words)
    return done(post)


def _ask_partner_ending(partner: Partner) -> Any:
    who, refusal, handed = me(), None, []
    try:
        handed = foreseen(lambda: end_partner(partner.again(who), by=who, now=now()))
    except NotNow as reason:
        refusal = reason.words
    return render(
        "organisation/partner_ending.html",
        partner=partner,
        refusal=refusal,
        contacts=[row for row in contact_rows(partner) if row.state != "ended"],
        handed=[(duty_name(h.duty), h) for h in handed],
        names=names_of_people({h.heir_id for h in handed}),
    )


@pages.route("/admin/partners/<key>/contacts/new", methods=["GET", "POST"])
@allow(May.invite_contact, on=Partner, fresh=True)
def contact_new(partner: Partner) -> Any:
    """Invite a contact of this partner."""
    form = ContactForm()
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("organisation/contact_new.html", status=status, form=form, partner=partner)
    with posting() as post:
        partner = post.again(partner)
        if partner.ended_at is not None:
            raise NotNow(_("The work with %(name)s has ended.", name=partner.name))
        contact = Person.add(
            role=Role.partner, partner_id=partner.id, by=me(), now=now(), **form.values
        )
        purpose, token = new_link(contact, by=me(), now=now())
        words = _(
            "%(name)s is invited. Copy the link below, or forward the mail.", name=contact.name
        )
        post.answer(url_for("organisation.partner", key=partner.slug), words)
    hand_out(contact, purpose, token)
    return done(post)


def _contact(partner: Partner, contact_id: int) -> Person:
    """Return a contact of `partner`; anybody else does not exist here."""
    found = select(Person).where(Person.id == contact_id, Person.partner_id == partner.id)
    contact = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if contact is None:
        raise Missing
    return contact


@pages.route("/admin/partners/<key>/contacts/<int:contact_id>/link", methods=["POST"])
@allow(May.invite_contact, on=Partner, fresh=True)
def contact_link(partner: Partner, contact_id: int) -> Any:
    """Make a new link for a contact."""
    with posting() as post:
        partner = post.again(partner)
        contact = _contact(partner, contact_id)
        purpose, token = new_link(contact, by=me(), now=now())
        words = _("A mail with a link is ready for %(name)s.", name=contact.name)
        post.answer(url_for("organisation.partner", key=partner.slug), words)
    hand_out(contact, purpose, token)
    return done(post)


@pages.route("/admin/partners/<key>/contacts/<int:contact_id>/until", methods=["GET", "POST"])
@allow(May.invite_contact, on=Partner, fresh=True)
def contact_until(partner: Partner, contact_id: int) -> Any:
    """Set the day on which a contact's access ends by itself, or take it back."""
    contact = _contact(partner, contact_id)
    if not contact.is_active:
        raise NotNow(_("The access of %(name)s has already ended.", name=contact.name))
    form = EndForm(obj=contact)
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        shown = {"form": form, "partner": partner, "contact": contact}
        return render("organisation/contact_until.html", status=status, **shown)
    with posting() as post:
        contact = _contact(post.again(partner), contact_id)
        post.same_version(contact, form)
        if not contact.is_active:
            raise NotNow(_("The access of %(name)s has already ended.", name=contact.name))
        contact.change(by=me(), now=now(), ends_on=form.ends_on.data)
        post.answer(url_for("organisation.partner", key=partner.slug), _("Saved."))
    return done(post)


@pages.route("/admin/partners/<key>/contacts/<int:contact_id>/ending", methods=["GET", "POST"])
@allow(May.invite_contact, on=Partner, fresh=True)
def contact_ending(partner: Partner, contact_id: int) -> Any:
    """End a contact's access at once."""
    back = url_for("organisation.partner", key=partner.slug)
    if request.method != "POST":
        return ask_ending(_contact(partner, contact_id), action=request.path, back=back)
    with posting() as post:
        contact = _contact(post.again(partner), contact_id)
        handed = end_access(contact, by=me(), now=now())
        post.answer(back, ended_words(contact, len(handed)))
    return done(post)
