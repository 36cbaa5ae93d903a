"""Several actions at once: chosen on a list, changed by one form, each by its own rules; and their order on an initiative."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from tracker.actions.bulk import ACTS, called, could, locked
from tracker.actions.lines import lines, selected
from tracker.actions.models import Action
from tracker.actions.pages import pages
from tracker.clock import now
from tracker.db import db
from tracker.errors import Missing, NotNow
from tracker.gate import allow, me, safe_next
from tracker.initiatives.bulk import BulkAct, Outcome, carry_out
from tracker.initiatives.models import Initiative
from tracker.initiatives.pages import chosen_ids
from tracker.policy import May
from tracker.web import done, posting, render
from tracker.wording import listed, ngettext, today


@pages.route('/actions/bulk/<any(assignee, "due-date"):what>', methods=["GET", "POST"])
@allow(May.edit_in_bulk)
def bulk(what: str) -> Any:
    """Show the form for the chosen actions, or do it: what can be done is done, what cannot says why."""
    act, ids, back = ACTS[what], chosen_ids(), _onward()
    if not ids:
        return render("actions/bulk_none.html", status=422, act=act, back=back)
    form = act.form(by=me()) if request.method == "POST" else act.form(formdata=None, by=me())
    if request.method == "POST" and form.validate():
        with posting() as post:
            outcome = carry_out(
                act, form, locked(post.person, ids), by=post.person, now=now(),
                seen=request.form.getlist("seen"), named=called,
            )  # fmt: skip
            if not outcome.done:
                raise NotNow(_refusals(outcome))
            post.answer(back, _said(outcome))
        if not outcome.refused:
            return done(post)
        return render(
            "actions/bulk_done.html", heading=act.heading, outcome=outcome, said=_said(outcome), back=back
        )  # fmt: skip
    return _page(what, act, form, ids, back)


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
        said = _("“%(title)s” stands in place %(place)s now.", title=called(action), place=place)
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


def _onward() -> str:
    return safe_next(request.args.get("back")) or url_for("actions.index")


def _page(what: str, act: BulkAct, form: Any, ids: list[int], back: str) -> Any:
    query = selected(Action.visible_to(me()).where(Action.id.in_(ids)), me())
    rows = lines(query.order_by(Action.due_on, Action.id), today())
    if not rows:
        raise Missing
    return render(
        "actions/bulk.html",
        status=422 if request.method == "POST" else 200,
        act=act,
        form=form,
        rows=rows,
        seen=request.form.getlist("seen") or [act.seen(row) for row in rows],
        barred=[row for row in rows if not could(me(), what, row)],
        action=url_for("actions.bulk", what=what, back=request.args.get("back")),
        back=back,
    )


def _said(outcome: Outcome) -> str:
    count, refused = len(outcome.done), len(outcome.refused)
    words = ngettext("%(num)s action is changed.", "%(num)s actions are changed.", count)
    if not refused:
        return words
    left = ngettext("%(num)s is left as it was.", "%(num)s are left as they were.", refused)
    return _("%(done)s %(left)s", done=words, left=left)


def _refusals(outcome: Outcome) -> str:
    """Return every reason once, with the names it is about: nothing was changed at all."""
    reasons: dict[str, list[str]] = {}
    for action, words in outcome.refused:
        reasons.setdefault(words, []).append(called(action))
    return " ".join(
        words if names[0] in words else _("%(refs)s: %(reason)s", refs=listed(names), reason=words)
        for words, names in reasons.items()
    )
