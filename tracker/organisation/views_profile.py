"""One's own page: how everything reads, the password, and what one keeps."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.clock import now
from tracker.db import db, end_reading
from tracker.gate import allow, me
from tracker.organisation import passwords
from tracker.organisation.access import Purpose, revoke
from tracker.organisation.choosing import shortest_for
from tracker.organisation.forms_access import OwnPasswordForm
from tracker.organisation.forms_profile import ProfileForm
from tracker.organisation.pages import pages
from tracker.organisation.partners import Partner
from tracker.organisation.throttling import OWN_PASSWORD
from tracker.organisation.views_access import YEAR, names_around
from tracker.organisation.views_deputies import absence_of
from tracker.organisation.waiting import waiting_words
from tracker.organisation.words import role_name
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import language


@pages.route("/settings/profile", methods=["GET", "POST"])
@allow(May.keep_profile)
def profile() -> Any:
    """Show and keep how the pages read for me."""
    form = ProfileForm(obj=me())
    if not form.is_submitted() or not form.validate():
        return _page(422 if form.is_submitted() else 200, form=form)
    with posting() as post:
        person = me()
        post.same_version(person, form)
        if person.name != form.name.data:
            person.change(by=person, now=now(), name=form.name.data)
        person.prefer(**form.tastes)
        with force_locale(person.language or language()):
            post.answer(url_for("organisation.profile"), _("Saved."))
    answer = done(post)
    for name, value in (("language", person.language), ("theme", person.theme)):
        if value:
            answer.set_cookie(
                name,
                value,
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=current_app.config.get("SESSION_COOKIE_SECURE", False),
            )
    return answer


@pages.route("/settings/password", methods=["POST"])
@allow(May.keep_profile, fresh=True)
def own_password() -> Any:
    """Change my password, given the present one. Every other session of mine ends."""
    person = me()
    form = OwnPasswordForm(names=names_around(person), shortest=shortest_for(person))
    if not form.validate():
        return _page(422, password_form=form)
    wait = OWN_PASSWORD.try_it(person.email, request.remote_addr or "", now())
    if wait:
        form.current.errors = [waiting_words(wait)]
        return _page(429, password_form=form)
    end_reading()
    if not passwords.matches(person.password_hash, form.current.data or ""):
        form.current.errors = [_("This is not your present password.")]
        return _page(422, password_form=form)
    OWN_PASSWORD.forgive(person.email, request.remote_addr or "", now())
    kept = passwords.hashed(form.password.data or "")
    with posting() as post:
        person = me()
        person.set_password(kept, by=person, now=now())
        for purpose in Purpose:
            revoke(person, purpose, now=now())
        words = _("Your password is changed. Wherever else you were signed in, you no longer are.")
        post.answer(url_for("organisation.profile"), words)
    return done(post)


def _page(status: int, *, form: Any = None, password_form: Any = None) -> Any:
    person = me()
    kept = select(Partner.name, Partner.slug).where(
        Partner.relationship_owner_id == person.id, Partner.ended_at.is_(None)
    )
    return render(
        "organisation/profile.html",
        status=status,
        form=form if form is not None else ProfileForm(obj=person, formdata=None),
        password_form=password_form
        if password_form is not None
        else OwnPasswordForm(formdata=None, shortest=shortest_for(person)),
        person=person,
        role=role_name(person.role),
        kept=db.session.execute(kept.order_by(Partner.name)).all() if person.is_internal else [],
        absence=absence_of(person) if person.is_internal else None,
    )
