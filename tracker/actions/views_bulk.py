"""Several actions at once: chosen on a list, changed by one form, each by its own rules; and their order on an initiative."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.bulk import ACTS, MANY, could, locked
from tracker.actions.lines import Line, lines, selected
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.bulk_pages import page_of_bulk
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing
from tracker.gate import allow, me
from tracker.initiatives.models import Initiative
from tracker.policy import May
from tracker.web import done, posting
from tracker.wording import isolate, today


@pages.route('/actions/bulk/<any(assignee, "due-date"):what>', methods=["GET", "POST"])
@allow(May.edit_in_bulk)
def bulk(what: str) -> Any:
    """Show the form for the chosen actions, or do it."""
    return page_of_bulk(
        "actions/bulk.html",
        MANY,
        ACTS[what],
        rows=_rows,
        could=lambda row: could(me(), what, row),
        locked=locked,
    )


@pages.post("/initiatives/<ref>/actions/order")
@allow(May.arrange_actions, on=Initiative)
def order(initiative: Initiative) -> Any:
    """Move one of an initiative's actions a place up or down; the form says in which order they stood."""
    up, down = _ref("up"), _ref("down")
    back = url_for(".of_initiative", ref=initiative.ref)
    with posting() as post:
        initiative = post.again(initiative)  # its lock is that of the order
        action = _named(initiative, up or down)
        words = _("Somebody else changed the order meanwhile. Look at it, and move it again.")
        post.still(Action.order_shown(initiative.id), words)
        place = action.move(-1 if up else 1, by=post.person, now=now())
        said = _(
            "“%(title)s” stands in place %(place)s now.", title=isolate(action.title), place=place
        )
        post.answer(f"{back}#action-{action.ref}", said)
    return done(post)


def _ref(name: str) -> str:
    """Return a ref that the form names. No text of the database holds NUL, and PostgreSQL takes none that does."""
    return request.form.get(name, "").replace("\x00", "")


def _named(initiative: Initiative, ref: str) -> Action:
    """Return the action of `initiative` that the post names, locked. Raises `Missing`."""
    mine = Action.visible_to(me()).where(Action.initiative_id == initiative.id, Action.ref == ref)
    found = db.session.scalars(mine.with_for_update(of=Action)).one_or_none()
    if found is None:
        raise Missing
    return found


def _rows(ids: list[int]) -> list[Line]:
    """Return the lines of those of `ids` that are to be seen. Raises `Missing` for none."""
    query = selected(Action.visible_to(me()).where(Action.id.in_(ids)), me())
    found = lines(query.order_by(Action.due_on, Action.id), today())
    if not found:
        raise Missing
    return found
