"""What stops a partner: a contact says it on an action of theirs, and our side owes the answer (rule 20)."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.models import Action
from tracker.activity.telling import company
from tracker.blockers.models import Blocker
from tracker.clock import now
from tracker.gate import allow, me, safe_next
from tracker.partners.forms import BlockedForm
from tracker.partners.pages import pages
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today


@pages.route("/partner/actions/<ref>/blockers/new", methods=["GET", "POST"])
@allow(May.raise_on_us, on=Action)
def blocked(action: Action) -> Any:
    """Say what stops the work. Whoever hosts the action answers for us."""
    form = BlockedForm()
    there = safe_next(request.args.get("back")) or url_for("partners.action", ref=action.ref)
    if request.method == "POST" and form.validate():
        with posting() as post:
            fresh = post.again(action)
            Blocker.raise_on_us(fresh, **form.said, by=me(), now=now())
            words = _(
                "%(company)s is told. Until it is resolved, the days do not count as yours.",
                company=company(),
            )
            post.answer(there, words)
        return done(post)
    Blocker.refuse_unless_theirs(action)
    if request.method == "GET" and action.due_on >= today():
        form.needed_by.data = action.due_on
    return render(
        "partners/blocked.html",
        status=422 if form.errors else 200,
        form=form,
        action=action,
        back=there,
        company=company(),
    )
