"""Noting that one blocker waits for another, and taking it back."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.blockers.chains import offered
from tracker.blockers.forms import WaitsForForm
from tracker.blockers.models import Blocker
from tracker.blockers.pages import pages
from tracker.clock import now
from tracker.db import db
from tracker.gate import allow, me
from tracker.policy import May
from tracker.web import done, posting, render


@pages.route("/blockers/<ref>/waits-for", methods=["GET", "POST"])
@allow(May.chain_blocker, on=Blocker)
def waits_for(blocker: Blocker) -> Any:
    """Choose which other blocker has to be resolved first; with `?q=` among those of these words."""
    form, words = WaitsForForm(), request.args.get("q", "").strip()[:200]
    if request.method == "GET":
        blocker.refuse_if_over()
    elif form.validate() and (other := _chosen(form, blocker)):
        with posting() as post:
            blocker = post.again(blocker)
            blocker.wait_for(Blocker.find(post.person, other.ref), by=me(), now=now())
            post.answer(
                url_for("blockers.show", ref=blocker.ref), _("It waits for the other one now.")
            )
        return done(post)
    return render(
        "blockers/waits_for.html",
        status=422 if form.errors else 200,
        form=form,
        blocker=blocker,
        found=offered(blocker, me(), words),
        q=words,
    )


@pages.post("/blockers/<ref>/waits-for/end")
@allow(May.chain_blocker, on=Blocker)
def waits_no_longer(blocker: Blocker) -> Any:
    """Take back that it waits for another one. Raises `Missing` for one that is not there."""
    other = Blocker.find(me(), request.form.get("other", "")[:20])
    with posting() as post:
        blocker = post.again(blocker)
        blocker.wait_no_longer_for(other, by=me(), now=now())
        post.answer(
            url_for("blockers.show", ref=blocker.ref), _("It waits for that one no longer.")
        )
    return done(post)


def _chosen(form: WaitsForForm, blocker: Blocker) -> Blocker | None:
    """Return the blocker that was chosen; None where the form says why it cannot be."""
    seen = Blocker.visible_to(me()).where(Blocker.ref == str(form.other.data)[:20])
    other = db.session.scalars(seen).one_or_none()
    words = blocker.objection_to(other) if other else _("Choose one of these blockers.")
    if words:
        form.other.errors = [words]
    return None if words else other
