"""The settings that hold for everybody: names, who owns the programme, modules, stages, finance."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.gate import allow, me
from tracker.organisation.forms_settings import FinanceForm, WorkspaceForm, workspace_form
from tracker.organisation.pages import pages
from tracker.organisation.people import Person, Standing
from tracker.organisation.settings import MODULES, Organisation, usual_stage_names
from tracker.policy import May
from tracker.web import done, posting, render

MOST_FINANCE = 200


@pages.route("/settings/workspace", methods=["GET", "POST"])
@allow(May.manage_settings, fresh=True)
def workspace() -> Any:
    """Show and change the settings."""
    organisation = Organisation.current()
    form = _form(organisation)
    if not form.is_submitted() or not form.validate():
        return _page(422 if form.is_submitted() else 200, form=form)
    with posting() as post:
        organisation = _locked()
        post.same_version(organisation, form, _as_it_stands(organisation))
        fields = form.fields
        for role in ("programme_owner_id", "alternate_id"):
            _only_executives(fields[role])
        organisation.change(by=me(), now=now(), **fields)
        post.answer(url_for("organisation.workspace"), _("Saved."))
    return done(post)


@pages.route("/settings/finance", methods=["POST"])
@allow(May.manage_settings, fresh=True)
def finance_add() -> Any:
    """Name somebody who confirms money."""
    form = FinanceForm()
    if not form.validate():
        return _page(422, finance_form=form)
    with posting() as post:
        person = db.session.get_one(Person, form.person_id.data).again(me())
        person.change(by=me(), now=now(), is_finance=True)
        words = _("%(name)s confirms money now.", name=person.name)
        post.answer(url_for("organisation.workspace", _anchor="finance"), words)
    return done(post)


@pages.route("/settings/finance/<int:key>/removal", methods=["POST"])
@allow(May.manage_settings, on=Person, fresh=True)
def finance_remove(person: Person) -> Any:
    """Let somebody no longer confirm money."""
    with posting() as post:
        person = post.again(person)
        person.change(by=me(), now=now(), is_finance=False)
        words = _("%(name)s no longer confirms money.", name=person.name)
        post.answer(url_for("organisation.workspace", _anchor="finance"), words)
    return done(post)


def _stages() -> dict[str, str]:
    return {str(stage): str(name) for names in usual_stage_names for stage, name in names().items()}


def _form(organisation: Organisation) -> WorkspaceForm:
    return workspace_form(_stages())(data=_as_it_stands(organisation))


def _as_it_stands(organisation: Organisation) -> dict[str, Any]:
    """Return what the form would show now, field by field."""
    own = (
        *("name", "product_name", "prefix", "language", "time_zone", "currency"),
        *("programme_owner_id", "alternate_id", "calendar_id", "designing"),
    )
    named = organisation.stage_names
    return {
        **{field: getattr(organisation, field) for field in own},
        **{module: module in organisation.modules for module in MODULES},
        **{f"stage_{stage}": named.get(stage, "") for stage in _stages()},
    }


def _locked() -> Organisation:
    """Return the row as it stands now, held until the commit."""
    Organisation.found()
    return db.session.get_one(Organisation, 1, populate_existing=True, with_for_update=True)


def _only_executives(person_id: int | None) -> None:
    person = db.session.get(Person, person_id, populate_existing=True) if person_id else None
    if person is not None and person.standing != Standing.executive:
        raise NotNow(_("%(name)s is no longer an active executive.", name=person.name))


def _page(status: int, *, form: Any = None, finance_form: Any = None) -> Any:
    organisation = Organisation.current()
    finance = select(Person.id, Person.name, Person.job_title).where(
        Person.is_finance, Person.ended_at.is_(None)
    )
    ordered = finance.order_by(func.lower(Person.name), Person.id).limit(MOST_FINANCE)
    return render(
        "organisation/workspace.html",
        status=status,
        organisation=organisation,
        form=form
        if form is not None
        else workspace_form(_stages())(formdata=None, data=_as_it_stands(organisation)),
        finance_form=finance_form if finance_form is not None else FinanceForm(formdata=None),
        finance=db.session.execute(ordered).all(),
    )
