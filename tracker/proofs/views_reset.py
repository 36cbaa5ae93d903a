"""Somebody lost what they proved themselves by: an administrator takes it from the account."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.clock import now
from tracker.gate import allow, me
from tracker.organisation.people import Person
from tracker.policy import May
from tracker.proofs.factors import factors_of, reset
from tracker.proofs.forms import ReasonForm
from tracker.proofs.pages import pages
from tracker.web import done, posting, render


@pages.route("/admin/people/<int:key>/second-factor", methods=["GET", "POST"])
@allow(May.manage_people, on=Person, fresh=True)
def reset_factors(person: Person) -> Any:
    """Say what somebody has, and take it away for a reason; all their sessions end."""
    form = ReasonForm()
    if not form.is_submitted() or not form.validate():
        return render(
            "proofs/reset.html",
            status=422 if form.is_submitted() else 200,
            form=form,
            person=person,
            factors=factors_of(person),
            own=person.id == me().id,
        )
    with posting() as post:
        person = post.again(person)
        reset(person, form.words.data or "", by=me(), now=now())
        post.answer(
            url_for("organisation.person", key=person.id),
            _(
                "The second factor of %(name)s is reset. They are signed out everywhere.",
                name=person.name,
            ),
        )
    return done(post)
