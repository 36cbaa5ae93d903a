"""Saying something on an action or an initiative, and putting it in other words."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.addressing import page_of
from tracker.actions.models import Action
from tracker.clock import now
from tracker.db import db
from tracker.discussion.forms import CommentForm, EditForm
from tracker.discussion.models import Comment, comments_on, earlier_of
from tracker.discussion.pages import pages
from tracker.discussion.rendering import rendered
from tracker.errors import NotNow
from tracker.forms import optional_id
from tracker.gate import allow, me
from tracker.initiatives.framing import frame
from tracker.initiatives.models import Initiative
from tracker.paging import asked_number
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import today


@pages.get("/actions/<ref>/comments")
@allow(May.read, on=Action)
def of_action(action: Action) -> Any:
    """Show what was said on an action, page by page."""
    return _talk_on_action(action, _offered(action))


@pages.post("/actions/<ref>/comments")
@allow(May.comment, on=Action)
def on_action(action: Action) -> Any:
    """Say something on an action: among ourselves, or to the partner who does it. A partner's contact says it to both."""
    form, person = _offered(action), me()
    if not form.validate():
        return _talk_on_action(action, form)
    partner_id = optional_id(form.readers.data) if form.readers.data != "internal" else None
    if not person.is_internal:
        partner_id = person.partner_id
    with posting() as post:
        fresh = post.again(action)
        if partner_id not in (None, fresh.partner_id):
            raise NotNow(
                _("Somebody else does this action by now. Look at it before you share anything.")
            )
        Comment.post(fresh, form.body.data or "", shared=partner_id is not None, by=me(), now=now())
        place = page_of(action.ref, person)
        post.answer(f"{place}#comments", _("Your comment is posted."))
    return done(post)


def _offered(action: Action) -> CommentForm:
    form = CommentForm()
    return form.offer(action.partner)


def _talk_on_action(action: Action, form: CommentForm) -> Any:
    rows, older = comments_on(action, me(), asked_number("before"))
    return render(
        "discussion/on_action.html",
        status=422 if form.errors else 200,
        form=form,
        action=action,
        comments=rows,
        older=older,
        rendered=rendered,
        back=page_of(action.ref, me()),
    )


@pages.get("/initiatives/<ref>/comments")
@allow(May.read_internal, on=Initiative)
def of_initiative(initiative: Initiative) -> Any:
    """Show what our own people say on an initiative."""
    return _talk(initiative, EditForm(formdata=None))


@pages.post("/initiatives/<ref>/comments")
@allow(May.discuss, on=Initiative)
def on_initiative(initiative: Initiative) -> Any:
    """Say something on an initiative, among ourselves."""
    form = EditForm()
    if not form.validate():
        return _talk(initiative, form)
    with posting() as post:
        initiative = post.again(initiative)
        Comment.post(initiative, form.body.data or "", shared=False, by=me(), now=now())
        post.answer(url_for(".of_initiative", ref=initiative.ref), _("Your comment is posted."))
    return done(post)


def _talk(initiative: Initiative, form: EditForm) -> Any:
    rows, older = comments_on(initiative, me(), asked_number("before"))
    return render(
        "discussion/of_initiative.html",
        status=422 if form.errors else 200,
        form=form,
        comments=rows,
        older=older,
        rendered=rendered,
        **frame(initiative, me(), "discussion.of_initiative", today()),
    )


@pages.route("/comments/<ref>/edit", methods=["GET", "POST"])
@allow(May.edit_comment, on=Comment)
def edit(comment: Comment) -> Any:
    """Put one's own comment in other words; what it said is kept and shown."""
    form, on = EditForm(), _place(comment)
    back = page_of(on.ref, me()) if isinstance(on, Action) else url_for(".of_initiative", ref=on.ref)  # fmt: skip
    if request.method == "GET":
        form.fill(comment)
    elif form.validate():
        with posting() as post:
            fresh = post.again(comment)
            post.same_version(fresh, form, of=on)
            fresh.edit(form.body.data or "", on=_place(fresh), by=me(), now=now())
            post.answer(f"{back}#comments", _("Your changes are saved."))
        return done(post)
    return render(
        "discussion/edit.html",
        status=422 if form.errors else 200,
        form=form,
        comment=comment,
        earlier=earlier_of(comment),
        back=back,
    )


def _place(comment: Comment) -> Action | Initiative:
    """Return what a comment stands on."""
    if comment.action_id is not None:
        return db.session.get_one(Action, comment.action_id)
    return db.session.get_one(Initiative, comment.initiative_id)
