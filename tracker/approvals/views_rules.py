"""By which rules decisions are made: what administrators set for everybody."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.approvals.forms_rules import RulesForm, shown
from tracker.approvals.pages import pages
from tracker.approvals.rules import Rules, change_rules
from tracker.clock import now
from tracker.db import db
from tracker.gate import allow
from tracker.organisation.settings import Organisation
from tracker.policy import May
from tracker.web import done, posting, render


@pages.route("/settings/approvals", methods=["GET", "POST"])
@allow(May.manage_settings, fresh=True)
def rules() -> Any:
    """Show and change the rules of deciding."""
    organisation = Organisation.current()
    form = RulesForm(data=shown(Rules.of(organisation)))
    if not form.is_submitted() or not form.validate():
        status = 422 if form.is_submitted() else 200
        return render("approvals/rules.html", status=status, form=form, organisation=organisation)
    with posting() as post:
        organisation = _locked()
        post.same_version(organisation, form, shown(Rules.of(organisation)))
        change_rules(organisation, form.rules, by=post.person, now=now())
        post.answer(url_for(".rules"), _("Saved. It binds what is requested from now on."))
    return done(post)


def _locked() -> Organisation:
    """Return the row as it stands now, held until the commit."""
    row = Organisation.found()
    db.session.refresh(row, with_for_update=True)
    return row
