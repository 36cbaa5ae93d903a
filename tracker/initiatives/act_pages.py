"""The page of one act in words: what will happen, the form, and what every verb of the sponsor is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.errors import NotNow
from tracker.forms import Form
from tracker.initiatives.forms import WordsForm
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import onward
from tracker.initiatives.queries import initiative_facts
from tracker.initiatives.stages import Stage, stage_name
from tracker.organisation.people import Person
from tracker.paging import here
from tracker.web import done, posting, render


@dataclass(frozen=True)
class Act:
    """One act: the verb of the initiative, the words of its page, and whether it is possible now.

    The words that only the page shows may wait, as `wording.lazy` does, until it is drawn.
    `to` is the stage that the page shows; the form carries it, and the verb refuses if another one is meant by now.
    """

    verb: str
    heading: Any
    button: Any
    said: str
    sentence: Any = ""
    label: Any = ""
    hint: Any = ""
    danger: bool = False
    possible: bool = True
    to: Stage | None = None


def act_page(initiative: Initiative, act: Act, form: Form | None = None) -> Any:
    """Show the page of `act`, or do it: the same road for each of them."""
    form = form or WordsForm()
    if request.method == "POST" and form.validate():
        with posting() as post:
            initiative = post.again(initiative)
            told = told_by(initiative, post.person, form)
            if act.to is not None:
                told["to"] = stage_in_form()
            getattr(initiative, act.verb)(**told)
            post.answer(onward(initiative), act.said)
        return done(post)
    action = here()
    return page_of("initiatives/act.html", initiative, form, act=act, action=action)


def page_of(page: str, initiative: Initiative, form: Form | None, **more: Any) -> Any:
    """Return a page of one act; 422 when what was typed has to be looked at again."""
    return render(
        page,
        status=422 if request.method == "POST" else 200,
        initiative=initiative,
        facts=initiative_facts(initiative),
        form=form,
        back=onward(initiative),
        stage_name=stage_name,
        **more,
    )


def told_by(initiative: Initiative, person: Person, form: Form) -> dict[str, Any]:
    """Return what every verb of the sponsor is told; a deputy acts on behalf of the sponsor."""
    sponsor_id = initiative.sponsor_id
    on_behalf = sponsor_id is not None and sponsor_id != person.id
    return {
        "by": person,
        "now": now(),
        "words": form.values.get("words") or "",
        "for_sponsor": db.session.get(Person, sponsor_id) if on_behalf else None,
    }


def stage_in_form() -> Stage:
    """Return the stage that the form showed. Raises `NotNow` for what no form shows."""
    sent = request.form.get("to", "")
    if sent not in set(Stage):
        raise NotNow(_("The form did not say which stage is meant. Open it again."))
    return Stage(sent)
