"""Who needs a second factor: what administrators set for everybody."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select, true

from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.organisation.people import Person
from tracker.organisation.settings import ADMINISTRATORS, Organisation
from tracker.policy import May
from tracker.proofs.apps import AuthenticatorApp
from tracker.proofs.factors import require
from tracker.proofs.forms import RequiredForm
from tracker.proofs.pages import pages
from tracker.proofs.passkeys import Passkey
from tracker.web import done, posting, render


@pages.route("/settings/access", methods=["GET", "POST"])
@allow(May.manage_settings, fresh=True)
def required() -> Any:
    """Show and change who needs a second factor."""
    organisation = Organisation.current()
    form = RequiredForm()
    if not form.is_submitted():
        form.second_factor.data = sorted(organisation.second_factor)
    if not form.is_submitted() or not form.validate():
        return render(
            "proofs/required.html",
            status=422 if form.is_submitted() else 200,
            form=form,
            organisation=organisation,
            rows=_rows(form),
        )
    with posting() as post:
        organisation = _locked()
        stands = {"second_factor": sorted(organisation.second_factor)}
        post.same_version(organisation, form, stands)
        require(organisation, form.second_factor.data or (), by=me(), now=now())
        post.answer(
            url_for("proofs.required"), _("Saved. It holds from each person's next sign-in.")
        )
    return done(post)


def _locked() -> Organisation:
    row = Organisation.found()
    db.session.refresh(row, with_for_update=True)
    return row


def _rows(form: RequiredForm) -> list[tuple[str, int, int]]:
    """Return for each kind of person what it is called, how many there are, and how many have a second factor."""
    has = or_(
        *(
            select(model.id).where(model.person_id == Person.id).exists()
            for model in (AuthenticatorApp, Passkey)
        )
    )
    kinds = [_are(value) for value, _words in form.kinds]
    counted = (func.count().filter(kind & more) for kind in kinds for more in (true(), has))
    found = db.session.execute(select(*counted).where(Person.ended_at.is_(None))).one()
    return [
        (words, found[2 * at], found[2 * at + 1]) for at, (_value, words) in enumerate(form.kinds)
    ]


def _are(value: str) -> ColumnElement[bool]:
    return Person.is_admin if value == ADMINISTRATORS else Person.role == value  # type: ignore[return-value]
